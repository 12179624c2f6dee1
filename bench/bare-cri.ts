/**
 * What the container runtime does by itself: sandboxes and containers made over CRI as fast as it takes them, with the
 * node's own CNI. Run inside a node (`kaji enter`): `node bench/bare-cri.ts IMAGE COUNT`. Prints pods a second.
 */
import { realRuntime } from '@kaji/base/real';
import { CriRuntime } from '@kaji/cri';

const [image = '', countText = '30'] = process.argv.slice(2);
const count = Number(countText);
const cri = new CriRuntime(realRuntime('error'), { endpoint: 'unix:///run/containerd/containerd.sock', requestTimeoutMs: 120_000 });
const sandboxes: string[] = [];

async function startOne(index: number): Promise<void> {
  const sandbox = {
    metadata: { name: `bare-${index}`, namespace: 'bench', uid: `bare-${index}`, attempt: 0 },
    hostname: `bare-${index}`, logDirectory: `/var/log/pods/bench_bare-${index}`, linux: { securityContext: { namespaceOptions: { network: 'pod', pid: 'container', ipc: 'pod' } } },
  };
  const id = await cri.runSandbox(sandbox as never); // a message with few of its fields
  sandboxes.push(id);
  const container = { metadata: { name: 'main', attempt: 0 }, image: { image }, command: ['sleep', '100000'], logPath: 'main/0.log', linux: {} };
  await cri.startContainer(await cri.createContainer(id, container as never, sandbox as never));
}

try {
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: count }, (_, index) => startOne(index)));
  process.stdout.write(`${((count * 1000) / (performance.now() - startedMs)).toFixed(2)}\n`);
} finally {
  for (const id of sandboxes) {
    await cri.stopSandbox(id);
    await cri.removeSandbox(id);
  }
  cri.close();
}
