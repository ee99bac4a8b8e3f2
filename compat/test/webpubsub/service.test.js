// The vendor's service client: each of its calls, seen by clients of every kind.
import { odata } from '@azure/web-pubsub';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, expectExactly, failure, fromGroup, fromServer, groupSize, PLAIN, RELIABLE, serviceWithKey, speaking, stage } from '../../lib/webpubsub/clients.js';
import { eventually, within } from '../../lib/waiting.js';

const BYTES = Buffer.from([0, 1, 2, 127, 128, 255]);

/** Each kind of message: how it is sent, what a client of a subprotocol gets, and what frame a simple client gets. */
const KINDS = [
  { name: 'text', send: ['hello ü 😀', { contentType: 'text/plain' }], message: ['text', 'hello ü 😀'], frame: 'hello ü 😀' },
  { name: 'JSON', send: [{ a: [1, null, 'ü'], '': {} }], message: ['json', { a: [1, null, 'ü'], '': {} }], frame: '{"a":[1,null,"ü"],"":{}}' },
  { name: 'a JSON string', send: ['quoted'], message: ['json', 'quoted'], frame: '"quoted"' },
  { name: 'a JSON number', send: [12.5], message: ['json', 12.5], frame: '12.5' },
  { name: 'bytes', send: [BYTES], message: ['binary', BYTES], frame: BYTES },
];

/** One client of each kind; the simple one counts as one that gets frames. */
async function everyKind(staged, token) {
  return {
    reliable: await staged.client({ ...token, protocol: RELIABLE }),
    plain: await staged.client({ ...token, protocol: PLAIN }),
    simple: await staged.socket(token),
  };
}

