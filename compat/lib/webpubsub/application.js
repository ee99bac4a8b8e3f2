// An application in Express with the vendor's event handlers, which the service calls.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import express from 'express';
import { eventually } from '../waiting.js';

/** Headers that every event has, each of them once. */
const ALWAYS = ['webhook-request-origin', 'content-type', 'ce-specversion', 'ce-awpsversion', 'ce-type', 'ce-source', 'ce-id', 'ce-time', 'ce-signature', 'ce-hub', 'ce-connectionid', 'ce-eventname'];

/** Why a call is none of the service's; undefined when it is. */
function misfit(request, keys) {
  const names = request.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  const twice = names.filter((name, i) => name !== 'cookie' && names.indexOf(name) !== i);
  if (twice.length > 0) return `sent twice: ${twice}`;
  const missing = ALWAYS.filter((name) => !request.get(name));
  if (missing.length > 0) return `missing: ${missing}`;
  const [id, hub] = [request.get('ce-connectionid'), request.get('ce-hub')];
  if (request.get('ce-specversion') !== '1.0' || request.get('ce-awpsversion') !== '1.0') return 'versions';
  if (request.get('ce-source') !== `/hubs/${hub}/client/${id}`) return `source ${request.get('ce-source')}`;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(request.get('ce-time'))) return `time ${request.get('ce-time')}`;
  const signatures = keys.map((key) => `sha256=${createHmac('sha256', key).update(id).digest('hex')}`).join(',');
  if (request.get('ce-signature') !== signatures) return `signed ${request.get('ce-signature')}, expected ${signatures}`;
  return undefined;
}

/** Several hubs on one port, each with the vendor's handler. Calls that are not signed with every one of the keys are refused. */
export class Application {
  #server;
  #connects = new Map();
  #events = new Map();

  /** What was called, in order: `{ id, hub, event, kind, user, data, dataType, states, ... }`. */
  calls = [];
  /** What was wrong with calls. */
  problems = [];
  /** Lines of OPTIONS requests. */
  preflights = [];

  /** @param hubs `{ name: { Handler, ...options } }`: the vendor's class, and options for it */
  static async listen(port, keys, hubs) {
    const application = new Application();
    const app = express().disable('etag').disable('x-powered-by');
    app.use((request, response, next) => application.#inspect(request, response, next, keys));
    for (const [hub, { Handler, ...options }] of Object.entries(hubs)) {
      app.use(new Handler(hub, { ...application.#handlers(), ...options }).getMiddleware());
    }
    application.#server = app.listen(port, '127.0.0.1');
    await once(application.#server, 'listening');
    return application;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What to do with a client that connects with `?plan=<name>`: a function of the vendor's request and response. */
  onConnect(plan, handler) {
    this.#connects.set(plan, handler);
  }

  /** What to do with a user event, for every client; without one it succeeds and answers nothing. */
  on(event, handler) {
    this.#events.set(event, handler);
  }

  of(id) {
    return this.calls.filter((call) => call.id === id);
  }

  /** The calls for one connection, once there are `count` of them. */
  async expect(id, count) {
    return eventually(() => this.of(id).length >= count && this.of(id), () => `${count} calls for ${id}; ${JSON.stringify(this.of(id).map(({ event }) => event))}`);
  }

  #inspect(request, response, next, keys) {
    if (request.method === 'OPTIONS') {
      this.preflights.push({ url: request.url, origin: request.get('webhook-request-origin'), version: request.get('ce-awpsversion') });
      next();
      return;
    }
    const problem = misfit(request, keys);
    if (problem) {
      this.problems.push(problem);
      response.status(401).send(problem);
      return;
    }
    next();
  }

  #record(kind, { context, ...rest }) {
    const { connectionId: id, hub, eventName: event, userId: user, states } = context;
    const call = { kind, id, hub, event, user, states: structuredClone(states), ...rest };
    this.calls.push(call);
    return call;
  }

  #handlers() {
    return {
      handleConnect: (request, response) => {
        this.#record('connect', request);
        const plan = request.query.plan?.[0];
        const handler = this.#connects.get(plan);
        if (handler) handler(request, response);
        else response.success();
      },
      handleUserEvent: (request, response) => {
        const call = this.#record('user', request);
        const handler = this.#events.get(call.event);
        if (handler) handler(request, response);
        else response.success();
      },
      onConnected: (request) => this.#record('connected', request),
      onDisconnected: (request) => this.#record('disconnected', request),
      onGroupJoined: (request) => this.#record('joined', request),
      onGroupLeft: (request) => this.#record('left', request),
    };
  }
}
