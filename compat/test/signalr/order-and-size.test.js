// Order from one caller, and messages up to the size limit.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';

for (const way of WAYS) {
  describe(`order and size over ${way.name}`, () => {
    it('200 messages to different audiences arrive in the order they were sent', async (t) => {
      const { api, client } = stage(t);
      const receiver = await client({ ...way, user: 'ann' });
      await api.groupConnection('PUT', 'room', receiver.id);
      const sends = [
        (args) => api.broadcast('message', args),
        (args) => api.toUser('ann', 'message', args),
        (args) => api.toGroup('room', 'message', args),
        (args) => api.toConnection(receiver.id, 'message', args),
      ];
      const expected = [];
      for (let i = 0; i < 200; i++) {
        const args = [i, 'x'.repeat((i % 5) ** 5 * 10)];
        expected.push(args);
        await sends[i % sends.length](args);
      }
      assert.deepEqual(await receiver.take(200), expected);
    });

    it('1000 small messages over one kept connection arrive in order', async (t) => {
      const { api, rest, client } = stage(t);
      const receiver = await client({ ...way });
      for (let i = 0; i < 1000; i++) await api.broadcast('message', [i]);
      const taken = await receiver.take(1000);
      assert.deepEqual(taken.map(([i]) => i), Array.from({ length: 1000 }, (_, i) => i));
      assert.equal(rest.sockets.size, 1, 'the service kept the connection open for all requests');
    });

    it('a message of 900 kB arrives whole, and the next one after it', async (t) => {
      const { api, client } = stage(t);
      const receiver = await client({ ...way });
      const text = Array.from({ length: 90_000 }, (_, i) => String(i).padStart(9, '0')).join(' ') + '!';
      assert.equal(text.length, 900_000);
      await api.broadcast('message', [text]);
      await api.broadcast('message', ['next']);
      const [[large], [next]] = await receiver.take(2);
      assert.ok(large === text, `the large message differs; its length is ${large?.length}`);
      assert.equal(next, 'next');
    });

    it('many clients receive a burst in the same order', async (t) => {
      const { api, client } = stage(t);
      const clients = await Promise.all(Array.from({ length: 20 }, () => client({ ...way })));
      const expected = Array.from({ length: 50 }, (_, i) => [i]);
      for (const args of expected) await api.broadcast('message', args);
      for (const each of clients) assert.deepEqual(await each.take(50), expected);
    });
  });
}
