import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { deployments } from '@kaji/api/apps/v1';
import { pods } from '@kaji/api/core/v1';
import { type Runtime, Scope, sleep } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { type Client, createClient, parseCause, PortTransport, servePort, type Transport } from '@kaji/client';
import { HttpsTransport } from '@kaji/client/http';
import { runControllers } from '@kaji/controllers';
import { type HistoryStore, type LogEntry, openSqliteStore } from '@kaji/store';

const runtime = realRuntime('error');

interface Step {
  readonly user: string;
  readonly verb: string;
  readonly path: string;
  readonly causedBy?: string;
}

/** The write that made this revision of a key: who asked, and what had led to it. */
async function writeOf(store: HistoryStore, key: string, revision: number): Promise<Step> {
  const entries: LogEntry[] = [];
  for await (const entry of store.entries({ start: key, end: `${key}\0` }, revision - 1, revision)) entries.push(entry);
  const cause = entries[0]?.cause;
  assert.ok(cause !== undefined, `${key} at ${revision} has a cause`);
  return JSON.parse(new TextDecoder().decode(cause)) as Step;
}

const keyOfReference = (resource: string, namespace: string, name: string): string => `/registry/${resource.split('.')[0] ?? ''}/${namespace}/${name}`;

interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** Backwards from a revision of an object, nearest first: the writes on the way to the nearest request that nothing else had led to. */
async function chainOf(store: HistoryStore, from: Place): Promise<readonly Step[]> {
  const seen = new Set<string>();
  let front: { readonly place: Place; readonly path: readonly Step[] }[] = [{ place: from, path: [] }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { place, path } of front) {
      const key = keyOfReference(place.resource, place.namespace, place.name);
      if (seen.has(`${key}@${place.resourceVersion}`)) continue;
      seen.add(`${key}@${place.resourceVersion}`);
      const step = await writeOf(store, key, Number(place.resourceVersion));
      const causes = parseCause(step.causedBy ?? '');
      if (causes.length === 0) return [...path, step];
      next.push(...causes.map((cause) => ({ place: cause, path: [...path, step] })));
    }
    front = next;
  }
  return [];
}

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
        const chain = await chainOf(reopened, { resource: 'pods', namespace: 'default', ...pod });
        const last = chain.at(-1);
        assert.deepEqual([last?.user, last?.verb, last?.path.split('?')[0]], ['admin', 'patch', '/apis/apps/v1/namespaces/default/deployments/web']);
        assert.ok(chain.length >= 3, 'the pod, its ReplicaSet and the Deployment are steps of it');
        for (const step of chain.slice(0, -1)) assert.equal(step.user, 'system:kube-controller-manager');
      } finally {
        await reopened.close();
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
}
