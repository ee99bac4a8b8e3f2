// The reliable protocol under cuts: nothing lost, nothing twice, order kept, as long as the client comes back in time.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_ROLES, expectExactly, fromGroup, fromServer, PLAIN, RELIABLE, stage } from '../../lib/webpubsub/clients.js';
import { Socket } from '../../lib/webpubsub/sockets.js';
import { eventually, within } from '../../lib/waiting.js';
import { Cable } from '../../lib/wires.js';

/** Goes on trying for as long as a test may last. */
const persistent = { messageRetryOptions: { maxRetries: 1000, retryDelayInMs: 20 } };
const numbers = (count, from = 0) => Array.from({ length: count }, (_, i) => i + from);
const onlyConnected = async (client) => assert.deepEqual((await client.lives(1)).map(({ event }) => event), ['connected']);

describe('the reliable protocol', { concurrency: 6 }, () => {
  for (const [name, break_] of Object.entries({
    'a cut': (cable) => cable.cut(),
    'a silent end that the service does not see': (cable) => cable.vanish(),
  })) {
    it(`${name}: the client comes back as the same connection, and misses nothing`, async (t) => {
      const staged = stage(t);
      const cable = await Cable.to(t, staged.endpoint);
      const ann = await staged.client({ via: cable.endpoint, userId: 'ann' });
      await ann.connection.joinGroup('g');
      await staged.service.sendToAll(1);
      await ann.reach(1);
      break_(cable);
      await staged.service.sendToUser('ann', 2);
      await staged.service.group('g').sendToAll(3);
      await staged.service.sendToConnection(ann.id, 'four', { contentType: 'text/plain' });
      await ann.reach(4);
      await ann.connection.sendToGroup('g', 5, 'json');
      await expectExactly(staged.service, [
        [ann, fromServer('json', 1), fromServer('json', 2), fromGroup('g', 'json', 3), fromServer('text', 'four'), fromGroup('g', 'json', 5, 'ann')],
      ]);
      await onlyConnected(ann);
    });
  }

  it('many cuts while numbered messages flow both ways', async (t) => {
    const { service, client, endpoint } = stage(t);
    const cables = [await Cable.to(t, endpoint), await Cable.to(t, endpoint)];
    const ann = await client({ via: cables[0].endpoint, userId: 'ann', groups: ['g'], ...persistent });
    const bob = await client({ via: cables[1].endpoint, userId: 'bob', groups: ['g'], ...persistent });
    const count = 400;
    let done = false;
    const publish = async ({ connection }) => {
      // An ack id of its own makes a repetition recognisable; without one the vendor's client takes a new one each time.
      for (const i of numbers(count)) await connection.sendToGroup('g', i, 'json', { ackId: 10_000 + i });
    };
    const broadcast = async () => {
      for (let i = 0; !done; i++) {
        await service.sendToAll({ rest: i });
        broadcast.count = i + 1;
        await pause(5);
      }
    };
    const cuts = async () => {
      for (let i = 0; !done; i++) {
        await pause(150 + ((i * 97) % 400));
        const cable = cables[i % 2];
        if (i % 3 === 2) cable.vanish();
        else cable.cut();
        cuts.count = i + 1;
      }
    };
    const rest = Promise.all([broadcast(), cuts()]);
    await within(Promise.all([publish(ann), publish(bob)]), 'everything to be sent', 60_000);
    done = true;
    await rest;
    assert.ok(cuts.count >= 4, `${cuts.count} cuts`);
    for (const receiver of [ann, bob]) {
      const received = await receiver.take(2 * count + broadcast.count);
      for (const sender of ['ann', 'bob']) {
        assert.deepEqual(received.filter(({ fromUserId }) => fromUserId === sender).map(({ data }) => data), numbers(count));
      }
      assert.deepEqual(received.filter(({ from }) => from === 'server').map(({ data }) => data.rest), numbers(broadcast.count));
      await onlyConnected(receiver);
    }
  });

  it('many messages while the client is away, more than it acknowledges at a time', async (t) => {
    const { service, client, endpoint } = stage(t);
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint, groups: ['g'] });
    const bob = await client();
    cable.unplug();
    await Promise.all(numbers(600).map((i) => bob.connection.sendToGroup('g', i, 'json')));
    assert.equal(await service.connectionExists(ann.id), true);
    cable.plug();
    assert.deepEqual((await ann.take(600)).map(({ data }) => data), numbers(600));
    await onlyConnected(ann);
  });

  it('what REST changes while the client is away holds when it is back', async (t) => {
    const { service, client, endpoint } = stage(t);
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint, userId: 'ann', roles: [], groups: ['old'] });
    cable.unplug();
    await service.group('new').addUser('ann');
    await service.group('old').removeConnection(ann.id);
    await service.grantPermission(ann.id, 'sendToGroup', { targetName: 'new' });
    await service.group('old').sendToAll(1);
    await service.group('new').sendToAll(2);
    cable.plug();
    await ann.reach(1);
    await ann.connection.sendToGroup('new', 3, 'json');
    assert.deepEqual(await ann.take(2), [fromGroup('new', 'json', 2), fromGroup('new', 'json', 3, 'ann')]);
    await onlyConnected(ann);
  });

  it('a close by the service while the client is away is final', async (t) => {
    const { service, client, endpoint } = stage(t);
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint, userId: 'ann', autoReconnect: false });
    cable.unplug();
    await service.closeUserConnections('ann', { reason: 'while away' });
    await eventually(async () => !(await service.connectionExists(ann.id)), 'the connection to be gone');
    cable.plug();
    assert.deepEqual((await ann.lives(3)).map(({ event }) => event), ['connected', 'disconnected', 'stopped']);
  });

  it('a client of the plain protocol comes back as another connection, and joins its groups again', async (t) => {
    const { service, client, endpoint } = stage(t);
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint, protocol: PLAIN });
    const first = ann.id;
    await ann.connection.joinGroup('g');
    cable.cut();
    assert.deepEqual((await ann.lives(3)).map(({ event, id }) => [event, id]), [['connected', first], ['disconnected', first], ['connected', ann.id]]);
    assert.notEqual(ann.id, first);
    await eventually(async () => !(await service.connectionExists(first)), 'the first connection to be gone');
    await service.group('g').sendToAll(1);
    await expectExactly(service, [[ann, fromGroup('g', 'json', 1)]]);
  });
});

