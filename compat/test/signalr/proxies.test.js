// Server-sent events and long polling behind proxies that keep things back.
import { HttpTransportType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { BODIES, Proxy } from '../../lib/wires.js';

const HTTP_WAYS = WAYS.filter((way) => way.transport !== HttpTransportType.WebSockets);

describe('behind a proxy', () => {
  async function behind(t, way, body) {
    const staged = stage(t);
    const proxy = await Proxy.to(t, staged.service.endpoint, { body, upgrades: 403 });
    const receiver = await staged.client({ ...way, url: `${proxy.endpoint}/client/?hub=${staged.hub}` });
    return { ...staged, proxy, receiver };
  }

  for (const [name, body] of Object.entries(BODIES)) {
    // A proxy that hands on nothing before the end of an answer cannot carry a stream of events.
    for (const way of HTTP_WAYS.filter((each) => body !== BODIES.whole || each.transport === HttpTransportType.LongPolling)) {
      it(`of the kind "${name}" each message comes at once over ${way.name}`, async (t) => {
        const { api, receiver } = await behind(t, way, body);
        for (let i = 0; i < 10; i++) {
          // The next one is sent when this one is here: nothing may wait for more to come.
          await api.toConnection(receiver.id, 'message', [i]);
          assert.deepEqual(await receiver.take(), [[i]]);
        }
        await assert.rejects(receiver.invoke('orderPizza'), /orderPizza/);
        await api.close(receiver.id, 'closing time');
        assert.match(String((await receiver.closeError())?.message), /closing time$/);
      });

      it(`of the kind "${name}" large messages come whole over ${way.name}`, async (t) => {
        const { api, receiver } = await behind(t, way, body);
        const text = 'line\nü 😀\r\n\u2028'.repeat(20_000);
        await api.toConnection(receiver.id, 'message', [text]);
        const [[taken]] = await receiver.take();
        assert.ok(taken === text, `it differs; its length is ${taken?.length}, not ${text.length}`);
      });
    }
  }
});
