import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { type ApiObject, isReason, type Resource } from '@kaji/api';
import { controllerrevisions, daemonsets, type Deployment, deployments, replicasets, statefulsets } from '@kaji/api/apps/v1';
import { cronjobs, jobs } from '@kaji/api/batch/v1';
import { leases } from '@kaji/api/coordination/v1';
import { configmaps, endpoints, namespaces, nodes, persistentvolumeclaims, pods, secrets, serviceaccounts, services } from '@kaji/api/core/v1';
import { type PodDisruptionBudget, poddisruptionbudgets } from '@kaji/api/policy/v1';
import { endpointslices } from '@kaji/api/discovery/v1';
import { type Runtime, Scope, sleep, type VirtualClock } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { testRuntime } from '@kaji/base/testing';
import { type Client, createClient, type Key } from '@kaji/client';
import { runControllers } from '@kaji/controllers';

interface World {
  readonly client: Client;
  readonly runtime: Runtime;
  /** Waits, with the time limit of the test, until the claim holds. */
  until(claim: () => Promise<boolean>): Promise<void>;
}

async function withControllers(runtime: Runtime, use: (world: World) => Promise<void>): Promise<void> {
  await using server = await startTestServer({ runtime });
  await using scope = new Scope();
  const manager = createClient(server.transport(), { userAgent: 'kube-controller-manager' });
  scope.run('controllers', (signal) => runControllers(runtime, { client: manager }, { clusterCidr: '10.244.0.0/16', nodeCidrMaskSize: 24, authorityPem: 'the authority', leaderElection: undefined }, signal));
  const until = async (claim: () => Promise<boolean>): Promise<void> => { while (!(await claim())) await sleep(runtime.clock, 20); };
  await use({ client: createClient(server.transport(), { userAgent: 'kubectl' }), runtime, until });
}

const real = (name: string, use: (world: World) => Promise<void>): void => {
  test(name, { timeout: 20_000 }, () => withControllers(realRuntime('error'), use));
};

const isGone = async <T extends ApiObject>(client: Client, resource: Resource<T>, key: Key): Promise<boolean> => {
  try {
    await client.get(resource, key);
    return false;
  } catch (error) {
    if (isReason(error, 'NotFound')) return true;
    throw error;
  }
};

const at = (name: string, namespace = 'default'): Key => ({ namespace, name });
const deployment = (replicas: number, type: 'RollingUpdate' | 'Recreate' = 'RollingUpdate'): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, strategy: { type }, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 8080 }] }] } } },
});
const createDeployment = (client: Client, object: Deployment): Promise<unknown> => client.create(deployments, object);

const podsOf = async (client: Client, image?: string): Promise<readonly string[]> => (await client.list(pods, { namespace: 'default' })).items.filter(({ spec }) => image === undefined || spec.containers[0]?.image === image).map(({ metadata }) => metadata.name ?? '');

/** What a kubelet would say of a pod. */
const makeReady = (client: Client, name: string, podIP: string): Promise<unknown> => client.patch(pods, at(name), {
  type: 'strategic', subresource: 'status', body: { status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] } },
});

real('a new namespace gets its account and the cluster\'s certificate, and goes with all that is in it', async ({ client, until }) => {
  await client.create(namespaces, { metadata: { name: 'team' }, spec: {} });
  await until(async () => !(await isGone(client, serviceaccounts, at('default', 'team'))) && !(await isGone(client, configmaps, at('kube-root-ca.crt', 'team'))));
  assert.equal((await client.get(configmaps, at('kube-root-ca.crt', 'team'))).data?.['ca.crt'], 'the authority');
  await client.create(secrets, { metadata: { name: 's', namespace: 'team' } });
  await client.delete(namespaces, at('team', ''));
  await until(() => isGone(client, namespaces, at('team', '')));
});

