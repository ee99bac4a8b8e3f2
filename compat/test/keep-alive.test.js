// Idle clients stay, silent ones go. Needs a second server with signalr.client.keepAliveInterval=1s and signalr.client.timeout=3s.
import { MessageType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROTOCOLS, protocolNamed, stage } from '../lib/clients.js';
import { serviceFromEnvironment } from '../lib/service.js';
import { eventually } from '../lib/waiting.js';

const variable = 'TIDEWIRE_SHORT_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

/** The vendor's protocol, counting the pings that come in. */
function counting(name) {
  const protocol = protocolNamed(name);
  const parse = protocol.parseMessages.bind(protocol);
  protocol.pings = 0;
  protocol.parseMessages = (input, logger) => {
    const messages = parse(input, logger);
    protocol.pings += messages.filter((message) => message.type === MessageType.Ping).length;
    return messages;
  };
  return protocol;
}

for (const name of PROTOCOLS) {
  describe(`keep-alive over ${name}`, { skip }, () => {
    it('an idle client is pinged and stays beyond both timeouts', async (t) => {
      const { api, client } = stage(t, { service: serviceFromEnvironment(variable) });
      const protocol = counting(name);
      const idle = await client({
        protocol,
        connection: (connection) => {
          connection.serverTimeoutInMilliseconds = 2500;
          connection.keepAliveIntervalInMilliseconds = 1000;
        },
      });
      await eventually(() => protocol.pings >= 5 || !idle.connected, 'five pings');
      assert.ok(idle.connected, `closed: ${idle.connected || (await idle.closeError())}`);
      await api.toConnection(idle.id, 'message', ['awake']);
      assert.deepEqual(await idle.take(), [['awake']]);
    });

    it('a client that never pings is closed and told why', async (t) => {
      const { api, client } = stage(t, { service: serviceFromEnvironment(variable) });
      const silent = await client({
        protocol: name,
        connection: (connection) => {
          connection.keepAliveIntervalInMilliseconds = 3_600_000;
        },
      });
      assert.match(String((await silent.closeError())?.message), /ping timeout/i);
      await eventually(async () => !(await api.exists(`/connections/${silent.id}`)), 'the silent connection to be gone');
    });
  });
}
