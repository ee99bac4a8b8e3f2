// What a client hears when it calls the hub and no upstream is configured.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { within } from '../../lib/waiting.js';

for (const way of WAYS) {
  describe(`client calls over ${way.name}`, () => {
    it('invoke is rejected and the message names the missing upstream', async (t) => {
      const caller = await stage(t).client({ ...way });
      await assert.rejects(within(caller.connection.invoke('orderPizza', 'large', 2), 'the answer'), /upstream.*orderPizza|orderPizza.*upstream/);
      assert.ok(caller.connected);
    });

    it('send is silent and the connection goes on', async (t) => {
      const { api, client } = stage(t);
      const caller = await client({ ...way });
      await caller.connection.send('orderPizza', 'large');
      await assert.rejects(within(caller.connection.invoke('after'), 'the answer'), /after/);
      await api.toConnection(caller.id, 'message', ['still here']);
      assert.deepEqual(await caller.take(), [['still here']]);
    });

    it('each of several pending calls gets its own answer', async (t) => {
      const caller = await stage(t).client({ ...way });
      const names = Array.from({ length: 20 }, (_, i) => `call${i}`);
      const answers = await Promise.allSettled(names.map((name) => within(caller.connection.invoke(name), name)));
      answers.forEach((answer, i) => assert.match(String(answer.reason?.message), new RegExp(`'?${names[i]}\\b`)));
    });

    it('a stream is refused with a reason', async (t) => {
      const caller = await stage(t).client({ ...way });
      const ended = new Promise((resolve, reject) =>
        caller.connection.stream('counter', 10).subscribe({ next: reject, error: resolve, complete: () => reject(new Error('completed')) }),
      );
      assert.match(String((await within(ended, 'the answer'))?.message), /stream/i);
      assert.ok(caller.connected);
    });
  });
}