real('a namespace waits for a finalizer, and says for which', async ({ client, until }) => {
  await client.create(namespaces, { metadata: { name: 'team' }, spec: {} });
  await client.create(configmaps, { metadata: { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] } });
  await client.delete(namespaces, at('team', ''));
  await until(async () => (await client.get(namespaces, at('team', ''))).status?.conditions?.some(({ type, status, message }) => type === 'NamespaceFinalizersRemaining' && status === 'True' && message === 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances') === true);
  await client.patch(configmaps, at('held', 'team'), { type: 'merge', body: { metadata: { finalizers: null } } });
  await until(() => isGone(client, namespaces, at('team', '')));
});

real('deleting a Deployment in the background takes its sets and pods along', async ({ client, until }) => {
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  await client.delete(deployments, at('web'), { propagationPolicy: 'Background' });
  await until(async () => (await podsOf(client)).length === 0 && (await client.list(replicasets, { namespace: 'default' })).items.length === 0);
});

real('deleting a Deployment in the foreground, it goes last', async ({ client, until }) => {
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  await client.delete(deployments, at('web'), { propagationPolicy: 'Foreground' });
  await until(() => isGone(client, deployments, at('web')));
  assert.deepEqual([await podsOf(client), (await client.list(replicasets, { namespace: 'default' })).items.length], [[], 0]);
});

real('deleting a Deployment with orphans leaves its set, which a new one of the same name takes in', async ({ client, until }) => {
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  const before = await podsOf(client);
  await client.delete(deployments, at('web'), { propagationPolicy: 'Orphan' });
  await until(async () => (await client.list(replicasets, { namespace: 'default' })).items[0]?.metadata.ownerReferences === undefined);
  await createDeployment(client, deployment(2));
  await until(async () => (await client.list(replicasets, { namespace: 'default' })).items[0]?.metadata.ownerReferences?.[0]?.name === 'web');
  assert.deepEqual(await podsOf(client), before);
});

real('what names an owner that never was is removed', async ({ client, until }) => {
  await client.create(configmaps, { metadata: { name: 'lost', namespace: 'default', ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 'none', uid: '00000000-0000-4000-8000-000000000000' }] } });
  await until(() => isGone(client, configmaps, at('lost')));
});

real('objects that own each other in a circle go when one of them is deleted in the foreground', async ({ client, until }) => {
  const make = (name: string): Promise<ApiObject> => client.create(configmaps, { metadata: { name, namespace: 'default' } });
  const [first, second, third] = await Promise.all([make('first'), make('second'), make('third')]);
  const own = (name: string, { metadata }: ApiObject): Promise<unknown> => client.patch(configmaps, at(name), {
    type: 'merge', body: { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }] } },
  });
  await own('first', third);
  await own('second', first);
  await own('third', second);
  await client.delete(configmaps, at('first'), { propagationPolicy: 'Foreground' });
  for (const name of ['first', 'second', 'third']) await until(() => isGone(client, configmaps, at(name)));
});

real('a Deployment counts on from the revision of a set it takes in, however large', async ({ client, until }) => {
  const { metadata, spec } = deployment(1);
  const labels = { app: 'web', old: 'yes' };
  await client.create(replicasets, { metadata: { ...metadata, name: 'former', labels, annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' } }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { ...spec.template, metadata: { labels } } } });
  await createDeployment(client, deployment(1));
  await until(async () => (await client.get(deployments, at('web'))).metadata.annotations?.['deployment.kubernetes.io/revision'] === '3546343826724305833');
});

real('recreation makes no new pod before the last old one is gone', async ({ client, until }) => {
  await client.create(nodes, { metadata: { name: 'node-1' }, spec: {} });
  const bound = deployment(2, 'Recreate');
  await createDeployment(client, { ...bound, spec: { ...bound.spec, template: { ...bound.spec.template, spec: { containers: [{ name: 'web', image: 'web:1' }], nodeName: 'node-1' } } } });
  await until(async () => (await podsOf(client)).length === 2);
  await client.patch(deployments, at('web'), { type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } } });
  await until(async () => (await client.list(pods, { namespace: 'default' })).items.every(({ metadata }) => metadata.deletionTimestamp !== undefined));
  const [first = '', second = ''] = await podsOf(client);
  // What a kubelet does in the end.
  const finish = (name: string): Promise<void> => client.delete(pods, at(name), { gracePeriodSeconds: 0 });
  await finish(first);
  await until(async () => (await client.get(deployments, at('web'))).status?.terminatingReplicas === 1);
  assert.deepEqual(await podsOf(client, 'web:2'), []);
  await finish(second);
  await until(async () => (await podsOf(client, 'web:2')).length === 2);
});

real('a rollout that fails is undone to the former template under a new revision', async ({ client, until }) => {
  await createDeployment(client, deployment(1));
  await until(async () => (await podsOf(client)).length === 1);
  await makeReady(client, (await podsOf(client))[0] ?? '', '10.244.0.1');
  const setImage = (image: string): Promise<unknown> => client.patch(deployments, at('web'), { type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } } });
  const revisions = async (): Promise<Readonly<Record<string, string>>> => Object.fromEntries((await client.list(replicasets, { namespace: 'default' })).items.map(({ metadata, spec }) => [spec.template?.spec?.containers[0]?.image ?? '', metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '']));
  await setImage('web:broken');
  await until(async () => (await revisions())['web:broken'] === '2');
  await setImage('web:1');
  await until(async () => (await revisions())['web:1'] === '3');
  await until(async () => (await podsOf(client, 'web:broken')).length === 0);
  const [kept] = (await client.list(replicasets, { namespace: 'default', labelSelector: 'app=web' })).items.filter(({ spec }) => spec.template?.spec?.containers[0]?.image === 'web:1');
  assert.equal(kept?.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
});

