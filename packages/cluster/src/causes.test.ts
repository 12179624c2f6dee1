import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { causesOf } from '@kaji/apiserver';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { deployments } from '@kaji/api/apps/v1';
import { pods } from '@kaji/api/core/v1';
import { type Runtime, Scope, sleep } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { type Client, createClient, PortTransport, servePort, type Transport } from '@kaji/client';
import { HttpsTransport } from '@kaji/client/http';
import { runControllers } from '@kaji/controllers';
import { openSqliteStore } from '@kaji/store';

const runtime = realRuntime('error');

/** Rolls a Deployment to a second template; gives the revision at which a pod of it was made, and its name. */
async function rollOut(client: Client): Promise<{ readonly name: string; readonly resourceVersion: string }> {
  await client.create(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } } },
  });
  await until(async () => (await client.list(pods, { namespace: 'default' })).items.length === 1);
  await client.patch(deployments, { namespace: 'default', name: 'web' }, { type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } } });
  for (;;) {
    const { items } = await client.list(pods, { namespace: 'default' });
    const pod = items.find(({ spec }) => spec.containers[0]?.image === 'web:2');
    // Nothing schedules or runs it here: it is as it was made.
    if (pod !== undefined) return { name: pod.metadata.name ?? '', resourceVersion: pod.metadata.resourceVersion ?? '' };
    await sleep(runtime.clock, 20);
  }
}

async function until(claim: () => Promise<boolean>): Promise<void> {
  while (!(await claim())) await sleep(runtime.clock, 20);
}

async function withControllers(transport: Transport, use: () => Promise<void>): Promise<void> {
  await using scope = new Scope();
  const client = createClient(transport, { userAgent: 'kube-controller-manager' });
  scope.run('controllers', (signal) => runControllers(runtime, { client }, { clusterCidr: '10.244.0.0/16', nodeCidrMaskSize: 24, authorityPem: 'none', leaderElection: undefined }, signal));
  await use();
}

const transports: readonly [name: string, open: (server: TestServer, runtime: Runtime) => Promise<Transport>][] = [
  ['over HTTPS', async (server) => {
    const { url, authorityPem } = await server.listen();
    const { certificatePem, privateKeyPem } = server.authority.issue({ commonName: 'system:kube-controller-manager', organizations: ['system:masters'], usages: ['client'] });
    return new HttpsTransport(runtime, { url, credentials: () => Promise.resolve({ ca: authorityPem, certificate: certificatePem, key: privateKeyPem }) });
  }],
  ['over a message port', (server) => {
    const { port1, port2 } = new MessageChannel();
    servePort(port1, server.transport({ name: 'system:kube-controller-manager', groups: ['system:masters', 'system:authenticated'] }));
    return Promise.resolve(new PortTransport(port2));
  }],
];

for (const [name, open] of transports) {
  test(`from a pod that a rollout made, causes lead back to the user's PATCH, with controllers ${name} and after a restart`, { timeout: 30_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kaji-causes-'));
    const file = join(directory, 'store.db');
    try {
      const store = await openSqliteStore(file, runtime, { retention: [{ prefix: '', keepMs: 3_600_000 }] });
      const server = await startTestServer({ runtime, store });
      const made = Promise.withResolvers<{ readonly name: string; readonly resourceVersion: string }>();
      const transport = await open(server, runtime);
      await withControllers(transport, async () => { made.resolve(await rollOut(createClient(server.transport(), { userAgent: 'kubectl' }))); });
      await transport.close();
      await server.close();
      await store.close();

      const reopened = await openSqliteStore(file, runtime, { retention: [{ prefix: '', keepMs: 3_600_000 }] });
      try {
        const pod = await made.promise;
        const chain = await causesOf(reopened, pods, { metadata: { namespace: 'default', ...pod } });
        const last = chain.at(-1);
        assert.deepEqual([last?.by?.user, last?.by?.verb, last?.by?.path.split('?')[0]], ['admin', 'patch', '/apis/apps/v1/namespaces/default/deployments/web']);
        assert.ok(chain.length >= 3, 'the pod, its ReplicaSet and the Deployment are steps of it');
        for (const step of chain.slice(0, -1)) assert.equal(step.by?.user, 'system:kube-controller-manager');
      } finally {
        await reopened.close();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
}