describe('recovery on the wire', { concurrency: 6 }, () => {
  const open = async (staged, token) => {
    const socket = await staged.socket({ protocols: RELIABLE, roles: ALL_ROLES, ...token });
    await socket.reach(1);
    return { socket, connected: JSON.parse(socket.received[0]) };
  };
  const recovery = ({ endpoint, hub }, { connectionId, reconnectionToken }, changes = {}) => {
    const query = new URLSearchParams({ awps_connection_id: connectionId, awps_reconnection_token: reconnectionToken, ...changes });
    return `${endpoint.replace('http', 'ws')}/client/hubs/${changes.hub ?? hub}?${query}`;
  };
  const messages = (frames) => frames.filter(({ type }) => type === 'message');

  it('without an access token: what was not acknowledged is sent again with its numbers, what was is not', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged);
    for (const i of numbers(5, 1)) await staged.service.sendToAll(i);
    await socket.reach(6);
    socket.sendJson({ type: 'sequenceAck', sequenceId: 3 });
    socket.sendJson({ type: 'ping' });
    await socket.reach(7);
    socket.drop();
    const again = await Socket.open(t, recovery(staged, connected), RELIABLE);
    await eventually(() => messages(again.received.map(JSON.parse)).length === 2, 'two messages');
    await staged.service.sendToAll(6);
    await eventually(() => messages(again.received.map(JSON.parse)).length === 3, 'a new message');
    assert.deepEqual(messages(again.received.map(JSON.parse)).map(({ sequenceId, data }) => [sequenceId, data]), [[4, 4], [5, 5], [6, 6]]);
  });

  it('a connected frame after a recovery, if there is one, names the same connection', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged, { userId: 'ann' });
    socket.drop();
    const again = await Socket.open(t, recovery(staged, connected), RELIABLE);
    again.sendJson({ type: 'ping' });
    await eventually(() => again.received.some((text) => text.includes('pong')), 'a pong');
    for (const frame of again.received.map(JSON.parse).filter(({ type }) => type === 'system')) {
      assert.deepEqual([frame.event, frame.connectionId, frame.userId], ['connected', connected.connectionId, 'ann']);
    }
    assert.equal(await staged.service.connectionExists(connected.connectionId), true);
  });

  it('an ack id that was used before the cut is a duplicate after it', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged, { groups: ['g'] });
    const publish = { type: 'sendToGroup', group: 'g', data: 1, ackId: 9 };
    socket.sendJson(publish);
    await socket.reach(3);
    socket.drop();
    const again = await Socket.open(t, recovery(staged, connected), RELIABLE);
    again.sendJson(publish);
    await eventually(() => again.received.some((text) => text.includes('"ack"')), 'an ack');
    const ack = again.received.map(JSON.parse).find(({ type }) => type === 'ack');
    assert.deepEqual([ack.success, ack.error.name], [false, 'Duplicate']);
    assert.deepEqual(messages(again.received.map(JSON.parse)).map(({ sequenceId }) => sequenceId), [1]);
  });

  it('a second recovery ends the first one', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged);
    const second = await Socket.open(t, recovery(staged, connected), RELIABLE);
    await socket.end();
    const third = await Socket.open(t, recovery(staged, connected), RELIABLE);
    await second.end();
    await staged.service.sendToAll(1);
    await eventually(() => messages(third.received.map(JSON.parse)).length === 1, 'the message');
  });

  for (const [name, change] of Object.entries({
    'an unknown connection': { awps_connection_id: 'none' },
    'a wrong token': { awps_reconnection_token: 'wrong' },
    'another hub': { hub: 'another' },
  })) {
    it(`${name} is accepted and closed with 1008`, async (t) => {
      const staged = stage(t);
      const { connected } = await open(staged);
      const socket = await Socket.open(t, recovery(staged, connected, change), RELIABLE);
      assert.equal((await socket.end()).code, 1008);
      assert.equal(await staged.service.connectionExists(connected.connectionId), true, 'the connection itself stays');
    });
  }

  it('another subprotocol is closed with 1008', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged);
    socket.drop();
    const other = await Socket.open(t, recovery(staged, connected), 'protobuf.reliable.webpubsub.azure.v1');
    assert.equal((await other.end()).code, 1008);
  });

  it('after a closing handshake by the client there is nothing to recover', async (t) => {
    const staged = stage(t);
    for (const code of [undefined, 1000, 1001]) {
      const { socket, connected } = await open(staged);
      await socket.close(code);
      await eventually(async () => !(await staged.service.connectionExists(connected.connectionId)), 'the connection to be gone');
      assert.equal((await (await Socket.open(t, recovery(staged, connected), RELIABLE)).end()).code, 1008);
    }
  });

  it('a client that acknowledges nothing is closed with 1008 at the bound of messages, for good', async (t) => {
    const staged = stage(t);
    const { socket, connected } = await open(staged, { groups: ['g'] });
    const bob = await staged.client();
    await Promise.all(numbers(1001).map((i) => bob.connection.sendToGroup('g', i, 'json')));
    assert.equal((await socket.end()).code, 1008);
    assert.equal(await staged.service.connectionExists(connected.connectionId), false);
    await bob.connection.sendToGroup('g', 1, 'json');
  });
});

