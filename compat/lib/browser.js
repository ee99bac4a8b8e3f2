// Headless Chromium with pages of other origins, each of which has the browser build of the vendor's client.
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import express from 'express';
import { chromium } from 'playwright-core';

const executablePath = [process.env.TIDEWIRE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (candidate) => candidate && existsSync(candidate),
);

/** Why there is no browser here; false when there is one. */
export const missingBrowser = executablePath ? false : 'Chromium is not installed (TIDEWIRE_CHROMIUM may name it)';

const HTML = '<!doctype html><meta charset="utf-8"><title>compat</title><script src="/signalr.js"></script><script src="/msgpack.js"></script>';

function pages() {
  const require = createRequire(import.meta.url);
  const built = (name, file) => path.join(path.dirname(require.resolve(`${name}/package.json`)), 'dist/browser', file);
  const app = express();
  app.get('/', (_, response) => response.type('html').send(HTML));
  app.get('/signalr.js', (_, response) => response.sendFile(built('@microsoft/signalr', 'signalr.js')));
  app.get('/msgpack.js', (_, response) => response.sendFile(built('@microsoft/signalr-protocol-msgpack', 'signalr-protocol-msgpack.js')));
  return app;
}

export class Browser {
  #pages;
  #browser;

  static async launch() {
    const self = new Browser();
    const server = pages().listen(0, '127.0.0.1');
    await once(server, 'listening');
    self.#pages = server;
    self.#browser = await chromium.launch({
      executablePath,
      args: [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
        // Pages have the origins that the tests name; only this process serves them.
        `--host-resolver-rules=MAP *.example 127.0.0.1:${server.address().port}`,
      ],
    });
    return self;
  }

  /** Ends the browser's processes as well. */
  async close() {
    await this.#browser.close();
    this.#pages.close();
    this.#pages.closeAllConnections();
  }

  /** A page of that origin, such as `http://shop.example`. */
  async open(t, origin) {
    const context = await this.#browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(origin);
    return page;
  }
}
