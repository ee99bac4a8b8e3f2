// A client of the protobuf subprotocols, written for these tests from the published field numbers: the wire format by hand, so
// that nothing of the server's own code, and no generator that it uses, vouches for it.
import { within } from '../waiting.js';
import { Inbox } from '../inbox.js';
import { Socket } from './sockets.js';

export const PLAIN_PROTOBUF = 'protobuf.webpubsub.azure.v1';
export const RELIABLE_PROTOBUF = 'protobuf.reliable.webpubsub.azure.v1';

const VARINT = 0;
const LENGTH = 2;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const key = (field, wire) => varint((field << 3) | wire);

/** A number or a truth. */
export const number = (field, value) => (value === undefined ? Buffer.alloc(0) : Buffer.concat([key(field, VARINT), varint(value)]));

/** A text, bytes, or a message of parts. */
export function part(field, value) {
  if (value === undefined) return Buffer.alloc(0);
  const bytes = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value);
  return Buffer.concat([key(field, LENGTH), varint(bytes.length), bytes]);
}

const map = (field, entries) => Buffer.concat(Object.entries(entries ?? {}).map(([name, value]) => part(field, [part(1, name), part(2, value)])));

/** The fields of a message: `[number, value]` in their order, numbers as BigInt, everything else as Buffer. */
function fields(bytes) {
  const found = [];
  let at = 0;
  const readVarint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new Error(`a number that does not end: ${bytes.toString('hex')}`);
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(readVarint());
    const wire = tag & 7;
    if (wire === VARINT) {
      found.push([tag >> 3, readVarint()]);
    } else if (wire === LENGTH) {
      const length = Number(readVarint());
      if (at + length > bytes.length) throw new Error(`a part that does not end: ${bytes.toString('hex')}`);
      found.push([tag >> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else {
      throw new Error(`wire type ${wire}: ${bytes.toString('hex')}`);
    }
  }
  return found;
}

const text = (value) => value.toString();
const id = (value) => Number(value);

/** Reads a message by `{ field: [name, read] }`; members that are absent stay absent, unknown fields are an error. */
function read(shape) {
  return (bytes) => {
    const message = {};
    for (const [field, value] of fields(bytes)) {
      const [name, convert, gather] = shape[field] ?? [];
      if (name === undefined) throw new Error(`field ${field} is not in the published description`);
      message[name] = gather ? gather(message[name], convert(value)) : convert(value);
    }
    return message;
  };
}

const entry = read({ 1: ['name', text], 2: ['value', text] });
const entries = (known = {}, { name, value }) => ({ ...known, [name ?? '']: value ?? '' });
const any = read({ 1: ['typeUrl', text], 2: ['value', Buffer.from] });
const data = read({ 1: ['text', text], 2: ['binary', Buffer.from], 3: ['protobuf', any], 4: ['json', JSON.parse] });
const state = read({ 1: ['entries', entry, entries] });
const stateItem = read({ 1: ['connectionId', text], 2: ['userId', text], 3: ['state', (bytes) => state(bytes).entries ?? {}], 4: ['updatedAt', id] });
const states = { 1: ['group', text], 2: ['items', stateItem, (items = [], item) => [...items, item]], 3: ['sequenceId', id] };
const frame = read({
  1: ['ack', read({ 1: ['ackId', id], 2: ['success', Boolean], 3: ['error', read({ 1: ['name', text], 2: ['message', text] })] })],
  2: ['data', read({ 1: ['from', text], 2: ['group', text], 3: ['data', data], 4: ['sequenceId', id], 5: ['metadata', entry, entries] })],
  3: [
    'system',
    read({
      1: ['connected', read({ 1: ['connectionId', text], 2: ['userId', text], 3: ['reconnectionToken', text] })],
      2: ['disconnected', read({ 2: ['reason', text] })],
    }),
  ],
  4: ['pong', read({})],
  9: ['groupStateUpdate', read(states)],
  10: ['groupStateSnapshot', read(states)],
});

/** What a message carries: `{ text }`, `{ binary }`, `{ json }` or `{ protobuf: { typeUrl, value } }`. */
function messageData(content) {
  if ('text' in content) return [part(1, content.text)];
  if ('binary' in content) return [part(2, content.binary)];
  if ('json' in content) return [part(4, JSON.stringify(content.json))];
  return [part(3, anyBytes(content.protobuf))];
}

/** A google.protobuf.Any, as bytes. */
export const anyBytes = ({ typeUrl, value }) => Buffer.concat([part(1, typeUrl), part(2, value)]);

export const upstream = {
  joinGroup: (group, ackId) => part(6, [part(1, group), number(2, ackId)]),
  leaveGroup: (group, ackId) => part(7, [part(1, group), number(2, ackId)]),
  sendToGroup: (group, content, { ackId, noEcho, ttlSeconds, metadata } = {}) =>
    part(1, [part(1, group), number(2, ackId), part(3, messageData(content)), number(4, noEcho), number(5, ttlSeconds), map(6, metadata)]),
  event: (event, content, { ackId, metadata } = {}) => part(5, [part(1, event), part(2, messageData(content)), number(3, ackId), map(4, metadata)]),
  sequenceAck: (sequenceId) => part(8, [number(1, sequenceId)]),
  ping: () => part(9, []),
  setGroupState: (group, entries, ackId) => part(15, [part(1, group), number(2, ackId), entries ? part(3, [map(1, entries)]) : Buffer.alloc(0)]),
  subscribeGroupState: (group, ackId) => part(16, [part(1, group), number(2, ackId)]),
  unsubscribeGroupState: (group, ackId) => part(17, [part(1, group), number(2, ackId)]),
};

/** A client that comes back by itself where its protocol can, acknowledges what it gets, and drops what it has already. */
export class ProtobufClient {
  #t;
  #url;
  #protocol;
  #socket;
  #ackId = 0;
  #acks = new Map();
  #inbox = new Inbox();
  #others = new Inbox();
  #last = 0;
  #over = false;
  /** Numbers that came although they had come before, which is fine, and that left one out, which is not. */
  gaps = [];
  recoveries = 0;

  static async start(t, url, protocol = PLAIN_PROTOBUF) {
    const client = new ProtobufClient();
    client.#t = t;
    client.#url = url;
    client.#protocol = protocol;
    // Before the sockets are dropped, because this one would come back.
    t.after(() => (client.#over = true));
    await client.#open(url);
    await client.#others.reach(1);
    client.connected = client.#others.items.shift().system.connected;
    return client;
  }

  get id() {
    return this.connected.connectionId;
  }

  async #open(url) {
    const socket = await Socket.open(this.#t, url, this.#protocol);
    this.#socket = socket;
    socket.onFrame((bytes) => this.#read(bytes));
    socket.closed.then(({ code }) => {
      if (!this.#over && socket === this.#socket && code === 1006 && this.#protocol === RELIABLE_PROTOBUF) return this.#recover();
      return undefined;
    });
  }

  async #recover() {
    const { connectionId, reconnectionToken } = this.connected;
    const url = `${this.#url.split('?')[0]}?${new URLSearchParams({ awps_connection_id: connectionId, awps_reconnection_token: reconnectionToken })}`;
    for (let tries = 0; tries < 50 && !this.#over; tries++) {
      try {
        await this.#open(url);
        this.recoveries++;
        // What was not answered may have been lost on the way; its ack id says so if it was not.
        for (const { bytes } of this.#acks.values()) this.send(bytes);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  #read(bytes) {
    if (!Buffer.isBuffer(bytes)) throw new Error(`a text frame: ${bytes}`);
    const message = frame(bytes);
    if (message.ack) {
      const { ackId, success = false, error } = message.ack;
      this.#acks.get(ackId)?.settle({ ackId, success, error });
      this.#acks.delete(ackId);
    } else if (message.data) {
      const { sequenceId, ...rest } = message.data;
      if (sequenceId !== undefined) {
        if (sequenceId <= this.#last) return;
        if (sequenceId !== this.#last + 1) this.gaps.push([this.#last, sequenceId]);
        this.#last = sequenceId;
        this.send(upstream.sequenceAck(sequenceId));
      }
      this.#inbox.put(rest);
    } else {
      if (message.system?.connected && this.connected) return;
      this.#others.put(message);
    }
  }

  send(bytes) {
    this.#socket.send(bytes);
  }

  /** Sends what `make(ackId)` makes and waits for its ack: `{ ackId, success, error }`. */
  ask(make, ackId = ++this.#ackId) {
    const bytes = make(ackId);
    const answer = new Promise((settle) => this.#acks.set(ackId, { bytes, settle }));
    this.send(bytes);
    return within(answer, `an ack of ${ackId}`);
  }

  join(group) {
    return this.ask((ackId) => upstream.joinGroup(group, ackId));
  }

  publish(group, content, options) {
    return this.ask((ackId) => upstream.sendToGroup(group, content, { ackId, ...options }));
  }

  take(count) {
    return this.#inbox.take(count);
  }

  reach(count) {
    return this.#inbox.reach(count);
  }

  /** Frames that are neither messages nor acks. */
  takeOthers(count) {
    return this.#others.take(count);
  }

  close(code) {
    return this.#socket.close(code);
  }

  end() {
    return this.#socket.end();
  }

  sendText(value) {
    this.#socket.send(value);
  }
}
