// How a client learns that it was closed, and how it comes back.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applicationNegotiate } from '../../lib/signalr/application.js';
import { reconnecting, stage, WAYS } from '../../lib/signalr/clients.js';
import { eventually, within } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

for (const way of WAYS) {
  describe(`close and reconnect over ${way.name}`, () => {
    it('a closed client is told the reason', async (t) => {
      const { api, client } = stage(t);
      const closed = await client({ ...way });
      const other = await client({ ...way });
      await api.close(closed.id, 'tidied up: ü & "quotes"');
      const error = await closed.closeError();
      assert.match(String(error?.message), /tidied up: ü & "quotes"$/);
      assert.ok(other.connected);
      await eventually(async () => !(await api.exists(`/connections/${closed.id}`)), 'the closed connection to be gone');
    });

    it('without a reason there is no error', async (t) => {
      const { api, client } = stage(t);
      const closed = await client({ ...way });
      await api.close(closed.id);
      assert.equal(await closed.closeError(), undefined);
    });

    it('hub, user and group are closed, except for those excluded', async (t) => {
      const { api, client } = stage(t);
      const ann = await client({ ...way, user: 'ann' });
      const annToo = await client({ ...way, user: 'ann' });
      const member = await client({ ...way });
      const rest = await client({ ...way });
      const kept = await client({ ...way, user: 'ann' });
      await api.groupConnection('PUT', 'room', member.id);
      await api.groupConnection('PUT', 'room', kept.id);

      await api.closeAll('/users/ann', { reason: 'user', excluded: [annToo.id, kept.id] });
      assert.match(String((await ann.closeError())?.message), /user$/);
      await api.closeAll('/groups/room', { reason: 'group', excluded: [kept.id] });
      assert.match(String((await member.closeError())?.message), /group$/);
      await api.closeAll('', { reason: 'hub', excluded: [kept.id] });
      assert.match(String((await annToo.closeError())?.message), /hub$/);
      assert.match(String((await rest.closeError())?.message), /hub$/);

      await api.broadcast('message', ['alone']);
      assert.deepEqual(await kept.take(), [['alone']]);
    });

    it('a client with automatic reconnect comes back after a close, with a fresh token', async (t) => {
      const { api, service, hub, client } = stage(t);
      let tokens = 0;
      const { seen, options } = reconnecting({
        ...way,
        token: () => {
          tokens++;
          return service.clientToken(hub, 'ann');
        },
      });
      const receiver = await client(options);
      const before = { id: receiver.id, tokens };
      await api.close(receiver.id, 'come back');
      assert.match(String((await within(seen.lost, 'the client to notice'))?.message), /come back$/);
      assert.equal(await within(seen.back, 'the client to reconnect'), receiver.id);
      assert.notEqual(receiver.id, before.id);
      assert.ok(tokens > before.tokens, 'a token for the new connection');
      await api.toUser('ann', 'message', ['again']);
      await api.toConnection(receiver.id, 'message', ['by its new id']);
      assert.deepEqual(await receiver.take(2), [['again'], ['by its new id']]);
    });

    it('a client that negotiates with its application is sent on to the service, also when it comes back', async (t) => {
      const { api, service, hub, client } = stage(t);
      const application = await applicationNegotiate(t, () => ({
        url: service.clientUrl(hub),
        accessToken: service.clientToken(hub, 'ann'),
      }));
      const { seen, options } = reconnecting({ ...way, url: application.url, token: () => 'the application knows me' });
      const receiver = await client(options);
      assert.equal(application.calls, 1);
      await api.toUser('ann', 'message', ['first']);
      assert.deepEqual(await receiver.take(), [['first']]);
      await api.close(receiver.id);
      await within(seen.back, 'the client to reconnect');
      assert.equal(application.calls, 2);
      await api.toUser('ann', 'message', ['second']);
      assert.deepEqual(await receiver.take(), [['second']]);
    });

    it('a client whose cable is cut comes back, and its old connection is gone', async (t) => {
      const { api, service, hub, client } = stage(t);
      const cable = await Cable.to(t, service.endpoint);
      const { seen, options } = reconnecting({ ...way, user: 'ann', url: `${cable.endpoint}/client/?hub=${hub}` });
      const receiver = await client(options);
      const old = receiver.id;
      await api.groupConnection('PUT', 'room', old);
      cable.cut();
      await within(seen.lost, 'the client to notice');
      await within(seen.back, 'the client to reconnect');
      assert.notEqual(receiver.id, old);
      await eventually(async () => !(await api.exists(`/connections/${old}`)), 'the cut connection to be gone');
      assert.equal(await api.exists('/groups/room'), false, 'its group went with it');
      await api.toUser('ann', 'message', ['back']);
      assert.deepEqual(await receiver.take(), [['back']]);
    });

    it('a client that stops is gone at once', async (t) => {
      const { api, client } = stage(t);
      const leaver = await client({ ...way, user: 'ann' });
      assert.equal(await api.exists('/users/ann'), true);
      await leaver.stop();
      assert.equal(await leaver.closeError(), undefined);
      await eventually(async () => !(await api.exists('/users/ann')), 'the user to be gone');
    });

    it('a stopped client starts again as a new connection', async (t) => {
      const { api, client } = stage(t);
      const receiver = await client({ ...way, user: 'ann' });
      const old = receiver.id;
      await receiver.stop();
      await within(receiver.connection.start(), 'the second start');
      assert.notEqual(receiver.id, old);
      await api.toUser('ann', 'message', ['here again']);
      assert.deepEqual(await receiver.take(), [['here again']]);
    });
  });
}
