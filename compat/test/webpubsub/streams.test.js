// Streams to groups and states of members: what the vendor's client can do of them, and frames where it cannot.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_ROLES, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { eventually, within } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

/** Reads streams of a client as they come: `{ id, items, error }`, `done` when the end was seen. */
function reading(client, options = { handleFromStart: true }) {
  const streams = [];
  client.connection.onGroupStream(async (stream) => {
    const seen = { id: stream.streamId, items: [], done: false };
    streams.push(seen);
    try {
      for await (const { data } of stream) seen.items.push(data);
    } catch (error) {
      seen.error = error;
    }
    seen.done = true;
  }, options);
  return streams;
}

const ended = async (streams, count = 1) => {
  await eventually(() => streams.filter(({ done }) => done).length >= count, () => `${count} streams to end: ${JSON.stringify(streams).slice(-300)}`);
  return streams;
};

for (const protocol of [PLAIN, RELIABLE]) {
  describe(`streams with ${protocol}`, { concurrency: 4 }, () => {
    it('items arrive in order, and the end with them', async (t) => {
      const { client } = stage(t);
      const [ann, bob] = [await client({ protocol, userId: 'ann' }), await client({ protocol, groups: ['g'] })];
      const streams = reading(bob);
      const writer = await within(ann.connection.openGroupStream('g'), 'the stream');
      for (let i = 0; i < 100; i++) await writer.write(i, 'json');
      await writer.write('the last', 'text');
      await writer.end();
      const [stream] = await ended(streams);
      assert.deepEqual(stream, { id: writer.streamId, items: [...Array.from({ length: 100 }, (_, i) => i), 'the last'], done: true });
    });

    it('a stream that is aborted ends with the error of its publisher', async (t) => {
      const { client } = stage(t);
      const [ann, bob] = [await client({ protocol }), await client({ protocol, groups: ['g'] })];
      const streams = reading(bob);
      const writer = await ann.connection.openGroupStream('g');
      await writer.write(1, 'json');
      await writer.abort({ message: 'out of paper', userErrorCode: 'E7' });
      const [{ items, error }] = await ended(streams);
      assert.deepEqual([items, error.name, error.message, error.userErrorCode], [[1], 'UserError', 'out of paper', 'E7']);
    });

    it('a stream whose publisher falls silent ends on both sides', async (t) => {
      const { client } = stage(t);
      const [ann, bob] = [await client({ protocol }), await client({ protocol, groups: ['g'] })];
      const streams = reading(bob);
      const writer = await ann.connection.openGroupStream('g', { idleTimeoutInMs: 500 });
      const told = new Promise((resolve) => writer.onError(resolve));
      await writer.write(1, 'json');
      assert.equal((await within(told, 'the publisher to be told')).name, 'IdleTimeout');
      const [{ error }] = await ended(streams);
      assert.equal(error.name, 'IdleTimeout');
    });

    it('what is not permitted does not open', async (t) => {
      const { client } = stage(t);
      const ann = await client({ protocol, roles: [] });
      await assert.rejects(within(ann.connection.openGroupStream('g'), 'a refusal'), ({ name }) => name === 'Forbidden');
    });

    it('two streams of one client, and ordinary messages between them', async (t) => {
      const { client } = stage(t);
      const [ann, bob] = [await client({ protocol }), await client({ protocol, groups: ['g'] })];
      const streams = reading(bob);
      const writers = [await ann.connection.openGroupStream('g'), await ann.connection.openGroupStream('g')];
      for (let i = 0; i < 10; i++) {
        for (const writer of writers) await writer.write(`${writers.indexOf(writer)}.${i}`, 'text');
        await ann.connection.sendToGroup('g', i, 'json');
      }
      await Promise.all(writers.map((writer) => writer.end()));
      await ended(streams, 2);
      for (const [n, writer] of writers.entries()) {
        assert.deepEqual(streams.find(({ id }) => id === writer.streamId).items, Array.from({ length: 10 }, (_, i) => `${n}.${i}`));
      }
    });
  });
}

describe('streams under cuts', { concurrency: 4 }, () => {
  it('nothing lost, nothing twice, whichever side is cut', async (t) => {
    const { client, endpoint } = stage(t);
    const cables = [await Cable.to(t, endpoint), await Cable.to(t, endpoint)];
    const ann = await client({ via: cables[0].endpoint });
    const bob = await client({ via: cables[1].endpoint, groups: ['g'] });
    const streams = reading(bob);
    const writer = await ann.connection.openGroupStream('g');
    for (let i = 0; i < 200; i++) {
      await writer.write(i, 'json');
      if (i % 40 === 20) cables[(i / 20) % 4 === 1 ? 0 : 1].cut();
      if (i % 10 === 0) await pause(20);
    }
    await within(writer.end(), 'the end to be sent');
    const [stream] = await ended(streams);
    assert.deepEqual(stream.items, Array.from({ length: 200 }, (_, i) => i));
  });
});

for (const protocol of [PLAIN, RELIABLE]) {
  describe(`states of members with ${protocol}`, { concurrency: 4 }, () => {
    it('a snapshot, updates, and the end of a member', async (t) => {
      const { socket } = stage(t);
      const open = async (token) => {
        const opened = await socket({ protocols: protocol, roles: ALL_ROLES, groups: ['g'], ...token });
        const [connected] = await opened.takeJson(1);
        return { opened, id: connected.connectionId };
      };
      const [ann, bob] = [await open({ userId: 'ann' }), await open()];
      ann.opened.sendJson({ type: 'setGroupState', group: 'g', ackId: 1, state: { mood: 'good' } });
      await ann.opened.takeJson(1);
      bob.opened.sendJson({ type: 'subscribeGroupState', group: 'g', ackId: 1 });
      const [ack, snapshot] = await bob.opened.takeJson(2);
      assert.deepEqual([ack.type, ack.success, snapshot.type, snapshot.group], ['ack', true, 'groupStateSnapshot', 'g']);
      const strip = ({ updatedAt, ...item }) => (assert.ok(Number.isInteger(updatedAt)), item);
      assert.deepEqual(snapshot.items.map(strip), [{ connectionId: ann.id, userId: 'ann', state: { mood: 'good' } }]);
      ann.opened.sendJson({ type: 'setGroupState', group: 'g', ackId: 2, state: { mood: 'bad' } });
      await ann.opened.takeJson(1);
      ann.opened.drop();
      const updates = await bob.opened.takeJson(protocol === PLAIN ? 2 : 1);
      assert.deepEqual(updates.map(({ type, group }) => [type, group]), updates.map(() => ['groupStateUpdate', 'g']));
      const [changed, gone] = updates.map(({ items }) => items.map(strip));
      assert.deepEqual(changed, [{ connectionId: ann.id, userId: 'ann', state: { mood: 'bad' } }]);
      // A reliable client may still come back.
      if (protocol === PLAIN) assert.deepEqual(gone.map(({ connectionId, state }) => [connectionId, state]), [[ann.id, undefined]]);
    });
  });
}
