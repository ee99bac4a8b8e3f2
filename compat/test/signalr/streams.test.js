// Items that are sent over REST into a stream that a client has opened. Needs a server with signalr.client.openStreams=true.
import { MessageType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countingProtocol, stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { within } from '../../lib/waiting.js';

const variable = 'TIDEWIRE_CONFIGURED_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

/** The server has read all that the client sent so far: it takes what a client sends in order, and answers this. */
const caughtUp = (receiver) => assert.rejects(within(receiver.connection.invoke('nobody'), 'the answer'), /nobody/);

/** Opens streams; each keeps its `items` and says with `ended` what it had and which error it ended with. */
async function open(receiver, ...targets) {
  const streams = targets.map((target) => {
    const stream = { items: [] };
    stream.ended = new Promise((resolve) => {
      stream.subscription = receiver.connection.stream(target, 10).subscribe({
        next: (item) => stream.items.push(item),
        complete: () => resolve({ items: stream.items }),
        error: (error) => resolve({ items: stream.items, error: error.message }),
      });
    });
    return stream;
  });
  await caughtUp(receiver);
  return streams;
}

for (const way of WAYS) {
  describe(`streams over ${way.name}`, { skip }, () => {
    /** `item` and `complete` go into a stream by its id, which the vendor's client counts from 0. */
    function staged(t) {
      const all = stage(t, { service: serviceFromEnvironment(variable) });
      const post = ({ id }, stream, action, query, body) =>
        all.rest.expect(202, 'POST', all.api.newestPath(`/connections/${id}/streams/${stream}/${action}`, query), { body });
      return {
        ...all,
        item: (receiver, stream, item, query) => post(receiver, stream, ':send', query, item),
        complete: (receiver, stream, query) => post(receiver, stream, ':complete', query),
      };
    }

    it('items of any type arrive in order, the last one completes', async (t) => {
      const { client, item } = staged(t);
      const receiver = await client({ ...way });
      const [stream] = await open(receiver, 'counter');
      const items = [1, 'two ü', [3, { four: 5.5 }], null, true, 'x'.repeat(70_000), ...Array.from({ length: 100 }, (_, i) => i)];
      for (const each of items) await item(receiver, 0, each);
      await item(receiver, 0, 'last', [['completed', 'true']]);
      assert.deepEqual(await within(stream.ended, 'the stream to end'), { items: [...items, 'last'] });
    });

    it('completed without a reason', async (t) => {
      const { client, complete } = staged(t);
      const receiver = await client({ ...way });
      const [stream] = await open(receiver, 'counter');
      await complete(receiver, 0);
      assert.deepEqual(await within(stream.ended, 'the stream to end'), { items: [] });
    });

    // The vendor's document says reason, its SDK says error.
    for (const name of ['reason', 'error']) {
      it(`completed with the query's ${name}`, async (t) => {
        const { client, complete, item } = staged(t);
        const receiver = await client({ ...way });
        const [stream] = await open(receiver, 'counter');
        await item(receiver, 0, 1);
        await complete(receiver, 0, [[name, 'ran dry: ü']]);
        assert.deepEqual(await within(stream.ended, 'the stream to end'), { items: [1], error: 'ran dry: ü' });
        assert.ok(receiver.connected);
      });
    }

    it('two streams of one client are told apart', async (t) => {
      const { client, item } = staged(t);
      const receiver = await client({ ...way });
      const [odd, even] = await open(receiver, 'odd', 'even');
      for (let i = 0; i < 10; i++) await item(receiver, i % 2 === 0 ? 1 : 0, i);
      for (const stream of [0, 1]) await item(receiver, stream, 'end', [['completed', 'true']]);
      assert.deepEqual(await within(odd.ended, 'the first to end'), { items: [1, 3, 5, 7, 9, 'end'] });
      assert.deepEqual(await within(even.ended, 'the second to end'), { items: [0, 2, 4, 6, 8, 'end'] });
    });

    it('a stream that ended or was cancelled is sent no more', async (t) => {
      const { client, item, complete } = staged(t);
      const protocol = countingProtocol(way.protocol);
      const receiver = await client({ ...way, protocol });
      const [ended, cancelled] = await open(receiver, 'ended', 'cancelled');
      await item(receiver, 0, 'first');
      await item(receiver, 1, 'first');
      await complete(receiver, 0);
      await within(ended.ended, 'the stream to end');
      cancelled.subscription.dispose();
      await caughtUp(receiver);
      for (const stream of [0, 1, 'unknown']) await item(receiver, stream, 'late');
      await caughtUp(receiver);
      assert.equal(protocol.count(MessageType.StreamItem), 2);
      assert.deepEqual(cancelled.items, ['first']);
    });
  });
}
