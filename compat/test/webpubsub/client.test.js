// The vendor's client with both of its protocols, and its frames on a bare WebSocket.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SendMessageError } from '@azure/web-pubsub-client';
import { ALL_ROLES, expectExactly, failure, fromGroup, fromServer, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { part } from '../../lib/webpubsub/protobuf.js';
import { refusal } from '../../lib/webpubsub/sockets.js';
import { eventually, within } from '../../lib/waiting.js';

const BYTES = Buffer.from([0, 1, 2, 127, 128, 255]);
/** A google.protobuf.Any: a duration of five seconds. */
const ANY = Buffer.concat([part(1, 'type.googleapis.com/google.protobuf.Duration'), part(2, Buffer.from([8, 5]))]);
const arrayBuffer = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);

for (const protocol of [PLAIN, RELIABLE]) {
  describe(`the client with ${protocol}`, { concurrency: 4 }, () => {
    it('has an id and a user, joins, sends, receives and leaves', async (t) => {
      const { service, client } = stage(t);
      const [ann, bob] = [await client({ protocol, userId: 'ann' }), await client({ protocol })];
      assert.equal(ann.userId, 'ann');
      assert.equal(await service.connectionExists(ann.id), true);
      assert.deepEqual(await ann.connection.joinGroup('room'), { ackId: 1, isDuplicated: false });
      await bob.connection.joinGroup('room');
      await ann.connection.sendToGroup('room', 'one', 'text');
      await bob.connection.sendToGroup('room', { two: [2] }, 'json');
      await bob.connection.leaveGroup('room');
      await ann.connection.sendToGroup('room', 'three', 'text');
      await expectExactly(service, [
        [ann, fromGroup('room', 'text', 'one', 'ann'), fromGroup('room', 'json', { two: [2] }), fromGroup('room', 'text', 'three', 'ann')],
        [bob, fromGroup('room', 'text', 'one', 'ann'), fromGroup('room', 'json', { two: [2] })],
      ]);
    });

    it('sends and receives data of every type', async (t) => {
      const { client, socket } = stage(t);
      const simple = await socket({ groups: ['g'] });
      const ann = await client({ protocol, groups: ['g'] });
      const values = [
        ['text', 'ünï 😀 "quoted" \u0000\u001e\\'], ['text', ''],
        ['json', { a: [1, null, 'ü', { b: [] }], '': 1e300 }], ['json', 'a string'], ['json', 0], ['json', false], ['json', []],
        ['binary', BYTES], ['binary', Buffer.alloc(0)], ['protobuf', ANY],
      ];
      for (const [dataType, data] of values) {
        await ann.connection.sendToGroup('g', dataType === 'binary' || dataType === 'protobuf' ? arrayBuffer(data) : data, dataType);
      }
      assert.deepEqual(await ann.take(values.length), values.map(([dataType, data]) => fromGroup('g', dataType, data)));
      assert.deepEqual(await simple.take(values.length), values.map(([type, data]) => (type === 'json' ? JSON.stringify(data) : data)));
    });

    it('a large message, and one that is too large', async (t) => {
      const { client } = stage(t);
      const ann = await client({ protocol, groups: ['g'], autoReconnect: false });
      const large = 'ü😀'.repeat(120_000);
      await ann.connection.sendToGroup('g', large, 'text');
      assert.ok((await ann.take(1))[0].data === large);
      const lost = await failure(ann.connection.sendToGroup('g', 'x'.repeat(1_100_000), 'text'));
      assert.ok(lost instanceof SendMessageError);
      assert.deepEqual((await ann.lives(3)).map(({ event }) => event), ['connected', 'disconnected', 'stopped']);
    });

    it('fire and forget, and what the sender does not want to hear itself', async (t) => {
      const { service, client } = stage(t);
      const [ann, bob] = [await client({ protocol, groups: ['g'] }), await client({ protocol, groups: ['g'] })];
      await ann.connection.sendToGroup('g', 1, 'json', { fireAndForget: true });
      await ann.connection.sendToGroup('g', 2, 'json', { noEcho: true });
      await ann.connection.sendToGroup('g', 3, 'json', { noEcho: true, fireAndForget: true });
      await ann.connection.sendToGroup('g', 4, 'json');
      await expectExactly(service, [
        [ann, fromGroup('g', 'json', 1), fromGroup('g', 'json', 4)],
        [bob, ...[1, 2, 3, 4].map((n) => fromGroup('g', 'json', n))],
      ]);
    });

    it('an ack id that was used is answered Duplicate and does nothing', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol, groups: ['g'] });
      assert.deepEqual(await ann.connection.sendToGroup('g', 1, 'json', { ackId: 77 }), { ackId: 77, isDuplicated: false });
      assert.deepEqual(await ann.connection.sendToGroup('g', 2, 'json', { ackId: 77 }), { ackId: 77, isDuplicated: true });
      assert.deepEqual(await ann.connection.joinGroup('other', { ackId: 77 }), { ackId: 77, isDuplicated: true });
      await service.group('other').sendToAll(3);
      await expectExactly(service, [[ann, fromGroup('g', 'json', 1)]]);
    });

    it('what is not permitted is an error with its name, and the ack id can be used again', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol, roles: ['webpubsub.sendToGroup.mine', 'webpubsub.joinLeaveGroup.mine'] });
      for (const act of [
        () => ann.connection.joinGroup('yours', { ackId: 5 }),
        () => ann.connection.leaveGroup('yours', { ackId: 5 }),
        () => ann.connection.sendToGroup('yours', 1, 'json', { ackId: 5 }),
      ]) {
        const error = await failure(act());
        assert.ok(error instanceof SendMessageError);
        assert.deepEqual([error.ackId, error.errorDetail.name], [5, 'Forbidden']);
        assert.match(error.errorDetail.message, /yours/);
      }
      assert.deepEqual(await ann.connection.joinGroup('mine', { ackId: 5 }), { ackId: 5, isDuplicated: false });
      await ann.connection.sendToGroup('mine', 1, 'json');
      await expectExactly(service, [[ann, fromGroup('mine', 'json', 1)]]);
    });

    it('an event that nobody handles fails, and the client stays', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol });
      const error = await failure(ann.connection.sendEvent('hello', 1, 'json'));
      assert.equal(error.errorDetail.name, 'InternalServerError');
      await ann.connection.sendEvent('hello', 1, 'json', { fireAndForget: true });
      await expectExactly(service, [[ann]]);
      assert.equal((await ann.lives(1)).length, 1);
    });

    it('roles of patterns', async (t) => {
      const { client } = stage(t);
      const ann = await client({ protocol, roles: ['webpubsub.joinLeaveGroups.room.*', 'webpubsub.sendToGroups.**.news'] });
      await ann.connection.joinGroup('room.1');
      for (const group of ['room.1.2', 'Room.1', 'room']) assert.equal((await failure(ann.connection.joinGroup(group))).errorDetail.name, 'Forbidden', group);
      await ann.connection.sendToGroup('a.b.news', 1, 'json');
      assert.equal((await failure(ann.connection.sendToGroup('a.b.news.old', 1, 'json'))).errorDetail.name, 'Forbidden');
    });

    it('pings are answered, and an idle client stays', async (t) => {
      const { client } = stage(t);
      const ann = await client({ protocol, keepAliveIntervalInMs: 50, keepAliveTimeoutInMs: 2000 });
      await eventually(() => ann.protocol.count('pong') >= 10, 'ten pongs');
      assert.equal((await ann.lives(1)).length, 1);
    });

    it('a stop ends the connection at once', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol, userId: 'ann', groups: ['g'] });
      const id = ann.id;
      assert.deepEqual(await ann.stop(), [{ event: 'connected', id }, { event: 'disconnected', id }, { event: 'stopped' }]);
      await eventually(async () => !(await service.connectionExists(id)), 'the connection to be gone');
      assert.equal(await service.groupExists('g'), false);
    });

    it('starts again after a stop, as another connection', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol });
      const first = ann.id;
      await ann.stop();
      await within(ann.connection.start(), 'a second start');
      await ann.lives(4);
      assert.notEqual(ann.id, first);
      await service.sendToConnection(ann.id, 1);
      assert.deepEqual(await ann.take(1), [fromServer('json', 1)]);
    });

    it('after a close by the service it connects anew and joins its groups again', async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ protocol });
      const first = ann.id;
      await ann.connection.joinGroup('kept');
      await ann.connection.joinGroup('left');
      await ann.connection.leaveGroup('left');
      await service.closeConnection(first, { reason: 'maintenance' });
      const life = await ann.lives(3);
      assert.deepEqual(life, [{ event: 'connected', id: first }, { event: 'disconnected', id: first, message: 'maintenance' }, { event: 'connected', id: ann.id }]);
      assert.notEqual(ann.id, first);
      await service.group('left').sendToAll(1);
      await service.group('kept').sendToAll(2);
      await expectExactly(service, [[ann, fromGroup('kept', 'json', 2)]]);
    });

    it('what one client sends arrives in order, with acks and without', async (t) => {
      const { client } = stage(t);
      const [ann, bob] = [await client({ protocol }), await client({ protocol, groups: ['g'] })];
      const acks = [];
      for (let i = 0; i < 500; i++) {
        const sent = ann.connection.sendToGroup('g', i, 'json', { fireAndForget: i % 3 === 0 });
        acks.push(sent);
      }
      await Promise.all(acks);
      assert.deepEqual((await bob.take(500)).map(({ data }) => data), Array.from({ length: 500 }, (_, i) => i));
    });

    describe('on the wire', { concurrency: 4 }, () => {
      const bare = (staged, token) => staged.socket({ protocols: protocol, roles: ALL_ROLES, ...token });

      it('connected comes first; there is a reconnection token with the reliable protocol alone', async (t) => {
        const socket = await bare(stage(t), { userId: 'ann' });
        assert.equal(socket.protocol, protocol);
        const [connected] = await socket.takeJson(1);
        const members = ['connectionId', 'event', 'type', 'userId', ...(protocol === RELIABLE ? ['reconnectionToken'] : [])];
        assert.deepEqual(Object.keys(connected).sort(), members.sort());
        const [anonymous] = await (await bare(stage(t))).takeJson(1);
        assert.ok(!('userId' in anonymous), 'no member for a user that is not there');
      });

      it('frames hold the members that they must and no others', async (t) => {
        const staged = stage(t);
        const socket = await bare(staged, { userId: 'ann', groups: ['g'] });
        socket.sendJson({ type: 'sendToGroup', group: 'g', dataType: 'text', data: 'x', ackId: 1 });
        socket.sendJson({ type: 'ping' });
        socket.sendJson({ type: 'JOINGROUP', group: 'h', ackId: 2, unknown: {} });
        await socket.reach(5);
        await staged.service.sendToAll({ a: 1 });
        const [, ...frames] = await socket.takeJson(6);
        const numbered = (n) => (protocol === RELIABLE ? { sequenceId: n } : {});
        const sorted = frames.map((frame) => JSON.stringify(frame, Object.keys(frame).sort())).sort();
        const expected = [
          { type: 'message', from: 'group', group: 'g', fromUserId: 'ann', dataType: 'text', data: 'x', ...numbered(1) },
          { type: 'ack', ackId: 1, success: true },
          { type: 'pong' },
          { type: 'ack', ackId: 2, success: true },
        ].map((frame) => JSON.stringify(frame, Object.keys(frame).sort()));
        const server = frames.find(({ from }) => from === 'server');
        assert.deepEqual(server, { type: 'message', from: 'server', dataType: 'json', data: { a: 1 }, ...numbered(2) });
        assert.deepEqual(sorted.filter((text) => !text.includes('"server"')), expected.sort());
      });

      for (const [name, frame, code] of [
        ['no JSON', '{', 1007],
        ['an unknown type', '{"type":"nonsense"}', 1007],
        ['a frame without its group', '{"type":"joinGroup"}', 1007],
        ['a binary frame', Buffer.from('{"type":"ping"}'), 1003],
        ['more than a mebibyte', `{"type":"event","event":"x","dataType":"text","data":"${'x'.repeat(1_048_600)}"}`, 1009],
      ]) {
        it(`${name} closes with ${code}`, async (t) => {
          const socket = await bare(stage(t));
          await socket.reach(1);
          socket.send(frame);
          assert.equal((await socket.end()).code, code);
        });
      }

      it('a close by the service is told with a frame before it', async (t) => {
        const staged = stage(t);
        const socket = await bare(staged, { userId: 'ann' });
        await socket.reach(1);
        await staged.service.closeUserConnections('ann', { reason: 'bye' });
        assert.deepEqual(await socket.end(), { code: 1000, reason: 'bye' });
        assert.deepEqual((await socket.takeJson(2))[1], { type: 'system', event: 'disconnected', message: 'bye' });
      });

      it('metadata of a message reaches those who get it', async (t) => {
        const socket = await bare(stage(t), { groups: ['g'] });
        socket.sendJson({ type: 'sendToGroup', group: 'g', dataType: 'text', data: 'x', metadata: { colour: 'blue', 'x-n': '1' } });
        const [, message] = await socket.takeJson(2);
        assert.deepEqual(message.metadata, { colour: 'blue', 'x-n': '1' });
      });
    });
  });
}

describe('who may connect', { concurrency: 4 }, () => {
  it('the first subprotocol that the service knows is chosen', async (t) => {
    const { socket } = stage(t);
    assert.equal((await socket({ protocols: ['mine.v1', PLAIN, RELIABLE] })).protocol, PLAIN);
    assert.equal((await socket({ protocols: [RELIABLE, PLAIN] })).protocol, RELIABLE);
  });

  it('an unknown group in the token, a bad query and a bad hub are 400', async (t) => {
    const { url } = stage(t);
    for (const query of ['webpubsub_mode=other', 'webpubsub_mode=sendToGroup', 'webpubsub_mode=sendToGroup&group=g&noEcho=maybe']) {
      assert.equal(await refusal(t, `${await url()}&${query}`, PLAIN), 400, query);
    }
    assert.equal(await refusal(t, await url({ groups: [' '] }), PLAIN), 400);
    assert.equal(await refusal(t, (await url()).replace('/client/hubs/', '/client/hubs/0'), PLAIN), 400);
  });
});
