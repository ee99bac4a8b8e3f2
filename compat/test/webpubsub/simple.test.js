// WebSockets without a subprotocol, and who is let in.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signToken } from '../../lib/credentials.js';
import { PLAIN, stage } from '../../lib/webpubsub/clients.js';
import { refusal, request, Socket } from '../../lib/webpubsub/sockets.js';

describe('a simple client', { concurrency: 6 }, () => {
  const sendToGroup = async ({ url }, { query = '', ...token } = {}) => `${await url(token)}&webpubsub_mode=sendToGroup&group=g${query}`;

  it('in sendToGroup mode publishes each frame, and hears its own when it is in the group', async (t) => {
    const staged = stage(t);
    const member = await staged.client({ groups: ['g'] });
    const simple = await Socket.open(t, await sendToGroup(staged, { userId: 'ann', roles: ['webpubsub.sendToGroup.g'], groups: ['g'] }));
    simple.send('text ü');
    simple.send(Buffer.from([0, 255]));
    assert.deepEqual((await member.take(2)).map(({ dataType, data, fromUserId }) => [dataType, data, fromUserId]), [['text', 'text ü', 'ann'], ['binary', Buffer.from([0, 255]), 'ann']]);
    assert.deepEqual(await simple.take(2), ['text ü', Buffer.from([0, 255])]);
  });

  it('with noEcho it does not hear its own', async (t) => {
    const staged = stage(t);
    const simple = await Socket.open(t, await sendToGroup(staged, { query: '&noEcho=true', roles: ['webpubsub.sendToGroup'], groups: ['g'] }));
    const member = await staged.client({ groups: ['g'] });
    simple.send('mine');
    await member.take(1);
    await staged.service.group('g').sendToAll('theirs', { contentType: 'text/plain' });
    assert.deepEqual(await simple.take(1), ['theirs']);
  });

  it('without the role it is closed with 1008', async (t) => {
    const simple = await Socket.open(t, await sendToGroup(stage(t), { roles: ['webpubsub.sendToGroup.other'] }));
    simple.send('x');
    assert.equal((await simple.end()).code, 1008);
  });

  it('in sendEvent mode it is closed with 1011 where nobody handles events', async (t) => {
    const simple = await stage(t).socket();
    simple.send('x');
    assert.equal((await simple.end()).code, 1011);
  });

  it('is told nothing but messages', async (t) => {
    const { service, socket } = stage(t);
    const simple = await socket({ userId: 'ann', groups: ['g'] });
    await service.group('h').addUser('ann');
    await service.group('h').sendToAll('only', { contentType: 'text/plain' });
    assert.deepEqual(await simple.take(1), ['only']);
    assert.equal(simple.protocol, '');
  });

  it('by the older address', async (t) => {
    const { endpoint, hub, key, service } = stage(t);
    const base = `${endpoint}/client/?hub=${hub}`;
    for (const aud of [base, `${endpoint}/client/hubs/${hub}`]) {
      const simple = await Socket.open(t, `${base.replace('http', 'ws')}&access_token=${signToken(key, { aud, sub: 'ann' })}`);
      await service.sendToUser('ann', 'x', { contentType: 'text/plain' });
      assert.deepEqual(await simple.take(1), ['x']);
      await simple.close();
    }
  });

  it('with its token in a header', async (t) => {
    const { endpoint, hub, service } = stage(t);
    const { token } = await service.getClientAccessToken();
    const bare = `${endpoint.replace('http', 'ws')}/client/hubs/${hub}`;
    await Socket.open(t, bare, PLAIN, { headers: { authorization: `Bearer ${token}` } });
  });
});