describe('the service client sends', { concurrency: 4 }, () => {
  for (const { name, send, message, frame } of KINDS) {
    it(`${name} to all, a user, a connection and a group`, async (t) => {
      const staged = stage(t);
      const { service } = staged;
      const { reliable, plain, simple } = await everyKind(staged, { userId: 'ann', groups: ['room'] });
      await service.sendToAll(...send);
      await service.sendToUser('ann', ...send);
      await service.sendToConnection(reliable.id, ...send);
      await service.sendToConnection(plain.id, ...send);
      await service.group('room').sendToAll(...send);
      const each = [fromServer(...message), fromServer(...message), fromServer(...message), fromGroup('room', ...message)];
      await expectExactly(service, [[reliable, ...each], [plain, ...each]]);
      assert.deepEqual(await simple.take(4), [frame, frame, frame, '-- end --']);
    });
  }

  it('a text of several hundred kilobytes and one of nothing', async (t) => {
    const staged = stage(t);
    const { reliable, plain, simple } = await everyKind(staged);
    const large = 'ü😀'.repeat(100_000);
    for (const text of [large, '']) await staged.service.sendToAll(text, { contentType: 'text/plain' });
    for (const client of [reliable, plain]) assert.deepEqual((await client.take(2)).map(({ data }) => data === large || data), [true, '']);
    assert.deepEqual((await simple.take(2)).map((frame) => frame === large || frame), [true, '']);
  });

  it('to all but the excluded', async (t) => {
    const { service, client } = stage(t);
    const [one, two, three] = [await client({ groups: ['g'] }), await client({ groups: ['g'] }), await client({ groups: ['g'] })];
    const text = { contentType: 'text/plain' };
    await service.sendToAll('all', { ...text, excludedConnections: [one.id, three.id] });
    await service.group('g').sendToAll('group', { ...text, excludedConnections: [two.id] });
    await expectExactly(service, [[one, fromGroup('g', 'text', 'group')], [two, fromServer('text', 'all')], [three, fromGroup('g', 'text', 'group')]]);
  });

  it('through a filter', async (t) => {
    const { service, client } = stage(t);
    const ann = await client({ userId: "o'ann", groups: ['a', 'both'] });
    const bob = await client({ userId: 'bob', groups: ['b', 'both'] });
    const nobody = await client({ groups: ['both'] });
    const filters = {
      quoted: odata`userId eq ${"o'ann"}`,
      null: odata`userId eq ${null}`,
      groups: "'a' in groups or 'b' in groups",
      not: "not ('a' in groups) and userId ne null",
      function: "startswith(userId,'b') and length(groups) ge 2",
      connection: `connectionId in ('${nobody.id}','other')`,
    };
    for (const [name, filter] of Object.entries(filters)) {
      await service.sendToAll(name, { filter, contentType: 'text/plain' });
      await service.group('both').sendToAll(name, { filter, contentType: 'text/plain' });
    }
    await service.sendToUser('bob', 'for bob', { filter: "'b' in groups", contentType: 'text/plain' });
    await service.sendToUser('bob', 'not for bob', { filter: "'a' in groups", contentType: 'text/plain' });
    const both = (...names) => names.flatMap((name) => [fromServer('text', name), fromGroup('both', 'text', name)]);
    await expectExactly(service, [
      [ann, ...both('quoted', 'groups')],
      [bob, ...both('groups', 'not', 'function'), fromServer('text', 'for bob')],
      [nobody, ...both('null', 'connection')],
    ]);
  });

  it('with a time to live, to clients that are there', async (t) => {
    const { service, client } = stage(t);
    const ann = await client({ userId: 'ann', groups: ['g'] });
    const options = { messageTtlSeconds: 60, contentType: 'text/plain' };
    await service.sendToAll('1', options);
    await service.sendToUser('ann', '2', options);
    await service.sendToConnection(ann.id, '3', options);
    await service.group('g').sendToAll('4', options);
    assert.deepEqual((await ann.take(4)).map(({ data }) => data), ['1', '2', '3', '4']);
  });

  it('to somebody who is not there, which is no error', async (t) => {
    const { service } = stage(t);
    const statuses = [];
    const onResponse = ({ status }) => statuses.push(status);
    await service.sendToAll({}, { onResponse });
    await service.sendToUser('nobody', {}, { onResponse });
    await service.sendToConnection('none', {}, { onResponse });
    await service.group('empty').sendToAll({}, { onResponse });
    assert.deepEqual(statuses, [202, 202, 202, 202]);
  });

  it('names with signs of a URL', async (t) => {
    const { service, client } = stage(t);
    const name = 'a/b c?d&e=f#g%20+ü😀';
    const odd = await client({ userId: name });
    await service.group(name).addUser(name);
    await service.group(name).sendToAll('group', { contentType: 'text/plain' });
    await service.sendToUser(name, 'user', { contentType: 'text/plain' });
    assert.deepEqual(await odd.take(2), [fromGroup(name, 'text', 'group'), fromServer('text', 'user')]);
    assert.equal(odd.userId, name);
    assert.deepEqual([await service.groupExists(name), await service.userExists(name)], [true, true]);
    await service.group(name).removeUser(name);
    assert.equal(await service.groupExists(name), false);
  });
});

