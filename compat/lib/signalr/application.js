// A serverless application in Express: the negotiate endpoint that its clients know, and the web hooks that the service calls.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import express from 'express';
import { MessageType } from '@microsoft/signalr';
import { decode } from '@msgpack/msgpack';
import { protocolNamed } from './clients.js';
import { eventually } from '../waiting.js';

async function serve(app, port = 0) {
  const server = app.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** POST /negotiate answers the service's URL and a token for it. */
export async function applicationNegotiate(t, answer) {
  const application = { calls: 0 };
  const app = express();
  app.post('/negotiate', (request, response) => {
    application.calls++;
    response.json(answer(request));
  });
  const { url, close } = await serve(app);
  t.after(close);
  application.url = url;
  return application;
}

/** The protocol of a client by the content type in which its messages are posted. */
const PROTOCOL = { 'application/json': 'json', 'application/x-msgpack': 'messagepack' };

/** A message as the service posts it, which is without the framing of its protocol. */
function readMessage(protocol, body) {
  if (protocol === 'json') return JSON.parse(body);
  const [type, headers, invocationId, target, args, streamIds] = decode(body);
  return { type, headers, invocationId: invocationId ?? undefined, target, arguments: args, streamIds };
}

/** What the service calls when something happens to a client. Refuses calls that are not signed with every one of the keys. */
export class Upstream {
  #handlers = new Map();
  #busy = new Map();

  /** What was called, in order: `{ id, hub, category, event, user, claims, query, protocol, body, message }`. */
  calls = [];
  /** The most calls for one connection that were there at one time. */
  mostAtOnce = 0;

  static async listen(port, keys) {
    const upstream = new Upstream();
    const app = express().disable('etag').disable('x-powered-by');
    app.post('/hooks/:hub/:category/:event', express.raw({ type: () => true, limit: '20mb' }), (request, response) =>
      upstream.#take(request, response, keys),
    );
    upstream.close = (await serve(app, port)).close;
    return upstream;
  }

  /** What to do with an event, for every client: a function of the call and Express's response. Without one it is answered 200. */
  on(event, handler) {
    this.#handlers.set(event, handler);
  }

  of(id) {
    return this.calls.filter((call) => call.id === id);
  }

  /** The calls for one connection, once there are `count` of them. */
  expect(id, count) {
    return eventually(() => this.of(id).length >= count && this.of(id), `${count} calls for ${id}`);
  }

  async #take(request, response, keys) {
    const problem = misfit(request, keys);
    if (problem) {
      response.status(problem.status).send(problem.text);
      this.calls.push({ id: request.get('x-asrs-connection-id'), problem: problem.text });
      return;
    }
    const protocol = PROTOCOL[request.get('content-type')];
    const call = {
      id: request.get('x-asrs-connection-id'),
      hub: request.get('x-asrs-hub'),
      category: request.get('x-asrs-category'),
      event: request.get('x-asrs-event'),
      user: request.get('x-asrs-user-id'),
      claims: request.get('x-asrs-user-claims'),
      query: request.get('x-asrs-client-query'),
      protocol,
      body: request.body,
      message: readMessage(protocol, request.body),
    };
    this.calls.push(call);
    const busy = (this.#busy.get(call.id) ?? 0) + 1;
    this.#busy.set(call.id, busy);
    this.mostAtOnce = Math.max(this.mostAtOnce, busy);
    response.on('close', () => this.#busy.set(call.id, this.#busy.get(call.id) - 1));
    const handler = this.#handlers.get(call.event);
    await (handler ? handler(call, response) : response.status(200).end());
  }
}

/** Why a call is none of the service's; undefined when it is. */
function misfit(request, keys) {
  const names = request.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  const twice = names.filter((name, i) => name.startsWith('x-asrs-') && names.indexOf(name) !== i);
  if (twice.length > 0) return { status: 400, text: `sent twice: ${twice}` };
  for (const [header, value] of [['x-asrs-hub', request.params.hub], ['x-asrs-category', request.params.category], ['x-asrs-event', request.params.event]]) {
    if (request.get(header) !== value) return { status: 400, text: `${header} is ${request.get(header)}, the URL says ${value}` };
  }
  if (!PROTOCOL[request.get('content-type')]) return { status: 415, text: `content type ${request.get('content-type')}` };
  const id = request.get('x-asrs-connection-id') ?? '';
  const signatures = keys.map((key) => `sha256=${createHmac('sha256', key).update(id).digest('hex')}`);
  const given = String(request.get('x-asrs-signature')).toLowerCase();
  if (given !== signatures.join(',')) return { status: 401, text: `signed ${given}, expected ${signatures}` };
  return undefined;
}

/** The bytes of a completion as the vendor's own bindings answer it: framed for the client's protocol. */
export function completion({ protocol, message }, outcome) {
  const framed = protocolNamed(protocol).writeMessage({ type: MessageType.Completion, invocationId: message.invocationId, ...outcome });
  return Buffer.from(framed);
}
