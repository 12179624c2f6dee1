/** Finds and ends what runs in a cluster: its containers by their cgroup, the rest by the namespaces they are in. */
import { type Clock, sleep } from '@kaji/base';
import type { Host } from '@kaji/host';
import type { Layout } from '../layout.ts';

/** How long a container may take to end by itself before it is killed. */
const graceMs = 2000;
const cgroupRoot = '/sys/fs/cgroup';

/** Ends every process of a cluster's containers, kindly, then not. Gives how many there were. */
export async function endContainers(clock: Clock, host: Host, layout: Layout): Promise<number> {
  const first = await containerProcesses(host, layout);
  for (const pid of first) host.processes.kill(pid, 'SIGTERM');
  const until = clock.monotonic() + graceMs;
  for (let left = await containerProcesses(host, layout); left.length > 0; left = await containerProcesses(host, layout)) {
    if (clock.monotonic() > until) for (const pid of left) host.processes.kill(pid, 'SIGKILL');
    await sleep(clock, 20);
  }
  return first.length;
}

/** Kills every process that is in one of the cluster's network or mount namespaces. */
export async function endNamespaceProcesses(clock: Clock, host: Host, layout: Layout): Promise<void> {
  for (;;) {
    const pids = await processesInNamespaces(host, layout);
    if (pids.length === 0) return;
    for (const pid of pids) host.processes.kill(pid, 'SIGKILL');
    await sleep(clock, 10);
  }
}

/** Removes the cluster's cgroups, from the leaves. Gives whether there were any. */
export async function removeCgroups(host: Host, layout: Layout): Promise<boolean> {
  let hadAny = false;
  for (const root of await hierarchies(host)) {
    const directory = `${root}${layout.cgroup}`;
    if ((await host.files.status(directory)) === undefined) continue;
    hadAny = true;
    await host.processes.check(['find', directory, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
  }
  return hadAny;
}

async function containerProcesses(host: Host, layout: Layout): Promise<readonly number[]> {
  const pids = new Set<number>();
  for (const root of await hierarchies(host)) for (const pid of await processesBelow(host, `${root}${layout.cgroup}`)) pids.add(pid);
  return [...pids];
}

async function processesBelow(host: Host, directory: string): Promise<readonly number[]> {
  const own = ((await host.files.readText(`${directory}/cgroup.procs`)) ?? '').split('\n').filter((line) => line !== '').map(Number);
  for (const name of await host.files.list(directory)) {
    if (name.includes('.')) continue; // a control file; our directories and runc's have no dot
    if ((await host.files.status(`${directory}/${name}`))?.kind === 'directory') own.push(...(await processesBelow(host, `${directory}/${name}`)));
  }
  return own;
}

/** Version 2 has one hierarchy, version 1 one for each controller, a hybrid machine both. */
async function hierarchies(host: Host): Promise<readonly string[]> {
  return (await host.mounts.list()).filter((mount) => (mount.type === 'cgroup' || mount.type === 'cgroup2') && mount.target.startsWith(cgroupRoot)).map((mount) => mount.target);
}

async function processesInNamespaces(host: Host, layout: Layout): Promise<readonly number[]> {
  const pinned = new Set<string>();
  for (const mount of await host.mounts.list()) {
    if (mount.type === 'nsfs' && mount.target.startsWith(`${layout.namespaces}/`) && /^(?:net|mnt):/.test(mount.root)) pinned.add(mount.root);
  }
  const found: number[] = [];
  for (const name of await host.files.list('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const namespaces = [await namespaceOf(host, name, 'net'), await namespaceOf(host, name, 'mnt')];
    if (namespaces.some((namespace) => namespace !== undefined && pinned.has(namespace))) found.push(Number(name));
  }
  return found;
}

/** Undefined for a process that has just ended. */
async function namespaceOf(host: Host, pid: string, kind: 'net' | 'mnt'): Promise<string | undefined> {
  try {
    return await host.files.readLink(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined; // ESRCH and EACCES: nothing that is ours
  }
}
