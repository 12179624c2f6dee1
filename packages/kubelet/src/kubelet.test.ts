import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { configmaps, type Container, events, namespaces, nodes, type Pod, pods, serviceaccounts } from '@kaji/api/core/v1';
import { leases } from '@kaji/api/coordination/v1';
import { isReason } from '@kaji/api';
import { testRuntime } from '@kaji/base/testing';
import { type Client, createClient } from '@kaji/client';
import { FakeRuntime, type ImageScript } from '@kaji/cri/testing';
import { simulatedHost, type SimulatedHost } from '@kaji/host/testing';
import { kubeletConfiguration } from './configuration.ts';
import { Kubelet } from './kubelet.ts';

interface World extends AsyncDisposable {
  readonly client: Client;
  readonly cri: FakeRuntime;
  readonly host: SimulatedHost;
  advance(ms: number): Promise<void>;
  /** Ends the kubelet as SIGKILL would: nothing is cleaned up. */
  kill(): Promise<void>;
  start(): Promise<void>;
  create(name: string, spec: Partial<Pod['spec']> & { containers: Container[] }, metadata?: Pod['metadata']): Promise<void>;
  /** Undefined when it does not exist. */
  pod(name: string): Promise<Pod | undefined>;
  /** What was told about a pod, without repeats. */
  told(name: string): Promise<readonly string[]>;
}

const app: ImageScript = {};
const nodeName = 'node-1';

async function world(images: Readonly<Record<string, ImageScript>> = {}): Promise<World> {
  const runtime = testRuntime();
  const { clock } = runtime;
  const server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  const cri = new FakeRuntime(clock, { 'docker.io/library/app:1': app, 'docker.io/library/app:2': app, ...images });
  const host = simulatedHost({ clock });
  let running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  const it: World = {
    client, cri, host,
    advance: (ms) => clock.advance(ms),
    async start() {
      const stop = new AbortController();
      const configuration = kubeletConfiguration({ enableServer: false, staticPodPath: '/etc/kubernetes/manifests', clusterDomain: 'cluster.local', clusterDNS: ['10.96.0.10'] });
      const kubelet = new Kubelet(runtime, { client: createClient(server.transport(), { userAgent: 'kubelet' }), cri, host }, { nodeName, nodeAddresses: ['172.30.0.11'], rootDirectory: '/var/lib/kubelet', configuration });
      running = { stop, ended: kubelet.run(stop.signal) };
      await clock.advance(1500);
    },
    async kill() {
      running?.stop.abort();
      await clock.advance(1);
      await running?.ended;
    },
    async create(name, spec, metadata = {}) {
      const pod: Pod & { apiVersion: string; kind: string } = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', ...metadata }, spec: { nodeName, terminationGracePeriodSeconds: 5, ...spec } };
      await client.create(pods, pod);
    },
    async pod(name) {
      try {
        return await client.get(pods, { namespace: 'default', name });
      } catch (error) {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      }
    },
    async told(name) {
      const { items } = await client.list(events, { namespace: 'default' });
      return [...new Set(items.filter((event) => event.involvedObject.name === name).map((event) => `${event.type} ${event.reason}: ${event.message}`))];
    },
    async [Symbol.asyncDispose]() {
      await it.kill();
      cri.close();
      await server.close();
    },
  };
  await host.files.makeDirectory('/var/lib/kubelet');
  for (const name of ['default', 'kube-node-lease']) await ensure(() => client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} }));
  await ensure(() => client.create(serviceaccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } }));
  await ensure(() => client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: 'default' }, data: { 'ca.crt': 'pem' } }));
  await it.start();
  return it;
}

/** The server may have made it by itself. */
async function ensure(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

const container = (more: Partial<Container> = {}): Container => ({ name: 'app', image: 'app:1', ...more });
const first = (pod: Pod | undefined) => pod?.status?.containerStatuses?.[0];

test('registers the node, keeps its lease, and reports it ready', async () => {
  await using it = await world();
  const node = await it.client.get(nodes, { namespace: '', name: nodeName });
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  assert.deepEqual([ready?.status, ready?.reason], ['True', 'KubeletReady']);
  assert.equal(node.metadata.labels?.['kubernetes.io/hostname'], nodeName);
  const before = await it.client.get(leases, { namespace: 'kube-node-lease', name: nodeName });
  await it.advance(30_000);
  const after = await it.client.get(leases, { namespace: 'kube-node-lease', name: nodeName });
  assert.notEqual(after.spec.renewTime, before.spec.renewTime);
  assert.equal(after.metadata.ownerReferences?.[0]?.name, nodeName);
  it.cri.isNetworkReady = false;
  await it.advance(6000);
  const sick = (await it.client.get(nodes, { namespace: '', name: nodeName })).status?.conditions?.find((condition) => condition.type === 'Ready');
  assert.equal(sick?.status, 'False');
  assert.match(sick?.message ?? '', /container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady/);
});

test('a node that was taken for lost says that it is back', async () => {
  await using it = await world();
  const ready = async () => (await it.client.get(nodes, { namespace: '', name: nodeName })).status?.conditions?.find((condition) => condition.type === 'Ready');
  const conditions = [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }];
  await it.client.patch(nodes, { namespace: '', name: nodeName }, { type: 'strategic', subresource: 'status', body: { status: { conditions } } });
  assert.equal((await ready())?.status, 'Unknown');
  await it.advance(11_000);
  assert.deepEqual([(await ready())?.status, (await ready())?.reason], ['True', 'KubeletReady']);
});

