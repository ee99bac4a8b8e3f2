// The vendor's client, with what it receives kept in order for the test to wait on.
import { HttpTransportType, HubConnectionBuilder, HubConnectionState, JsonHubProtocol, LogLevel } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import assert from 'node:assert/strict';
import { Inbox } from '../inbox.js';
import { HubApi, RestCaller, serviceFromEnvironment } from './service.js';
import { within } from '../waiting.js';

export const PROTOCOLS = ['json', 'messagepack'];

const way = (transport, protocol) => ({ name: `${HttpTransportType[transport]} with ${protocol}`, transport, protocol });

/** Every transport with every hub protocol that it can carry; given to a client, one of them says how it connects. */
export const WAYS = [
  way(HttpTransportType.WebSockets, 'json'),
  way(HttpTransportType.WebSockets, 'messagepack'),
  way(HttpTransportType.ServerSentEvents, 'json'),
  way(HttpTransportType.LongPolling, 'json'),
  way(HttpTransportType.LongPolling, 'messagepack'),
];

export const protocolNamed = (name) => (name === 'json' ? new JsonHubProtocol() : new MessagePackHubProtocol());

/** The vendor's protocol, counting by type the messages that the client reads. */
export function countingProtocol(name) {
  const protocol = protocolNamed(name);
  const parse = protocol.parseMessages.bind(protocol);
  const counts = new Map();
  protocol.parseMessages = (input, logger) => {
    const messages = parse(input, logger);
    for (const { type } of messages) counts.set(type, (counts.get(type) ?? 0) + 1);
    return messages;
  };
  protocol.count = (type) => counts.get(type) ?? 0;
  return protocol;
}

let hubs = 0;

/** Everything one test needs, on a hub of its own, so that tests never hear each other. */
export function stage(t, { service = serviceFromEnvironment(), hub = `compat${process.pid}_${++hubs}` } = {}) {
  const rest = new RestCaller(service, t);
  return {
    service,
    hub,
    rest,
    api: new HubApi(rest, hub),
    client: (options) => Client.start(t, service, hub, options),
  };
}

export class Client {
  #inbox = new Inbox();

  /**
   * A started client that records `targets`.
   *
   * - `transport`, `protocol` are those of one of the WAYS
   * - `user` user id of the token, none when absent
   * - `url`, `token` replace the client URL and the token factory
   * - `build(builder)` and `http` reach the vendor's builder and its connection options
   * - `connection(hubConnection)` runs before the start
   */
  static async start(t, service, hub, options = {}) {
    const client = new Client(service, hub, options);
    t.after(() => client.stop());
    await within(client.connection.start(), 'the client to start');
    return client;
  }

  constructor(service, hub, { transport = HttpTransportType.WebSockets, protocol = 'json', user, url, token, targets = ['message'], http = {}, build, connection } = {}) {
    const builder = new HubConnectionBuilder()
      .withUrl(url ?? service.clientUrl(hub), {
        transport,
        accessTokenFactory: token ?? (() => service.clientToken(hub, user)),
        ...http,
      })
      .configureLogging(LogLevel.None)
      .withHubProtocol(typeof protocol === 'string' ? protocolNamed(protocol) : protocol);
    build?.(builder);
    this.connection = builder.build();
    for (const target of targets) {
      this.connection.on(target, (...args) => this.#inbox.put({ target, args }));
    }
    /** Settles with the error of onclose, or undefined. */
    this.closed = new Promise((resolve) => this.connection.onclose(resolve));
    connection?.(this.connection);
  }

  get id() {
    return this.connection.connectionId;
  }

  get connected() {
    return this.connection.state === HubConnectionState.Connected;
  }

  get received() {
    return this.#inbox.items;
  }

  /** Waits until `count` messages are here and takes them all; more than `count` is a failure. Answers their arguments. */
  async take(count = 1) {
    return (await this.#inbox.take(count)).map((message) => message.args);
  }

  async invoke(target, ...args) {
    return within(this.connection.invoke(target, ...args), `the answer to ${target}`);
  }

  async closeError() {
    return within(this.closed, 'the client to be closed');
  }

  async stop() {
    await within(this.connection.stop(), 'the client to stop');
  }
}

/** Options of a client that reconnects by itself, with promises for what it goes through. */
export function reconnecting(options) {
  const seen = {};
  const signal = (name) => {
    let fire;
    seen[name] = new Promise((resolve) => (fire = resolve));
    return fire;
  };
  const lost = signal('lost');
  const back = signal('back');
  return {
    seen,
    options: {
      ...options,
      build: (builder) => (options.build?.(builder) ?? builder).withAutomaticReconnect([0, 50, 100, 200, 500, 1000, 2000]),
      connection: (connection) => {
        options.connection?.(connection);
        connection.onreconnecting(lost);
        connection.onreconnected(back);
      },
    },
  };
}

/**
 * Sends everyone a last message and checks that each client got exactly what was expected before it. Order is promised for
 * one caller, so nothing that was sent earlier can still be on its way: this shows that a message did NOT arrive, without waiting.
 */
export async function expectExactly(api, expected) {
  await api.broadcast('message', ['-- end --']);
  for (const [client, ...messages] of expected) {
    assert.deepEqual(await client.take(messages.length + 1), [...messages, ['-- end --']]);
  }
}
