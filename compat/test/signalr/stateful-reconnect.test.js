// A client whose WebSocket breaks comes back to the same connection and misses nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROTOCOLS, reconnecting, stage } from '../../lib/signalr/clients.js';
import { eventually, within } from '../../lib/waiting.js';
import { Cable, Proxy } from '../../lib/wires.js';

const numbers = (from, to) => Array.from({ length: to - from }, (_, i) => [from + i]);

for (const protocol of PROTOCOLS) {
  describe(`stateful reconnect over ${protocol}`, () => {
    /** A client on a cable, and the requests that it makes. */
    async function onCable(t, options) {
      const staged = stage(t);
      const proxy = await Proxy.to(t, staged.service.endpoint);
      const cable = await Cable.to(t, proxy.endpoint);
      const client = await staged.client({
        protocol,
        url: `${cable.endpoint}/client/?hub=${staged.hub}`,
        ...options,
        build: (builder) => {
          builder.withStatefulReconnect({ bufferSize: 1_000_000 });
          return options?.build?.(builder) ?? builder;
        },
      });
      return { ...staged, proxy, cable, receiver: client };
    }

    it('is agreed on with negotiate', async (t) => {
      const { proxy } = await onCable(t);
      assert.equal(proxy.count('POST'), 1);
      assert.match(proxy.requests[0], /useStatefulReconnect=true/i);
    });

    it('what was sent while the cable was cut arrives, once and in order, on the same connection', async (t) => {
      const { api, proxy, cable, receiver } = await onCable(t, { user: 'ann' });
      const id = receiver.id;
      await api.groupConnection('PUT', 'room', id);
      const sends = [
        (args) => api.broadcast('message', args),
        (args) => api.toUser('ann', 'message', args),
        (args) => api.toGroup('room', 'message', args),
        (args) => api.toConnection(id, 'message', args),
      ];
      for (let i = 0; i < 300; i++) {
        if (i === 100 || i === 200) {
          // The client gives up when its way back is cut as well, so it must be there; the last messages are still on their way.
          await eventually(() => receiver.received.length > i - 20, `${i} messages`);
          cable.cut();
        }
        await sends[i % sends.length]([i]);
      }
      assert.deepEqual(await receiver.take(300), numbers(0, 300));
      assert.equal(receiver.id, id);
      assert.ok(receiver.connected);
      assert.equal(proxy.count('POST'), 1, 'one negotiation for all of it');
      assert.equal(proxy.count('UPGRADE'), 3, 'a WebSocket at first and after each cut');
      await api.broadcast('message', ['end']);
      assert.deepEqual(await receiver.take(), [['end']]);
    });

    it('cut again and again', async (t) => {
      const { api, proxy, cable, receiver } = await onCable(t);
      for (let cuts = 1; cuts <= 10; cuts++) {
        cable.cut();
        await api.toConnection(receiver.id, 'message', [cuts]);
        assert.deepEqual(await receiver.take(), [[cuts]]);
        assert.equal(proxy.count('UPGRADE'), cuts + 1);
      }
    });

    it('calls of the client are answered, also those that were cut', async (t) => {
      const { proxy, cable, receiver } = await onCable(t);
      const invoke = (name) => assert.rejects(within(receiver.connection.invoke(name), `the answer to ${name}`), new RegExp(`${name}\\b`));
      for (let i = 0; i < 20; i++) await invoke(`before${i}`);
      const cut = Array.from({ length: 10 }, (_, i) => invoke(`cut${i}`));
      cable.cut();
      await Promise.all(cut);
      await invoke('after');
      assert.equal(proxy.count('UPGRADE'), 2);
    });

    it('without it the same cut is a new connection', async (t) => {
      const { service, hub, client } = stage(t);
      const cable = await Cable.to(t, service.endpoint);
      const { seen, options } = reconnecting({ protocol, url: `${cable.endpoint}/client/?hub=${hub}` });
      const receiver = await client(options);
      const id = receiver.id;
      cable.cut();
      assert.notEqual(await within(seen.back, 'the client to reconnect'), id);
    });

    it('a close by REST is for good: the client starts anew', async (t) => {
      const { seen, options } = reconnecting({});
      const { api, receiver } = await onCable(t, options);
      const id = receiver.id;
      await api.close(id, 'moved');
      assert.match(String((await within(seen.lost, 'the client to notice'))?.message), /moved$/);
      assert.notEqual(await within(seen.back, 'the client to reconnect'), id);
      assert.equal(await api.exists(`/connections/${id}`), false);
    });

    it('a client that stops is gone at once, not after the window', async (t) => {
      const { api, receiver } = await onCable(t, { user: 'ann' });
      await receiver.stop();
      await eventually(async () => !(await api.exists('/users/ann')), 'the user to be gone', 5_000);
    });
  });
}
