import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Node, Pod, Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { testRuntime } from '@kaji/base/testing';
import { simulatedHost } from '@kaji/host/testing';
import { hostPorts, NftablesBackend, proxyConfiguration, renderChanges, renderHostPorts, renderNftables, ruleset, staleFlows, type Table, table, TableMemory } from './index.ts';
import { UpdateLoop } from './update-loop.ts';

const configuration = proxyConfiguration({ kind: 'KubeProxyConfiguration', clusterCIDR: '10.244.0.0/16' });

/** Objects as a user writes them; the kinds' types know more fields than a test needs. */
const service = (name: string, spec: object): Service => ({ metadata: { name, namespace: 'default' }, spec: { clusterIP: '10.96.0.10', ports: [{ port: 80 }], ...spec } }) as unknown as Service;

interface TestEndpoint {
  readonly address: string;
  readonly node?: string;
  readonly conditions?: object;
  readonly hints?: object;
}
const slice = (name: string, endpoints: readonly TestEndpoint[], port: object = { name: '', port: 8080, protocol: 'TCP' }): EndpointSlice => ({
  metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } }, addressType: 'IPv4', ports: [port],
  endpoints: endpoints.map(({ address, node = 'n1', conditions = { ready: true }, hints }) => ({ addresses: [address], nodeName: node, conditions, hints })),
}) as unknown as EndpointSlice;