real('a pod that loses its label is let go and replaced; one that is taken in is counted', async ({ client, until }) => {
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  const [first = ''] = await podsOf(client);
  await client.patch(pods, at(first), { type: 'merge', body: { metadata: { labels: { app: 'debug' } } } });
  await until(async () => (await podsOf(client)).length === 3 && (await client.get(pods, at(first))).metadata.ownerReferences === undefined);
  await client.patch(pods, at(first), { type: 'merge', body: { metadata: { labels: { app: 'web' } } } });
  await until(async () => (await podsOf(client)).length === 2);
});

real('a Service\'s endpoints follow its pods as they become ready and go', async ({ client, until }) => {
  await client.create(services, { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } });
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  const ready = async (): Promise<readonly string[]> => (await client.list(endpointslices, { namespace: 'default', labelSelector: 'kubernetes.io/service-name=web' })).items.flatMap((slice) => slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready === true).flatMap(({ addresses }) => addresses).toSorted();
  for (const [index, name] of (await podsOf(client)).entries()) await makeReady(client, name, `10.244.0.${index + 1}`);
  await until(async () => (await ready()).length === 2);
  assert.deepEqual(await ready(), ['10.244.0.1', '10.244.0.2']);
  await until(async () => (await client.get(endpoints, at('web'))).subsets?.[0]?.addresses?.length === 2);
  await client.patch(deployments, at('web'), { type: 'merge', body: { spec: { replicas: 1 } } });
  await until(async () => (await ready()).length === 1);
});

real('evictions stop where a budget ends, and go on when there are pods again', async ({ client, until }) => {
  await client.create(poddisruptionbudgets, { metadata: { name: 'web', namespace: 'default' }, spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } } });
  await createDeployment(client, deployment(2));
  await until(async () => (await podsOf(client)).length === 2);
  for (const [index, name] of (await podsOf(client)).entries()) await makeReady(client, name, `10.244.0.${index + 1}`);
  const budget = async (): Promise<PodDisruptionBudget['status']> => (await client.get(poddisruptionbudgets, at('web'))).status;
  await until(async () => (await budget())?.disruptionsAllowed === 1);
  const [first = '', second = ''] = await podsOf(client);
  const evict = (name: string): Promise<unknown> => client.post(pods, at(name), 'eviction', { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } });
  await evict(first);
  await assert.rejects(evict(second), { code: 429, message: 'Cannot evict pod as it would violate the pod\'s disruption budget.' });
  await until(async () => (await podsOf(client)).length === 2 && (await budget())?.currentHealthy === 1);
  const replacement = (await podsOf(client)).find((name) => name !== second) ?? '';
  await makeReady(client, replacement, '10.244.0.3');
  await until(async () => (await budget())?.disruptionsAllowed === 1);
  await evict(second);
});

