// What REST has since 2022-11-01: tokens, commands for chosen connections, and listing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectExactly, stage, WAYS } from '../../lib/signalr/clients.js';

describe('generateToken', () => {
  const generate = async ({ rest, api }, query) => JSON.parse((await rest.expect(200, 'POST', api.path('/:generateToken', query, '2022-11-01'))).text).token;

  for (const way of WAYS) {
    it(`its token connects a user over ${way.name}`, async (t) => {
      const staged = stage(t);
      const token = await generate(staged, [['userId', 'ann / ü']]);
      const receiver = await staged.client({ ...way, token: () => token });
      await staged.api.toUser('ann / ü', 'message', ['for ann']);
      assert.deepEqual(await receiver.take(), [['for ann']]);
    });
  }

  it('without a user the client is anonymous, and the token lives as long as asked', async (t) => {
    const staged = stage(t);
    const token = await generate(staged, [['minutesToExpire', '5']]);
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.equal(claims.aud, staged.service.clientUrl(staged.hub));
    assert.ok(Math.abs(claims.exp - Date.now() / 1000 - 300) < 60, `exp ${claims.exp}`);
    const receiver = await staged.client({ token: () => token });
    await staged.api.broadcast('message', ['hello']);
    assert.deepEqual(await receiver.take(), [['hello']]);
  });
});

describe('execute', () => {
  const execute = ({ rest, api }, filter, ...commands) =>
    rest.expect(202, 'POST', api.path('/:execute', filter === undefined ? [] : [['filter', filter]], '2023-07-01'), { body: commands });
  const send = (...args) => ({ type: 'SendMessage', message: { target: 'message', arguments: args } });

  for (const way of WAYS) {
    it(`commands run in order on whom the filter takes, over ${way.name}`, async (t) => {
      const staged = stage(t);
      const { api, client } = staged;
      const first = await client({ ...way, user: 'listener-1' });
      const second = await client({ ...way, user: 'listener-2' });
      const speaker = await client({ ...way, user: 'speaker' });
      const anonymous = await client({ ...way });
      await execute(staged, "startswith(userId, 'listener-')", send('before'), { type: 'JoinGroup', group: 'audience' }, send('after'));
      await api.toGroup('audience', 'message', ['quiet please']);
      await execute(staged, "userId eq 'listener-2'", { type: 'LeaveGroup', group: 'audience' });
      await api.toGroup('audience', 'message', ['still there?']);
      await expectExactly(api, [
        [first, ['before'], ['after'], ['quiet please'], ['still there?']],
        [second, ['before'], ['after'], ['quiet please']],
        [speaker],
        [anonymous],
      ]);
    });
  }

  it('a close with a reason', async (t) => {
    const staged = stage(t);
    const out = await staged.client({ user: 'out' });
    const stays = await staged.client({ user: 'stays' });
    await execute(staged, "userId ne 'stays'", send('goodbye'), { type: 'CloseConnection', reason: 'time is up' });
    assert.match(String((await out.closeError())?.message), /time is up$/);
    assert.deepEqual(await out.take(), [['goodbye']]);
    await expectExactly(staged.api, [[stays]]);
  });

  it('filters of many kinds', async (t) => {
    const staged = stage(t);
    const ann = await staged.client({ user: 'Ann' });
    const bob = await staged.client({ user: 'bob' });
    const nobody = await staged.client();
    await staged.api.groupConnection('PUT', 'room', bob.id);
    const filters = {
      "'room' in groups": [bob],
      "not ('room' in groups)": [ann, nobody],
      'userId eq null': [nobody],
      'userId ne null and length(userId) eq 3': [ann, bob],
      [`connectionId eq '${ann.id}' or userId eq 'bob'`]: [ann, bob],
      "endswith(userId, 'b')": [bob],
      "contains(userId, 'n')": [ann],
    };
    const expected = new Map([[ann, []], [bob, []], [nobody, []]]);
    for (const [filter, takers] of Object.entries(filters)) {
      await execute(staged, filter, send(filter));
      for (const taker of takers) expected.get(taker).push([filter]);
    }
    await expectExactly(staged.api, [...expected].map(([each, messages]) => [each, ...messages]));
  });

  it('a filter that cannot be read is refused with its position', async (t) => {
    const { rest, api } = stage(t);
    const answer = await rest.expect(400, 'POST', api.path('/:execute', [['filter', 'userId eq']], '2023-07-01'), { body: [send('x')] });
    assert.match(JSON.parse(answer.text).message, /\d/);
  });
});

describe('the connections of a group', () => {
  it('are listed in pages that follow one another', async (t) => {
    const { rest, api, service, client } = stage(t);
    const members = await Promise.all(Array.from({ length: 7 }, (_, i) => client(i === 0 ? {} : { user: `user ${i} ü` })));
    for (const member of members) await api.groupConnection('PUT', 'a room/ü', member.id);
    await client();
    const list = async (query) => {
      const found = [];
      let pages = 0;
      let next = api.newestPath(`/groups/${encodeURIComponent('a room/ü')}/connections`, query);
      while (next) {
        const page = JSON.parse((await rest.expect(200, 'GET', next)).text);
        found.push(...page.value);
        pages++;
        assert.ok(page.nextLink === undefined || page.nextLink.startsWith(service.endpoint), page.nextLink);
        next = page.nextLink?.slice(service.endpoint.length);
      }
      return { found, pages };
    };
    const expected = members.map((member, i) => (i === 0 ? { connectionId: member.id } : { connectionId: member.id, userId: `user ${i} ü` }));
    const byId = (one, other) => (one.connectionId < other.connectionId ? -1 : 1);
    const all = await list([]);
    assert.deepEqual(all.found.sort(byId), expected.sort(byId));
    assert.equal(all.pages, 1);
    const paged = await list([['maxpagesize', '3']]);
    assert.deepEqual(paged.found.sort(byId), expected);
    assert.ok(paged.pages >= 3, `${paged.pages} pages`);
    const top = await list([['maxpagesize', '2'], ['top', '5']]);
    assert.equal(new Set(top.found.map((each) => each.connectionId)).size, 5);
  });

  it('a group without members is an empty list', async (t) => {
    const { rest, api } = stage(t);
    const { value, nextLink } = JSON.parse((await rest.expect(200, 'GET', api.newestPath('/groups/nobody/connections'))).text);
    assert.deepEqual({ value, nextLink }, { value: [], nextLink: undefined });
  });
});
