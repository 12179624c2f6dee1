import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { describe, it } from 'node:test';
import { realRuntime } from '@kaji/base/real';
import { silentLog } from '@kaji/base';
import { decode, encode, type Packet } from 'dns-packet';
import { dnsConfig, nameservers } from './config.ts';
import { DnsServer } from './dns-server.ts';

const runtime = { ...realRuntime(), log: silentLog };
const question = (id: number): Uint8Array => encode({ type: 'query', id, flags: 0x100, questions: [{ name: 'example.com', type: 'A' }] });

/** The response code: the last four bits of the flags. */
const codeOf = (bytes: Uint8Array | undefined): number => ((bytes ?? assert.fail('no answer'))[3] ?? 0) & 15;

/** Another DNS server, which answers as the function says. */
async function upstream(reply: (query: Packet) => Packet | undefined): Promise<{ port: number; close(): void }> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => {
    const packet = reply(decode(bytes));
    if (packet !== undefined) socket.send(encode(packet), from.port, from.address);
  });
  await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', resolve); });
  return { port: socket.address().port, close: () => { socket.close(); } };
}

describe('the DNS server without a cluster', () => {
  it('passes questions on and answers under their own id', async () => {
    const ids: number[] = [];
    const other = await upstream((query) => {
      ids.push(query.id ?? 0);
      return { type: 'response', ...(query.id === undefined ? {} : { id: query.id }), questions: query.questions ?? [], answers: [{ name: 'example.com', type: 'A', ttl: 60, data: '192.0.2.1' }] };
    });
    try {
      const server = new DnsServer(runtime, { client: undefined, upstreams: [{ address: '127.0.0.1', port: other.port }] }, dnsConfig(''));
      for (const id of [7, 8, 9]) {
        const reply = decode(Buffer.from((await server.respond(question(id), 'udp')) ?? assert.fail('no answer')));
        assert.equal(reply.id, id);
        assert.deepEqual(reply.answers?.map((each) => (each.type === 'A' ? each.data : each.type)), ['192.0.2.1']);
      }
      assert.notDeepEqual(ids, [7, 8, 9], 'an id is not to be guessed');
    } finally {
      other.close();
    }
  });

  it('asks the next server when one is not there', async () => {
    const other = await upstream((query) => ({ type: 'response', ...(query.id === undefined ? {} : { id: query.id }), questions: query.questions ?? [] }));
    try {
      const server = new DnsServer(runtime, { client: undefined, upstreams: [{ address: '127.0.0.1', port: 1 }, { address: '127.0.0.1', port: other.port }] }, dnsConfig(''));
      assert.equal(codeOf(await server.respond(question(1), 'udp')), 0);
    } finally {
      other.close();
    }
  });

  it('says so when nobody answers', async () => {
    const server = new DnsServer(runtime, { client: undefined, upstreams: [] }, dnsConfig(''));
    assert.equal(codeOf(await server.respond(question(1), 'udp')), 2);
  });

  const malformed: readonly [string, Uint8Array, number | undefined][] = [
    ['too short for a header', Uint8Array.of(1, 2, 3), undefined],
    ['an answer', encode({ type: 'response', id: 3 }), undefined],
    ['without a question', encode({ type: 'query', id: 3 }), 1],
    ['cut short', question(3).subarray(0, 20), 1],
    ['a name that points to itself', Uint8Array.of(0, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1), 1],
  ];
  for (const [name, bytes, want] of malformed) {
    it(`survives ${name}`, async () => {
      const server = new DnsServer(runtime, { client: undefined, upstreams: [] }, dnsConfig(''));
      const reply = await server.respond(bytes, 'udp');
      assert.equal(reply === undefined ? undefined : codeOf(reply), want);
    });
  }
});

describe('the DNS configuration', () => {
  it('has kubeadm\'s defaults', () => {
    assert.deepEqual(dnsConfig(''), { domain: 'cluster.local', address: '::', port: 53, healthPort: 8080, readyPort: 8181, metricsPort: 9153, forward: ['/etc/resolv.conf'], ttlSeconds: 30 });
  });
  it('takes what is given', () => { assert.deepEqual(dnsConfig('domain: Kaji.Test.\nforward: [192.0.2.1]\n').domain, 'kaji.test'); });
  it('refuses wrong values and unknown keys', () => {
    assert.throws(() => dnsConfig('port: many\n'), /wrong value for port: "many"/);
    assert.throws(() => dnsConfig('prot: 53\n'), /unknown key prot/);
  });
  it('reads servers from a resolv.conf', () => { assert.deepEqual(nameservers('search a\nnameserver 192.0.2.1\n  nameserver ::1\n#nameserver 9.9.9.9\n'), ['192.0.2.1', '::1']); });
});
