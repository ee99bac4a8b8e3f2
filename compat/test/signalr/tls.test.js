// All ways in over TLS, and REST over HTTP/2. Needs a server with a certificate that Node trusts (NODE_EXTRA_CA_CERTS).
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { signToken } from '../../lib/credentials.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { within } from '../../lib/waiting.js';

const variable = 'TIDEWIRE_TLS_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

describe('TLS', { skip }, () => {
  const staged = (t) => stage(t, { service: serviceFromEnvironment(variable) });

  for (const way of WAYS) {
    it(`a client connects, receives and is closed over ${way.name}`, async (t) => {
      const { api, client } = staged(t);
      const receiver = await client({ ...way, user: 'ann' });
      const text = 'x'.repeat(300_000);
      await api.broadcast('message', ['hello']);
      await api.toUser('ann', 'message', [text]);
      assert.deepEqual(await receiver.take(2), [['hello'], [text]]);
      await assert.rejects(receiver.invoke('orderPizza'), /orderPizza/);
      await api.close(receiver.id, 'closing time');
      assert.match(String((await receiver.closeError())?.message), /closing time$/);
    });
  }

  it('a generated token is for the secure endpoint', async (t) => {
    const { rest, api, service, hub, client } = staged(t);
    const { token } = JSON.parse((await rest.expect(200, 'POST', api.newestPath('/:generateToken'))).text);
    assert.equal(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).aud, service.clientUrl(hub));
    const receiver = await client({ token: () => token });
    await api.broadcast('message', ['hello']);
    assert.deepEqual(await receiver.take(), [['hello']]);
  });

  it('REST over HTTP/2: what one connection sends in order arrives in order, with many requests at once in flight', async (t) => {
    const { api, service, client } = staged(t);
    const receiver = await client();
    const session = http2.connect(service.endpoint);
    t.after(() => session.close());
    await within(once(session, 'connect'), 'the HTTP/2 connection');
    assert.equal(session.alpnProtocol, 'h2');
    const path = api.path('/:send');
    const authorization = `Bearer ${signToken(service.key, { aud: service.endpoint + path.split('?')[0] })}`;
    const send = async (n) => {
      const body = Buffer.from(JSON.stringify({ target: 'message', arguments: [n] }));
      const request = session.request({ ':method': 'POST', ':path': path, authorization, 'content-type': 'application/json', 'content-length': body.length });
      request.end(body);
      const [headers] = await within(once(request, 'response'), 'an answer');
      request.resume();
      return headers[':status'];
    };
    for (let i = 0; i < 50; i++) assert.equal(await send(i), 202);
    assert.deepEqual(await receiver.take(50), Array.from({ length: 50 }, (_, i) => [i]));
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => send(i)));
    assert.deepEqual(new Set(statuses), new Set([202]));
    const taken = await receiver.take(50);
    assert.deepEqual(taken.map(([i]) => i).sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
  });
});
