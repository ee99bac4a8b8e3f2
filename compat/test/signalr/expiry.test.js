// Tokens that run out while their clients are connected. Needs a second server with auth.leeway=0s and short poll timeouts.
import { HttpTransportType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reconnecting, stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { eventually, within } from '../../lib/waiting.js';

const variable = 'TIDEWIRE_SHORT_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

/** Seconds; a client must have started by then, on a busy machine too. */
const LIFE = 5;

/** That server has no patience with clients that do not ping. */
const pinging = (connection) => (connection.keepAliveIntervalInMilliseconds = 1000);

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

describe('token expiry', { skip, concurrency: true }, () => {
  const staged = (t) => stage(t, { service: serviceFromEnvironment(variable) });

  for (const way of WAYS) {
    if (way.transport === HttpTransportType.LongPolling) {
      it(`ends a client over ${way.name}, whose next poll is refused`, async (t) => {
        const { service, hub, api, client } = staged(t);
        const token = service.clientToken(hub, 'ann', { exp: inSeconds(LIFE) });
        const expiring = await client({ ...way, token: () => token });
        assert.match(String((await expiring.closeError())?.message), /401|Unauthorized/);
        await eventually(async () => !(await api.exists('/users/ann')), 'the expired connection to be gone');
      });

      it(`and the client over ${way.name} comes back with a fresh token`, async (t) => {
        const { service, hub, api, client } = staged(t);
        const { seen, options } = reconnecting({ ...way, token: () => service.clientToken(hub, 'ann', { exp: inSeconds(LIFE) }) });
        const renewing = await client(options);
        const id = renewing.id;
        assert.match(String((await within(seen.lost, 'the client to notice'))?.message), /401/);
        assert.notEqual(await within(seen.back, 'the client to reconnect'), id);
        await api.toUser('ann', 'message', ['welcome back']);
        assert.deepEqual(await renewing.take(), [['welcome back']]);
      });
    } else {
      it(`does not end a client over ${way.name} unless asked to`, async (t) => {
        const { service, hub, api, client } = staged(t);
        const exp = inSeconds(LIFE);
        const outliving = await client({ ...way, connection: pinging, token: () => service.clientToken(hub, 'ann', { exp }) });
        await eventually(() => inSeconds(0) > exp + 1, 'the token to run out');
        await api.toConnection(outliving.id, 'message', ['still here']);
        assert.deepEqual(await outliving.take(), [['still here']]);
      });
    }

    it(`asrs.s.coae closes a client over ${way.name} at asrs.s.aeo, and it may come back`, async (t) => {
      const { service, hub, api, client } = staged(t);
      let first = true;
      const token = () => {
        // The token itself lives on; only the authentication behind it ends.
        const claims = first ? { 'asrs.s.coae': 'true', 'asrs.s.aeo': String(inSeconds(LIFE)) } : {};
        return service.clientToken(hub, 'ann', claims);
      };
      const { seen, options } = reconnecting({ ...way, connection: pinging, token });
      const closing = await client(options);
      const id = closing.id;
      first = false;
      await within(seen.lost, 'the client to be closed');
      assert.notEqual(await within(seen.back, 'the client to reconnect'), id);
      assert.equal(await api.exists(`/connections/${id}`), false);
      await api.toUser('ann', 'message', ['welcome back']);
      assert.deepEqual(await closing.take(), [['welcome back']]);
    });
  }
});