real('a Job runs its pods to their end, counts each once, and takes them along when it goes', async ({ client, until }) => {
  await client.create(jobs, { metadata: { name: 'work', namespace: 'default' }, spec: { parallelism: 2, completions: 3, template: { spec: { containers: [{ name: 'work', image: 'work:1' }], restartPolicy: 'Never' } } } });
  const finished = new Set<string>();
  await until(async () => {
    for (const name of await podsOf(client)) {
      if (finished.has(name)) continue;
      finished.add(name);
      await client.patch(pods, at(name), { type: 'strategic', subresource: 'status', body: { status: { phase: 'Succeeded' } } });
    }
    return (await client.get(jobs, at('work'))).status?.conditions?.some(({ type, status }) => type === 'Complete' && status === 'True') === true;
  });
  const { status } = await client.get(jobs, at('work'));
  assert.deepEqual([finished.size, status?.succeeded, status?.failed, status?.active], [3, 3, undefined, undefined]);
  await until(async () => (await client.list(pods, { namespace: 'default' })).items.every(({ metadata }) => metadata.finalizers === undefined));
  await client.delete(jobs, at('work'), { propagationPolicy: 'Foreground' });
  await until(async () => (await podsOf(client)).length === 0 && await isGone(client, jobs, at('work')));
});

real('the pods that an orphaned Job leaves behind can be deleted', async ({ client, until }) => {
  await client.create(jobs, { metadata: { name: 'work', namespace: 'default' }, spec: { template: { spec: { containers: [{ name: 'work', image: 'work:1' }], restartPolicy: 'Never' } } } });
  await until(async () => (await podsOf(client)).length === 1);
  await client.delete(jobs, at('work'), { propagationPolicy: 'Orphan' });
  await until(async () => (await client.list(pods, { namespace: 'default' })).items.every(({ metadata }) => metadata.finalizers === undefined && metadata.ownerReferences === undefined));
  await client.delete(pods, at((await podsOf(client))[0] ?? ''));
  await until(async () => (await podsOf(client)).length === 0);
});

real('a DaemonSet has a pod for each node, rolls a new template out, and remembers the old one', async ({ client, until }) => {
  for (const name of ['node-1', 'node-2']) await client.create(nodes, { metadata: { name }, spec: {} });
  const template = (image: string) => ({ metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image }] } });
  await client.create(daemonsets, { metadata: { name: 'agent', namespace: 'default' }, spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent:1') } });
  /** What the scheduler and the kubelets would do. */
  const serve = async (): Promise<void> => {
    for (const { metadata: { name = '', deletionTimestamp }, spec, status } of (await client.list(pods, { namespace: 'default' })).items) {
      const wanted = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? '';
      if (deletionTimestamp !== undefined) await client.delete(pods, at(name), { gracePeriodSeconds: 0 });
      else if (spec.nodeName === undefined) await client.post(pods, at(name), 'binding', { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace: 'default' }, target: { kind: 'Node', name: wanted } });
      else if (status?.phase !== 'Running') await makeReady(client, name, '10.244.0.1');
    }
  };
  const has = (available: number, updated: number) => async (): Promise<boolean> => {
    await serve();
    const { metadata, status } = await client.get(daemonsets, at('agent'));
    return status?.observedGeneration === metadata.generation && status?.numberAvailable === available && status.updatedNumberScheduled === updated;
  };
  await until(has(2, 2));
  assert.deepEqual((await client.list(pods, { namespace: 'default' })).items.map(({ spec }) => spec.nodeName).sort(), ['node-1', 'node-2']);
  await client.patch(daemonsets, at('agent'), { type: 'strategic', body: { spec: { template: template('agent:2') } } });
  await until(has(2, 2));
  assert.deepEqual((await podsOf(client, 'agent:1')), []);
  assert.deepEqual((await client.list(controllerrevisions, { namespace: 'default' })).items.map(({ revision }) => revision).sort(), [1, 2]);
  await client.create(nodes, { metadata: { name: 'node-3' }, spec: {} });
  await until(has(3, 3));
  await client.delete(nodes, at('node-3', ''));
  await until(async () => (await client.get(daemonsets, at('agent'))).status?.desiredNumberScheduled === 2);
});

