// Which transport a client ends up with, and what it is told when there is none.
import { HttpTransportType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage } from '../../lib/signalr/clients.js';
import { Proxy } from '../../lib/wires.js';

const ANY = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;

/** The transport that a started client uses; the vendor's client does not say it anywhere else. */
const transportOf = (client) => client.connection.connection.transport.constructor.name.replace('Transport', '');

async function receives(api, client) {
  await api.toConnection(client.id, 'message', ['here']);
  assert.deepEqual(await client.take(), [['here']]);
}

describe('transport fallback', () => {
  const masks = { 1: 'WebSocket', 2: 'ServerSentEvents', 4: 'LongPolling', 6: 'ServerSentEvents', 5: 'WebSocket' };
  for (const [mask, transport] of Object.entries(masks)) {
    it(`a token that allows ${mask} (asrs.s.htt) leads to ${transport}`, async (t) => {
      const { api, service, hub, client } = stage(t);
      const one = await client({ transport: ANY, token: () => service.clientToken(hub, 'ann', { 'asrs.s.htt': mask }) });
      assert.equal(transportOf(one), transport);
      await receives(api, one);
    });
  }

  it('MessagePack skips server-sent events', async (t) => {
    const { api, service, hub, client } = stage(t);
    const one = await client({ transport: ANY, protocol: 'messagepack', token: () => service.clientToken(hub, 'ann', { 'asrs.s.htt': '6' }) });
    assert.equal(transportOf(one), 'LongPolling');
    await receives(api, one);
  });

  it('MessagePack over server-sent events alone fails and says why', async (t) => {
    const { client } = stage(t);
    await assert.rejects(client({ transport: HttpTransportType.ServerSentEvents, protocol: 'messagepack' }), /ServerSentEvents' does not support Binary/);
  });

  it('a transport that the token forbids is not connected', async (t) => {
    const { service, hub, client } = stage(t);
    const token = () => service.clientToken(hub, undefined, { 'asrs.s.htt': '4' });
    await assert.rejects(client({ transport: HttpTransportType.WebSockets, token }));
    await assert.rejects(client({ transport: HttpTransportType.WebSockets, http: { skipNegotiation: true }, token }));
  });

  for (const status of [400, 403, 426, 502]) {
    it(`a proxy that answers an upgrade with ${status}`, async (t) => {
      const { api, service, hub, client } = stage(t);
      const proxy = await Proxy.to(t, service.endpoint, { upgrades: status });
      const one = await client({ transport: ANY, url: `${proxy.endpoint}/client/?hub=${hub}` });
      assert.equal(proxy.count('UPGRADE'), 1);
      assert.equal(transportOf(one), 'ServerSentEvents');
      await receives(api, one);
      await one.connection.send('noticed');
      await assert.rejects(one.invoke('orderPizza'), /orderPizza/);
    });
  }

  it('a proxy that refuses upgrades and MessagePack', async (t) => {
    const { api, service, hub, client } = stage(t);
    const proxy = await Proxy.to(t, service.endpoint, { upgrades: 403 });
    const one = await client({ transport: ANY, protocol: 'messagepack', url: `${proxy.endpoint}/client/?hub=${hub}` });
    assert.equal(transportOf(one), 'LongPolling');
    await receives(api, one);
  });
});