describe('the service client asks and changes', { concurrency: 4 }, () => {
  it('whether a connection, a user and a group exist', async (t) => {
    const { service, client } = stage(t);
    const exist = async (id) => [await service.connectionExists(id), await service.userExists('ann'), await service.groupExists('room')];
    assert.deepEqual(await exist('none'), [false, false, false]);
    const ann = await client({ userId: 'ann', groups: ['room'] });
    assert.deepEqual(await exist(ann.id), [true, true, true]);
    const id = ann.id;
    await ann.stop();
    await eventually(async () => !(await exist(id)).includes(true), 'the client to be gone');
  });

  it('adds a connection to a group and removes it', async (t) => {
    const { service, client } = stage(t);
    const [one, two] = [await client({ userId: 'ann' }), await client({ userId: 'ann' })];
    const group = service.group('room');
    await group.addConnection(one.id);
    await group.sendToAll(1);
    await group.removeConnection(one.id);
    await group.sendToAll(2);
    await expectExactly(service, [[one, fromGroup('room', 'json', 1)], [two]]);
    await group.removeConnection('none');
  });

  it('adds a user to a group and removes it', async (t) => {
    const { service, client } = stage(t);
    const ann = [await client({ userId: 'ann' }), await client({ userId: 'ann' })];
    const bob = await client({ userId: 'bob' });
    const group = service.group('room');
    await group.addUser('ann');
    await group.sendToAll(1);
    const later = await client({ userId: 'ann' });
    await group.sendToAll(2);
    await group.removeUser('ann');
    await group.sendToAll(3);
    const both = [fromGroup('room', 'json', 1), fromGroup('room', 'json', 2)];
    await expectExactly(service, [[ann[0], ...both], [ann[1], ...both], [bob], [later]]);
  });

  it('removes a user, and a connection, from all groups', async (t) => {
    const { service, client } = stage(t);
    const groups = ['a', 'b', 'c'];
    const ann = [await client({ userId: 'ann', groups }), await client({ userId: 'ann', groups })];
    await service.removeConnectionFromAllGroups(ann[0].id);
    for (const name of groups) await service.group(name).sendToAll(name);
    await service.removeUserFromAllGroups('ann');
    for (const name of groups) assert.equal(await service.groupExists(name), false, name);
    await expectExactly(service, [[ann[0]], [ann[1], ...groups.map((name) => fromGroup(name, 'json', name))]]);
  });

  it('adds connections to groups by a filter, and removes them', async (t) => {
    const { service, client } = stage(t);
    const [ann, bob] = [await client({ userId: 'ann' }), await client({ userId: 'bob' })];
    await service.addConnectionsToGroups(['x', 'y'], "userId eq 'ann'");
    await service.addConnectionsToGroups(['z'], '');
    for (const name of ['x', 'y', 'z']) await service.group(name).sendToAll(name);
    await service.removeConnectionsFromGroups(['x', 'z'], "userId eq 'ann'");
    for (const name of ['x', 'y', 'z']) await service.group(name).sendToAll(`${name}2`);
    const got = (...names) => names.map((name) => fromGroup(name[0], 'json', name));
    await expectExactly(service, [[ann, ...got('x', 'y', 'z', 'y2')], [bob, ...got('z', 'z2')]]);
  });

  it('lists the connections of a group, page by page', async (t) => {
    const { service, socket } = stage(t);
    const count = 57;
    await Promise.all(Array.from({ length: count }, (_, i) => socket({ groups: ['crowd'], ...(i === 0 ? {} : { userId: `user${i}` }) })));
    const group = service.group('crowd');
    const users = (members) => members.map(({ userId }) => userId ?? '').sort();
    const everybody = users(Array.from({ length: count }, (_, i) => ({ userId: i === 0 ? undefined : `user${i}` })));
    // A simple client is not told when it is in its groups, which is after its handshake.
    await eventually(async () => (await groupSize(service, 'crowd')) === count, 'everybody to be in the group');
    const pages = [];
    for await (const page of (await group.listConnections({ maxPageSize: 10 })).byPage()) pages.push(page.value ?? page);
    assert.deepEqual(pages.map((page) => page.length), [10, 10, 10, 10, 10, 7]);
    assert.deepEqual(users(pages.flat()), everybody);
    assert.equal(new Set(pages.flat().map(({ connectionId }) => connectionId)).size, count);
    const all = [];
    for await (const member of await group.listConnections()) all.push(member);
    assert.deepEqual(users(all), everybody);
    const some = [];
    for await (const member of await group.listConnections({ maxPageSize: 10, top: 25 })) some.push(member);
    assert.equal(some.length, 25);
    const none = [];
    for await (const member of await service.group('empty').listConnections()) none.push(member);
    assert.deepEqual(none, []);
  });

  it('goes on with a list where a continuation token says', async (t) => {
    const { service, socket } = stage(t);
    await Promise.all(Array.from({ length: 5 }, () => socket({ groups: ['few'] })));
    const group = service.group('few');
    await eventually(async () => (await groupSize(service, 'few')) === 5, 'all to be in the group');
    let answer;
    const onResponse = (response) => (answer = JSON.parse(response.bodyAsText));
    const first = (await (await group.listConnections({ maxPageSize: 2, onResponse })).byPage().next()).value;
    const continuationToken = new URL(answer.nextLink).searchParams.get('continuationToken');
    const rest = [];
    for await (const member of await group.listConnections({ maxPageSize: 2, continuationToken })) rest.push(member);
    assert.deepEqual([first.length, rest.length], [2, 3]);
    assert.equal(new Set([...first, ...rest].map(({ connectionId }) => connectionId)).size, 5);
  });

  for (const permission of ['sendToGroup', 'joinLeaveGroup']) {
    it(`grants, checks and revokes ${permission}`, async (t) => {
      const { service, client } = stage(t);
      const { id, connection } = await client({ roles: [] });
      const act = (group) => (permission === 'sendToGroup' ? connection.sendToGroup(group, 1, 'json') : connection.joinGroup(group));
      const allowed = async (group) => {
        const may = await act(group).then(() => true, (error) => (assert.equal(error.errorDetail.name, 'Forbidden'), false));
        assert.equal(await service.hasPermission(id, permission, { targetName: group }), may, group);
        return may;
      };
      const all = () => service.hasPermission(id, permission);
      assert.deepEqual([await allowed('a'), await allowed('b'), await all()], [false, false, false]);
      await service.grantPermission(id, permission, { targetName: 'a' });
      assert.deepEqual([await allowed('a'), await allowed('b'), await all()], [true, false, false]);
      await service.revokePermission(id, permission, { targetName: 'a' });
      assert.deepEqual([await allowed('a'), await all()], [false, false]);
      await service.grantPermission(id, permission);
      assert.deepEqual([await allowed('a'), await allowed('b'), await all()], [true, true, true]);
      await service.revokePermission(id, permission, { targetName: 'b' });
      assert.deepEqual([await allowed('a'), await allowed('b')], [true, false]);
      await service.grantPermission(id, permission, { targetName: 'b' });
      assert.equal(await allowed('b'), true);
      await service.revokePermission(id, permission);
      assert.deepEqual([await allowed('a'), await allowed('b'), await all()], [false, false, false]);
    });
  }
});