test('a node that was deleted stays away until the kubelet starts anew', async () => {
  await using it = await world();
  await it.client.delete(nodes, { namespace: '', name: nodeName });
  await it.client.delete(leases, { namespace: 'kube-node-lease', name: nodeName });
  await it.advance(60_000);
  assert.deepEqual((await it.client.list(nodes)).items, []);
  assert.deepEqual((await it.client.list(leases, { namespace: 'kube-node-lease' })).items, []);
  await it.kill();
  await it.start();
  assert.equal((await it.client.list(nodes)).items.length, 1);
});

test('a pod whose volume outgrows its limit is evicted', async () => {
  await using it = await world();
  await it.create('p', { containers: [container({ volumeMounts: [{ name: 'work', mountPath: '/work' }] })], volumes: [{ name: 'work', emptyDir: { sizeLimit: '1Ki' } }] });
  await it.advance(1000);
  const uid = (await it.pod('p'))?.metadata.uid ?? '';
  await it.host.files.write(`/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/work/big`, new Uint8Array(2000));
  await it.advance(15_000);
  const { status } = (await it.pod('p')) ?? {};
  assert.deepEqual([status?.phase, status?.reason, status?.message], ['Failed', 'Evicted', 'Usage of EmptyDir volume "work" exceeds the limit "1Ki". ']);
  assert.deepEqual(it.cri.running('app'), []);
  assert.ok((await it.told('p')).includes('Warning Evicted: Usage of EmptyDir volume "work" exceeds the limit "1Ki". '));
});

test('a pod that is over shows the address it had', async () => {
  await using it = await world({ 'docker.io/library/short:1': { exitsAfterMs: 2000 } });
  await it.create('short', { restartPolicy: 'Never', containers: [container({ image: 'short:1' })] });
  await it.advance(1000);
  const address = (await it.pod('short'))?.status?.podIP;
  await it.advance(5000);
  const over = await it.pod('short');
  assert.deepEqual([over?.status?.phase, over?.status?.podIP, typeof address], ['Succeeded', address, 'string']);
});

const endsAtOnce: readonly (readonly [string, ImageScript])[] = [
  ['its event comes before its start is answered', { exitsAfterMs: 0, exitCode: 3 }],
  ['the lists lag behind the event', { exitsAfterMs: 0, exitCode: 3, bookkeepingMs: 100 }],
  ['the lists lag far behind on a busy machine', { exitsAfterMs: 50, exitCode: 3, bookkeepingMs: 3000 }],
];
for (const [name, script] of endsAtOnce) {
  test(`sees a container that ends at once: ${name}`, async () => {
    await using it = await world({ 'docker.io/library/quick:1': script });
    await it.create('quick', { restartPolicy: 'Never', containers: [container({ image: 'quick:1' })] });
    await it.advance(1000 + (script.bookkeepingMs ?? 0));
    const pod = await it.pod('quick');
    assert.deepEqual([pod?.status?.phase, first(pod)?.state?.terminated?.exitCode], ['Failed', 3]);
  });
}

