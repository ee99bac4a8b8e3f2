// Clients of the protobuf subprotocols, alone and together with JSON ones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_ROLES, fromGroup, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { anyBytes, number, part, PLAIN_PROTOBUF, ProtobufClient, RELIABLE_PROTOBUF, upstream } from '../../lib/webpubsub/protobuf.js';
import { request } from '../../lib/webpubsub/sockets.js';
import { signToken } from '../../lib/credentials.js';
import { within } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

const BYTES = Buffer.from([0, 1, 2, 127, 128, 255]);
const ANY = { typeUrl: 'type.googleapis.com/google.protobuf.Duration', value: Buffer.from([8, 5]) };
const numbers = (count) => Array.from({ length: count }, (_, i) => i);
const start = async (t, { url }, protocol, { via, ...token } = {}) => ProtobufClient.start(t, await url({ via, roles: ALL_ROLES, ...token }), protocol);

for (const protocol of [PLAIN_PROTOBUF, RELIABLE_PROTOBUF]) {
  describe(protocol, { concurrency: 4 }, () => {
    it('connected, join, publish, receive, leave', async (t) => {
      const staged = stage(t);
      const ann = await start(t, staged, protocol, { userId: 'ann' });
      assert.deepEqual([ann.connected.userId, 'reconnectionToken' in ann.connected], ['ann', protocol === RELIABLE_PROTOBUF]);
      assert.equal(await staged.service.connectionExists(ann.id), true);
      assert.deepEqual(await ann.join('g'), { ackId: 1, success: true, error: undefined });
      for (const content of [{ text: 'ü 😀' }, { binary: BYTES }, { json: { a: [1, null] } }, { protobuf: ANY }, { text: '' }]) {
        assert.equal((await ann.publish('g', content)).success, true);
        assert.deepEqual(await ann.take(1), [{ from: 'group', group: 'g', data: content }]);
      }
      assert.equal((await ann.ask((ackId) => upstream.leaveGroup('g', ackId))).success, true);
      await staged.service.group('g').sendToAll(1);
      await staged.service.sendToAll(2);
      assert.deepEqual(await ann.take(1), [{ from: 'server', data: { json: 2 } }]);
    });

    it('what REST sends in each content type', async (t) => {
      const staged = stage(t);
      const ann = await start(t, staged, protocol, { userId: 'ann' });
      await staged.service.sendToAll('text', { contentType: 'text/plain' });
      await staged.service.sendToUser('ann', { a: 1 });
      await staged.service.sendToConnection(ann.id, BYTES);
      const url = `${staged.endpoint}/api/hubs/${staged.hub}/:send`;
      const headers = { authorization: `Bearer ${signToken(staged.key, { aud: url })}`, 'content-type': 'application/x-protobuf', 'content-length': anyBytes(ANY).length };
      assert.equal((await request(`${url}?api-version=2024-12-01`, { method: 'POST', headers, body: anyBytes(ANY) })).status, 202);
      assert.deepEqual((await ann.take(4)).map(({ data }) => data), [{ text: 'text' }, { json: { a: 1 } }, { binary: BYTES }, { protobuf: ANY }]);
    });

    it('data of each type between clients of protobuf and of JSON', async (t) => {
      const staged = stage(t);
      const protobuf = await start(t, staged, protocol, { userId: 'pb', groups: ['g'] });
      const clients = [await staged.client({ protocol: PLAIN, groups: ['g'] }), await staged.client({ protocol: RELIABLE, groups: ['g'] })];
      const simple = await staged.socket({ groups: ['g'] });
      const kinds = [['text', 'ü'], ['json', { a: [1, null, 'ü'] }], ['binary', BYTES], ['protobuf', anyBytes(ANY)]];
      for (const [dataType, data] of kinds) {
        await protobuf.publish('g', { [dataType]: dataType === 'protobuf' ? ANY : data }, { noEcho: true });
      }
      for (const client of clients) assert.deepEqual(await client.take(4), kinds.map(([dataType, data]) => fromGroup('g', dataType, data, 'pb')));
      assert.deepEqual(await simple.take(4), ['ü', '{"a":[1,null,"ü"]}', BYTES, anyBytes(ANY)]);
      for (const [dataType, data] of kinds) {
        const content = Buffer.isBuffer(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.length) : data;
        await clients[0].connection.sendToGroup('g', content, dataType);
      }
      assert.deepEqual((await protobuf.take(4)).map(({ data }) => data), [{ text: 'ü' }, { json: { a: [1, null, 'ü'] } }, { binary: BYTES }, { protobuf: ANY }]);
    });

    it('refusals, duplicates, events without a handler, pings', async (t) => {
      const ann = await start(t, stage(t), protocol, { roles: [] });
      const refused = await ann.join('g');
      assert.deepEqual([refused.success, refused.error.name], [false, 'Forbidden']);
      const failed = await ann.ask((ackId) => upstream.event('hello', { text: 'x' }, { ackId }));
      assert.deepEqual([failed.success, failed.error.name], [false, 'InternalServerError']);
      ann.send(upstream.ping());
      assert.deepEqual(await ann.takeOthers(1), [{ pong: {} }]);
      const bob = await start(t, stage(t), protocol);
      assert.equal((await bob.join('g')).success, true);
      const again = await bob.ask((ackId) => upstream.joinGroup('g', ackId), 1);
      assert.deepEqual([again.success, again.error.name], [false, 'Duplicate']);
    });

    it('metadata, large ids and unknown fields', async (t) => {
      const ann = await start(t, stage(t), protocol, { groups: ['g'] });
      const largest = 9_007_199_254_740_991;
      const publish = (ackId) => Buffer.concat([upstream.sendToGroup('g', { text: 'x' }, { ackId, metadata: { colour: 'blue' } }), part(99, 'of a later version'), number(98, 5)]);
      assert.equal((await ann.ask(publish, largest)).ackId, largest);
      assert.deepEqual(await ann.take(1), [{ from: 'group', group: 'g', data: { text: 'x' }, metadata: { colour: 'blue' } }]);
    });

    it('a close by the service is told before it', async (t) => {
      const staged = stage(t);
      const ann = await start(t, staged, protocol);
      await staged.service.closeConnection(ann.id, { reason: 'bye' });
      assert.deepEqual(await ann.end(), { code: 1000, reason: 'bye' });
      assert.deepEqual(await ann.takeOthers(1), [{ system: { disconnected: { reason: 'bye' } } }]);
    });

    for (const [name, bytes, code] of [
      ['a text frame', '{"type":"ping"}', 1003],
      ['bytes that are no protobuf', Buffer.from([0xff, 0xff, 0xff]), 1007],
      ['a length beyond the end', Buffer.from([0x0a, 0x7f, 1]), 1007],
    ]) {
      it(`${name} closes with ${code}`, async (t) => {
        const ann = await start(t, stage(t), protocol);
        ann.send(bytes);
        assert.equal((await ann.end()).code, code);
      });
    }

    it('group states: a snapshot, updates, clearing', async (t) => {
      const staged = stage(t);
      const [ann, bob] = [await start(t, staged, protocol, { userId: 'ann', groups: ['g'] }), await start(t, staged, protocol, { groups: ['g'] })];
      assert.equal((await ann.ask((ackId) => upstream.setGroupState('g', { mood: 'good' }, ackId))).success, true);
      assert.equal((await bob.ask((ackId) => upstream.subscribeGroupState('g', ackId))).success, true);
      const [{ groupStateSnapshot }] = await bob.takeOthers(1);
      const [{ updatedAt, ...item }] = groupStateSnapshot.items;
      assert.deepEqual([groupStateSnapshot.group, item], ['g', { connectionId: ann.id, userId: 'ann', state: { mood: 'good' } }]);
      assert.ok(Math.abs(updatedAt - Date.now()) < 60_000);
      await ann.ask((ackId) => upstream.setGroupState('g', { mood: 'bad', n: '1' }, ackId));
      await ann.ask((ackId) => upstream.setGroupState('g', undefined, ackId));
      const updates = (await bob.takeOthers(2)).map(({ groupStateUpdate }) => groupStateUpdate.items.map(({ connectionId, state }) => [connectionId, state]));
      assert.deepEqual(updates, [[[ann.id, { mood: 'bad', n: '1' }]], [[ann.id, undefined]]]);
    });
  });
}

