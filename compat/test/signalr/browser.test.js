// A real browser: pages of other origins connect over each transport, and are refused where their origin is not allowed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browser, missingBrowser } from '../../lib/browser.js';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { eventually } from '../../lib/waiting.js';

/** Runs in the page: starts a client that keeps what it receives; answers its id. */
async function connect({ url, token, transport, protocol, skipNegotiation }) {
  const { signalR } = window;
  const connection = new signalR.HubConnectionBuilder()
    .withUrl(url, { transport, skipNegotiation, accessTokenFactory: () => token })
    .withHubProtocol(protocol === 'json' ? new signalR.JsonHubProtocol() : new signalR.protocols.msgpack.MessagePackHubProtocol())
    .configureLogging(signalR.LogLevel.None)
    .build();
  window.connection = connection;
  window.received = [];
  connection.on('message', (...args) => window.received.push(args));
  connection.on('question', (value) => ({ answer: value }));
  window.end = new Promise((resolve) => connection.onclose((error) => resolve(error?.message)));
  await connection.start();
  return connection.connectionId;
}

/** The messages that the page has, once there are `count` of them. */
async function received(page, count) {
  await page.waitForFunction((least) => window.received.length >= least, count);
  return page.evaluate(() => window.received);
}

let browser;
before(async () => (browser = missingBrowser ? undefined : await Browser.launch()));
after(() => browser?.close());

describe('browser', { skip: missingBrowser }, () => {
  for (const way of WAYS) {
    it(`a page of another origin lives a whole life over ${way.name}`, async (t) => {
      const { api, service, hub } = stage(t);
      const page = await browser.open(t, 'http://shop.example');
      const id = await page.evaluate(connect, { ...way, url: service.clientUrl(hub), token: service.clientToken(hub, 'ann') });
      await api.broadcast('message', ['hello ü 😀', { n: 1 }]);
      await api.toUser('ann', 'message', ['for ann']);
      await api.toConnection(id, 'message', ['x'.repeat(200_000)]);
      assert.deepEqual(await received(page, 3), [['hello ü 😀', { n: 1 }], ['for ann'], ['x'.repeat(200_000)]]);
      const refusal = await page.evaluate(() => window.connection.invoke('orderPizza').catch((error) => error.message));
      assert.match(refusal, /orderPizza/);
      await api.close(id, 'closing time');
      assert.match(await page.evaluate(() => window.end), /closing time$/);
    });

    it(`a page that stops or goes away over ${way.name} is gone`, async (t) => {
      const { api, service, hub } = stage(t);
      const page = await browser.open(t, 'http://shop.example');
      const options = { ...way, url: service.clientUrl(hub), token: service.clientToken(hub, 'ann') };
      await page.evaluate(connect, options);
      await page.evaluate(() => window.connection.stop());
      await eventually(async () => !(await api.exists('/users/ann')), 'the stopped page to be gone');
      await page.evaluate(connect, options);
      assert.equal(await api.exists('/users/ann'), true);
      await page.goto('about:blank');
      await eventually(async () => !(await api.exists('/users/ann')), 'the page that was left to be gone');
    });
  }
});

const variable = 'TIDEWIRE_CONFIGURED_CONNECTION_STRING';
const unset = process.env[variable] ? false : `${variable} is not set`;

// That server has signalr.client.allowedOrigins=http://trusted.example
describe('browser with a list of allowed origins', { skip: missingBrowser || unset }, () => {
  const staged = (t) => stage(t, { service: serviceFromEnvironment(variable) });

  for (const way of WAYS) {
    it(`a page of that origin connects over ${way.name}`, async (t) => {
      const { api, service, hub } = staged(t);
      const page = await browser.open(t, 'http://trusted.example');
      await page.evaluate(connect, { ...way, url: service.clientUrl(hub), token: service.clientToken(hub) });
      await api.broadcast('message', ['hello']);
      assert.deepEqual(await received(page, 1), [['hello']]);
    });

    it(`a page of another origin does not connect over ${way.name}, although its token is good`, async (t) => {
      const { service, hub } = staged(t);
      const page = await browser.open(t, 'http://evil.example');
      const options = { ...way, url: service.clientUrl(hub), token: service.clientToken(hub) };
      await assert.rejects(page.evaluate(connect, options), /negotiat|fetch/i);
    });
  }

  // Past negotiate, as a page would get there whose token somebody else negotiated.
  const doors = {
    'a WebSocket': ({ url }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(url.replace('http:', 'ws:'));
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      }),
    'an event stream': ({ url }) =>
      new Promise((resolve) => {
        const source = new EventSource(url, { withCredentials: true });
        source.onopen = () => resolve('open');
        source.onerror = () => resolve('refused');
      }),
    'a poll': ({ url, token }) =>
      fetch(url, { headers: { authorization: `Bearer ${token}` }, credentials: 'include' }).then((answer) => (answer.ok ? 'open' : 'refused'), () => 'refused'),
  };
  for (const [name, knock] of Object.entries(doors)) {
    for (const [origin, outcome] of [['http://trusted.example', 'open'], ['http://evil.example', 'refused']]) {
      it(`${name} from ${origin} with an id that was negotiated is ${outcome}`, async (t) => {
        const { rest, service, hub } = staged(t);
        const token = service.clientToken(hub);
        const negotiated = await rest.expect(200, 'POST', `/client/negotiate?hub=${hub}&negotiateVersion=1`, { token });
        const url = `${service.clientUrl(hub)}&id=${JSON.parse(negotiated.text).connectionToken}&access_token=${token}`;
        const page = await browser.open(t, origin);
        assert.equal(await page.evaluate(knock, { url, token }), outcome);
      });
    }
  }
});