test('runs a pod from its creation to its deletion', async () => {
  await using it = await world();
  await it.create('web', { containers: [container({ command: ['serve', '$(WHO)'], env: [{ name: 'WHO', value: 'me' }] })] });
  await it.advance(1000);
  const pod = await it.pod('web');
  assert.equal(pod?.status?.phase, 'Running');
  assert.equal(pod?.status?.podIP, '10.244.0.2');
  assert.equal(first(pod)?.ready, true);
  const config = [...it.cri.containers.values()][0]?.config;
  assert.deepEqual(config?.command, ['serve', 'me']);
  assert.ok(config?.mounts?.some((mount) => mount.containerPath === '/var/run/secrets/kubernetes.io/serviceaccount' && mount.readonly === true));
  assert.deepEqual(await it.told('web'), [
    'Normal Pulled: Container image "app:1" already present on machine and can be accessed by the pod', 'Normal Created: Container created', 'Normal Started: Container started',
  ]);
  await it.client.delete(pods, { namespace: 'default', name: 'web' });
  await it.advance(3000);
  assert.equal(await it.pod('web'), undefined);
  assert.deepEqual(it.cri.journal, ['run sandbox web', 'start app#0', 'term app#0 grace 5', 'exit app#0 143', 'stop sandbox web', 'remove sandbox web']);
  assert.deepEqual(await it.host.files.list('/var/lib/kubelet/pods'), []);
  assert.deepEqual(await it.host.files.list('/var/lib/kubelet/memory'), []);
});

test('restarts a container that was killed outside, within 300 ms', async () => {
  await using it = await world();
  await it.create('web', { containers: [container()] });
  await it.advance(1000);
  it.cri.kill(it.cri.running('app')[0] ?? '');
  await it.advance(300);
  assert.equal(first(await it.pod('web'))?.restartCount, 1);
  assert.equal(first(await it.pod('web'))?.lastState?.terminated?.exitCode, 137);
});

test('finds out within a minute when events are lost', async () => {
  await using it = await world();
  await it.create('web', { containers: [container()] });
  await it.advance(1000);
  it.cri.cutEvents();
  it.cri.kill(it.cri.running('app')[0] ?? '');
  await it.advance(300);
  assert.equal(first(await it.pod('web'))?.restartCount, 0);
  await it.advance(60_000);
  assert.equal(first(await it.pod('web'))?.restartCount, 1);
});

test('waits longer and longer before the restarts of a container that fails', async () => {
  await using it = await world({ 'docker.io/library/crash:1': { exitsAfterMs: 10, exitCode: 3 } });
  await it.create('crash', { containers: [container({ image: 'crash:1' })] });
  await it.advance(2000);
  const waiting = first(await it.pod('crash'));
  assert.equal(waiting?.state?.waiting?.reason, 'CrashLoopBackOff');
  assert.match(waiting?.state?.waiting?.message ?? '', /^back-off 10s restarting failed container=app pod=crash_default\(/);
  assert.equal(waiting?.restartCount, 1);
  assert.match((await it.told('crash')).at(-1) ?? '', /^Warning BackOff: Back-off restarting failed container app in pod crash_default\(/);
  await it.advance(10_000);
  assert.equal(first(await it.pod('crash'))?.restartCount, 2);
  await it.advance(18_000);
  assert.equal(first(await it.pod('crash'))?.restartCount, 2);
  await it.advance(3000);
  assert.equal(first(await it.pod('crash'))?.restartCount, 3);
});

test('a kubelet that was killed comes back without restarting anything', async () => {
  await using it = await world();
  await it.create('web', { containers: [container({ readinessProbe: { exec: { command: ['ok'] }, periodSeconds: 1 } })] });
  await it.advance(2000);
  const id = first(await it.pod('web'))?.containerID;
  await it.kill();
  await it.start();
  await it.advance(5000);
  const after = await it.pod('web');
  assert.equal(first(after)?.containerID, id);
  assert.equal(first(after)?.ready, true);
  assert.deepEqual(it.cri.journal, ['run sandbox web', 'start app#0']);
});

test('a probe that fails once just after the kubelet came back does not make a ready container unready', async () => {
  let failures = 0;
  await using it = await world({ 'docker.io/library/probed:1': { exec: () => ({ exitCode: failures-- > 0 ? 1 : 0, stdout: 'no' }) } });
  await it.create('web', { containers: [container({ image: 'probed:1', readinessProbe: { exec: { command: ['ready'] }, periodSeconds: 1, failureThreshold: 3 } })] });
  await it.advance(2000);
  const readiness = (pod: Awaited<ReturnType<typeof it.pod>>) => pod?.status?.conditions?.find(({ type }) => type === 'Ready');
  const before = readiness(await it.pod('web'));
  assert.equal(before?.status, 'True');
  await it.kill();
  failures = 1;
  await it.start();
  await it.advance(5000);
  assert.ok((await it.told('web')).includes('Warning Unhealthy: Readiness probe failed: no'));
  assert.deepEqual(readiness(await it.pod('web')), before);
});

test('ends pods that were deleted while it was away', async () => {
  await using it = await world();
  await it.create('web', { containers: [container()] });
  await it.advance(1000);
  await it.kill();
  await it.client.delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 0 });
  await it.start();
  await it.advance(60_000);
  assert.equal(it.cri.sandboxes.size, 0);
  assert.deepEqual(await it.host.files.list('/var/lib/kubelet/pods'), []);
});

