// The vendor's clients for Web PubSub: the one for services (REST and tokens), and the one for clients with what it receives kept in order.
import assert from 'node:assert/strict';
import { AzureKeyCredential, WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, WebPubSubJsonProtocol, WebPubSubJsonReliableProtocol } from '@azure/web-pubsub-client';
import { parseConnectionString } from '../credentials.js';
import { Inbox } from '../inbox.js';
import { eventually, within } from '../waiting.js';
import { Socket } from './sockets.js';

export const PLAIN = 'json.webpubsub.azure.v1';
export const RELIABLE = 'json.reliable.webpubsub.azure.v1';

/** Roles that allow everything in every group. */
export const ALL_ROLES = ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'];

let hubs = 0;

/**
 * Everything one test needs, on a hub of its own, so that tests never hear each other.
 *
 * - `service` the vendor's service client
 * - `url({ via, ...options })` a client URL as the service client makes it, options are those of getClientAccessToken; `via` replaces the endpoint
 * - `client(options)` the vendor's client, started
 * - `socket(options, protocols)` a bare WebSocket
 */
export function stage(t, { variable = 'TIDEWIRE_WEBPUBSUB_CONNECTION_STRING', hub = `compat${process.pid}_${++hubs}` } = {}) {
  const text = process.env[variable];
  if (!text) throw new Error(`${variable} is not set: give the connection string of a running Tidewire`);
  const { endpoint, key } = parseConnectionString(text);
  const service = new WebPubSubServiceClient(text, hub, { allowInsecureConnection: true });
  const url = async ({ via = endpoint, ...options } = {}) => {
    const { url } = await service.getClientAccessToken(options);
    return url.replace(endpoint.replace(/^http/, 'ws'), via.replace(/^http/, 'ws'));
  };
  return {
    endpoint,
    key,
    hub,
    service,
    url,
    client: ({ via, userId, roles = ALL_ROLES, groups, ...options } = {}) =>
      Client.start(t, { getClientAccessUrl: () => url({ via, userId, roles, groups }) }, options),
    socket: async ({ protocols, options, ...token } = {}) => {
      const [group] = token.groups ?? [];
      const before = group ? await groupSize(service, group) : 0;
      const socket = await Socket.open(t, await url(token), protocols, options);
      // A simple client is not told when it is in its groups, which is after its handshake.
      if (group) await eventually(async () => (await groupSize(service, group)) > before, 'the client to be in its group');
      return socket;
    },
  };
}

/** How many connections are in a group. */
export async function groupSize(service, group) {
  let count = 0;
  for await (const _ of await service.group(group).listConnections()) count++;
  return count;
}

/** The service client with another of the service's keys, or with a key that is none. */
export function serviceWithKey(endpoint, key, hub) {
  return new WebPubSubServiceClient(endpoint, new AzureKeyCredential(key), hub, { allowInsecureConnection: true });
}

/** A message as tests compare it: absent members left out, bytes as a Buffer. */
function plain({ group, fromUserId, dataType, data, metadata }, from) {
  const value = dataType === 'binary' || dataType === 'protobuf' ? Buffer.from(data) : data;
  return { from, ...(group === undefined ? {} : { group }), ...(fromUserId == null ? {} : { fromUserId }), dataType, data: value, ...(metadata ? { metadata } : {}) };
}

export const fromServer = (dataType, data) => ({ from: 'server', dataType, data });
export const fromGroup = (group, dataType, data, fromUserId) => ({ from: 'group', group, ...(fromUserId ? { fromUserId } : {}), dataType, data });

/** The vendor's protocol, counting by kind the frames that the client reads. */
function counting(protocol) {
  const counts = new Map();
  const parse = protocol.parseMessages.bind(protocol);
  protocol.parseMessages = (input) => {
    const message = parse(input);
    counts.set(message?.kind, (counts.get(message?.kind) ?? 0) + 1);
    return message;
  };
  protocol.count = (kind) => counts.get(kind) ?? 0;
  return protocol;
}

/** What is refused is told at once; and the vendor's timers, which outlive a client that is stopped, are short. */
const DEFAULTS = { messageRetryOptions: { maxRetries: 0 }, keepAliveIntervalInMs: 1000, keepAliveTimeoutInMs: 6000 };

export class Client {
  #inbox = new Inbox();
  /** `{ event, ... }` of what became of the connection, in order. */
  #life = new Inbox();

  /** A client that is started and has its `connected` frame. `options` are the vendor's; `protocol` is PLAIN or RELIABLE. */
  static async start(t, credential, options = {}) {
    const client = new Client(credential, options);
    t.after(() => client.connection.stop());
    await within(client.connection.start(), 'the client to start');
    await client.lives(1);
    return client;
  }

  constructor(credential, { protocol = RELIABLE, ...options } = {}) {
    this.protocol = counting(protocol === RELIABLE ? WebPubSubJsonReliableProtocol() : WebPubSubJsonProtocol());
    this.connection = new WebPubSubClient(credential, { ...DEFAULTS, protocol: this.protocol, ...options });
    this.connection.on('server-message', ({ message }) => this.#inbox.put(plain(message, 'server')));
    this.connection.on('group-message', ({ message }) => this.#inbox.put(plain(message, 'group')));
    this.connection.on('connected', ({ connectionId, userId }) => {
      this.id = connectionId;
      this.userId = userId;
      this.#life.put({ event: 'connected', id: connectionId });
    });
    this.connection.on('disconnected', ({ connectionId, message }) =>
      this.#life.put({ event: 'disconnected', id: connectionId, ...(message?.message === undefined ? {} : { message: message.message }) }),
    );
    this.connection.on('stopped', () => this.#life.put({ event: 'stopped' }));
    this.connection.on('rejoin-group-failed', ({ group }) => this.#life.put({ event: 'rejoin failed', group }));
  }

  get received() {
    return this.#inbox.items;
  }

  take(count) {
    return this.#inbox.take(count);
  }

  reach(count) {
    return this.#inbox.reach(count);
  }

  /** What became of the connection since the start, once there are so many events. */
  async lives(count) {
    await this.#life.reach(count);
    return this.#life.items;
  }

  /** Stops it and waits for the end; answers its whole life. */
  async stop() {
    this.connection.stop();
    await within(new Promise((resolve) => this.connection.on('stopped', resolve)), 'the client to be stopped');
    return this.#life.items;
  }
}

/** The error of a promise that must fail. */
export async function failure(promise) {
  try {
    await within(promise, 'a failure');
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

/** The service client speaking an older api-version, for which the vendor offers no option: its own step that names the newest is replaced. */
export function speaking(service, version) {
  const { pipeline } = service.client;
  const [sign] = pipeline.removePolicy({ name: 'webPubSubKeyCredentialPolicy' });
  pipeline.removePolicy({ name: 'CustomApiVersionPolicy' });
  service.client.addCustomApiVersionPolicy(version);
  // After it, because the whole URL is signed.
  pipeline.addPolicy(sign);
  return service;
}

/**
 * Sends everyone a last message and checks that each got exactly what was expected before it. Order is promised for one
 * caller, so nothing that was sent earlier can still be on its way: this shows that a message did NOT arrive, without waiting.
 */
export async function expectExactly(service, expected) {
  await service.sendToAll('-- end --', { contentType: 'text/plain' });
  for (const [client, ...messages] of expected) {
    assert.deepEqual(await client.take(messages.length + 1), [...messages, fromServer('text', '-- end --')]);
  }
}
