// What an application is given to reach a service: a connection string, and tokens made from its key.
import { createHmac } from 'node:crypto';

/** What a connection string names. `endpoint` carries the port and no trailing slash. */
export function parseConnectionString(text) {
  const parts = Object.fromEntries(
    text.split(';').filter((part) => part.includes('=')).map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    }),
  );
  const url = new URL(parts.endpoint);
  if (parts.port) url.port = parts.port;
  return { endpoint: url.origin, key: parts.accesskey };
}

export function signToken(key, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ nbf: now - 5, iat: now, exp: now + 3600, ...claims })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