test('shows why an image is not there, and goes on once it is', async () => {
  await using it = await world();
  await it.create('web', { containers: [container({ image: 'none:1' })] });
  await it.advance(3000);
  const status = first(await it.pod('web'));
  assert.equal(status?.state?.waiting?.reason, 'ImagePullBackOff');
  assert.match(status?.state?.waiting?.message ?? '', /^Back-off pulling image "none:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io\/library\/none:1": not found$/);
  assert.equal((await it.pod('web'))?.status?.phase, 'Pending');
  it.cri.addImage('docker.io/library/none:1', {});
  await it.advance(15_000);
  assert.equal((await it.pod('web'))?.status?.phase, 'Running');
});

test('waits for a ConfigMap, and follows its changes', async () => {
  await using it = await world();
  const volumes = [{ name: 'v', configMap: { name: 'later' } }];
  await it.create('web', { volumes, containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })] });
  await it.advance(2000);
  assert.ok((await it.told('web')).includes('Warning FailedMount: MountVolume.SetUp failed for volume "v" : configmap "later" not found'));
  await it.client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later', namespace: 'default' }, data: { key: 'one', gone: 'x' } });
  await it.advance(1000);
  const pod = await it.pod('web');
  assert.equal(pod?.status?.phase, 'Running');
  const directory = `/var/lib/kubelet/pods/${pod?.metadata.uid ?? ''}/volumes/kubernetes.io~configmap/v`;
  const read = async (): Promise<string | undefined> => it.host.files.readText(`${directory}/${(await it.host.files.readLink(`${directory}/..data`)) ?? ''}/key`);
  assert.equal(await read(), 'one');
  await it.client.patch(configmaps, { namespace: 'default', name: 'later' }, { type: 'merge', body: { data: { key: 'two', gone: undefined } } });
  await it.advance(500);
  assert.equal(await read(), 'two');
});

test('labels in files follow the pod', async () => {
  await using it = await world();
  const volumes = [{ name: 'me', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }];
  await it.create('web', { volumes, containers: [container({ volumeMounts: [{ name: 'me', mountPath: '/me' }] })] }, { labels: { colour: 'red' } });
  await it.advance(1000);
  const directory = `/var/lib/kubelet/pods/${(await it.pod('web'))?.metadata.uid ?? ''}/volumes/kubernetes.io~downward-api/me`;
  const read = async (): Promise<string | undefined> => it.host.files.readText(`${directory}/${(await it.host.files.readLink(`${directory}/..data`)) ?? ''}/labels`);
  assert.equal(await read(), 'colour="red"');
  await it.client.patch(pods, { namespace: 'default', name: 'web' }, { type: 'merge', body: { metadata: { labels: { colour: 'blue' } } } });
  await it.advance(500);
  assert.equal(await read(), 'colour="blue"');
});

test('a missing reference in a variable is shown, and the container starts once it is there', async () => {
  await using it = await world();
  await it.create('web', { containers: [container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'later', key: 'a' } } }] })] });
  await it.advance(2000);
  const waiting = first(await it.pod('web'))?.state?.waiting;
  assert.deepEqual([waiting?.reason, waiting?.message], ['CreateContainerConfigError', 'configmap "later" not found']);
  await it.client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later', namespace: 'default' }, data: { a: '1' } });
  await it.advance(1000);
  assert.equal((await it.pod('web'))?.status?.phase, 'Running');
});

test('a liveness probe that fails restarts the container; a readiness probe only takes it out', async () => {
  let isAlive = true;
  let isReady = true;
  const exec: NonNullable<ImageScript['exec']> = ([command]) => ({ exitCode: (command === 'live' ? isAlive : isReady) ? 0 : 1, stdout: 'no' });
  await using it = await world({ 'docker.io/library/probed:1': { exec } });
  const probe = (command: string) => ({ exec: { command: [command] }, periodSeconds: 1, failureThreshold: 2 });
  await it.create('web', { containers: [container({ image: 'probed:1', livenessProbe: probe('live'), readinessProbe: probe('ready') })] });
  await it.advance(2000);
  assert.equal(first(await it.pod('web'))?.ready, true);
  isReady = false;
  await it.advance(3000);
  assert.equal(first(await it.pod('web'))?.ready, false);
  assert.equal(first(await it.pod('web'))?.restartCount, 0);
  isReady = true;
  isAlive = false;
  await it.advance(2500);
  isAlive = true;
  await it.advance(3000);
  assert.equal(first(await it.pod('web'))?.restartCount, 1);
  const told = await it.told('web');
  assert.ok(told.includes('Warning Unhealthy: Readiness probe failed: no'));
  assert.ok(told.includes('Normal Killing: Container app failed liveness probe, will be restarted'));
});

