/** SIGKILL each process in turn while traffic flows: containers keep running, Services keep answering, nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, pause, skipReason, TestCluster } from './fixture.ts';

interface ClusterStatus {
  readonly state: string;
  readonly processes: readonly { readonly component: string; readonly node?: string; readonly pid: number }[];
}

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - { name: web, image: "test.local/web:1", command: [httpd, -f, -p, "8080", -h, /www], readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 2 } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: asker }
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: test.local/busybox:1
    # A line for every request: the time and whether it was answered.
    command: [sh, -c, 'while true; do if timeout 2 wget -qO- http://web/ >/dev/null 2>&1; then echo ok; else echo failed; fi; sleep 0.1; done']
`;

describe('a cluster whose processes are killed', { skip: skipReason }, () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.up('crash', 2);
    await cluster.load('test.local/busybox:1');
    await cluster.load('test.local/web:1', { '/www/index.html': 'here\n' });
    await cluster.apply(manifest);
    await cluster.kubectl('rollout status deployment/web --timeout=60s');
    await cluster.kubectl('wait --for=condition=Ready pod/asker --timeout=60s');
    await eventually(30_000, async () => { assert.match(await cluster.kubectl('logs asker --tail=3'), /ok\nok\nok\n/); });
  });
  after(async () => { await cluster?.[Symbol.asyncDispose](); });

  const status = async (): Promise<ClusterStatus> => JSON.parse((await cluster.kaji(['status', '-o', 'json'])).stdout) as ClusterStatus;
  const failures = async (): Promise<number> => (await cluster.kubectl('logs asker')).split('\n').filter((line) => line === 'failed').length;
  const restarts = async (): Promise<string> => cluster.kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount} {.items[*].status.containerStatuses[*].containerID}']);

  /** Kills, and waits until the API answers and every node is Ready again; gives how long the API was away. */
  async function kill(pids: readonly number[]): Promise<number> {
    const startedMs = performance.now();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await eventually(30_000, async () => { assert.equal((await cluster.kubectl('get --raw /readyz', { timeoutMs: 5000 })).trim(), 'ok'); });
    const awayMs = performance.now() - startedMs;
    await eventually(60_000, async () => {
      const nodes = (await cluster.kubectl('get nodes --no-headers')).trim().split('\n');
      assert.ok(nodes.length === 2 && nodes.every((line) => / Ready /.test(line)), nodes.join('\n'));
    });
    return awayMs;
  }

  /** Starts a write before the kill and goes on until after it: every name it was told is kept must be there. */
  async function writeThroughout(prefix: string, during: () => Promise<void>): Promise<void> {
    const acknowledged: string[] = [];
    let isDone = false;
    const writing = (async () => {
      for (let index = 0; !isDone; index++) {
        const { code } = await cluster.tryKubectl(['create', 'configmap', `${prefix}-${index}`, '--request-timeout=5s'], { timeoutMs: 10_000 });
        if (code === 0) acknowledged.push(`${prefix}-${index}`);
      }
    })();
    try {
      await pause(500);
      await during();
    } finally {
      isDone = true;
      await writing;
    }
    const kept = new Set((await cluster.kubectl(['get', 'configmaps', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' '));
    assert.deepEqual(acknowledged.filter((name) => !kept.has(name)), []);
    assert.ok(acknowledged.length > 0);
  }

  const targets: readonly (readonly [name: string, choose: (status: ClusterStatus) => readonly number[]])[] = [
    ['the server', ({ processes }) => processes.filter(({ component }) => component === 'server').map(({ pid }) => pid)],
    ['the node program of each node', ({ processes }) => processes.filter(({ component }) => component === 'node').map(({ pid }) => pid)],
    ['containerd of each node', ({ processes }) => processes.filter(({ component }) => component === 'containerd').map(({ pid }) => pid)],
    ['all children of the supervisor at once', ({ processes }) => processes.filter(({ component }) => component !== 'supervise').map(({ pid }) => pid)],
  ];

  for (const [name, choose] of targets) {
    test(`survives the loss of ${name}`, async (context) => {
      const before = await restarts();
      const failedBefore = await failures();
      const pids = choose(await status());
      assert.ok(pids.length > 0);
      await writeThroughout(name.replaceAll(/[^a-z]+/g, '-'), async () => { context.diagnostic(`the API answered again ${(await kill(pids)).toFixed(0)} ms after the kill`); });
      await pause(2000);
      assert.equal(await restarts(), before, 'no container was restarted');
      assert.equal(await failures(), failedBefore, 'no request failed');
      assert.match(await cluster.kubectl('logs asker --tail=1'), /ok/);
      // Waits: a pod that is still ending would be counted by the next test and gone when it counts again.
      await cluster.kubectl(['delete', 'pod', '-l', 'app=web', '--timeout=60s']);
      await cluster.kubectl('rollout status deployment/web --timeout=60s');
      await cluster.kubectl('wait --for=condition=Ready pod -l app=web --timeout=60s');
      await pause(1500);
    });
  }
});
