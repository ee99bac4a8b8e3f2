// What arguments become on the way: from a JSON body to clients of both protocols, and bodies in the other content types.
import { encode } from '@msgpack/msgpack';
import { MessageType } from '@microsoft/signalr';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectExactly, PROTOCOLS, protocolNamed, stage } from '../../lib/signalr/clients.js';

const bothClients = async ({ client }) => ({
  json: await client({ protocol: 'json' }),
  messagepack: await client({ protocol: 'messagepack' }),
});

const framed = (protocol, target, args) =>
  Buffer.from(protocolNamed(protocol).writeMessage({ type: MessageType.Invocation, target, arguments: args }));

describe('values', () => {
  const values = {
    integers: '[0,1,-1,127,128,-32,-33,255,256,65535,65536,-128,-129,-32768,-32769,2147483647,2147483648,-2147483648,4294967295,4294967296]',
    'big integers':
      '[9007199254740991,9007199254740993,-9007199254740993,9223372036854775807,-9223372036854775808,18446744073709551615,123456789012345678901234567890]',
    fractions: '[0.5,-0.25,1.0,3.141592653589793,1e5,1.5E+3,-2.5e-7,1.7976931348623157e308,5e-324]',
    text: JSON.stringify(['', 'plain', 'ünïcödé', '漢字', '😀👩‍👩‍👧', '"\\/\b\f\n\r\t', '\u0000\u001e\u001f\u2028', 'x'.repeat(40), 'y'.repeat(70_000)]),
    'escaped text': String.raw`["\u00e4\uD83D\uDE00\/\u001e"]`,
    'null and booleans': '[null,true,false,[null],{"a":null}]',
    nested: JSON.stringify([{ a: [1, { b: [[], {}, [{ c: { d: ['deep', null, 1.5] } }]] }], '': 'empty key', 'ü key': true }]),
    'wide arrays and objects': JSON.stringify([
      Array.from({ length: 70_000 }, (_, i) => i % 300),
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, i])),
    ]),
    'text in its own layout': ' [ 1 , "two" ,\n\t{ "three" : [ 3 ] } ] ',
  };
  for (const [name, json] of Object.entries(values)) {
    it(`${name} are equal over both protocols`, async (t) => {
      const staged = stage(t);
      const clients = await bothClients(staged);
      const body = Buffer.from(`{"target":"message","arguments":${json}}`);
      await staged.rest.expect(202, 'POST', staged.api.path('/:send'), { body });
      for (const protocol of PROTOCOLS) {
        assert.deepStrictEqual(await clients[protocol].take(), [JSON.parse(json)], protocol);
      }
    });
  }

  it('names of any case, any order, absent and null arguments', async (t) => {
    const staged = stage(t);
    const clients = await bothClients(staged);
    const bodies = [
      '{"Target":"message","Arguments":["pascal"]}',
      '{"ARGUMENTS":["upper"],"TARGET":"message"}',
      '{"arguments":["first"],"more":{"target":"other"},"target":"message"}',
      '{"target":"message"}',
      '{"target":"message","arguments":null}',
    ];
    for (const body of bodies) {
      await staged.rest.expect(202, 'POST', staged.api.path('/:send'), { body: Buffer.from(body) });
    }
    for (const protocol of PROTOCOLS) {
      assert.deepEqual(await clients[protocol].take(5), [['pascal'], ['upper'], ['first'], [], []]);
    }
  });

  it('a chunked body without a length', async (t) => {
    const staged = stage(t);
    const clients = await bothClients(staged);
    const answer = await fetch(staged.service.endpoint + staged.api.path('/:send'), {
      method: 'POST',
      duplex: 'half',
      headers: { authorization: `Bearer ${staged.service.clientToken(staged.hub, undefined, { aud: `${staged.service.endpoint}/api/hubs/${staged.hub}/:send` })}`, 'content-type': 'application/json; charset=utf-8' },
      body: ReadableStream.from([Buffer.from('{"target":"mess'), Buffer.from('age","arguments":["in '), Buffer.from('pieces"]}')]),
    });
    assert.equal(answer.status, 202);
    for (const protocol of PROTOCOLS) assert.deepEqual(await clients[protocol].take(), [['in pieces']]);
  });

  it('an octet-stream body carries ready frames for each protocol', async (t) => {
    const staged = stage(t);
    const clients = await bothClients(staged);
    const body = encode({
      json: framed('json', 'message', ['for json']),
      messagepack: framed('messagepack', 'message', ['for messagepack', new Uint8Array([1, 2, 3])]),
    });
    await staged.rest.expect(202, 'POST', staged.api.path('/:send'), { body, type: 'application/octet-stream' });
    assert.deepEqual(await clients.json.take(), [['for json']]);
    assert.deepEqual(await clients.messagepack.take(), [['for messagepack', new Uint8Array([1, 2, 3])]]);
  });

  for (const only of PROTOCOLS) {
    it(`an octet-stream body with frames for ${only} alone reaches those clients alone`, async (t) => {
      const staged = stage(t);
      const clients = await bothClients(staged);
      const body = encode({ [only]: framed(only, 'message', ['chosen']) });
      await staged.rest.expect(202, 'POST', staged.api.path('/:send'), { body, type: 'application/octet-stream' });
      await expectExactly(staged.api, PROTOCOLS.map((each) => (each === only ? [clients[each], ['chosen']] : [clients[each]])));
    });
  }

  it('an x-msgpack body as a map and as an array', async (t) => {
    const staged = stage(t);
    const clients = await bothClients(staged);
    const args = ['text ü', 1, -5, 2.5, true, null, [1, { deep: ['x'] }], { key: 'value' }];
    for (const message of [{ target: 'message', arguments: args }, { Target: 'message', Arguments: args }, ['message', args]]) {
      await staged.rest.expect(202, 'POST', staged.api.path('/:send'), { body: encode(message), type: 'application/x-msgpack' });
    }
    for (const protocol of PROTOCOLS) assert.deepEqual(await clients[protocol].take(3), [args, args, args]);
  });
});
