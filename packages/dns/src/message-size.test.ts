import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer as PacketRecord, decode, encode } from 'dns-packet';
import { fitting, readQuery, writeAnswer } from './message.ts';
import { compressed } from './message-size.ts';
import type { RecordOf } from './records.ts';

const name = 'headless.default.svc.cluster.local';
const authority: RecordOf = { name: 'cluster.local', ttl: 30, type: 'SOA', data: { mname: 'ns.dns.cluster.local', rname: 'hostmaster.cluster.local', serial: 1, refresh: 7200, retry: 1800, expire: 86_400, minimum: 30 } } as RecordOf;
const addresses = (count: number): readonly RecordOf[] => Array.from({ length: count }, (_, index) => ({ name, ttl: 30, type: 'A', data: `10.244.0.${index}` }) as RecordOf);

function asked(type: 'A' | 'SRV', options: { readonly hasExtension?: boolean } = {}) {
  const additionals = options.hasExtension === true ? [{ type: 'OPT' as const, name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] : [];
  const query = readQuery(encode({ type: 'query', id: 7, flags: 0x100, questions: [{ name, type }], additionals }));
  assert.ok(query !== undefined && 'question' in query);
  return query;
}

function reply(count: number, options: { readonly hasExtension?: boolean } = {}) {
  const query = asked('A', options);
  const bytes = fitting(query, writeAnswer(query, { kind: 'found', answers: addresses(count), additionals: [] }, authority, () => 0.5));
  const packet = decode(Buffer.from(bytes));
  return { bytes, packet, addresses: (packet.answers ?? []).length, extensions: (packet.additionals ?? []).length };
}

describe('answers over UDP', () => {
  it('say a name once', () => {
    const { bytes, packet } = reply(20);
    assert.ok(bytes.length <= 512, `${bytes.length} bytes`);
    assert.equal(packet.flag_tc, false);
    assert.deepEqual(new Set(packet.answers?.map((each) => each.name)), new Set([name]));
  });

  it('hold what they can of what is too much, and say that they are cut', () => {
    const { bytes, packet, addresses: held, extensions } = reply(100);
    assert.ok(bytes.length <= 512);
    assert.equal(packet.flag_tc, true);
    assert.ok(held > 25, `${held} addresses`);
    assert.equal(extensions, 0);
  });

  it('keep the record of EDNS when they are cut', () => {
    const { bytes, packet, extensions } = reply(200, { hasExtension: true });
    assert.ok(bytes.length <= 1232);
    assert.deepEqual([packet.flag_tc, extensions], [true, 1]);
  });

  it('drop addresses that nobody asked for without a word', () => {
    const query = asked('SRV');
    const hosts = Array.from({ length: 5 }, (_, index) => `10-244-0-${index}.${name}`);
    const answers = hosts.map((target) => ({ name, ttl: 30, type: 'SRV', data: { priority: 0, weight: 20, port: 80, target } }) as RecordOf);
    const additionals = Array.from({ length: 20 }, (_, index) => ({ name: hosts[index % 5] ?? '', ttl: 30, type: 'A', data: `10.244.0.${index}` }) as RecordOf);
    const packet = decode(Buffer.from(fitting(query, writeAnswer(query, { kind: 'found', answers, additionals }, authority, () => 0.5))));
    assert.deepEqual([packet.flag_tc, packet.answers?.length], [false, 5]);
  });
});

it('a compressed message means the same', () => {
  const records: PacketRecord[] = [
    { name, ttl: 1, type: 'CNAME', data: `other.${name}` }, { name: `other.${name}`, ttl: 1, type: 'A', data: '10.0.0.1' }, { name: 'local', ttl: 1, type: 'TXT', data: [Buffer.from('a')] },
    { name, ttl: 1, type: 'PTR', data: name }, { name, ttl: 1, type: 'SRV', data: { priority: 1, weight: 2, port: 3, target: `x.${name}` } },
  ];
  const whole = encode({ type: 'response', id: 1, questions: [{ name, type: 'A' }], answers: records });
  const small = compressed(whole);
  assert.ok(small.length < whole.length);
  assert.deepEqual(decode(Buffer.from(small)).answers, decode(whole).answers);
});
