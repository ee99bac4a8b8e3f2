// Over TLS: wss for clients, https for REST. Needs a server with a certificate that Node trusts (NODE_EXTRA_CA_CERTS).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromGroup, fromServer, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { Cable } from '../../lib/wires.js';

const variable = 'TIDEWIRE_WEBPUBSUB_TLS_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

describe('TLS', { skip, concurrency: 4 }, () => {
  for (const protocol of [PLAIN, RELIABLE]) {
    it(`a client of ${protocol} connects, publishes and receives`, async (t) => {
      const { service, client, url } = stage(t, { variable });
      assert.match(await url(), /^wss:/);
      const ann = await client({ protocol, userId: 'ann', groups: ['g'] });
      const text = 'x'.repeat(300_000);
      await ann.connection.sendToGroup('g', text, 'text');
      await service.sendToUser('ann', 1);
      assert.deepEqual(await ann.take(2), [fromGroup('g', 'text', text, 'ann'), fromServer('json', 1)]);
    });
  }

  it('a cut under TLS is recovered', async (t) => {
    const { service, client, endpoint } = stage(t, { variable });
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint.replace('http:', 'https:') });
    cable.cut();
    await service.sendToConnection(ann.id, 1);
    assert.deepEqual(await ann.take(1), [fromServer('json', 1)]);
    assert.equal((await ann.lives(1)).length, 1);
  });
});
