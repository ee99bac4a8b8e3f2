// Network pieces between a client and the service: a cable that can be cut, and proxies that go dead or meddle with HTTP.
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { Transform } from 'node:stream';

/** Listens on a free port of this machine until the test ends; answers the URL. */
async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

/** A TCP relay to the service. */
export class Cable {
  #pairs = new Set();
  #plugged = true;

  static async to(t, endpoint) {
    const cable = new Cable();
    const target = new URL(endpoint);
    const server = net.createServer((near) => {
      if (cable.#plugged) cable.#relay(near, net.connect(Number(target.port), target.hostname));
      else near.on('error', () => {}).resetAndDestroy();
    });
    cable.endpoint = await listen(t, server);
    t.after(() => cable.cut());
    return cable;
  }

  #relay(near, far) {
    const pair = { near, far, halfOpen: false };
    this.#pairs.add(pair);
    for (const [from, into] of [[near, far], [far, near]]) {
      from.on('error', () => {});
      from.on('close', () => {
        if (pair.halfOpen && from === near) return;
        this.#pairs.delete(pair);
        into.destroy();
      });
      from.pipe(into);
    }
  }

  /** Drops every connection through it as a pulled cable would; new ones are carried again. */
  cut() {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** The same, and carries no new ones until it is plugged in again. */
  unplug() {
    this.#plugged = false;
    this.cut();
  }

  plug() {
    this.#plugged = true;
  }

  /** Only the client's ends are dropped: the service's stay open and silent, as if the client's machine had vanished. */
  vanish() {
    for (const pair of this.#pairs) {
      if (pair.halfOpen) continue;
      pair.halfOpen = true;
      pair.near.unpipe(pair.far);
      pair.far.unpipe(pair.near);
      // Still read, so that the service is not the one who finds out by a full buffer.
      pair.far.resume();
      pair.near.resetAndDestroy();
    }
  }
}

/** How a proxy treats the body of an answer, by the headers of that answer. */
export const BODIES = {
  /** Each piece as it comes, as most proxies do when told not to buffer. */
  unbuffered: () => undefined,
  /** As nginx does by default: up to 8 KiB are kept back, unless the answer asks for none of it. */
  likeNginx: (headers) => (headers['x-accel-buffering'] === 'no' ? undefined : holding((bytes) => (bytes.length >= 8192 ? bytes.length : 0))),
  /** Whole lines only. */
  byLine: () => holding((bytes) => bytes.lastIndexOf('\n') + 1),
  /** Nothing until the answer is complete, not even its headers. */
  whole: 'whole',
};

/** Lets through as many of the bytes that it holds as `ready` says, and the rest at the end. */
function holding(ready) {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk, _, done) {
      held = Buffer.concat([held, chunk]);
      const count = ready(held);
      const out = held.subarray(0, count);
      held = held.subarray(count);
      done(null, out.length > 0 ? out : undefined);
    },
    flush(done) {
      done(null, held);
    },
  });
}

/** A proxy that speaks HTTP/1.1 on both sides. `requests` are the lines of those that came, such as `GET /client/?...`. */
export class Proxy {
  #target;
  #body;
  #upgrades;
  /** Streams that carry a WebSocket or an answer. */
  #carrying = new Set();
  /** Requests that have no answer yet. */
  #waiting = new Set();

  requests = [];

  /**
   * @param body one of the BODIES
   * @param upgrades `true` to carry WebSockets, or the status that refuses them
   */
  static async to(t, endpoint, { body = BODIES.unbuffered, upgrades = true } = {}) {
    const proxy = new Proxy();
    proxy.#target = { host: new URL(endpoint).hostname, port: new URL(endpoint).port };
    proxy.#body = body;
    proxy.#upgrades = upgrades;
    const server = http.createServer((request, response) => proxy.#request(request, response));
    server.on('upgrade', (request, socket) => proxy.#upgrade(request, socket));
    proxy.endpoint = await listen(t, server);
    t.after(() => {
      server.closeAllConnections();
      proxy.#carrying.forEach((stream) => stream.destroy());
    });
    return proxy;
  }

  /** Carries nothing more of what is under way, WebSockets and answers, and leaves it open; new requests are carried. */
  die() {
    for (const stream of this.#carrying) stream.unpipe().pause();
    this.#waiting.clear();
  }

  /** How many requests have no answer yet. */
  get waiting() {
    return this.#waiting.size;
  }

  /** How many requests of that method came; UPGRADE is one. */
  count(method) {
    return this.requests.filter((line) => line.startsWith(`${method} `)).length;
  }

  #carry(...streams) {
    for (const stream of streams) {
      this.#carrying.add(stream);
      stream.on('close', () => this.#carrying.delete(stream));
      stream.on('error', () => stream.destroy());
    }
  }

  #request(request, response) {
    this.requests.push(`${request.method} ${request.url}`);
    const onward = http.request({ ...this.#target, method: request.method, path: request.url, headers: request.headers });
    this.#waiting.add(onward);
    onward.on('close', () => this.#waiting.delete(onward));
    onward.on('response', (answer) => {
      if (!this.#waiting.delete(onward)) return;
      this.#carry(answer);
      answer.on('error', () => response.destroy());
      forward(answer, response, this.#body);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(request, near) {
    this.requests.push(`UPGRADE ${request.url}`);
    if (this.#upgrades !== true) {
      near.end(`HTTP/1.1 ${this.#upgrades} ${http.STATUS_CODES[this.#upgrades]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const far = net.connect(Number(this.#target.port), this.#target.host, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      near.pipe(far).pipe(near);
    });
    this.#carry(near, far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }
}

function forward(answer, response, body) {
  const begin = () => response.writeHead(answer.statusCode, answer.rawHeaders).flushHeaders();
  if (body === BODIES.whole) {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      begin();
      response.end(Buffer.concat(chunks));
    });
    return;
  }
  begin();
  const through = body(answer.headers);
  (through ? answer.pipe(through) : answer).pipe(response);
}
