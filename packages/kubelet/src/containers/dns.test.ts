import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import { testPod } from '../testing.ts';
import { type DnsSettings, hostnameOf, hostsFile, podDns } from './dns.ts';

const settings: DnsSettings = { clusterDns: ['10.96.0.10'], clusterDomain: 'cluster.local', nodeResolvConf: '# of the node\nnameserver 192.0.2.1\nsearch example.com.\noptions edns0\n' };
const cluster = { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'example.com'], options: ['ndots:5'] };
const ofNode = { servers: ['192.0.2.1'], searches: ['example.com'], options: ['edns0'] };

const cases: readonly (readonly [name: string, pod: Pod, want: object])[] = [
  ['the cluster first', testPod({ dnsPolicy: 'ClusterFirst' }), cluster],
  ['the node for a pod on its network', testPod({ dnsPolicy: 'ClusterFirst', hostNetwork: true }), ofNode],
  ['the cluster for a pod on the node\'s network that asks for it', testPod({ dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }), cluster],
  ['the node by default policy', testPod({ dnsPolicy: 'Default' }), ofNode],
  ['only its own', testPod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a'], options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }] } }), { servers: ['1.1.1.1'], searches: ['a'], options: ['ndots:2', 'rotate'] }],
  ['its own beside the cluster, options replaced by name', testPod({ dnsConfig: { nameservers: ['10.96.0.10', '1.1.1.1'], options: [{ name: 'ndots', value: '1' }] } }), { ...cluster, servers: ['10.96.0.10', '1.1.1.1'], options: ['ndots:1'] }],
  ['three servers at most', testPod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['1', '2', '3', '4'] } }), { servers: ['1', '2', '3'], searches: [], options: [] }],
];
for (const [name, pod, want] of cases) test(`asks ${name}`, () => { assert.deepEqual(podDns(pod, settings), want); });

test('names: the pod\'s, one given, one in a subdomain, one too long', () => {
  assert.deepEqual(hostnameOf(testPod(), 'c'), { hostname: 'web', domain: '' });
  assert.deepEqual(hostnameOf(testPod({ hostname: 'me', subdomain: 'sub' }), 'c'), { hostname: 'me', domain: 'sub.default.svc.c' });
  assert.equal(hostnameOf(testPod({}, { name: `${'a'.repeat(62)}-${'b'.repeat(10)}` }), 'c').hostname, 'a'.repeat(62));
});

test('/etc/hosts has the pod\'s addresses and aliases', () => {
  const pod = testPod({ subdomain: 'sub', hostAliases: [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }] });
  const text = hostsFile(pod, { podIps: ['10.0.0.1'], clusterDomain: 'c', nodeHosts: '' });
  assert.ok(text.endsWith('fe00::2\tip6-allrouters\n10.0.0.1\tweb.sub.default.svc.c\tweb\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n'), text);
  assert.equal(hostsFile(testPod({ hostNetwork: true }), { podIps: [], clusterDomain: 'c', nodeHosts: 'x\n' }), '# Kubernetes-managed hosts file (host network).\nx\n');
});
