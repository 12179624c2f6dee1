import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { deployments, replicasets } from '@kaji/api/apps/v1';
import { configmaps, events, namespaces, nodes, pods, secrets } from '@kaji/api/core/v1';
import { roles, rolebindings } from '@kaji/api/rbac/v1';
import { createClient } from '@kaji/client';
import { HttpsTransport, transportFromKubeconfig } from '@kaji/client/http';
import { realRuntime } from '@kaji/base/real';
import { isReason, startCluster, VirtualClock, WaitTimeout } from './index.ts';

const at = (name: string, namespace = 'default') => ({ namespace, name });
const pod = (name: string) => ({ metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'main', image: 'main:1' }] } });
const deployment = (image: string) => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } } },
});

test('the API alone stores a pod that has no account to run as, and starts nothing', async () => {
  await using cluster = await startCluster();
  const created = await cluster.client.create(pods, pod('a'));
  assert.equal(created.status?.phase, 'Pending');
  await cluster.client.create(deployments, deployment('web:1'));
  assert.equal((await cluster.client.list(pods)).items.length, 1);
});

test('with controllers a Deployment gets its pods and a namespace its end', { timeout: 20_000 }, async () => {
  await using cluster = await startCluster({ controllers: true, scheduler: true });
  await cluster.client.create(nodes, { metadata: { name: 'node-1' }, spec: {}, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: new Date().toISOString().replace(/\.\d+/, '') }] } });
  await cluster.client.create(deployments, deployment('web:1'));
  await cluster.waitForAll({ resource: pods, namespace: 'default', labelSelector: 'app=web' }, (all) => all.length === 2 && all.every(({ spec }) => spec.nodeName === 'node-1'));
  await cluster.client.create(namespaces, { metadata: { name: 'team' }, spec: {} });
  await cluster.client.create(secrets, { metadata: { name: 's', namespace: 'team' } });
  await cluster.client.delete(namespaces, at('team', ''));
  await cluster.waitForGone(namespaces, at('team', ''));
});

test('by a virtual clock, an hour passes while somebody waits for what it brings', { timeout: 20_000 }, async () => {
  const clock = new VirtualClock();
  const startedMs = clock.now();
  await using cluster = await startCluster({ clock });
  await cluster.client.create(events, { metadata: { name: 'e', namespace: 'default' }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' }, reason: 'Test' });
  await clock.advance(3_500_000);
  await cluster.client.get(events, at('e'));
  await cluster.waitForGone(events, at('e'));
  assert.ok(clock.now() - startedMs >= 3_600_000 && clock.now() - startedMs < 3_700_000, `after ${clock.now() - startedMs} ms`);
});

test('a claim that does not come true is told with what was there', async () => {
  await using cluster = await startCluster({ clock: new VirtualClock() });
  await cluster.client.create(configmaps, { metadata: { name: 'a', namespace: 'default' }, data: { k: 'seen' } });
  await assert.rejects(cluster.waitFor(configmaps, at('a'), ({ data }) => data?.['k'] === 'wanted', { timeoutMs: 5000 }), (error: unknown) => error instanceof WaitTimeout && /^waited 5000 ms for configmaps in default metadata.name=a; last seen:\n.*"k":"seen"/.test(error.message));
  await assert.rejects(cluster.waitFor(configmaps, at('b'), undefined, { timeoutMs: 5000 }), /none was there/);
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await assert.rejects(cluster.waitFor(configmaps, at('b'), undefined, { signal: stop.signal }), /enough/);
});

test('a wait sees what is written after it began, also several at once', { timeout: 20_000 }, async () => {
  for (const clock of [undefined, new VirtualClock()]) {
    await using cluster = await startCluster(clock === undefined ? {} : { clock });
    const waits = Promise.all(['a', 'b'].map((name) => cluster.waitFor(configmaps, at(name), ({ data }) => data?.['n'] === '2')));
    for (const name of ['a', 'b']) {
      await cluster.client.create(configmaps, { metadata: { name, namespace: 'default' }, data: { n: '1' } });
      await cluster.client.patch(configmaps, at(name), { type: 'merge', body: { data: { n: '2' } } });
    }
    assert.deepEqual((await waits).map(({ metadata }) => metadata.name), ['a', 'b']);
  }
});

test('a kubeconfig leads to a real HTTPS port, also by a virtual clock, and its file goes with the cluster', { timeout: 20_000 }, async () => {
  let path = '';
  for (const clock of [undefined, new VirtualClock()]) {
    await using cluster = await startCluster(clock === undefined ? {} : { clock });
    path = await cluster.kubeconfigFile();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const transport = await transportFromKubeconfig(realRuntime('error'), [path]);
    try {
      const client = createClient(transport, { userAgent: 'test' });
      await client.create(configmaps, { metadata: { name: 'a', namespace: 'default' } });
      assert.equal((await cluster.client.get(configmaps, at('a'))).metadata.name, 'a');
    } finally {
      await transport.close();
    }
  }
  assert.equal(existsSync(path), false);
});

test('who a client is decides what it may', async () => {
  await using cluster = await startCluster();
  const jane = { name: 'jane', groups: ['system:authenticated'] };
  const refused = (error: unknown): boolean => isReason(error, 'Forbidden');
  await assert.rejects(cluster.clientAs(jane).list(configmaps, { namespace: 'default' }), refused);
  await cluster.client.create(roles, { metadata: { name: 'reader', namespace: 'default' }, rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }] });
  await cluster.client.create(rolebindings, { metadata: { name: 'jane', namespace: 'default' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }] });
  assert.deepEqual((await cluster.clientAs(jane).list(configmaps, { namespace: 'default' })).items, []);
  await assert.rejects(cluster.clientAs(jane).list(secrets, { namespace: 'default' }), refused);
  const { url, authorityPem } = await cluster.listen();
  const stranger = new HttpsTransport(realRuntime('error'), { url, credentials: () => Promise.resolve({ ca: authorityPem }) });
  await assert.rejects(createClient(stranger, { userAgent: 'test' }).list(configmaps), refused);
  await stranger.close();
});

