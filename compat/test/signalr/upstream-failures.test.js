// Applications that are down, slow, too large or break off: the caller is told, and nobody else notices. Needs a server whose
// upstream for the hub `down` is a closed port, and for the hub `failing` this machine's port TIDEWIRE_FAILING_UPSTREAM_PORT.
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';

const variable = 'TIDEWIRE_CONFIGURED_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;
const MIB = 1 << 20;

/** What the application does to a request for a method of that name. */
const FAILURES = {
  silent: () => {},
  resets: (_, socket) => socket.resetAndDestroy(),
  breaksOff: (response, socket) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write('{"type":3,');
    response.flushHeaders();
    setImmediate(() => socket.resetAndDestroy());
  },
  trickles: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(timer));
  },
  tooLarge: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 16 * MIB + 1 });
    response.end(Buffer.alloc(16 * MIB + 1, 'x'));
  },
  endless: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(MIB, 'x');
    const more = () => {
      if (!response.destroyed) response.write(piece, more);
    };
    more();
  },
  noHttp: (_, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
};

const EXPECTED = {
  silent: /^.*Invocation failed, status code 500/,
  resets: /^.*Invocation failed, status code 500/,
  breaksOff: /^.*Invocation failed, (error: |status code 500)/,
  trickles: /^.*Invocation failed, (response cancelled|error: |status code 500)/,
  tooLarge: /^.*Invocation failed, response too large/,
  endless: /^.*Invocation failed, response too large/,
  noHttp: /^.*Invocation failed, status code 500/,
};

describe('upstream failures', { skip, concurrency: true }, () => {
  const service = skip ? undefined : serviceFromEnvironment(variable);

  let server;

  before(async () => {
    server = http.createServer((request, response) => {
      request.resume();
      response.on('error', () => {});
      const failure = FAILURES[request.headers['x-asrs-event']];
      request.on('end', () => (failure ? failure(response, request.socket) : response.end()));
    });
    server.listen(Number(process.env.TIDEWIRE_FAILING_UPSTREAM_PORT), '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const name of Object.keys(FAILURES)) {
    it(`an application that ${name}`, async (t) => {
      const { api, client } = stage(t, { service, hub: 'failing' });
      const caller = await client();
      await assert.rejects(caller.invoke(name), EXPECTED[name]);
      assert.ok(caller.connected);
      await api.toConnection(caller.id, 'message', ['still here']);
      assert.deepEqual(await caller.take(), [['still here']]);
    });
  }

  for (const way of WAYS) {
    it(`an application that is down, called over ${way.name}`, async (t) => {
      const { api, client } = stage(t, { service, hub: 'down' });
      const caller = await client({ ...way });
      for (let i = 0; i < 3; i++) await assert.rejects(caller.invoke('anything', i), /Invocation failed, status code 500/);
      await caller.connection.send('ignored');
      await api.toConnection(caller.id, 'message', ['still here']);
      assert.deepEqual(await caller.take(), [['still here']]);
    });
  }

  it('what waits for a silent application holds up no other client', async (t) => {
    const { api, client } = stage(t, { service, hub: 'failing' });
    const callers = await Promise.all(Array.from({ length: 10 }, () => client()));
    const answers = callers.map((caller) => caller.invoke('silent'));
    const bystander = await client();
    await api.toConnection(bystander.id, 'message', ['prompt']);
    assert.deepEqual(await bystander.take(), [['prompt']]);
    for (const answer of await Promise.allSettled(answers)) assert.equal(answer.status, 'rejected');
  });
});
