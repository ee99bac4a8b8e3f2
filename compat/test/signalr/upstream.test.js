// What clients call goes to an application in Express, which checks the signature, and its answers come back. Needs a server
// whose upstream for the hub `application` is this machine's port TIDEWIRE_UPSTREAM_PORT, path /hooks/{hub}/{category}/{event}.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { completion, Upstream } from '../../lib/signalr/application.js';
import { PROTOCOLS, stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { eventually } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

const variable = 'TIDEWIRE_CONFIGURED_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

describe('upstream', { skip }, () => {
  const service = skip ? undefined : serviceFromEnvironment(variable);
  /** All tests share one hub and tell each other apart by connection. */
  const hub = 'application';
  let upstream;

  before(async () => {
    upstream = await Upstream.listen(Number(process.env.TIDEWIRE_UPSTREAM_PORT), [service.key, process.env.TIDEWIRE_SECONDARY_KEY]);
    upstream.on('echo', (call, response) => response.send(completion(call, { result: call.message.arguments })));
  });
  after(() => upstream.close());
  beforeEach(() => (upstream.mostAtOnce = 0));

  const connect = (t, options) => stage(t, { service, hub }).client(options);

  for (const way of WAYS) {
    describe(`over ${way.name}`, () => {
      it('connected comes first, then the messages in order, then disconnected', async (t) => {
        const client = await connect(t, { ...way, user: 'ann' });
        const id = client.id;
        for (let i = 0; i < 10; i++) await client.connection.send('note', i);
        await client.stop();
        const calls = await upstream.expect(id, 12);
        assert.deepEqual(
          calls.map(({ category, event, message }) => [category, event, ...(message.arguments ?? [])]),
          [['connections', 'connected'], ...Array.from({ length: 10 }, (_, i) => ['messages', 'note', i]), ['connections', 'disconnected']],
        );
        assert.deepEqual([calls[0].message, calls[11].message.type], [{ type: 10 }, 11]);
        assert.equal(calls[11].message.error ?? undefined, undefined, 'a client that stops is no error');
        for (const call of calls) {
          assert.deepEqual([call.hub, call.user, call.problem], [hub, 'ann', undefined]);
          assert.equal(call.protocol, call.category === 'messages' ? way.protocol : 'json');
        }
      });

      it('the error of a close is told with disconnected', async (t) => {
        const { api, client } = stage(t, { service, hub });
        const closed = await client({ ...way });
        const id = closed.id;
        await api.close(id, 'tidied up');
        await closed.closeError();
        const [, disconnected] = await upstream.expect(id, 2);
        assert.deepEqual([disconnected.event, disconnected.message], ['disconnected', { type: 11, error: 'tidied up' }]);
        assert.equal(disconnected.user, undefined, 'an anonymous client has no user');
      });

      it('claims and query are told, but no token and nothing of the service’s own', async (t) => {
        const client = await connect(t, {
          ...way,
          url: `${service.clientUrl(hub)}&colour=blue%20ish&n=1`,
          token: () => service.clientToken(hub, 'ann', { role: 'admin', 'asrs.s.cht': '20' }),
        });
        const [connected] = await upstream.expect(client.id, 1);
        assert.match(connected.query, /^\?/);
        const query = new URLSearchParams(connected.query);
        assert.deepEqual([query.get('colour'), query.get('n')], ['blue ish', '1']);
        assert.deepEqual([query.get('access_token'), query.get('id')], [null, null]);
        const claims = connected.claims.split(',').map((claim) => claim.trim().split(': '));
        assert.ok(claims.some(([type, value]) => type.endsWith('role') && value === 'admin'), connected.claims);
        assert.ok(!connected.claims.includes('asrs.s.'), connected.claims);
        assert.ok(!JSON.stringify(connected).includes('eyJ'), 'no token');
      });

      it('arguments of every type reach the application, and come back as the result', async (t) => {
        const client = await connect(t, { ...way });
        const args = [0, -1, 2.5, 4294967296, 'ünï 😀 "quoted" \u0000\u001e', '', true, null, [1, ['two', []]], { a: { b: [null] }, '': 1 }];
        assert.deepEqual(await client.invoke('echo', ...args), args);
        const { message } = upstream.of(client.id).find((call) => call.event === 'echo');
        assert.deepEqual(message.arguments, args);
        assert.deepEqual(await client.invoke('echo', ...Array.from({ length: 12 }, (_, i) => i)), Array.from({ length: 12 }, (_, i) => i));
        assert.deepEqual(await client.invoke('echo'), []);
        const large = 'x'.repeat(500_000);
        assert.ok((await client.invoke('echo', large))[0] === large);
      });

      it('no body is a result of nothing', async (t) => {
        upstream.on('empty', (_, response) => response.status(200).end());
        upstream.on('noContent', (_, response) => response.status(204).end());
        const client = await connect(t, { ...way });
        assert.equal(await client.invoke('empty') ?? undefined, undefined);
        assert.equal(await client.invoke('noContent') ?? undefined, undefined);
      });

      it('an error completion is the error of the call', async (t) => {
        upstream.on('refuse', (call, response) => response.send(completion(call, { error: 'not on Sundays: ü' })));
        const client = await connect(t, { ...way });
        await assert.rejects(client.invoke('refuse'), /not on Sundays: ü/);
        assert.ok(client.connected);
      });

      it('a plain JSON answer is wrapped', async (t) => {
        upstream.on('plain', (_, response) => response.json({ pizza: ['large', 2] }));
        const client = await connect(t, { ...way });
        assert.deepEqual(await client.invoke('plain'), { pizza: ['large', 2] });
      });

      it('a status is told', async (t) => {
        const client = await connect(t, { ...way });
        for (const status of [302, 400, 401, 403, 404, 500, 503]) {
          upstream.on('status', (_, response) => response.status(status).set('location', '/hooks/application/messages/echo').send('no'));
          await assert.rejects(client.invoke('status'), new RegExp(`Invocation failed, status code ${status}`));
        }
        assert.equal(upstream.of(client.id).filter((call) => call.event === 'echo').length, 0, 'redirects are not followed');
        assert.ok(client.connected);
      });

      it('calls of one client are made one at a time, each after the answer to the one before', async (t) => {
        const answers = [];
        upstream.on('slowly', (call, response) => {
          answers.push(() => response.send(completion(call, { result: call.message.arguments[0] })));
        });
        const client = await connect(t, { ...way });
        const results = Promise.all([0, 1, 2, 3, 4].map((i) => client.invoke('slowly', i)));
        for (let i = 0; i < 5; i++) {
          await eventually(() => answers.length > 0, `call ${i}`);
          assert.equal(answers.length, 1);
          answers.shift()();
        }
        assert.deepEqual(await results, [0, 1, 2, 3, 4]);
        assert.equal(upstream.mostAtOnce, 1);
      });

      it('REST reaches a client whose call is being answered', async (t) => {
        let answer;
        upstream.on('pending', (call, response) => (answer = () => response.send(completion(call, { result: 'done' }))));
        const { api, client } = stage(t, { service, hub });
        const receiver = await client({ ...way });
        const result = receiver.invoke('pending');
        await eventually(() => answer, 'the call');
        await api.toConnection(receiver.id, 'message', ['meanwhile']);
        assert.deepEqual(await receiver.take(), [['meanwhile']]);
        answer();
        assert.equal(await result, 'done');
      });

      it('a method named with signs of a URL', async (t) => {
        const name = 'a/b c?d&e#f%20';
        upstream.on(name, (call, response) => response.send(completion(call, { result: call.event })));
        const client = await connect(t, { ...way });
        assert.equal(await client.invoke(name), name);
      });
    });
  }

  for (const protocol of PROTOCOLS) {
    it(`what a client over ${protocol} sends again after a stateful reconnect reaches the application once`, async (t) => {
      const cable = await Cable.to(t, service.endpoint);
      const client = await connect(t, {
        protocol,
        url: `${cable.endpoint}/client/?hub=${hub}`,
        build: (builder) => builder.withStatefulReconnect(),
      });
      // Answered, but hardly acknowledged: the client will send these again.
      for (let i = 0; i < 20; i++) assert.deepEqual(await client.invoke('echo', i), [i]);
      const cut = Promise.all(Array.from({ length: 10 }, (_, i) => client.invoke('echo', 20 + i)));
      cable.cut();
      assert.deepEqual(await cut, Array.from({ length: 10 }, (_, i) => [20 + i]));
      assert.deepEqual(await client.invoke('echo', 30), [30]);
      const numbers = upstream.of(client.id).filter((call) => call.event === 'echo').map((call) => call.message.arguments[0]);
      assert.deepEqual(numbers, Array.from({ length: 31 }, (_, i) => i));
    });
  }

  it('a call that is not signed by the service is refused by the application', async () => {
    const url = `http://127.0.0.1:${process.env.TIDEWIRE_UPSTREAM_PORT}/hooks/${hub}/messages/echo`;
    const headers = { 'content-type': 'application/json', 'x-asrs-hub': hub, 'x-asrs-category': 'messages', 'x-asrs-event': 'echo', 'x-asrs-connection-id': 'x', 'x-asrs-signature': 'sha256=00' };
    assert.equal((await fetch(url, { method: 'POST', headers, body: '{}' })).status, 401);
  });

  it('every call was signed with both keys and had each header once', () => {
    assert.deepEqual(upstream.calls.filter((call) => call.problem && call.id !== 'x'), []);
  });
});
