// Idle clients stay, silent ones go, on both sides. Needs a second server with signalr.client.keepAliveInterval=1s,
// signalr.client.timeout=3s and longPolling.pollTimeout=1s.
import { DefaultHttpClient, HttpTransportType, MessageType, NullLogger } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countingProtocol, reconnecting, stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { eventually, within } from '../../lib/waiting.js';
import { Proxy } from '../../lib/wires.js';

const variable = 'TIDEWIRE_SHORT_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

/** The vendor's HTTP client, counting polls that were answered. */
class CountingPolls extends DefaultHttpClient {
  polls = 0;

  async send(request) {
    const answer = await super.send(request);
    if (request.method === 'GET') this.polls++;
    return answer;
  }
}

describe('keep-alive', { skip, concurrency: true }, () => {
  const staged = (t) => stage(t, { service: serviceFromEnvironment(variable) });

  for (const way of WAYS.filter((each) => each.transport !== HttpTransportType.LongPolling)) {
    it(`an idle client over ${way.name} is pinged and stays beyond both timeouts`, async (t) => {
      const { api, client } = staged(t);
      const protocol = countingProtocol(way.protocol);
      const idle = await client({
        ...way,
        protocol,
        connection: (connection) => {
          connection.serverTimeoutInMilliseconds = 2500;
          connection.keepAliveIntervalInMilliseconds = 1000;
        },
      });
      await eventually(() => protocol.count(MessageType.Ping) >= 5 || !idle.connected, 'five pings');
      assert.ok(idle.connected, `closed: ${idle.connected || (await idle.closeError())}`);
      await api.toConnection(idle.id, 'message', ['awake']);
      assert.deepEqual(await idle.take(), [['awake']]);
    });

    it(`a client over ${way.name} that never pings is closed and told why`, async (t) => {
      const { api, client } = staged(t);
      const silent = await client({
        ...way,
        connection: (connection) => {
          connection.keepAliveIntervalInMilliseconds = 3_600_000;
        },
      });
      const id = silent.id;
      assert.match(String((await silent.closeError())?.message), /ping timeout/i);
      await eventually(async () => !(await api.exists(`/connections/${id}`)), 'the silent connection to be gone');
    });

    it(`a client over ${way.name} notices that the server is silent, and comes back another way`, async (t) => {
      const { api, service, hub, client } = staged(t);
      const proxy = await Proxy.to(t, service.endpoint);
      const { seen, options } = reconnecting({
        ...way,
        url: `${proxy.endpoint}/client/?hub=${hub}`,
        connection: (connection) => {
          connection.serverTimeoutInMilliseconds = 1800;
        },
      });
      const cutOff = await client(options);
      const id = cutOff.id;
      proxy.die();
      assert.match(String((await within(seen.lost, 'the client to notice'))?.message), /server timeout/i);
      assert.notEqual(await within(seen.back, 'the client to reconnect'), id);
      await eventually(async () => !(await api.exists(`/connections/${id}`)), 'the old connection to be gone');
      await api.toConnection(cutOff.id, 'message', ['back']);
      assert.deepEqual(await cutOff.take(), [['back']]);
    });
  }

  for (const way of WAYS.filter((each) => each.transport === HttpTransportType.LongPolling)) {
    it(`an idle client over ${way.name} polls on and stays beyond both timeouts`, async (t) => {
      const { api, client } = staged(t);
      const httpClient = new CountingPolls(NullLogger.instance);
      const idle = await client({ ...way, http: { httpClient } });
      await eventually(() => httpClient.polls >= 6 || !idle.connected, 'six polls');
      assert.ok(idle.connected, `closed: ${idle.connected || (await idle.closeError())}`);
      await api.toConnection(idle.id, 'message', ['awake']);
      assert.deepEqual(await idle.take(), [['awake']]);
    });

    it(`a client over ${way.name} behind a proxy that went dead is gone`, async (t) => {
      const { api, service, hub, client } = staged(t);
      const proxy = await Proxy.to(t, service.endpoint);
      const cutOff = await client({ ...way, url: `${proxy.endpoint}/client/?hub=${hub}` });
      await eventually(() => proxy.waiting === 1, 'a poll');
      proxy.die();
      await eventually(async () => !(await api.exists(`/connections/${cutOff.id}`)), 'the old connection to be gone');
    });
  }
});