describe('the service client closes', { concurrency: 4 }, () => {
  /** How a client's connection ended, seen by itself and by REST. */
  async function ended(service, client, reason) {
    const id = client.id;
    const life = await client.lives(3);
    assert.deepEqual(life, [{ event: 'connected', id }, { event: 'disconnected', id, message: reason }, { event: 'stopped' }]);
    assert.equal(await service.connectionExists(id), false);
  }
  const once = { autoReconnect: false };

  for (const protocol of [PLAIN, RELIABLE]) {
    it(`a connection of ${protocol}, with a reason`, async (t) => {
      const { service, client } = stage(t);
      const [one, two] = [await client({ protocol, ...once }), await client({ protocol, ...once })];
      await service.closeConnection(one.id, { reason: 'tidied up: ü' });
      await ended(service, one, 'tidied up: ü');
      await expectExactly(service, [[two]]);
    });
  }

  it('a connection without a subprotocol', async (t) => {
    const { service, socket } = stage(t);
    const simple = await socket({ userId: 'ann' });
    await service.closeUserConnections('ann', { reason: 'good night' });
    assert.deepEqual(await simple.end(), { code: 1000, reason: 'good night' });
    assert.deepEqual(simple.received, []);
  });

  it('all of a user', async (t) => {
    const { service, client } = stage(t);
    const ann = [await client({ userId: 'ann', ...once }), await client({ userId: 'ann', ...once })];
    const bob = await client({ userId: 'bob' });
    await service.closeUserConnections('ann', { reason: 'away' });
    for (const each of ann) await ended(service, each, 'away');
    await expectExactly(service, [[bob]]);
  });

  it('all of a group', async (t) => {
    const { service, client } = stage(t);
    const [inside, outside] = [await client({ groups: ['g'], ...once }), await client()];
    await service.group('g').closeAllConnections({ reason: 'closed group' });
    await ended(service, inside, 'closed group');
    await expectExactly(service, [[outside]]);
  });

  it('all of a hub', async (t) => {
    const { service, client, socket } = stage(t);
    const all = [await client(once), await client({ protocol: PLAIN, ...once })];
    const simple = await socket();
    await service.closeAllConnections({ reason: 'all out' });
    for (const each of all) await ended(service, each, 'all out');
    assert.equal((await simple.end()).code, 1000);
  });

  it('nobody, which is no error', async (t) => {
    const { service } = stage(t);
    const statuses = [];
    const onResponse = ({ status }) => statuses.push(status);
    await service.closeConnection('none', { onResponse });
    await service.closeUserConnections('nobody', { onResponse });
    await service.group('empty').closeAllConnections({ onResponse });
    await service.closeAllConnections({ onResponse });
    assert.deepEqual(statuses, [204, 204, 204, 204]);
  });
});