test('an object\'s history says who wrote what, and a pod\'s causes lead back to a PATCH', { timeout: 20_000 }, async () => {
  await using cluster = await startCluster({ controllers: true });
  await cluster.client.create(deployments, deployment('web:1'));
  await cluster.client.patch(deployments, at('web'), { type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } } });
  const all = await cluster.waitForAll({ resource: pods, namespace: 'default' }, (items) => items.some(({ spec }) => spec.containers[0]?.image === 'web:2'));
  const made = all.find(({ spec }) => spec.containers[0]?.image === 'web:2');
  assert.ok(made !== undefined);
  const causes = await cluster.causes(pods, made);
  assert.deepEqual(causes.at(-1)?.by?.user, 'admin');
  assert.deepEqual(causes.at(-1)?.by?.verb, 'patch');
  assert.ok(causes.some(({ resource }) => resource === replicasets));
  const history = await cluster.history(deployments, at('web'));
  assert.deepEqual(history.slice(0, 2).map(({ by, object }) => [by?.verb, object.spec.template.spec?.containers[0]?.image]), [['create', 'web:1'], ['patch', 'web:2']]);
  await cluster.client.delete(configmaps, at('kube-root-ca.crt'));
  assert.equal((await cluster.history(configmaps, at('kube-root-ca.crt'))).some(({ isDeletion }) => isDeletion), true);
});

test('clusters are apart, and chance repeats for a seed', async () => {
  const uids = await Promise.all([7, 7, 8].map(async (seed) => {
    await using cluster = await startCluster({ seed, clock: new VirtualClock() });
    return (await cluster.client.create(configmaps, { metadata: { generateName: 'a-', namespace: 'default' } })).metadata.uid;
  }));
  assert.equal(uids[0], uids[1]);
  assert.notEqual(uids[0], uids[2]);
});

const printLoaded = `
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
  const { startCluster } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
  console.log('imported');
  await (await startCluster()).close();
`;

test('nothing is loaded that an API server does not need', { timeout: 20_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', printLoaded]);
  const [before = '', after = ''] = stdout.split('imported\n');
  assert.deepEqual(before.split('\n').filter((url) => url.includes('/apiserver/') || url.includes('/core/v1/')), []);
  assert.match(after, /apiserver\/src\/api-server\.ts/);
  assert.deepEqual(stdout.split('\n').filter((url) => /packages\/(controllers|scheduler|kubelet|proxy|cri|network|dns|bootstrap)\/|node_modules\/(pino|prom-client|@grpc|dns-packet|modern-tar)\/|node:sqlite/.test(url)), []);
});

test('every group version can be imported by its name', () => {
  const root = join(import.meta.dirname, '..');
  const declared = globSync('*/v*/index.ts', { cwd: join(root, '../api/src') }).map((file) => file.replace('/index.ts', '')).toSorted();
  assert.deepEqual(globSync('*/v*.ts', { cwd: join(root, 'src/kinds') }).map((file) => file.replace('.ts', '')).toSorted(), declared);
});
