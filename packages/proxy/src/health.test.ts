/** What load balancers are told, as tables, and over real ports of the loopback address. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Node, Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { request } from '@kaji/base/real/http';
import { HealthPorts, openPort, type WantedPort } from './health-server.ts';
import { type HealthAnswer, isHealthy, proxyAnswer, serviceAnswer, servicesHealth } from './health.ts';

/** Objects as a user writes them; the kinds' types know more fields than a test needs. */
const service = (name: string, spec: object): Service => ({ metadata: { name, namespace: 'default' }, spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_500, ...spec } }) as unknown as Service;
const slice = (endpoints: readonly object[], addressType = 'IPv4'): EndpointSlice => ({ metadata: { name: 'web-1' }, addressType, endpoints }) as unknown as EndpointSlice;
const here = (address: string, conditions: object = { ready: true }): object => ({ addresses: [address], nodeName: 'n1', conditions });

describe('the health of services', () => {
  const cases: readonly (readonly [string, object, readonly EndpointSlice[], number | undefined])[] = [
    ['counts the ready endpoints of this node, each address once', {}, [slice([here('10.0.0.1'), here('10.0.0.2'), { ...here('10.0.0.3'), nodeName: 'n2' }]), slice([here('10.0.0.1')])], 2],
    ['no word about readiness means ready', {}, [slice([here('10.0.0.1', {})])], 1],
    ['one that ends does not count, though it serves', {}, [slice([here('10.0.0.1', { ready: false, serving: true, terminating: true })])], 0],
    ['addresses of the other family do not count', {}, [slice([here('fd00::1')], 'IPv6')], 0],
    ['without endpoints it is asked all the same', {}, [], 0],
    ['cluster-wide traffic needs no check', { externalTrafficPolicy: 'Cluster' }, [], undefined],
    ['a node port alone needs none', { type: 'NodePort' }, [], undefined],
    ['without a port of its own there is nothing to ask', { healthCheckNodePort: 0 }, [], undefined],
  ];
  for (const [name, spec, slices, want] of cases) {
    it(name, () => {
      const all = servicesHealth({ services: [service('web', spec)], slicesOf: () => slices, nodeName: 'n1' });
      assert.deepEqual(all, want === undefined ? [] : [{ namespace: 'default', name: 'web', port: 30_500, localEndpoints: want }]);
    });
  }

  it('is told as upstream tells it', () => {
    const answer = serviceAnswer({ namespace: 'default', name: 'web', port: 1, localEndpoints: 2 }, true);
    assert.deepEqual([answer.status, answer.headers['x-load-balancing-endpoint-weight']], [200, '2']);
    assert.equal(answer.body, '{\n\t"service": {\n\t\t"namespace": "default",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2,\n\t"serviceProxyHealthy": true\n}');
    assert.equal(serviceAnswer({ namespace: 'default', name: 'web', port: 1, localEndpoints: 0 }, true).status, 503);
    assert.equal(serviceAnswer({ namespace: 'default', name: 'web', port: 1, localEndpoints: 2 }, false).status, 503);
  });
});

describe('the health of the proxy', () => {
  const node = (spec: object = {}, metadata: object = {}): Node => ({ metadata: { name: 'n1', ...metadata }, spec }) as unknown as Node;
  const fresh = { updatedAtMs: 1000, pendingSinceMs: undefined };
  const late = { updatedAtMs: 1000, pendingSinceMs: 2000 };
  const doomed = node({ taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] });
  const cases: readonly (readonly [string, string, Parameters<typeof proxyAnswer>[1], Node | undefined, number | undefined])[] = [
    ['good when nothing waits', '/healthz', fresh, node(), 200],
    ['good while it starts', '/healthz', { updatedAtMs: undefined, pendingSinceMs: 2000 }, node(), 200],
    ['good when a change waits for less than a minute', '/healthz', { ...late, pendingSinceMs: 41_000 }, node(), 200],
    ['bad when a change waits for a minute', '/healthz', late, node(), 503],
    ['a late one is not alive either', '/livez', late, node(), 503],
    ['a node that is not known takes no traffic', '/healthz', fresh, undefined, 503],
    ['a node that goes takes no traffic', '/healthz', fresh, doomed, 503],
    ['a node that is deleted takes no traffic', '/healthz', fresh, node({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 503],
    ['but its proxy lives', '/livez', fresh, doomed, 200],
    ['other paths are not there', '/', fresh, node(), undefined],
  ];
  for (const [name, path, health, of, want] of cases) it(name, () => { assert.equal(proxyAnswer(path, health, { node: of, nowMs: 100_000 })?.status, want); });

  it('is told with times', () => {
    const at = (ms: number): string => new Date(ms).toISOString();
    assert.deepEqual(JSON.parse(proxyAnswer('/healthz', late, { node: node(), nowMs: 100_000 })?.body ?? ''), {
      lastUpdated: at(1000), currentTime: at(100_000), nodeEligible: true, healthy: false, status: { IPv4: { lastUpdated: at(1000), healthy: false } },
    });
    assert.deepEqual(JSON.parse(proxyAnswer('/livez', fresh, { node: undefined, nowMs: 3000 })?.body ?? ''), {
      lastUpdated: at(3000), currentTime: at(3000), healthy: true, status: { IPv4: { lastUpdated: at(1000), healthy: true } },
    });
    assert.equal(isHealthy(late, 61_999), true);
    assert.equal(isHealthy(late, 62_000), false);
  });
});

describe('ports for health checks', () => {
  const answer = (body: string): HealthAnswer => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
  const get = (port: number, path = '/'): Promise<string> => new Promise((resolve) => {
    request({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => { resolve(`${response.statusCode ?? 0} ${Buffer.concat(chunks).toString()}`); });
    }).on('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? ''); }).end();
  });

  it('open, answer what is true now, and close', async () => {
    await using ports = new HealthPorts(openPort);
    const wanted = (port: number, body: string): WantedPort => ({ name: 'a/b', address: '127.0.0.1', port, answer: (path) => (path === '/' ? answer(body) : undefined) });
    const [first, second] = [await freePort(), await freePort()];
    assert.deepEqual(await ports.sync([wanted(first, 'one')]), []);
    assert.equal(await get(first, '/?x=1'), '200 one');
    assert.equal(await get(first, '/other'), '404 404 page not found\n');
    await ports.sync([wanted(first, 'two')]);
    assert.equal(await get(first), '200 two');
    await ports.sync([wanted(second, 'three')]);
    assert.deepEqual([await get(first), await get(second)], ['ECONNREFUSED', '200 three']);
    await ports.sync([]);
    assert.equal(await get(second), 'ECONNREFUSED');
  });

  it('that are taken are told, and tried again', async () => {
    const port = await freePort();
    const taken = await openPort('127.0.0.1', port, () => answer('other'));
    await using ports = new HealthPorts(openPort);
    const wanted: WantedPort = { name: 'a/b', address: '127.0.0.1', port, answer: () => answer('ours') };
    assert.match(String((await ports.sync([wanted]))[0]?.error), /EADDRINUSE/);
    await taken[Symbol.asyncDispose]();
    assert.deepEqual(await ports.sync([wanted]), []);
    assert.equal(await get(port), '200 ours');
  });

  async function freePort(): Promise<number> {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === 'object' && address !== null ? address.port : 0;
  }
});
