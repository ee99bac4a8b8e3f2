// The service under test as its callers see it: a connection string, tokens made from its key, and REST.
import http from 'node:http';
import https from 'node:https';
import { parseConnectionString, signToken } from '../credentials.js';
import { within } from '../waiting.js';

/** The service whose connection string is in the named environment variable. */
export function serviceFromEnvironment(name = 'TIDEWIRE_CONNECTION_STRING') {
  const text = process.env[name];
  if (!text) throw new Error(`${name} is not set: give the connection string of a running Tidewire`);
  return new Service(parseConnectionString(text));
}

export class Service {
  constructor({ endpoint, key }) {
    this.endpoint = endpoint;
    this.key = key;
  }

  clientUrl(hub) {
    return `${this.endpoint}/client/?hub=${hub}`;
  }

  clientToken(hub, user, claims = {}) {
    return signToken(this.key, { aud: this.clientUrl(hub), ...(user === undefined ? {} : { nameid: user }), ...claims });
  }
}

/** One REST caller: its requests go one after another over one kept connection. */
export class RestCaller {
  #http;
  #agent;

  /** Local ports of the sockets used so far; one entry means one connection. */
  sockets = new Set();

  constructor(service, t) {
    this.service = service;
    this.#http = service.endpoint.startsWith('https:') ? https : http;
    this.#agent = new this.#http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => this.#agent.destroy());
  }

  /**
   * `body` is a Buffer or Uint8Array (sent as it is) or a value (sent as JSON); `token: null` sends no token.
   * Answers `{ status, headers, text }`.
   */
  request(method, pathAndQuery, { body, type = 'application/json; charset=utf-8', token, headers = {} } = {}) {
    const bytes = body === undefined ? undefined : body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const audience = this.service.endpoint + pathAndQuery.split('?')[0];
    const bearer = token === undefined ? signToken(this.service.key, { aud: audience }) : token;
    const answer = new Promise((resolve, reject) => {
      const request = this.#http.request(
        this.service.endpoint + pathAndQuery,
        {
          method,
          agent: this.#agent,
          headers: {
            ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
            ...(bytes === undefined ? {} : { 'content-type': type, 'content-length': bytes.length }),
            ...headers,
          },
        },
        (response) => {
          this.sockets.add(response.socket.localPort);
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      request.on('error', reject);
      request.end(bytes);
    });
    return within(answer, `an answer to ${method} ${pathAndQuery}`);
  }

  /** A request that must be answered with `status`. */
  async expect(status, method, pathAndQuery, options) {
    const answer = await this.request(method, pathAndQuery, options);
    if (answer.status !== status) {
      throw new Error(`${method} ${pathAndQuery}: expected ${status}, got ${answer.status} ${answer.text.slice(0, 500)}`);
    }
    return answer;
  }
}

/** The 2022-06-01 calls on one hub, as the vendor's management SDK words them. */
export class HubApi {
  constructor(rest, hub) {
    this.rest = rest;
    this.hub = hub;
  }

  path(rest = '', query = [], version = '2022-06-01') {
    const more = query.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
    return `/api/hubs/${encodeURIComponent(this.hub)}${rest}?api-version=${version}${more}`;
  }

  /** The same in the newest version. */
  newestPath(rest, query) {
    return this.path(rest, query, '2024-12-01');
  }

  #send(scope, target, args, query) {
    return this.rest.expect(202, 'POST', this.path(`${scope}/:send`, query), { body: { target, arguments: args } });
  }

  broadcast(target, args, excluded = []) {
    return this.#send('', target, args, excluded.map((id) => ['excluded', id]));
  }

  toUser(user, target, args) {
    return this.#send(`/users/${encodeURIComponent(user)}`, target, args);
  }

  toGroup(group, target, args, excluded = []) {
    return this.#send(`/groups/${encodeURIComponent(group)}`, target, args, excluded.map((id) => ['excluded', id]));
  }

  toConnection(id, target, args) {
    return this.#send(`/connections/${encodeURIComponent(id)}`, target, args);
  }

  groupConnection(method, group, id) {
    return this.rest.expect(200, method, this.path(`/groups/${encodeURIComponent(group)}/connections/${encodeURIComponent(id)}`));
  }

  groupUser(method, group, user) {
    const path = this.path(`/users/${encodeURIComponent(user)}/groups/${encodeURIComponent(group)}`);
    return this.rest.expect(method === 'PUT' ? 200 : 204, method, path);
  }

  close(id, reason) {
    const query = reason === undefined ? [] : [['reason', reason]];
    return this.rest.expect(200, 'DELETE', this.path(`/connections/${encodeURIComponent(id)}`, query));
  }

  closeAll(scope, { reason, excluded = [] } = {}) {
    const query = [...(reason === undefined ? [] : [['reason', reason]]), ...excluded.map((id) => ['excluded', id])];
    return this.rest.expect(204, 'POST', this.path(`${scope}/:closeConnections`, query));
  }

  /** Calls a method of a client; answers what became of it, whatever the status. */
  async invoke(id, target, args) {
    const path = this.newestPath(`/connections/${encodeURIComponent(id)}/:invoke`);
    const { status, text } = await this.rest.request('POST', path, { body: { target, arguments: args } });
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Whether HEAD on this resource says that it exists. */
  async exists(scope) {
    return (await this.rest.request('HEAD', this.path(scope))).status === 200;
  }
}
