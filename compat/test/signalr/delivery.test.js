// Who receives what: everyone, a user, a group, one connection, and who is left out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectExactly, stage, WAYS } from '../../lib/signalr/clients.js';

for (const way of WAYS) {
  describe(`delivery over ${way.name}`, () => {
    it('a broadcast reaches every client once', async (t) => {
      const { api, client } = stage(t);
      const clients = await Promise.all([1, 2, 3].map(() => client({ ...way })));
      await api.broadcast('message', ['hello', 42]);
      await expectExactly(api, clients.map((each) => [each, ['hello', 42]]));
    });

    it('a broadcast stays in its hub', async (t) => {
      const here = stage(t);
      const there = stage(t);
      const inside = await here.client({ ...way });
      const outside = await there.client({ ...way });
      await here.api.broadcast('message', ['ours']);
      await expectExactly(here.api, [[inside, ['ours']]]);
      await expectExactly(there.api, [[outside]]);
    });

    it('a message without arguments and one with twelve', async (t) => {
      const { api, client } = stage(t);
      const receiver = await client({ ...way });
      const twelve = Array.from({ length: 12 }, (_, i) => i);
      await api.broadcast('message', []);
      await api.broadcast('message', twelve);
      await expectExactly(api, [[receiver, [], twelve]]);
    });

    it('a user gets it on each connection, nobody else does', async (t) => {
      const { api, client } = stage(t);
      const first = await client({ ...way, user: 'Ann / ü' });
      const second = await client({ ...way, user: 'Ann / ü' });
      const other = await client({ ...way, user: 'ann / ü' });
      const anonymous = await client({ ...way });
      await api.toUser('Ann / ü', 'message', ['for Ann']);
      await expectExactly(api, [[first, ['for Ann']], [second, ['for Ann']], [other], [anonymous]]);
    });

    it('a connection that joined a group gets its messages until it leaves', async (t) => {
      const { api, client } = stage(t);
      const member = await client({ ...way });
      const outsider = await client({ ...way });
      await api.groupConnection('PUT', 'room', member.id);
      await api.toGroup('room', 'message', ['in']);
      await api.groupConnection('DELETE', 'room', member.id);
      await api.toGroup('room', 'message', ['out']);
      await expectExactly(api, [[member, ['in']], [outsider]]);
    });

    it('joining twice does not double the messages', async (t) => {
      const { api, client } = stage(t);
      const member = await client({ ...way, user: 'ann' });
      await api.groupConnection('PUT', 'room', member.id);
      await api.groupConnection('PUT', 'room', member.id);
      await api.groupUser('PUT', 'room', 'ann');
      await api.toGroup('room', 'message', ['once']);
      await expectExactly(api, [[member, ['once']]]);
    });

    it('a group of any name', async (t) => {
      const { api, client } = stage(t);
      const member = await client({ ...way });
      const outsider = await client({ ...way });
      const name = 'a/b c%2F?&ü#😀';
      await api.groupConnection('PUT', name, member.id);
      await api.groupConnection('PUT', name.toUpperCase(), outsider.id);
      await api.toGroup(name, 'message', ['named']);
      await expectExactly(api, [[member, ['named']], [outsider]]);
    });

    it('a user that joined a group brings present and later connections', async (t) => {
      const { api, client } = stage(t);
      const present = await client({ ...way, user: 'ann' });
      await api.groupUser('PUT', 'room', 'ann');
      const later = await client({ ...way, user: 'ann' });
      const other = await client({ ...way, user: 'bob' });
      await api.toGroup('room', 'message', ['in']);
      await api.groupUser('DELETE', 'room', 'ann');
      await api.toGroup('room', 'message', ['out']);
      const afterwards = await client({ ...way, user: 'ann' });
      await api.toGroup('room', 'message', ['still out']);
      await expectExactly(api, [[present, ['in']], [later, ['in']], [other], [afterwards]]);
    });

    it('a user leaves all groups at once', async (t) => {
      const { api, rest, client } = stage(t);
      const member = await client({ ...way, user: 'ann' });
      await api.groupUser('PUT', 'red', 'ann');
      await api.groupUser('PUT', 'blue', 'ann');
      await rest.expect(204, 'DELETE', api.path('/users/ann/groups'));
      await api.toGroup('red', 'message', ['red']);
      await api.toGroup('blue', 'message', ['blue']);
      await expectExactly(api, [[member]]);
    });

    it('a connection leaves all groups at once', async (t) => {
      const { api, rest, client } = stage(t);
      const member = await client({ ...way });
      await api.groupConnection('PUT', 'red', member.id);
      await api.groupConnection('PUT', 'blue', member.id);
      await rest.expect(200, 'DELETE', api.path(`/connections/${member.id}/groups`));
      await api.toGroup('red', 'message', ['red']);
      await api.toGroup('blue', 'message', ['blue']);
      await expectExactly(api, [[member]]);
    });

    it('the id that the client negotiated is the id that REST addresses', async (t) => {
      const { api, client } = stage(t);
      const one = await client({ ...way, user: 'ann' });
      const two = await client({ ...way, user: 'ann' });
      assert.notEqual(one.id, two.id);
      await api.toConnection(one.id, 'message', ['to one']);
      await api.toConnection(two.id, 'message', ['to two']);
      await expectExactly(api, [[one, ['to one']], [two, ['to two']]]);
    });

    it('excluded connections are left out, unknown ids do not matter', async (t) => {
      const { api, client } = stage(t);
      const [a, b, c] = await Promise.all([1, 2, 3].map(() => client({ ...way })));
      for (const each of [a, b, c]) await api.groupConnection('PUT', 'room', each.id);
      await api.broadcast('message', ['hub'], [a.id, b.id, 'nobody']);
      await api.toGroup('room', 'message', ['group'], [b.id, c.id]);
      await expectExactly(api, [[a, ['group']], [b], [c, ['hub']]]);
    });

    it('sends to nobody are accepted', async (t) => {
      const { api } = stage(t);
      await api.broadcast('message', [1]);
      await api.toUser('nobody', 'message', [1]);
      await api.toGroup('nobody', 'message', [1]);
      await api.toConnection('nobody', 'message', [1]);
    });
  });
}