describe('who is let in', { concurrency: 6 }, () => {
  const bare = ({ endpoint, hub }) => `${endpoint.replace('http', 'ws')}/client/hubs/${hub}`;
  const withToken = (staged, key, claims) => `${bare(staged)}?access_token=${signToken(key, claims)}`;
  const good = ({ endpoint, hub }) => ({ aud: `${endpoint}/client/hubs/${hub}` });

  for (const [name, url] of Object.entries({
    'no token': bare,
    'no token at all': (staged) => `${bare(staged)}?access_token=`,
    'what is no token': (staged) => `${bare(staged)}?access_token=abc.def.ghi`,
    'a token of another key': (staged) => withToken(staged, 'x'.repeat(44), good(staged)),
    'a token that has expired': (staged) => withToken(staged, staged.key, { ...good(staged), exp: Math.floor(Date.now() / 1000) - 3600 }),
    'a token without an expiry': (staged) => withToken(staged, staged.key, { ...good(staged), exp: undefined }),
  })) {
    for (const protocols of [undefined, PLAIN]) {
      it(`${name} is 401 ${protocols ? 'for a client of a subprotocol' : 'for a simple client'}`, async (t) => {
        assert.equal(await refusal(t, url(stage(t)), protocols), 401);
      });
    }
  }

  it('a request that is no WebSocket is 400, an unknown path 404', async (t) => {
    const staged = stage(t);
    const { token } = await staged.service.getClientAccessToken();
    assert.equal((await request(`${staged.endpoint}/client/hubs/${staged.hub}?access_token=${token}`)).status, 400);
    assert.equal((await request(`${staged.endpoint}/clients/nothing`)).status, 404);
  });
});

const strict = 'TIDEWIRE_WEBPUBSUB_SHORT_CONNECTION_STRING';
const lenient = process.env[strict] ? false : `${strict} is not set`;

// That server has auth.audience=strict; `dev` by itself looks at no audience.
describe('audiences, looked at strictly', { skip: lenient, concurrency: 6 }, () => {
  const at = (t, aud) => {
    const staged = stage(t, { variable: strict });
    const good = `${staged.endpoint}/client/hubs/${staged.hub}`;
    const url = `${good.replace('http', 'ws')}?access_token=${signToken(staged.key, { aud: aud(good) })}`;
    return { ...staged, bare: url };
  };

  for (const [name, aud] of Object.entries({
    'as the vendor writes it': (good) => good,
    'of ws': (good) => good.replace('http', 'ws'),
    'in other letters': (good) => good.toUpperCase(),
    'with a slash at its end': (good) => `${good}/`,
    'of the older address': (good) => good.replace('/hubs/', '/?hub='),
    'among others': (good) => ['https://elsewhere.example', good],
  })) {
    it(`one ${name} is accepted`, async (t) => {
      await Socket.open(t, at(t, aud).bare);
    });
  }

  for (const [name, aud] of Object.entries({
    'for another hub': (good) => `${good}2`,
    'of another host': (good) => good.replace('127.0.0.1', 'elsewhere.example'),
    'for REST': (good) => good.replace('/client/', '/api/'),
    'that is none': () => undefined,
  })) {
    it(`one ${name} is 401`, async (t) => {
      assert.equal(await refusal(t, at(t, aud).bare), 401);
    });
  }

  it('the vendor signs REST calls with the query in the audience', async (t) => {
    const { service } = stage(t, { variable: strict });
    await service.sendToAll('x', { filter: "userId eq 'ä b'", excludedConnections: ['a', 'b'] });
    assert.equal(await service.group('a/b c').listConnections().then((list) => list.next()).then(({ done }) => done), true);
  });
});

const variable = 'TIDEWIRE_WEBPUBSUB_CONFIGURED_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

// That server lets anybody into the hub `open`.
describe('a hub that lets anybody in', { skip, concurrency: 6 }, () => {
  it('takes clients without a token, who have no user, no group and no role', async (t) => {
    const { endpoint, service } = stage(t, { variable, hub: 'open' });
    const anonymous = await Socket.open(t, `${endpoint.replace('http', 'ws')}/client/hubs/open`, PLAIN);
    anonymous.sendJson({ type: 'joinGroup', group: 'g', ackId: 1 });
    const [connected, ack] = await anonymous.takeJson(2);
    assert.ok(!('userId' in connected));
    assert.equal(ack.error.name, 'Forbidden');
    await service.sendToConnection(connected.connectionId, 1);
    assert.deepEqual((await anonymous.takeJson(1))[0].data, 1);
  });

  it('still refuses a token that is wrong, and other hubs stay closed', async (t) => {
    const { endpoint } = stage(t, { variable, hub: 'open' });
    const url = `${endpoint.replace('http', 'ws')}/client/hubs`;
    assert.equal(await refusal(t, `${url}/open?access_token=abc.def.ghi`), 401);
    assert.equal(await refusal(t, `${url}/another`), 401);
  });

  it('knows the user of a token', async (t) => {
    const { client } = stage(t, { variable, hub: 'open' });
    assert.equal((await client({ userId: 'ann' })).userId, 'ann');
  });
});