const node = { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z1' } }, status: { addresses: [{ type: 'InternalIP', address: '172.30.1.11' }, { type: 'Hostname', address: 'n1' }] } } as unknown as Node;

const tableOf = (services: readonly Service[], slices: readonly EndpointSlice[]): Table => table({
  services, node, nodeName: 'n1', serviceRanges: ['10.96.0.0/12'],
  slicesOf: (name) => slices.filter(({ metadata }) => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}` === name),
}, configuration);

describe('endpoints', () => {
  const ready = { ready: true };
  const ending = { ready: false, serving: true, terminating: true };
  const [a, b, c] = [{ address: '10.244.1.2' }, { address: '10.244.1.3' }, { address: '10.244.2.2', node: 'n2' }];
  const cases: readonly [string, object, readonly TestEndpoint[], { readonly internal: string; readonly external: string; readonly hasAny: boolean }][] = [
    ['ready ones take traffic', {}, [a, { ...b, conditions: { ready: false } }, c], { internal: '1.2 2.2', external: '1.2 2.2', hasAny: true }],
    ['no word about readiness means ready', {}, [{ ...a, conditions: {} }], { internal: '1.2', external: '1.2', hasAny: true }],
    ['ending ones serve when no other is left', {}, [{ ...a, conditions: ending }, { ...b, conditions: { ready: false, serving: false, terminating: true } }], { internal: '1.2', external: '1.2', hasAny: true }],
    ['ending ones rest while one is ready', {}, [{ ...a, conditions: ending }, c], { internal: '2.2', external: '2.2', hasAny: true }],
    ['internal traffic stays on the node', { internalTrafficPolicy: 'Local' }, [a, c], { internal: '1.2', external: '1.2 2.2', hasAny: true }],
    ['external traffic stays on the node', { externalTrafficPolicy: 'Local' }, [a, c], { internal: '1.2 2.2', external: '1.2', hasAny: true }],
    ['a local policy without a local endpoint has none', { externalTrafficPolicy: 'Local' }, [c], { internal: '2.2', external: '', hasAny: true }],
    ['a local policy falls back to a local one that ends', { internalTrafficPolicy: 'Local' }, [{ ...a, conditions: ending }, c], { internal: '1.2', external: '2.2', hasAny: true }],
    ['hints keep traffic in the zone', {}, [{ ...a, hints: { forZones: [{ name: 'z1' }] } }, { ...c, hints: { forZones: [{ name: 'z2' }] } }], { internal: '1.2', external: '1.2', hasAny: true }],
    ['hints that not all have are ignored', {}, [{ ...a, hints: { forZones: [{ name: 'z1' }] } }, c], { internal: '1.2 2.2', external: '1.2 2.2', hasAny: true }],
    ['hints without one for this zone are ignored', {}, [{ ...a, hints: { forZones: [{ name: 'z3' }] } }, { ...c, hints: { forZones: [{ name: 'z2' }] } }], { internal: '1.2 2.2', external: '1.2 2.2', hasAny: true }],
    ['hints for nodes come before those for zones', {}, [{ ...a, hints: { forNodes: [{ name: 'n1' }], forZones: [{ name: 'z1' }] } }, { ...b, conditions: ready, hints: { forNodes: [{ name: 'n2' }], forZones: [{ name: 'z1' }] } }], { internal: '1.2', external: '1.2', hasAny: true }],
    ['none at all', {}, [{ ...a, conditions: { ready: false } }], { internal: '', external: '', hasAny: false }],
  ];
  for (const [name, spec, endpoints, want] of cases) {
    it(name, () => {
      const [entry] = tableOf([service('web', spec)], [slice('web', endpoints)]).services;
      const text = (targets: readonly { readonly address: string }[] = []): string => targets.map(({ address }) => address.replace('10.244.', '')).join(' ');
      assert.deepEqual({ internal: text(entry?.internal), external: text(entry?.external), hasAny: entry?.hasAny }, want);
    });
  }

  it('are found by the name and protocol of the port, and counted once', () => {
    const dns = service('dns', { ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, protocol: 'TCP' }] });
    const slices = [slice('dns', [a], { name: 'dns', port: 5353, protocol: 'UDP' }), slice('dns', [a, b], { name: 'dns', port: 5353, protocol: 'UDP' }), slice('dns', [c], { name: 'dns-tcp', port: 5354, protocol: 'TCP' })];
    const targets = tableOf([dns], slices).services.map(({ id, internal }) => `${id}: ${internal.map(({ address, port }) => `${address}:${port}`).join(' ')}`);
    assert.deepEqual(targets, ['default/dns/tcp/53: 10.244.2.2:5354', 'default/dns/udp/53: 10.244.1.2:5353 10.244.1.3:5353']);
  });
});

describe('the table', () => {
  const cases: readonly [string, Service, string][] = [
    ['leaves out headless services', service('a', { clusterIP: 'None' }), ''],
    ['leaves out names outside', service('a', { type: 'ExternalName', externalName: 'example.org' }), ''],
    ['leaves out services of another proxy', { ...service('a', {}), metadata: { name: 'a', namespace: 'default', labels: { 'service.kubernetes.io/service-proxy-name': 'mesh' } } } as Service, ''],
    ['has an entry for each port', service('a', { ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }), 'default/a/tcp/80 default/a/udp/53'],
  ];
  for (const [name, input, want] of cases) it(name, () => { assert.equal(tableOf([input], []).services.map(({ id }) => id).join(' '), want); });

  it('keeps the entries of services that are as they were', () => {
    const memory = new TableMemory();
    const [one, two] = [service('one', {}), service('two', { clusterIP: '10.96.0.11' })];
    const first = slice('one', [{ address: '10.244.1.2' }]);
    const make = (slices: readonly EndpointSlice[], on: Node = node): Table => table({ services: [one, two], node: on, nodeName: 'n1', serviceRanges: [], memory, slicesOf: (name) => (name === 'default/one' ? slices : []) }, configuration);
    const before = make([first]).services;
    const same = make([first]).services;
    const changed = make([slice('one', [{ address: '10.244.1.3' }])]).services;
    assert.deepEqual(same.map((entry, index) => entry === before[index]), [true, true]);
    assert.deepEqual(changed.map((entry, index) => entry === before[index]), [false, true]);
    assert.equal(changed[0]?.internal[0]?.address, '10.244.1.3');
    const moved = make([first], { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z2' } } } as unknown as Node).services;
    assert.deepEqual(moved.map((entry, index) => entry === changed[index]), [false, false]);
  });

  it('takes node ports at the addresses of the Node object, or in the ranges that were configured', () => {
    assert.deepEqual(tableOf([], []).nodePortAddresses, ['172.30.1.11']);
    const ranges = proxyConfiguration({ nodePortAddresses: ['10.0.0.0/8', 'fd00::/8'] });
    assert.deepEqual(table({ services: [], slicesOf: () => [], node, nodeName: 'n1', serviceRanges: [] }, ranges).nodePortAddresses, ['10.0.0.0/8']);
  });
});

const web = slice('web', [{ address: '10.244.1.2' }, { address: '10.244.2.2', node: 'n2' }]);
const situations: Readonly<Record<string, Table>> = {
  empty: tableOf([], []),
  'cluster-address': tableOf([service('web', {})], [web]),
  'node-port': tableOf([service('web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })], [web]),
  'local-policy': tableOf([service('web', { type: 'NodePort', externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] })], [slice('web', [{ address: '10.244.2.2', node: 'n2' }])]),
  affinity: tableOf([service('web', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } })], [web]),
  'no-endpoints': tableOf([service('web', { type: 'NodePort', externalIPs: ['192.0.2.1'], ports: [{ port: 80, nodePort: 30080 }] })], []),
};

describe('the rules', () => {
  for (const [name, situation] of Object.entries(situations)) {
    it(`are those of golden/${name}.nft (UPDATE=1 rewrites it)`, () => {
      const path = join(import.meta.dirname, 'golden', `${name}.nft`);
      const text = renderNftables(ruleset(situation));
      if (process.env['UPDATE'] === '1') writeFileSync(path, text);
      assert.equal(text, readFileSync(path, 'utf8'));
    });
  }

  it('do not change when nothing changed', () => {
    for (const situation of Object.values(situations)) assert.equal(renderChanges(ruleset(situation), ruleset(situation)), '');
  });

  it('change in one place for one endpoint', () => {
    const many = Array.from({ length: 100 }, (_, index) => service(`s${index}`, { clusterIP: `10.96.1.${index}` }));
    const slices = many.map(({ metadata }) => slice(metadata.name ?? '', [{ address: '10.244.2.2', node: 'n2' }]));
    const changed = slices.map((each, index) => (index === 7 ? slice('s7', [{ address: '10.244.2.3', node: 'n2' }]) : each));
    assert.equal(renderChanges(ruleset(tableOf(many, slices)), ruleset(tableOf(many, changed))), [
      'flush chain ip kube-proxy service/default/s7/tcp/80',
      'add rule ip kube-proxy service/default/s7/tcp/80 ip daddr { 10.96.1.7 } ip saddr != 10.244.0.0/16 jump mark-for-masquerade',
      'add rule ip kube-proxy service/default/s7/tcp/80 meta l4proto tcp dnat to 10.244.2.3:8080',
      '',
    ].join('\n'));
  });

  it('are written whole again after the kernel refused', async () => {
    const inputs: string[] = [];
    let isRefusing = false;
    const host = simulatedHost({ clock: testRuntime().clock, command: (_, { input }) => { inputs.push(String(input)); return { code: isRefusing ? 1 : 0 }; } });
    const backend = new NftablesBackend(host);
    await backend.sync(situations['empty'] as Table); // declared above
    isRefusing = true;
    await assert.rejects(backend.sync(situations['node-port'] as Table));
    isRefusing = false;
    await backend.sync(situations['node-port'] as Table);
    assert.deepEqual(inputs.map((input) => input.startsWith('table ip kube-proxy\ndelete table')), [true, false, true]);
  });
});

describe('stale flows', () => {
  const udp = (endpoints: readonly TestEndpoint[]): Table => tableOf([service('dns', { type: 'NodePort', ports: [{ port: 53, protocol: 'UDP', nodePort: 30053 }] })], [slice('dns', endpoints, { name: '', port: 53, protocol: 'UDP' })]);
  const [a, b] = [{ address: '10.244.1.2' }, { address: '10.244.1.3' }];

  it('are those of UDP endpoints that are gone', () => {
    assert.deepEqual(staleFlows(udp([a, b]), udp([b])), [
      ['--proto', 'udp', '--orig-dst', '10.96.0.10', '--dst-nat', '10.244.1.2'],
      ['--proto', 'udp', '--dport', '30053', '--dst-nat', '10.244.1.2'],
    ]);
  });
  it('are none when endpoints come, or for TCP', () => {
    assert.deepEqual(staleFlows(udp([a]), udp([a, b])), []);
    assert.deepEqual(staleFlows(situations['cluster-address'], situations['empty'] as Table), []);
    assert.deepEqual(staleFlows(undefined, udp([a])), []);
  });
});

describe('host ports', () => {
  const pod = (name: string, created: string, extra: object = {}, port: object = { containerPort: 80, hostPort: 8080 }): Pod => ({
    metadata: { name, namespace: 'default', creationTimestamp: created }, spec: { containers: [{ name: 'c', ports: [port] }], ...extra }, status: { phase: 'Running', podIP: `10.244.1.${name}` },
  }) as unknown as Pod;

  it('belong to the oldest running pod that asked', () => {
    assert.deepEqual(hostPorts([pod('3', '2030-01-02'), pod('2', '2030-01-01')]).map(({ target }) => target.address), ['10.244.1.2']);
  });
  it('are none for pods on the host network, and for those that ended', () => {
    assert.deepEqual(hostPorts([pod('2', '2030-01-01', { hostNetwork: true }), { ...pod('3', '2030-01-01'), status: { phase: 'Succeeded', podIP: '10.244.1.3' } } as Pod]), []);
  });
  it('can be asked of one address', () => {
    assert.match(renderHostPorts(hostPorts([pod('2', '2030-01-01', {}, { containerPort: 80, hostPort: 53, hostIP: '172.30.1.11', protocol: 'UDP' })])), /elements = \{ 172\.30\.1\.11 \. udp \. 53 : 10\.244\.1\.2 \. 80 \}/);
  });
});

describe('updates', () => {
  it('come at once, are then held back, and are tried again after a failure', async () => {
    const runtime = testRuntime();
    const times: number[] = [];
    let fails = 0;
    const loop = new UpdateLoop(runtime, {
      name: 'test', minPeriodMs: 1000,
      update: () => {
        times.push(runtime.clock.monotonic());
        return fails-- > 0 ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    const stop = new AbortController();
    const running = loop.run(stop.signal);
    await runtime.clock.advance(100);
    for (let index = 0; index < 50; index++) loop.mark();
    await runtime.clock.advance(5000);
    assert.deepEqual(times, [10, 1020]);
    fails = 1;
    loop.mark();
    await runtime.clock.advance(5000);
    assert.deepEqual(times, [10, 1020, 5110, 5320]);
    stop.abort();
    await running;
  });
});