real('a revision that somebody adds stays beside the DaemonSet\'s own, and takes its place when that goes', async ({ client, until }) => {
  await client.create(daemonsets, { metadata: { name: 'agent', namespace: 'default' }, spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } } } });
  const names = async (): Promise<string> => (await client.list(controllerrevisions, { namespace: 'default' })).items.map(({ metadata }) => metadata.name ?? '').join();
  await until(async () => (await client.get(daemonsets, at('agent'))).status?.observedGeneration === 1 && (await names()) !== '');
  const own = (await client.list(controllerrevisions, { namespace: 'default' })).items[0];
  assert.ok(own?.metadata !== undefined);
  const { labels, ownerReferences } = own.metadata;
  const added = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'agent-added', namespace: 'default', labels: { ...labels, 'controller-revision-hash': 'added' }, ownerReferences }, data: own.data, revision: 2 };
  await client.create(controllerrevisions, added);
  // The controller has seen the added one when it acts on what came after it.
  await client.create(daemonsets, { metadata: { name: 'later', namespace: 'default' }, spec: { selector: { matchLabels: { app: 'later' } }, template: { metadata: { labels: { app: 'later' } }, spec: { containers: [{ name: 'later', image: 'later:1' }] } } } });
  await until(async () => (await client.get(daemonsets, at('later'))).status?.observedGeneration === 1);
  assert.match(await names(), new RegExp(`${own.metadata.name ?? ''},agent-added,later-|agent-added,${own.metadata.name ?? ''},later-`));
  await client.delete(controllerrevisions, at(own.metadata.name ?? ''));
  // What nobody owns is taken in: it is a duplicate of the one that counts, and goes.
  await client.create(controllerrevisions, { ...added, metadata: { ...added.metadata, name: 'agent-orphan', ownerReferences: [] }, revision: 1 });
  await until(async () => /^agent-added,later-\w+$/.test(await names()));
});

real('a StatefulSet makes its pods in order, with claims that stay, and rolls out from the last', async ({ client, until }) => {
  const template = (image: string) => ({ metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } });
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } } }];
  await client.create(statefulsets, { metadata: { name: 'db', namespace: 'default' }, spec: { replicas: 2, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: template('db:1'), volumeClaimTemplates } });
  const order: string[] = [];
  const has = (image: string) => async (): Promise<boolean> => {
    for (const { metadata: { name = '', uid = '', deletionTimestamp }, status } of (await client.list(pods, { namespace: 'default' })).items) {
      // A pod that goes and was never bound is removed by the garbage collector of pods.
      if (deletionTimestamp === undefined && status?.phase !== 'Running') {
        order.push(name);
        await makeReady(client, name, '10.244.0.1');
      }
      assert.notEqual(uid, '');
    }
    const { metadata, spec, status } = await client.get(statefulsets, at('db'));
    return status?.observedGeneration === metadata.generation && status?.readyReplicas === spec.replicas && status?.currentRevision === status?.updateRevision && (await podsOf(client, image)).length === spec.replicas;
  };
  await until(has('db:1'));
  assert.deepEqual(order, ['db-0', 'db-1']);
  await client.patch(statefulsets, at('db'), { type: 'strategic', body: { spec: { template: template('db:2') } } });
  await until(has('db:2'));
  assert.deepEqual(order, ['db-0', 'db-1', 'db-1', 'db-0']);
  await client.patch(statefulsets, at('db'), { type: 'merge', body: { spec: { replicas: 1 } } });
  await until(async () => (await has('db:2')()) && (await podsOf(client)).length === 1);
  assert.deepEqual((await client.list(persistentvolumeclaims, { namespace: 'default' })).items.map(({ metadata }) => metadata.name), ['data-db-0', 'data-db-1']);
});

real('nodes get a part of the pod range each, and keep it', async ({ client, until }) => {
  for (const name of ['node-1', 'node-2']) await client.create(nodes, { metadata: { name }, spec: {} });
  const ranges = async (): Promise<readonly string[]> => (await client.list(nodes)).items.map(({ spec }) => spec.podCIDR ?? '');
  await until(async () => (await ranges()).every((range) => range !== ''));
  assert.deepEqual((await ranges()).toSorted(), ['10.244.0.0/24', '10.244.1.0/24']);
});

