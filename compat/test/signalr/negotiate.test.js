// The door: negotiate of both versions, tokens, browsers, and connecting without negotiating.
import { HttpTransportType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROTOCOLS, stage } from '../../lib/signalr/clients.js';
import { signToken } from '../../lib/credentials.js';

/** POST /client/negotiate with this query and a good token unless told otherwise. */
function negotiate({ rest, service, hub }, query, options = {}) {
  return rest.request(options.method ?? 'POST', `/client/negotiate?${query}`, { token: service.clientToken(hub), ...options });
}

describe('negotiate', () => {
  it('version 1 answers id, secret token and transports', async (t) => {
    const staged = stage(t);
    const answer = await negotiate(staged, `hub=${staged.hub}&negotiateVersion=1`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(Number(answer.headers['content-length']), Buffer.byteLength(answer.text));
    const body = JSON.parse(answer.text);
    assert.equal(body.negotiateVersion, 1);
    assert.match(body.connectionId, /^[\w-]{16,}$/);
    assert.match(body.connectionToken, /^[\w-]{16,}$/);
    assert.notEqual(body.connectionId, body.connectionToken);
    assert.deepEqual(body.availableTransports[0], { transport: 'WebSockets', transferFormats: ['Text', 'Binary'] });
    const other = JSON.parse((await negotiate(staged, `hub=${staged.hub}&negotiateVersion=1`)).text);
    assert.notEqual(other.connectionId, body.connectionId);
    assert.notEqual(other.connectionToken, body.connectionToken);
  });

  for (const query of ['', '&negotiateVersion=0']) {
    it(`version 0 (${query || 'absent'}) answers an id and no token`, async (t) => {
      const staged = stage(t);
      const answer = await negotiate(staged, `hub=${staged.hub}${query}`);
      assert.equal(answer.status, 200);
      const body = JSON.parse(answer.text);
      assert.equal(body.negotiateVersion ?? 0, 0);
      assert.match(body.connectionId, /^[\w-]{16,}$/);
      assert.equal('connectionToken' in body, false);
      assert.equal(body.availableTransports[0].transport, 'WebSockets');
    });
  }

  it('a newer version is answered with version 1', async (t) => {
    const staged = stage(t);
    const body = JSON.parse((await negotiate(staged, `hub=${staged.hub}&negotiateVersion=7`)).text);
    assert.equal(body.negotiateVersion, 1);
    assert.ok(body.connectionToken);
  });

  it('a version that is no number is refused in the answer', async (t) => {
    const staged = stage(t);
    const answer = await negotiate(staged, `hub=${staged.hub}&negotiateVersion=one`);
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.text), { error: 'The client requested a non-integer protocol version.' });
  });

  it('hub is required, once, and well-formed; other methods are refused', async (t) => {
    const staged = stage(t);
    assert.equal((await negotiate(staged, 'negotiateVersion=1')).status, 400);
    assert.equal((await negotiate(staged, 'hub=&negotiateVersion=1')).status, 400);
    assert.equal((await negotiate(staged, `hub=${staged.hub}&hub=other`)).status, 400);
    assert.equal((await negotiate(staged, 'hub=1%20!')).status, 400);
    assert.equal((await negotiate(staged, `hub=${staged.hub}`, { method: 'PUT' })).status, 405);
  });

  const badTokens = {
    'no token': () => null,
    'a token of another key': ({ service, hub }) => signToken('x'.repeat(44), { aud: service.clientUrl(hub) }),
    'an expired token': ({ service, hub }) => service.clientToken(hub, 'ann', { exp: Math.floor(Date.now() / 1000) - 3600 }),
    'a token without a signature': ({ service, hub }) => service.clientToken(hub).replace(/[^.]*$/, ''),
    'a token that is none': () => 'nonsense',
  };
  for (const [name, token] of Object.entries(badTokens)) {
    it(`${name} is answered 401, for negotiate and for REST`, async (t) => {
      const staged = stage(t);
      const options = { token: token(staged) };
      for (const answer of [
        await negotiate(staged, `hub=${staged.hub}&negotiateVersion=1`, options),
        await staged.rest.request('POST', staged.api.path('/:send'), { body: { target: 'message' }, ...options }),
        await staged.rest.request('POST', `/api/v1/hubs/${staged.hub}`, { body: { target: 'message' }, ...options }),
        await staged.rest.request('HEAD', staged.api.path('/users/ann'), options),
      ]) {
        assert.equal(answer.status, 401);
        assert.match(answer.headers['www-authenticate'], /^Bearer/);
      }
    });
  }

  it('a client with a bad token does not start, by either way in', async (t) => {
    const { client } = stage(t);
    const token = () => signToken('x'.repeat(44), {});
    await assert.rejects(client({ token }), /401/);
    await assert.rejects(client({ token, http: { skipNegotiation: true } }));
  });

  for (const protocol of PROTOCOLS) {
    it(`a ${protocol} client connects without negotiating`, async (t) => {
      const { api, client } = stage(t);
      const receiver = await client({ protocol, user: 'ann', http: { skipNegotiation: true, transport: HttpTransportType.WebSockets } });
      await api.toUser('ann', 'message', ['direct']);
      assert.deepEqual(await receiver.take(), [['direct']]);
    });

    it(`a ${protocol} client that negotiated version 0 connects with its id`, async (t) => {
      const { api, service, hub, client } = stage(t);
      const receiver = await client({ protocol, url: `${service.clientUrl(hub)}&negotiateVersion=0` });
      assert.ok(receiver.id);
      await api.toConnection(receiver.id, 'message', ['old way']);
      assert.deepEqual(await receiver.take(), [['old way']]);
    });

    it(`a ${protocol} client may send more of a query and another case of the hub`, async (t) => {
      const { api, service, hub, client } = stage(t);
      const url = `${service.endpoint}/client/?hub=${hub.toUpperCase()}&asrs.op=%2Fchat&colour=blue%20ish`;
      const receiver = await client({ protocol, url });
      await api.broadcast('message', ['same hub']);
      assert.deepEqual(await receiver.take(), [['same hub']]);
    });
  }

  it('the user id comes from asrs.s.uid before nameid before sub', async (t) => {
    const { api, service, hub, client } = stage(t);
    const claims = [
      [{ 'asrs.s.uid': 'own', nameid: 'name', sub: 'subject' }, 'own'],
      [{ nameid: 'by nameid' }, 'by nameid'],
      [{ sub: 'by sub' }, 'by sub'],
      [{ 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': 'by uri' }, 'by uri'],
    ];
    for (const [claim, user] of claims) {
      const receiver = await client({ token: () => service.clientToken(hub, undefined, claim) });
      await api.toUser(user, 'message', [user]);
      assert.deepEqual(await receiver.take(), [[user]]);
      await receiver.stop();
    }
  });

  it('an unknown id is not connected', async (t) => {
    const { rest, service, hub, client } = stage(t);
    await assert.rejects(client({ url: `${service.clientUrl(hub)}&id=unknown`, http: { skipNegotiation: true } }));
    const answer = await rest.request('GET', `/client/?hub=${hub}&id=unknown`, {
      token: service.clientToken(hub),
      headers: { accept: 'text/event-stream' },
    });
    assert.equal(answer.status, 404);
  });

  describe('browsers', () => {
    const origin = 'https://shop.example';

    it('the preflight is answered without a token', async (t) => {
      const { rest, hub } = stage(t);
      const answer = await rest.request('OPTIONS', `/client/negotiate?hub=${hub}&negotiateVersion=1`, {
        token: null,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,x-requested-with,x-signalr-user-agent',
        },
      });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], origin);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
      assert.match(answer.headers['access-control-allow-methods'], /POST/);
      const allowed = answer.headers['access-control-allow-headers'].toLowerCase();
      for (const header of ['authorization', 'x-requested-with', 'x-signalr-user-agent']) assert.ok(allowed.includes(header), header);
    });

    it('answers may be read, refusals too', async (t) => {
      const staged = stage(t);
      for (const options of [{}, { token: null }]) {
        const answer = await negotiate(staged, `hub=${staged.hub}&negotiateVersion=1`, { ...options, headers: { origin } });
        assert.equal(answer.status, options.token === null ? 401 : 200);
        assert.equal(answer.headers['access-control-allow-origin'], origin);
        assert.equal(answer.headers['access-control-allow-credentials'], 'true');
      }
    });

    it('the token in the query opens a WebSocket, as browsers send it', async (t) => {
      const { api, service, hub, client } = stage(t);
      const url = `${service.clientUrl(hub)}&access_token=${encodeURIComponent(service.clientToken(hub, 'ann'))}`;
      const receiver = await client({ url, token: () => '', http: { skipNegotiation: true } });
      await api.toUser('ann', 'message', ['by query']);
      assert.deepEqual(await receiver.take(), [['by query']]);
    });
  });
});
