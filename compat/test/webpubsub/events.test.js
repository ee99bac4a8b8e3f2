// The vendor's event handlers in Express, of both versions: what happens to clients goes there, and what they answer happens.
// Needs a server whose hubs name this machine's port TIDEWIRE_EVENT_HANDLER_PORT, see JavaScriptServers.
import { WebPubSubEventHandler } from '@azure/web-pubsub-express';
import { WebPubSubEventHandler as OlderEventHandler } from 'web-pubsub-express-1.0';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Application } from '../../lib/webpubsub/application.js';
import { ALL_ROLES, failure, fromGroup, fromServer, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { PLAIN_PROTOBUF, ProtobufClient, upstream } from '../../lib/webpubsub/protobuf.js';
import { refusal, Socket } from '../../lib/webpubsub/sockets.js';
import { eventually, within } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

const variable = 'TIDEWIRE_WEBPUBSUB_CONFIGURED_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

const BYTES = Buffer.from([0, 1, 2, 127, 128, 255]);
const arrayBuffer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

describe('event handlers', { skip }, () => {
  const at = (t, hub) => stage(t, { variable, hub });
  let application;
  /** The service by the name that it tells applications, which is the one in the connection string that `dev` prints. */
  let known;

  before(async () => {
    const { endpoint, key } = stage({ after: () => {} }, { variable });
    known = endpoint.replace('127.0.0.1', 'localhost');
    application = await Application.listen(Number(process.env.TIDEWIRE_EVENT_HANDLER_PORT), [key, process.env.TIDEWIRE_SECONDARY_KEY], {
      events: { Handler: WebPubSubEventHandler },
      older: { Handler: OlderEventHandler },
      some: { Handler: WebPubSubEventHandler },
      listed: { Handler: WebPubSubEventHandler, allowedEndpoints: ['https://other.example', known, 'https://third.example'] },
      unlisted: { Handler: WebPubSubEventHandler, allowedEndpoints: ['https://other.example'] },
    });
    // Each frame of a simple client is an event of this name.
    application.on('message', ({ data, dataType }, response) => (data === 'refuse' ? response.fail(400) : response.success(data, dataType)));
    application.on('echo', ({ data, dataType }, response) => {
      response.success(dataType === 'json' ? JSON.stringify(data) : data, dataType);
    });
  });
  after(() => application.close());

  for (const hub of ['events', 'older']) {
    describe(`of ${hub === 'events' ? '1.1.0' : '1.0.6'}`, { concurrency: 4 }, () => {
      it('connect sees claims, query, headers and subprotocols, and no token', async (t) => {
        const staged = at(t, hub);
        const url = `${await staged.url({ userId: 'ann', roles: ['webpubsub.sendToGroup', 'app.admin'] })}&colour=blue%20ish&n=1&n=2`;
        const socket = await Socket.open(t, url, ['mine.v1', PLAIN], { headers: { 'x-mine': 'yes', cookie: 'a=b' }, origin: 'http://trusted.example' });
        await socket.reach(1);
        const { connectionId } = JSON.parse(socket.received[0]);
        const [connect] = await application.expect(connectionId, 1);
        assert.deepEqual([connect.event, connect.hub, connect.user], ['connect', hub, 'ann']);
        assert.deepEqual(connect.claims.role, ['webpubsub.sendToGroup', 'app.admin']);
        assert.deepEqual(connect.claims.sub, ['ann']);
        assert.deepEqual([connect.query.colour, connect.query.n, connect.query.access_token], [['blue ish'], ['1', '2'], undefined]);
        const headers = Object.fromEntries(Object.entries(connect.headers).map(([name, values]) => [name.toLowerCase(), values]));
        assert.deepEqual([headers['x-mine'], headers.origin, headers.authorization], [['yes'], ['http://trusted.example'], undefined]);
        assert.deepEqual(connect.subprotocols, ['mine.v1', PLAIN]);
        assert.ok(!JSON.stringify(connect).includes('eyJ'), 'no token');
      });

      it('connect sets user, groups, roles and state', async (t) => {
        application.onConnect('everything', (_, response) => {
          response.setState('seat', { row: 7 });
          response.success({ userId: 'renamed', groups: ['given'], roles: ['webpubsub.joinLeaveGroup.allowed'] });
        });
        const staged = at(t, hub);
        const url = `${await staged.url({ userId: 'ann', groups: ['asked'], roles: ALL_ROLES })}&plan=everything`;
        const socket = await Socket.open(t, url, PLAIN);
        for (const [i, group] of ['allowed', 'asked'].entries()) socket.sendJson({ type: 'joinGroup', group, ackId: i });
        socket.sendJson({ type: 'event', event: 'note', data: 1, ackId: 2 });
        await socket.reach(4);
        await staged.service.group('asked').sendToAll('no');
        await staged.service.group('given').sendToAll('yes');
        const [connected, ...frames] = await socket.takeJson(5);
        assert.equal(connected.userId, 'renamed');
        const acks = frames.filter(({ type }) => type === 'ack');
        assert.deepEqual(acks.map(({ success, error }) => [success, error?.name]), [[true, undefined], [false, 'Forbidden'], [true, undefined]]);
        assert.deepEqual(frames.filter(({ type }) => type === 'message').map(({ group }) => group), ['given']);
        const calls = application.of(connected.connectionId).filter(({ kind }) => kind === 'user');
        assert.deepEqual([calls[0].user, calls[0].states], ['renamed', { seat: { row: 7 } }]);
      });

      it('no roles at all take away those of the token', async (t) => {
        application.onConnect('no roles', (_, response) => response.success({ roles: [] }));
        const socket = await Socket.open(t, `${await at(t, hub).url({ roles: ALL_ROLES })}&plan=no%20roles`, PLAIN);
        socket.sendJson({ type: 'joinGroup', group: 'g', ackId: 1 });
        assert.equal((await socket.takeJson(2))[1].error.name, 'Forbidden');
      });

      for (const code of [400, 401, 500]) {
        it(`connect that fails with ${code} refuses with ${code}, and the client never was`, async (t) => {
          application.onConnect(`fail ${code}`, (_, response) => response.fail(code, 'not today'));
          const { url, service } = at(t, hub);
          assert.equal(await refusal(t, `${await url({ userId: `refused${code}${hub}` })}&plan=fail%20${code}`, PLAIN), code);
          assert.equal(await service.userExists(`refused${code}${hub}`), false);
        });
      }

      it('connect chooses the subprotocol; one that was not offered is 500', async (t) => {
        application.onConnect('choose', ({ query }, response) => response.success({ subprotocol: query.choice[0] }));
        const url = `${await at(t, hub).url()}&plan=choose&choice=`;
        assert.equal((await Socket.open(t, `${url}mine.v1`, [PLAIN, 'mine.v1'])).protocol, 'mine.v1');
        assert.equal((await Socket.open(t, `${url}${RELIABLE}`, [PLAIN, RELIABLE])).protocol, RELIABLE);
        assert.equal(await refusal(t, `${url}other`, [PLAIN, 'mine.v1']), 500);
      });

      it('connect, connected, events in order, disconnected with its reason', async (t) => {
        const { client, service } = at(t, hub);
        const ann = await client({ userId: 'ann', autoReconnect: false });
        for (let i = 0; i < 5; i++) await ann.connection.sendEvent('note', i, 'json');
        await service.closeConnection(ann.id, { reason: 'tidied up' });
        await ann.lives(3);
        const calls = await application.expect(ann.id, 8);
        assert.deepEqual(calls.map(({ kind }) => kind).filter((kind) => kind !== 'connected'), ['connect', 'user', 'user', 'user', 'user', 'user', 'disconnected']);
        assert.ok(calls.some(({ kind }) => kind === 'connected'));
        assert.deepEqual(calls.filter(({ kind }) => kind === 'user').map(({ event, data }) => [event, data]), [0, 1, 2, 3, 4].map((i) => ['note', i]));
        assert.equal(calls.at(-1).reason, 'tidied up');
        assert.deepEqual(new Set(calls.map(({ user }) => user)), new Set(['ann']));
      });

      for (const protocol of [PLAIN, RELIABLE]) {
        it(`an event of each type over ${protocol}: seen as it is, and its answer comes before its ack`, async (t) => {
          const { client } = at(t, hub);
          const ann = await client({ protocol });
          for (const [dataType, data] of [['text', 'ü 😀'], ['json', { a: [1, null, 'ü'] }], ['json', 'text'], ['binary', BYTES]]) {
            await ann.connection.sendEvent('echo', dataType === 'binary' ? arrayBuffer(data) : data, dataType);
            assert.deepEqual(ann.received, [fromServer(dataType, data)], 'before the ack');
            await ann.take(1);
            assert.deepEqual(application.of(ann.id).at(-1).data, data);
          }
          await ann.connection.sendEvent('quiet', '', 'text');
          assert.deepEqual(ann.received, []);
        });
      }

      it('a simple client: text and bytes, answered as they are', async (t) => {
        const { socket } = at(t, hub);
        const simple = await socket();
        simple.send('ü 😀');
        simple.send(BYTES);
        assert.deepEqual(await simple.take(2), ['ü 😀', BYTES]);
      });

      it('a protobuf client', async (t) => {
        const { url } = at(t, hub);
        const ann = await ProtobufClient.start(t, await url(), PLAIN_PROTOBUF);
        for (const content of [{ text: 'ü' }, { json: { a: 1 } }, { binary: BYTES }]) {
          assert.equal((await ann.ask((ackId) => upstream.event('echo', content, { ackId }))).success, true);
          assert.deepEqual(await ann.take(1), [{ from: 'server', data: content }]);
        }
      });

      it('state is kept from event to event', async (t) => {
        application.on('count', ({ context }, response) => {
          response.setState('n', (context.states.n ?? 0) + 1);
          response.success(String(context.states.n), 'text');
        });
        application.onConnect('ten', (_, response) => (response.setState('n', 10), response.success()));
        const { url } = at(t, hub);
        const socket = await Socket.open(t, `${await url()}&plan=ten`, PLAIN);
        for (let i = 0; i < 3; i++) socket.sendJson({ type: 'event', event: 'count', dataType: 'text', data: '' });
        const [{ connectionId }, ...answers] = await socket.takeJson(4);
        assert.deepEqual(answers.map(({ data }) => data), ['11', '12', '13']);
        await socket.close();
        const calls = await eventually(() => application.of(connectionId).at(-1).kind === 'disconnected' && application.of(connectionId), 'disconnected');
        assert.deepEqual(calls.at(-1).states, { n: 13 });
      });

      for (const code of [400, 401]) {
        it(`an event that fails with ${code} is an error; a client with a subprotocol stays, a simple one is closed`, async (t) => {
          application.on('refuse', (_, response) => response.fail(code, 'no'));
          const { client, socket } = at(t, hub);
          const ann = await client();
          assert.equal((await failure(ann.connection.sendEvent('refuse', 1, 'json'))).errorDetail.name, 'InternalServerError');
          await ann.connection.sendEvent('quiet', 1, 'json');
          const simple = await socket();
          simple.send('refuse');
          assert.equal((await simple.end()).code, 1011);
        });
      }

      it('events of one client come one at a time, each after the answer to the one before', async (t) => {
        const open = [];
        const seen = [];
        application.on('slowly', ({ data, context }, response) => {
          seen.push([context.connectionId, data]);
          open.push(() => response.success());
        });
        const { client } = at(t, hub);
        const ann = await client();
        const acks = Promise.all([0, 1, 2, 3].map((i) => ann.connection.sendEvent('slowly', i, 'json')));
        for (let i = 0; i < 4; i++) {
          await eventually(() => open.length > 0, `event ${i}`);
          assert.equal(open.length, 1);
          open.shift()();
        }
        await acks;
        assert.deepEqual(seen, [0, 1, 2, 3].map((i) => [ann.id, i]));
      });

      it('events through cuts reach the application once each, in order, and it is told of no new connection', async (t) => {
        const staged = at(t, hub);
        const cable = await Cable.to(t, staged.endpoint);
        const ann = await staged.client({ via: cable.endpoint, messageRetryOptions: { maxRetries: 1000, retryDelayInMs: 20 } });
        let done = false;
        const cutting = (async () => {
          for (let i = 0; !done; i++) {
            await pause(100 + ((i * 67) % 200));
            if (i % 3 === 2) cable.vanish();
            else cable.cut();
          }
        })();
        const count = 150;
        for (let i = 0; i < count; i++) await ann.connection.sendEvent('note', i, 'json', { ackId: 10_000 + i });
        done = true;
        await cutting;
        const calls = application.of(ann.id);
        assert.deepEqual(calls.filter(({ kind }) => kind === 'user').map(({ data }) => data), Array.from({ length: count }, (_, i) => i));
        assert.deepEqual(calls.filter(({ kind }) => kind !== 'user').map(({ kind }) => kind), ['connect', 'connected']);
        await ann.connection.sendEvent('note', 'end', 'text', { ackId: 20_000 });
      });
    });
  }

  describe('and the service', { concurrency: 4 }, () => {
    it('asks first, and looks at each of several allowed origins', async (t) => {
      const { client } = at(t, 'listed');
      const ann = await client();
      await ann.connection.sendEvent('echo', 1, 'json');
      assert.deepEqual(await ann.take(1), [fromServer('json', 1)]);
      const preflights = application.preflights.filter(({ url }) => url.includes('/listed/'));
      assert.ok(preflights.length >= 1 && preflights.every(({ version }) => version === '1.0'), JSON.stringify(preflights));
      assert.ok(preflights.every(({ origin }) => origin === 'localhost'), JSON.stringify(preflights));
    });

    it('calls nobody who does not allow it', async (t) => {
      const { url } = at(t, 'unlisted');
      assert.equal(await refusal(t, await url(), PLAIN), 500);
      assert.deepEqual(application.calls.filter(({ hub }) => hub === 'unlisted'), []);
    });

    it('refuses clients whose handler is not there', async (t) => {
      const { url } = at(t, 'gone');
      assert.equal(await refusal(t, await url(), PLAIN), 500);
    });

    it('tells of joined and left groups', async (t) => {
      const { client, service } = at(t, 'events');
      const ann = await client({ userId: 'ann', groups: ['first'] });
      await ann.connection.joinGroup('second');
      await service.group('third').addConnection(ann.id);
      await ann.connection.leaveGroup('second');
      await service.group('third').removeConnection(ann.id);
      const presence = () => application.of(ann.id).filter(({ kind }) => kind === 'joined' || kind === 'left').map(({ kind, group }) => `${kind} ${group}`);
      await eventually(() => presence().length >= 5, () => `five of ${presence()}`);
      assert.deepEqual(presence(), ['joined first', 'joined second', 'joined third', 'left second', 'left third']);
      const id = ann.id;
      await ann.stop();
      await eventually(() => application.of(id).some(({ kind }) => kind === 'disconnected'), 'disconnected');
    });

    it('calls only for events that a handler wants', async (t) => {
      const { client } = at(t, 'some');
      const ann = await client();
      await ann.connection.sendEvent('Chat', 1, 'json');
      await ann.connection.sendEvent('note', 1, 'json');
      assert.equal((await failure(ann.connection.sendEvent('other', 1, 'json'))).errorDetail.name, 'InternalServerError');
      const calls = await application.expect(ann.id, 3);
      assert.deepEqual(calls.map(({ kind, event }) => [kind, event.toLowerCase()]), [['connected', 'connected'], ['user', 'chat'], ['user', 'note']]);
    });

    it('invocations are answered by the handler, each its own', async (t) => {
      application.on('double', ({ data }, response) => response.success(JSON.stringify(2 * data), 'json'));
      application.on('bad', (_, response) => response.fail(400, 'no'));
      const { client } = at(t, 'events');
      const ann = await client();
      const answers = await within(Promise.all([1, 2, 3].map((n) => ann.connection.invokeEvent('double', n, 'json'))), 'three answers');
      assert.deepEqual(answers.map(({ dataType, data }) => [dataType, data]), [['json', 2], ['json', 4], ['json', 6]]);
      const text = await ann.connection.invokeEvent('echo', 'ü', 'text');
      assert.deepEqual([text.dataType, text.data], ['text', 'ü']);
      const error = await failure(ann.connection.invokeEvent('bad', 1, 'json'));
      assert.deepEqual([error.name, error.errorDetail.name], ['InvocationError', 'InternalServerError']);
      assert.deepEqual(ann.received, [], 'answers are no messages');
    });

    it('tells once that a client is gone which did not come back', async (t) => {
      const staged = at(t, 'events');
      const socket = await staged.socket({ protocols: PLAIN });
      const [{ connectionId }] = await socket.takeJson(1);
      socket.drop();
      await eventually(() => application.of(connectionId).some(({ kind }) => kind === 'disconnected'), 'disconnected');
      const other = await staged.client({ groups: ['g'] });
      await other.connection.sendToGroup('g', 1, 'json');
      assert.deepEqual(await other.take(1), [fromGroup('g', 'json', 1)]);
      assert.equal(application.of(connectionId).filter(({ kind }) => kind === 'disconnected').length, 1);
    });

    it('a call that is not signed by the service is refused by the application', async () => {
      const url = `http://127.0.0.1:${process.env.TIDEWIRE_EVENT_HANDLER_PORT}/api/webpubsub/hubs/events/`;
      assert.equal((await fetch(url, { method: 'POST', body: '{}' })).status, 401);
    });
  });

  it('every call was signed with both keys and had each header once', () => {
    assert.deepEqual(application.problems.filter((problem) => !problem.startsWith('missing: webhook-request-origin')), []);
    assert.ok(application.calls.length > 100);
  });
});

describe('an event handler that goes away', { skip }, () => {
  it('fails events, and takes them again when it is back', async (t) => {
    const { key, client } = stage(t, { variable, hub: 'away' });
    const listen = () => Application.listen(Number(process.env.TIDEWIRE_AWAY_HANDLER_PORT), [key, process.env.TIDEWIRE_SECONDARY_KEY], { away: { Handler: WebPubSubEventHandler } });
    const first = await listen();
    const ann = await client();
    await ann.connection.sendEvent('note', 1, 'json');
    first.close();
    const error = await failure(ann.connection.sendEvent('note', 2, 'json'));
    assert.equal(error.errorDetail.name, 'InternalServerError');
    const second = await listen();
    t.after(() => second.close());
    await eventually(() => ann.connection.sendEvent('note', 3, 'json').then(() => true, () => false), 'the handler to be called again');
    assert.ok(second.of(ann.id).some(({ data }) => data === 3));
    assert.deepEqual(second.of(ann.id).filter(({ data }) => data === 2), []);
  });
});
