// A real browser: pages with nothing but the platform's WebSocket, of origins that are allowed and of others.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browser, missingBrowser } from '../../lib/browser.js';
import { eventually } from '../../lib/waiting.js';
import { ALL_ROLES, fromGroup, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';

/** Runs in the page: opens a WebSocket that keeps its frames, bytes as `{ bytes }`; answers 'open' or how it was refused. */
function connect({ url, protocols }) {
  const socket = new WebSocket(url, protocols);
  socket.binaryType = 'arraybuffer';
  window.socket = socket;
  window.received = [];
  socket.onmessage = ({ data }) => window.received.push(typeof data === 'string' ? data : { bytes: [...new Uint8Array(data)] });
  window.end = new Promise((resolve) => (socket.onclose = ({ code, reason }) => resolve({ code, reason })));
  return new Promise((resolve) => {
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  });
}

/** The frames that the page has, once there are `count` of them. */
async function frames(page, count) {
  await page.waitForFunction((least) => window.received.length >= least, count);
  return page.evaluate(() => window.received);
}

let browser;
before(async () => (browser = missingBrowser ? undefined : await Browser.launch()));
after(() => browser?.close());

describe('browser', { skip: missingBrowser }, () => {
  for (const protocol of [PLAIN, RELIABLE]) {
    it(`a page lives a whole life with ${protocol}`, async (t) => {
      const { service, url, client } = stage(t);
      const other = await client({ groups: ['room'] });
      const page = await browser.open(t, 'http://shop.example');
      assert.equal(await page.evaluate(connect, { url: await url({ userId: 'ann', roles: ALL_ROLES }), protocols: protocol }), 'open');
      assert.equal(await page.evaluate(() => window.socket.protocol), protocol);
      await page.evaluate(() => window.socket.send(JSON.stringify({ type: 'joinGroup', group: 'room', ackId: 1 })));
      assert.deepEqual((await frames(page, 2)).map(JSON.parse).map(({ type }) => type), ['system', 'ack']);
      await page.evaluate(() => window.socket.send(JSON.stringify({ type: 'sendToGroup', group: 'room', dataType: 'text', data: 'ü 😀', noEcho: true, ackId: 2 })));
      assert.deepEqual(await other.take(1), [fromGroup('room', 'text', 'ü 😀', 'ann')]);
      await other.connection.sendToGroup('room', { n: 1 }, 'json');
      const received = (await frames(page, 4)).map(JSON.parse);
      assert.deepEqual(received[3].data, { n: 1 });
      await service.closeUserConnections('ann', { reason: 'closing time' });
      assert.deepEqual(await page.evaluate(() => window.end), { code: 1000, reason: 'closing time' });
      assert.equal(JSON.parse((await frames(page, 5))[4]).message, 'closing time');
    });
  }

  it('a page without a subprotocol: text, JSON and bytes as they are, and its own to a group', async (t) => {
    const { service, url } = stage(t);
    const page = await browser.open(t, 'http://shop.example');
    const simple = `${await url({ userId: 'ann', roles: ALL_ROLES, groups: ['g'] })}&webpubsub_mode=sendToGroup&group=g`;
    assert.equal(await page.evaluate(connect, { url: simple }), 'open');
    await service.sendToUser('ann', 'text ü', { contentType: 'text/plain' });
    await service.sendToUser('ann', { a: 1 });
    await service.sendToUser('ann', Buffer.from([0, 255]));
    await frames(page, 3);
    await page.evaluate(() => window.socket.send('mine'));
    assert.deepEqual(await frames(page, 4), ['text ü', '{"a":1}', { bytes: [0, 255] }, 'mine']);
  });

  it('a page that closes, or goes away, is gone', async (t) => {
    const { service, url } = stage(t);
    const page = await browser.open(t, 'http://shop.example');
    for (const leave of [() => page.evaluate(() => (window.socket.close(), window.end)), () => page.goto('about:blank')]) {
      await page.evaluate(connect, { url: await url({ userId: 'ann' }), protocols: PLAIN });
      await frames(page, 1);
      assert.equal(await service.userExists('ann'), true);
      await leave();
      await eventually(async () => !(await service.userExists('ann')), 'the page to be gone');
    }
  });
});

const variable = 'TIDEWIRE_WEBPUBSUB_CONFIGURED_CONNECTION_STRING';
const unset = process.env[variable] ? false : `${variable} is not set`;

// That server has webpubsub.client.allowedOrigins=http://trusted.example
describe('browser with a list of allowed origins', { skip: missingBrowser || unset }, () => {
  for (const [origin, outcome] of [['http://trusted.example', 'open'], ['http://evil.example', 'refused']]) {
    it(`a page of ${origin} with a good token is ${outcome}`, async (t) => {
      const { url } = stage(t, { variable });
      const page = await browser.open(t, origin);
      assert.equal(await page.evaluate(connect, { url: await url(), protocols: PLAIN }), outcome);
    });
  }
});
