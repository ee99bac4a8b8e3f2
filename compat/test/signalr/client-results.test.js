// A REST caller calls a method of one client and is answered what it returns.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stage, WAYS } from '../../lib/signalr/clients.js';
import { serviceFromEnvironment } from '../../lib/signalr/service.js';
import { eventually } from '../../lib/waiting.js';

const configured = 'TIDEWIRE_CONFIGURED_CONNECTION_STRING';
const skip = process.env[configured] ? false : `${configured} is not set`;

for (const way of WAYS) {
  describe(`client results over ${way.name}`, () => {
    it('a value of any type comes back', async (t) => {
      const { api, client } = stage(t);
      const values = [0, -7, 2.5, 4294967296, '', 'ünï 😀 "quoted"', true, false, null, [1, [2, 'three']], { a: { b: [null, { c: 1 }] } }, 'x'.repeat(70_000)];
      const answering = await client({
        ...way,
        connection: (connection) => connection.on('ask', (i) => values[i]),
      });
      for (const [i, value] of values.entries()) {
        assert.deepEqual(await api.invoke(answering.id, 'ask', [i]), { status: 200, body: { result: value } });
      }
    });

    it('arguments of many types reach the client', async (t) => {
      const { api, client } = stage(t);
      const args = [1, -2.5, 'text ü', true, null, [1, 'two'], { three: 3 }];
      const answering = await client({ ...way, connection: (connection) => connection.on('echo', (...given) => given) });
      assert.deepEqual(await api.invoke(answering.id, 'echo', args), { status: 200, body: { result: args } });
    });

    it('an answer that takes its time, while messages go on', async (t) => {
      const { api, client } = stage(t);
      let answer;
      const answering = await client({
        ...way,
        connection: (connection) => connection.on('later', () => new Promise((resolve) => (answer = resolve))),
      });
      const other = stage(t, { hub: api.hub }).api;
      const result = api.invoke(answering.id, 'later', []);
      await other.toConnection(answering.id, 'message', ['meanwhile']);
      assert.deepEqual(await answering.take(), [['meanwhile']]);
      // The two callers have no order between them: the call may still be on its way.
      await eventually(() => answer, 'the call');
      answer('at last');
      assert.deepEqual(await result, { status: 200, body: { result: 'at last' } });
    });

    it('an error of the client is the error of the call', async (t) => {
      const { api, client } = stage(t);
      const failing = await client({
        ...way,
        connection: (connection) =>
          connection.on('fail', () => {
            throw new Error('not today: ü');
          }),
      });
      const { status, body } = await api.invoke(failing.id, 'fail', []);
      assert.equal(status, 400);
      assert.match(body.message, /not today: ü/);
    });

    it('a client without such a method', async (t) => {
      const { api, client } = stage(t);
      const other = await client({ ...way });
      const { status, body } = await api.invoke(other.id, 'nobodyHome', []);
      assert.equal(status, 400);
      assert.match(body.message, /didn't provide a result/i);
      assert.ok(other.connected);
    });

    it('a client that leaves ends the call', async (t) => {
      const { api, client } = stage(t);
      const leaving = await client({
        ...way,
        connection: (connection) =>
          connection.on('leave', () => {
            void connection.stop();
            return new Promise(() => {});
          }),
      });
      const id = leaving.id;
      const { status, body } = await api.invoke(id, 'leave', []);
      assert.equal(status, 400);
      assert.equal(body.message, `Connection '${id}' is disconnected.`);
    });

    it('twenty calls at once get each its own answer', async (t) => {
      const { hub, client } = stage(t);
      const answering = await client({ ...way, connection: (connection) => connection.on('double', (n) => n * 2) });
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => stage(t, { hub }).api.invoke(answering.id, 'double', [i])));
      answers.forEach((answer, i) => assert.deepEqual(answer, { status: 200, body: { result: i * 2 } }));
    });

    it('a client that never answers ends the call in time', { skip }, async (t) => {
      const { api, client } = stage(t, { service: serviceFromEnvironment(configured) });
      const silent = await client({ ...way, connection: (connection) => connection.on('hang', () => new Promise(() => {})) });
      const { status, body } = await api.invoke(silent.id, 'hang', []);
      assert.equal(status, 504);
      assert.match(body.message, /signalr\.client\.invocationTimeout/);
      await api.toConnection(silent.id, 'message', ['still here']);
      assert.deepEqual(await silent.take(), [['still here']]);
    });
  });
}

describe('client results', () => {
  it('an unknown connection is told', async (t) => {
    const { api } = stage(t);
    const { status, body } = await api.invoke('nobody', 'ask', []);
    assert.equal(status, 404);
    assert.ok(body.message);
  });
});
