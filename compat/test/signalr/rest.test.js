// REST of every version: sends come through, existence is told, health is open.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage } from '../../lib/signalr/clients.js';

const message = (...args) => ({ body: { Target: 'message', Arguments: args } });
const dated = '?api-version=2022-06-01';

describe('REST sends', () => {
  it('1.0-preview', async (t) => {
    const { rest, api, hub, client } = stage(t);
    const ann = await client({ user: 'ann' });
    const bob = await client({ user: 'bob' });
    await api.groupConnection('PUT', 'red', ann.id);
    await api.groupConnection('PUT', 'blue', bob.id);
    const base = `/api/v1-preview/hub/${hub}`;
    for (const path of ['', '/user/ann', '/users/ann,bob', '/group/red', '/groups/red,blue']) {
      await rest.expect(202, 'POST', base + path, message(path));
    }
    assert.deepEqual(await ann.take(5), [[''], ['/user/ann'], ['/users/ann,bob'], ['/group/red'], ['/groups/red,blue']]);
    assert.deepEqual(await bob.take(3), [[''], ['/users/ann,bob'], ['/groups/red,blue']]);
  });

  const roots = {
    '1.0': ['/api/v1/hubs/', '', ''],
    '1.0 with :send': ['/api/v1/hubs/', '/:send', ''],
    '2022-06-01': ['/api/hubs/', '/:send', dated],
    '2022-06-01 without :send': ['/api/hubs/', '', dated],
  };
  for (const [name, [root, suffix, query]] of Object.entries(roots)) {
    it(name, async (t) => {
      const { rest, api, hub, client } = stage(t);
      const ann = await client({ user: 'ann' });
      const bob = await client({ user: 'bob', protocol: 'messagepack' });
      await api.groupConnection('PUT', 'red', ann.id);
      const targets = ['', '/users/ann', '/groups/red', `/connections/${ann.id}`];
      for (const path of targets) await rest.expect(202, 'POST', root + hub + path + suffix + query, message(path));
      await rest.expect(202, 'POST', `${root}${hub}${suffix}${query ? `${query}&` : '?'}excluded=${ann.id}`, message('not ann'));
      assert.deepEqual(await ann.take(4), targets.map((path) => [path]));
      assert.deepEqual(await bob.take(2), [[''], ['not ann']]);
    });
  }

  const memberships = {
    '1.0': (hub, id) => [`/api/v1/hubs/${hub}/groups/red/connections/${id}`, `/api/v1/hubs/${hub}/groups/blue/users/ann`],
    '1.0 aliases': (hub, id) => [`/api/v1/hubs/${hub}/connections/${id}/groups/red`, `/api/v1/hubs/${hub}/users/ann/groups/blue`],
    '2022-06-01': (hub, id) => [`/api/hubs/${hub}/groups/red/connections/${id}${dated}`, `/api/hubs/${hub}/users/ann/groups/blue${dated}`],
  };
  for (const [name, paths] of Object.entries(memberships)) {
    it(`groups of ${name}`, async (t) => {
      const { rest, api, hub, client } = stage(t);
      const ann = await client({ user: 'ann' });
      const [connection, user] = paths(hub, ann.id);
      const success = (answer) => assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`);
      success(await rest.request('PUT', connection));
      success(await rest.request('PUT', user));
      await api.toGroup('red', 'message', ['red']);
      await api.toGroup('blue', 'message', ['blue']);
      success(await rest.request('DELETE', connection));
      success(await rest.request('DELETE', user));
      await api.toGroup('red', 'message', ['gone']);
      await api.toGroup('blue', 'message', ['gone']);
      await api.broadcast('message', ['end']);
      assert.deepEqual(await ann.take(3), [['red'], ['blue'], ['end']]);
    });
  }

  it('a close of 1.0', async (t) => {
    const { rest, hub, client } = stage(t);
    const closed = await client();
    await rest.expect(202, 'DELETE', `/api/v1/hubs/${hub}/connections/${closed.id}?reason=old%20way`);
    assert.match(String((await closed.closeError())?.message), /old way$/);
  });

  it('an application prefix addresses the joined hub', async (t) => {
    const bare = stage(t);
    const prefixed = stage(t, { hub: `app_${bare.hub}` });
    const inside = await prefixed.client();
    const outside = await bare.client();
    await bare.rest.expect(202, 'POST', bare.api.path('/:send', [['application', 'App']]), message('for the application'));
    await bare.api.broadcast('message', ['for the bare hub']);
    assert.deepEqual(await inside.take(), [['for the application']]);
    assert.deepEqual(await outside.take(), [['for the bare hub']]);
  });

  it('a bad message is refused with words', async (t) => {
    const { rest, api, hub } = stage(t);
    for (const text of ['', '{', '[]', '{"arguments":[1]}', '{"target":""}', '{"target":"t","arguments":{}}']) {
      const body = Buffer.from(text);
      const old = await rest.request('POST', `/api/v1/hubs/${hub}`, { body });
      assert.equal(old.status, 400, `1.0: ${text}`);
      assert.match(old.headers['content-type'], /^text\/plain/);
      assert.ok(old.text.length > 0);
      const now = await rest.request('POST', api.path('/:send'), { body });
      assert.equal(now.status, 400, `2022-06-01: ${text}`);
      assert.match(now.headers['content-type'], /^application\/json/);
      const problem = JSON.parse(now.text);
      assert.ok(problem.message);
      assert.equal(now.headers['x-ms-error-code'], problem.code);
    }
  });

  it('a hub name that cannot be is refused', async (t) => {
    const { rest } = stage(t);
    await rest.expect(400, 'POST', `/api/v1/hubs/1bad`, message());
    await rest.expect(400, 'POST', `/api/hubs/1bad/:send${dated}`, message());
  });

  it('an unknown content type and too large a body are refused', async (t) => {
    const { rest, api } = stage(t);
    await rest.expect(415, 'POST', api.path('/:send'), { body: Buffer.from('target=x'), type: 'application/x-www-form-urlencoded' });
    const large = await rest.expect(413, 'POST', api.path('/:send'), message('x'.repeat(1_100_000)));
    assert.match(large.text, /http\.maxBodyBytes/);
  });
});

describe('REST existence', () => {
  for (const [name, root, query] of [['1.0', '/api/v1/hubs/', ''], ['2022-06-01', '/api/hubs/', dated]]) {
    it(`${name} tells connections, users, groups and members`, async (t) => {
      const { rest, api, hub, client } = stage(t);
      const ann = await client({ user: 'ann' });
      const ask = async (path, missing) => {
        for (const method of ['HEAD', 'GET']) {
          const answer = await rest.request(method, root + hub + path + query);
          assert.equal(answer.status, missing ? 404 : 200, `${method} ${path}`);
          assert.equal(answer.headers['x-ms-error-code'], missing, `${method} ${path}`);
        }
      };
      await ask('/connections/nobody', 'Warning.Connection.NotExisted');
      await ask('/users/nobody', 'Warning.User.NotExisted');
      await ask('/groups/room', 'Warning.Group.NotExisted');
      await ask('/users/ann/groups/room', 'Info.User.NotInGroup');
      await api.groupUser('PUT', 'room', 'ann');
      await ask(`/connections/${ann.id}`);
      await ask('/users/ann');
      await ask('/groups/room');
      await ask('/users/ann/groups/room');
    });

    it(`${name} cannot put a missing connection into a group`, async (t) => {
      const { rest, hub } = stage(t);
      const answer = await rest.expect(404, 'PUT', `${root}${hub}/groups/room/connections/nobody${query}`);
      assert.equal(answer.headers['x-ms-error-code'], 'Error.Connection.NotExisted');
    });
  }

  it('1.0 tells membership under its own path as well', async (t) => {
    const { rest, api, hub } = stage(t);
    await rest.expect(404, 'HEAD', `/api/v1/hubs/${hub}/groups/room/users/ann`);
    await api.groupUser('PUT', 'room', 'ann');
    await rest.expect(200, 'HEAD', `/api/v1/hubs/${hub}/groups/room/users/ann`);
  });

  it('a dated removal of a missing connection from a group is fine', async (t) => {
    const { api } = stage(t);
    await api.groupConnection('DELETE', 'room', 'nobody');
  });
});

describe('REST health', () => {
  for (const path of ['/api/v1/health', `/api/health${dated}`]) {
    it(`${path} needs no token`, async (t) => {
      const { rest } = stage(t);
      for (const method of ['HEAD', 'GET']) await rest.expect(200, method, path, { token: null });
    });
  }
});