test('SIGKILL comes when the grace is over, and a preStop hook is part of it', async () => {
  const commands: string[] = [];
  const exec: NonNullable<ImageScript['exec']> = (command) => { commands.push(command.join(' ')); return { exitCode: 0 }; };
  await using it = await world({ 'docker.io/library/stubborn:1': { ignoresTerm: true, exec } });
  await it.create('web', { containers: [container({ image: 'stubborn:1', lifecycle: { preStop: { exec: { command: ['say', 'bye'] } } } })] });
  await it.advance(1000);
  await it.client.delete(pods, { namespace: 'default', name: 'web' });
  await it.advance(4500);
  assert.deepEqual(commands, ['say bye']);
  assert.equal(it.cri.running('app').length, 1);
  await it.advance(2000);
  assert.equal(it.cri.running('app').length, 0);
  assert.equal(await it.pod('web'), undefined);
});

test('a sandbox that ends is made anew, and the API shows its address alone', async () => {
  await using it = await world();
  await it.create('web', { containers: [container()] });
  await it.advance(1000);
  assert.equal((await it.pod('web'))?.status?.podIP, '10.244.0.2');
  await it.cri.stopSandbox([...it.cri.sandboxes.keys()][0] ?? '');
  await it.advance(1000);
  const status = (await it.pod('web'))?.status;
  assert.deepEqual([status?.podIP, status?.podIPs], ['10.244.0.3', [{ ip: '10.244.0.3' }]]);
  assert.equal(status?.containerStatuses?.[0]?.restartCount, 1);
});

test('a static pod runs without the API, and has a mirror in it', async () => {
  await using it = await world();
  const manifest = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  terminationGracePeriodSeconds: 1\n  containers:\n  - name: app\n    image: ${image}\n`;
  await it.host.files.makeDirectory('/etc/kubernetes/manifests');
  await it.host.files.write('/etc/kubernetes/manifests/web.yaml', manifest('app:1'));
  await it.advance(25_000);
  const mirror = await it.pod('web-node-1');
  assert.equal(mirror?.status?.phase, 'Running');
  assert.equal(mirror?.metadata.annotations?.['kubernetes.io/config.source'], 'file');
  assert.equal(mirror?.metadata.ownerReferences?.[0]?.kind, 'Node');
  await it.client.delete(pods, { namespace: 'default', name: 'web-node-1' }, { gracePeriodSeconds: 0 });
  await it.advance(2000);
  assert.equal((await it.pod('web-node-1'))?.status?.phase, 'Running');
  assert.equal(it.cri.running('app').length, 1);
  await it.host.files.write('/etc/kubernetes/manifests/web.yaml', manifest('app:2'));
  await it.advance(25_000);
  assert.equal((await it.pod('web-node-1'))?.spec.containers[0]?.image, 'app:2');
  await it.host.files.remove('/etc/kubernetes/manifests/web.yaml');
  await it.advance(25_000);
  assert.equal(await it.pod('web-node-1'), undefined);
  assert.equal(it.cri.sandboxes.size, 0);
});

test('a mirror whose manifest went while the kubelet was away goes, too', async () => {
  await using it = await world();
  await it.host.files.makeDirectory('/etc/kubernetes/manifests');
  await it.host.files.write('/etc/kubernetes/manifests/web.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  terminationGracePeriodSeconds: 1\n  containers:\n  - name: app\n    image: app:1\n');
  await it.advance(25_000);
  assert.equal((await it.pod('web-node-1'))?.status?.phase, 'Running');
  await it.kill();
  await it.host.files.remove('/etc/kubernetes/manifests/web.yaml');
  await it.start();
  await it.advance(60_000);
  assert.equal(await it.pod('web-node-1'), undefined);
  assert.equal(it.cri.sandboxes.size, 0);
});

test('a pod that asks for more than the node has is refused', async () => {
  await using it = await world();
  await it.create('big', { containers: [container({ resources: { requests: { cpu: '1000' } } })] });
  await it.advance(1000);
  const status = (await it.pod('big'))?.status;
  assert.deepEqual([status?.phase, status?.reason], ['Failed', 'OutOfcpu']);
  assert.match(status?.message ?? '', /^Pod was rejected: Node didn't have enough resource: cpu, requested: 1000000, used: 0, capacity: /);
});
