/** What a stranger does: installs the packed project into an empty folder and writes a test in plain JavaScript. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pack } from '../../tools/pack/src/pack.ts';
import { call } from '../kernel/fixture.ts';

const root = join(import.meta.dirname, '../..');
const clientPackage = '@kubernetes/client-node@2.0.1';

const plainTest = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions, Watch } from '@kubernetes/client-node';
import { startCluster } from 'kaji';
import { configmaps } from 'kaji/core/v1';

test('the plain JavaScript client creates, lists, watches and patches over HTTPS', { timeout: 30_000 }, async () => {
  await using cluster = await startCluster();
  const config = new KubeConfig();
  config.loadFromString(await cluster.kubeconfig());
  const api = config.makeApiClient(CoreV1Api);
  const namespace = 'default';

  const seen = [];
  const patched = Promise.withResolvers();
  const watching = await new Watch(config).watch('/api/v1/namespaces/default/configmaps', {}, (type, object) => {
    seen.push(type + ' ' + object.metadata.name + ' ' + object.data.sky);
    if (type === 'MODIFIED') patched.resolve();
  }, () => {});

  await api.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'colours' }, data: { sky: 'blue' } } });
  assert.deepEqual((await api.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata.name), ['colours']);
  await api.patchNamespacedConfigMap({ namespace, name: 'colours', body: { data: { sky: 'red' } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await patched.promise;
  watching.abort();
  assert.deepEqual(seen, ['ADDED colours blue', 'MODIFIED colours red']);

  assert.equal((await cluster.client.get(configmaps, { namespace, name: 'colours' })).data.sky, 'red');
  await assert.rejects(api.readNamespacedConfigMap({ namespace, name: 'none' }), { code: 404 });
});
`;

const typedTest = `
import { isReason, startCluster, VirtualClock, type Cluster } from 'kaji';
import { deployments, type Deployment } from 'kaji/apps/v1';
import { pods } from 'kaji/core/v1';

const clock = new VirtualClock();
await using cluster: Cluster = await startCluster({ clock, controllers: true });
const made: Deployment = await cluster.client.create(deployments, { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } } } });
const [pod] = await cluster.waitForAll({ resource: pods, namespace: 'default' }, (all) => all.length === 1);
const image: string | undefined = pod?.spec.containers[0]?.image;
// @ts-expect-error a container has no such field
const wrong = pod?.spec.containers[0]?.colour;
if (made.spec.replicas !== 1 || image !== 'web:1' || wrong !== undefined || isReason(undefined, 'NotFound')) throw new Error('not as typed');
`;

const install = (directory: string, what: string): ReturnType<typeof call> => call(['npm', 'install', '--prefix', directory, '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', what], { timeoutMs: 120_000 });

/** Whether npm failed for want of a registry, not of anything of ours. */
const isOutOfReach = (text: string): boolean => /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|ENETUNREACH|E40[134]\b/.test(text);

test('the packed project, installed in an empty folder, serves a plain JavaScript client and has types', { timeout: 300_000 }, async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'kaji-stranger-'));
  try {
    const archive = pack(root, directory);
    writeFileSync(join(directory, 'package.json'), '{ "name": "stranger", "private": true }\n');
    for (const what of [archive, clientPackage]) {
      const installed = await install(directory, what);
      if (installed.code !== 0 && isOutOfReach(installed.stderr)) {
        context.skip(`npm cannot reach a registry: ${installed.stderr.split('\n')[0] ?? ''}`);
        return;
      }
      assert.equal(installed.code, 0, installed.stderr);
    }
    // Node's runner would tell a child that it is one of its own.
    const run = (argv: readonly string[]): ReturnType<typeof call> => call(['sh', '-c', 'cd "$0" && unset NODE_TEST_CONTEXT && exec "$@"', directory, ...argv], { timeoutMs: 120_000 });
    const succeed = async (argv: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(argv);
      assert.equal(code, 0, `${argv.join(' ')}\n${stdout}${stderr}`);
      return stdout;
    };

    writeFileSync(join(directory, 'plain.test.mjs'), plainTest);
    assert.match(await succeed([process.execPath, '--test', 'plain.test.mjs']), /pass 1/);

    writeFileSync(join(directory, 'typed.mts'), typedTest);
    symlinkSync(join(root, 'node_modules/@types'), join(directory, 'types'));
    await succeed([join(root, 'node_modules/.bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--target', 'esnext', '--module', 'nodenext', '--typeRoots', 'types', '--types', 'node', 'typed.mts']);
    await succeed([process.execPath, 'typed.mts']);

    assert.match(await succeed(['node_modules/.bin/kaji', 'version']), /0\.1\.0/);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