describe('reliable protobuf under cuts', { concurrency: 4 }, () => {
  it('nothing lost, nothing twice, in order, both ways', async (t) => {
    const staged = stage(t);
    const cable = await Cable.to(t, staged.endpoint);
    const ann = await start(t, staged, RELIABLE_PROTOBUF, { via: cable.endpoint, groups: ['g'] });
    const bob = await staged.client({ groups: ['g'] });
    const count = 300;
    let done = false;
    const cuts = async () => {
      for (let i = 0; !done; i++) {
        await pause(100 + ((i * 53) % 150));
        if (i % 3 === 2) cable.vanish();
        else cable.cut();
      }
    };
    const cutting = cuts();
    const annSends = async () => {
      for (const i of numbers(count)) await ann.publish('g', { json: { ann: i } });
    };
    const bobSends = async () => {
      for (const i of numbers(count)) {
        await bob.connection.sendToGroup('g', { bob: i }, 'json');
        await pause(2);
      }
    };
    await within(Promise.all([annSends(), bobSends()]), 'everything to be sent', 60_000);
    done = true;
    await cutting;
    for (const received of [(await ann.take(2 * count)).map(({ data }) => data.json), (await bob.take(2 * count)).map(({ data }) => data)]) {
      for (const sender of ['ann', 'bob']) {
        assert.deepEqual(received.filter((data) => sender in data).map((data) => data[sender]), numbers(count));
      }
    }
    assert.ok(ann.recoveries >= 3, `${ann.recoveries} recoveries`);
    assert.deepEqual(ann.gaps, []);
  });
});
