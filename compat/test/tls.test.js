// All ways in over TLS. Needs a server with a certificate that Node trusts (NODE_EXTRA_CA_CERTS).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../lib/clients.js';
import { serviceFromEnvironment } from '../lib/service.js';

const variable = 'TIDEWIRE_TLS_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

describe('TLS', { skip }, () => {
  const staged = (t) => stage(t, { service: serviceFromEnvironment(variable) });

  for (const way of WAYS) {
    it(`a client connects, receives and is closed over ${way.name}`, async (t) => {
      const { api, client } = staged(t);
      const receiver = await client({ ...way, user: 'ann' });
      const text = 'x'.repeat(300_000);
      await api.broadcast('message', ['hello']);
      await api.toUser('ann', 'message', [text]);
      assert.deepEqual(await receiver.take(2), [['hello'], [text]]);
      await assert.rejects(receiver.invoke('orderPizza'), /orderPizza/);
      await api.close(receiver.id, 'closing time');
      assert.match(String((await receiver.closeError())?.message), /closing time$/);
    });
  }

  it('a generated token is for the secure endpoint', async (t) => {
    const { rest, api, service, hub, client } = staged(t);
    const { token } = JSON.parse((await rest.expect(200, 'POST', api.newestPath('/:generateToken'))).text);
    assert.equal(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).aud, service.clientUrl(hub));
    const receiver = await client({ token: () => token });
    await api.broadcast('message', ['hello']);
    assert.deepEqual(await receiver.take(), [['hello']]);
  });
});