describe('client tokens', { concurrency: 4 }, () => {
  it('a token signed by the service client carries user, groups, roles and expiry', async (t) => {
    const { service, socket } = stage(t);
    const { token, baseUrl, url } = await service.getClientAccessToken({ userId: 'ann', groups: ['g'], roles: ['webpubsub.sendToGroup.g'], expirationTimeInMinutes: 5 });
    assert.equal(url, `${baseUrl}?access_token=${token}`);
    const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.equal(exp - iat, 300);
    const client = await socket({ protocols: PLAIN, userId: 'ann', groups: ['g'], roles: ['webpubsub.sendToGroup.g'] });
    client.sendJson({ type: 'sendToGroup', group: 'g', data: 1, ackId: 1 });
    client.sendJson({ type: 'sendToGroup', group: 'other', data: 2, ackId: 2 });
    const [connected, ...frames] = await client.takeJson(4);
    assert.deepEqual([connected.type, connected.event, connected.userId], ['system', 'connected', 'ann']);
    assert.deepEqual(frames.find(({ type }) => type === 'message'), { type: 'message', from: 'group', fromUserId: 'ann', group: 'g', dataType: 'json', data: 1 });
    assert.deepEqual(frames.filter(({ type }) => type === 'ack').map(({ ackId, success, error }) => [ackId, success, error?.name]), [[1, true, undefined], [2, false, 'Forbidden']]);
  });

  it('a token generated by the service does the same', async (t) => {
    const { service, endpoint, hub } = stage(t);
    // The vendor's client asks for it only with a credential of Entra ID; the call itself is the same.
    const generate = (options) => service.client.webPubSub.generateClientToken(hub, options);
    const { token } = await generate({ userId: 'ann', roles: ['webpubsub.joinLeaveGroup.a', 'webpubsub.sendToGroup'], groups: ['g', 'h'], expirationTimeInMinutes: 5 });
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.ok(Math.abs(claims.exp - Date.now() / 1000 - 300) < 60, String(claims.exp));
    const ann = await Client.start(t, `${endpoint.replace('http', 'ws')}/client/hubs/${hub}?access_token=${token}`);
    assert.equal(ann.userId, 'ann');
    await service.group('h').sendToAll(1);
    await ann.connection.joinGroup('a');
    assert.equal((await failure(ann.connection.joinGroup('b'))).errorDetail.name, 'Forbidden');
    assert.deepEqual(await ann.take(1), [fromGroup('h', 'json', 1)]);
    const mqtt = await generate({ clientType: 'MQTT' });
    assert.match(JSON.parse(Buffer.from(mqtt.token.split('.')[1], 'base64url')).aud, /\/clients\/mqtt\/hubs\//);
  });
});

describe('refusals and versions', { concurrency: 4 }, () => {
  it('what does not exist is a typed error', async (t) => {
    const { service } = stage(t);
    const unknown = await failure(service.group('g').addConnection('none'));
    assert.deepEqual([unknown.name, unknown.statusCode], ['RestError', 404]);
    const nobody = await failure(service.group('g').addUser('nobody'));
    assert.deepEqual([nobody.name, nobody.statusCode, nobody.code], ['RestError', 404, 'Error.NotFound']);
    const grant = await failure(service.grantPermission('none', 'sendToGroup'));
    assert.deepEqual([grant.name, grant.statusCode], ['RestError', 404]);
    assert.equal(await service.hasPermission('none', 'sendToGroup'), false);
  });

  it('a bad request says what is wrong, in the body and in the header', async (t) => {
    const { service } = stage(t);
    const error = await failure(service.sendToAll('x', { filter: 'userId eq 1' }));
    assert.deepEqual([error.name, error.statusCode, error.code], ['RestError', 400, 'Error.BadRequest']);
    assert.match(error.message, /\(Parameter 'filter'\)/);
    assert.equal(error.response.headers.get('x-ms-error-code'), 'Error.BadRequest');
    for (const options of [{ filter: "userId eq 'open" }, { messageTtlSeconds: 301 }]) {
      assert.equal((await failure(service.sendToAll('x', options))).statusCode, 400, JSON.stringify(options));
    }
    assert.equal((await failure(service.addConnectionsToGroups([], ''))).statusCode, 400);
  });

  it('a key that is none is refused, the same call with the right one is not', async (t) => {
    const { endpoint, key, hub } = stage(t);
    const error = await failure(serviceWithKey(endpoint, 'x'.repeat(44), hub).sendToAll('x'));
    assert.deepEqual([error.name, error.statusCode], ['RestError', 401]);
    assert.equal((await failure(serviceWithKey(endpoint, 'x'.repeat(44), hub).userExists('ann'))).statusCode, 401);
    await serviceWithKey(endpoint, key, hub).sendToAll('x');
  });

  it('onResponse sees the answer as it came', async (t) => {
    const { service } = stage(t);
    let seen;
    await service.sendToAll('x', { onResponse: (response) => (seen = response) });
    assert.equal(seen.status, 202);
    assert.match(seen.headers.get('api-supported-versions'), /2024-12-01/);
    assert.equal(seen.headers.get('x-ms-client-request-id'), seen.request.requestId);
  });

  for (const [version, statuses] of [
    ['2020-10-01', { close: 200, remove: 200, revoke: 200, user: 200 }],
    ['2021-05-01-preview', { close: 200, remove: 200, revoke: 200, user: 200 }],
    ['2021-08-01-preview', { close: 200, remove: 200, revoke: 200, user: 200 }],
    ['2021-10-01', { close: 204, remove: 204, revoke: 204, user: 204 }],
    ['2022-11-01', { close: 204, remove: 204, revoke: 204, user: 204 }],
    ['2023-07-01', { close: 204, remove: 204, revoke: 204, user: 204 }],
    ['2024-01-01', { close: 204, remove: 204, revoke: 204, user: 204 }],
    ['2024-12-01', { close: 204, remove: 204, revoke: 204, user: 204 }],
  ]) {
    it(`${version}: sends, groups, permissions and closes with the statuses of that version`, async (t) => {
      const { service, client } = stage(t);
      const ann = await client({ userId: 'ann', autoReconnect: false });
      const old = speaking(service, version);
      const seen = {};
      const urls = new Set();
      // A status that the newest version does not have is an error to the vendor's client; it is looked at before that.
      const call = (name, promise) => promise({ onResponse: ({ status, request }) => ((seen[name] = status), urls.add(new URL(request.url).searchParams.get('api-version'))) }).catch(() => {});
      await call('send', (options) => old.sendToAll('x', options));
      await call('exists', (options) => old.userExists('ann', options));
      await call('add', (options) => old.group('g').addConnection(ann.id, options));
      await call('group', (options) => old.group('g').sendToAll('y', options));
      await call('remove', (options) => old.group('g').removeConnection(ann.id, options));
      await call('grant', (options) => old.grantPermission(ann.id, 'sendToGroup', options));
      await call('check', (options) => old.hasPermission(ann.id, 'sendToGroup', options));
      await call('revoke', (options) => old.revokePermission(ann.id, 'sendToGroup', options));
      await call('user', (options) => old.removeUserFromAllGroups('ann', options));
      await call('close', (options) => old.closeConnection(ann.id, options));
      assert.deepEqual(seen, { send: 202, exists: 200, add: 200, group: 202, grant: 200, check: 200, ...statuses });
      assert.deepEqual([...urls], [version]);
      assert.deepEqual(await ann.take(2), [fromServer('json', 'x'), fromGroup('g', 'json', 'y')]);
      await within(ann.lives(3), 'the client to be closed');
    });
  }

  it('a version that nobody knows', async (t) => {
    const { service } = stage(t);
    const error = await failure(speaking(service, '2019-01-01').sendToAll('x'));
    assert.deepEqual([error.statusCode, error.code], [400, 'Error.BadRequest']);
    assert.match(error.message, /api version/i);
  });
});