const variable = 'TIDEWIRE_WEBPUBSUB_SHORT_CONNECTION_STRING';
const skip = process.env[variable] ? false : `${variable} is not set`;

// That server has webpubsub.client.keepAliveInterval=1s, webpubsub.client.timeout=3s, webpubsub.client.reliable.window=2s
describe('clocks', { skip, concurrency: 6 }, () => {
  it('a cut that is longer than the window: another connection, groups joined again, callbacks in order', async (t) => {
    const { service, client, endpoint } = stage(t, { variable });
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint, userId: 'ann' });
    const first = ann.id;
    await ann.connection.joinGroup('g');
    cable.unplug();
    assert.equal(await service.connectionExists(first), true);
    await eventually(async () => !(await service.connectionExists(first)), 'the window to pass');
    await service.group('g').sendToAll('nobody hears this');
    cable.plug();
    assert.deepEqual((await ann.lives(3)).map(({ event, id }) => [event, id]), [['connected', first], ['disconnected', first], ['connected', ann.id]]);
    assert.notEqual(ann.id, first);
    await service.group('g').sendToAll(1);
    await expectExactly(service, [[ann, fromGroup('g', 'json', 1)]]);
  });

  it('a client that is silent beyond the timeout is dropped, and recovers within the window', async (t) => {
    const { service, endpoint, hub, socket } = stage(t, { variable });
    // It does not answer pings.
    const silent = await socket({ protocols: RELIABLE, options: { autoPong: false } });
    await silent.reach(1);
    const { connectionId, reconnectionToken } = JSON.parse(silent.received[0]);
    await silent.end();
    assert.equal(await service.connectionExists(connectionId), true);
    await service.sendToAll(1);
    const query = new URLSearchParams({ awps_connection_id: connectionId, awps_reconnection_token: reconnectionToken });
    const again = await Socket.open(t, `${endpoint.replace('http', 'ws')}/client/hubs/${hub}?${query}`, RELIABLE);
    await eventually(() => again.received.some((text) => text.includes('"sequenceId":1')), 'the message');
  });

  for (const protocols of [undefined, PLAIN, RELIABLE]) {
    it(`an idle client of ${protocols ?? 'no subprotocol'} that answers pings stays beyond the timeout`, async (t) => {
      const { service, socket } = stage(t, { variable });
      const idle = await socket({ protocols, userId: 'ann' });
      await eventually(() => idle.pings >= 5, 'five pings');
      assert.equal(await service.userExists('ann'), true);
    });
  }

  it('a simple client that is silent is dropped', async (t) => {
    const { service, socket } = stage(t, { variable });
    const silent = await socket({ userId: 'ann', options: { autoPong: false } });
    await silent.end();
    await eventually(async () => !(await service.userExists('ann')), 'the connection to be gone');
  });

  it('a message whose time to live has passed is not sent after a recovery', async (t) => {
    const { service, client, endpoint } = stage(t, { variable });
    const cable = await Cable.to(t, endpoint);
    const ann = await client({ via: cable.endpoint });
    cable.unplug();
    await service.sendToAll('short', { messageTtlSeconds: 1 });
    await service.sendToAll('long', { messageTtlSeconds: 60 });
    const sent = Date.now();
    await eventually(() => Date.now() - sent > 1100, 'the time to live to pass');
    cable.plug();
    await expectExactly(service, [[ann, fromServer('json', 'long')]]);
  });
});
