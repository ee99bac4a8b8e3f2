// A bare WebSocket, for clients without a subprotocol and for looking at frames as they are.
import http from 'node:http';
import https from 'node:https';
import WebSocket from 'ws';
import { Inbox } from '../inbox.js';
import { within } from '../waiting.js';

/** The handshake was answered with another status than 101. */
export class Refused extends Error {
  constructor(status, text) {
    super(`refused with ${status}: ${text}`);
    this.status = status;
    this.text = text;
  }
}

export class Socket {
  #socket;
  #inbox = new Inbox();
  #take = (data) => this.#inbox.put(data);

  /** How often the service sent a WebSocket ping. */
  pings = 0;

  /** An open WebSocket, closed when the test ends. `protocols` is a name or a list; `options` are those of `ws`. */
  static async open(t, url, protocols, options = {}) {
    const socket = new Socket(new WebSocket(url, protocols ?? [], { handshakeTimeout: 10_000, ...options }));
    t.after(() => socket.#socket.terminate());
    await within(socket.#opened, `a WebSocket to ${url.split('?')[0]}`);
    return socket;
  }

  #opened;

  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (data, binary) => this.#take(binary ? data : data.toString()));
    socket.on('ping', () => this.pings++);
    this.#opened = new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
      socket.on('unexpected-response', (request, response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          request.destroy();
          reject(new Refused(response.statusCode, Buffer.concat(chunks).toString()));
        });
      });
    });
    this.#opened.catch(() => {});
    /** Settles with `{ code, reason }`. */
    this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  }

  /** The subprotocol that the service chose; empty without one. */
  get protocol() {
    return this.#socket.protocol;
  }

  /** Gives frames to somebody else, those that are here already first. */
  onFrame(take) {
    this.#take = take;
    this.#inbox.items.splice(0).forEach(take);
  }

  /** Text frames as strings, binary ones as Buffers; exactly so many. */
  take(count) {
    return this.#inbox.take(count);
  }

  async takeJson(count) {
    return (await this.take(count)).map((text) => JSON.parse(text));
  }

  /** Frames that are here, left where they are. */
  get received() {
    return this.#inbox.items;
  }

  reach(count) {
    return this.#inbox.reach(count);
  }

  send(data) {
    this.#socket.send(data);
  }

  sendJson(value) {
    this.send(JSON.stringify(value));
  }

  /** A closing handshake of our own; answers how it ended. */
  async close(code, reason) {
    this.#socket.close(code, reason);
    return this.end();
  }

  /** No closing handshake: the TCP connection is gone. */
  drop() {
    this.#socket.terminate();
  }

  end() {
    return within(this.closed, 'the WebSocket to be closed');
  }
}

/** The status with which a WebSocket is refused; one that opens is a failure. */
export async function refusal(t, url, protocols, options) {
  let socket;
  try {
    socket = await Socket.open(t, url, protocols, options);
  } catch (error) {
    if (error instanceof Refused) return error.status;
    throw error;
  }
  throw new Error(`a WebSocket that should be refused is open: ${JSON.stringify(socket.received)}`);
}

/** A plain HTTP request, answered with `{ status, headers, text }`. */
export function request(url, { method = 'GET', headers = {}, body } = {}) {
  const client = url.startsWith('https:') ? https : http;
  const answer = new Promise((resolve, reject) => {
    const sent = client.request(url, { method, headers, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
  return within(answer, `an answer to ${method} ${url.split('?')[0]}`);
}