test('a node that stays silent is Unknown after its grace, tainted, and its pods leave when their toleration ends', { timeout: 30_000 }, async () => {
  const runtime = testRuntime();
  const clock: VirtualClock = runtime.clock;
  const started = clock.now();
  let isDone = false;
  // The clock is driven from outside: whatever waits below waits for it.
  const drive = (async () => { while (!isDone) await clock.advance(1000); })();
  try {
    await withControllers(runtime, async ({ client }) => {
      const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
      // The only node of a cluster would keep its pods: then it is the controller who cannot see it.
      await client.create(nodes, { metadata: { name: 'node-2' }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: time(clock.now()), lastTransitionTime: time(clock.now()) }] } });
      const beat = async (): Promise<void> => { await client.patch(nodes, at('node-2', ''), { type: 'strategic', subresource: 'status', body: { status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: time(clock.now()) }] } } }); };
      await client.create(leases, { metadata: { name: 'node-1', namespace: 'kube-node-lease' }, spec: { holderIdentity: 'node-1', leaseDurationSeconds: 40, renewTime: time(clock.now()).replace('Z', '.000000Z') } });
      await client.create(nodes, { metadata: { name: 'node-1' }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: time(clock.now()), lastTransitionTime: time(clock.now()) }] } });
      await client.create(pods, { metadata: { name: 'p', namespace: 'default' }, spec: { nodeName: 'node-1', terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'i' }] } });
      const condition = async (): Promise<{ readonly status: string; readonly reason?: string | undefined } | undefined> => (await client.get(nodes, at('node-1', ''))).status?.conditions?.find(({ type }) => type === 'Ready');
      const until = async (claim: () => Promise<boolean>): Promise<void> => {
        while (!(await claim())) {
          await sleep(clock, 5000);
          await beat();
        }
      };
      await until(async () => (await condition())?.status === 'Unknown');
      assert.ok(clock.now() - started >= 50_000, 'not before its grace of 50 s');
      assert.equal((await condition())?.reason, 'NodeStatusUnknown');
      await until(async () => (await client.get(nodes, at('node-1', ''))).spec.taints?.some(({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute') === true);
      const taintedAtMs = clock.now();
      await until(() => isGone(client, pods, at('p')));
      assert.ok(clock.now() - taintedAtMs >= 290_000, 'DefaultTolerationSeconds gives five minutes');
      assert.deepEqual((await client.get(nodes, at('node-2', ''))).spec.taints ?? [], []);
    });
  } finally {
    isDone = true;
    await drive;
  }
});

test('a CronJob begins a Job at each of its times, keeps three, and forgets Jobs whose time is over', { timeout: 30_000 }, async () => {
  const runtime = testRuntime();
  const { clock } = runtime;
  let isDone = false;
  const drive = (async () => { while (!isDone) await clock.advance(1000); })();
  try {
    await withControllers(runtime, async ({ client }) => {
      const jobTemplate = { spec: { template: { spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' as const } } } };
      await client.create(cronjobs, { metadata: { name: 'tick', namespace: 'default' }, spec: { schedule: '*/10 * * * *', jobTemplate } });
      const begun = new Set<string>();
      const finished = new Set<string>();
      const startedAtMs = clock.now();
      while (begun.size < 6) {
        await sleep(clock, 20_000);
        for (const { metadata: { name = '' } } of (await client.list(jobs, { namespace: 'default' })).items) begun.add(name);
        for (const name of await podsOf(client)) {
          if (finished.has(name)) continue;
          finished.add(name);
          await client.patch(pods, at(name), { type: 'strategic', subresource: 'status', body: { status: { phase: 'Succeeded' } } });
        }
      }
      const minutes = (clock.now() - startedAtMs) / 60_000;
      assert.ok(minutes > 50 && minutes < 62, `six runs took ${minutes} minutes`);
      await sleep(clock, 60_000);
      const { items } = await client.list(jobs, { namespace: 'default' });
      assert.ok(items.length <= 4, `${items.length} Jobs are left`);
      assert.notEqual((await client.get(cronjobs, at('tick'))).status?.lastSuccessfulTime, undefined);
      const [newest] = items.toReversed();
      await client.patch(cronjobs, at('tick'), { type: 'merge', body: { spec: { suspend: true } } });
      await client.patch(jobs, at(newest?.metadata.name ?? ''), { type: 'merge', body: { spec: { ttlSecondsAfterFinished: 30 } } });
      while (!(await isGone(client, jobs, at(newest?.metadata.name ?? '')))) await sleep(clock, 10_000);
    });
  } finally {
    isDone = true;
    await drive;
  }
});
