/** Looks at the machine: what the checks decide on. */
import type { Host } from '@kaji/host';

export interface Observed {
  readonly isRoot: boolean;
  readonly osImage: string;
  readonly hasApt: boolean;
  /** Programs that are missing, of those asked for. */
  readonly missingPrograms: readonly string[];
  readonly cniPlugins: string | undefined;
  readonly cgroups: 'v1' | 'v2' | 'none';
  /** Controllers that pods need and the kernel does not give. */
  readonly missingControllers: readonly string[];
  readonly hasSwap: boolean;
  /** Network and file systems: what failed, with the kernel's words. */
  readonly kernelProblems: readonly string[];
  readonly canLowerOomScore: boolean;
  readonly freeBytes: number;
  readonly inotifyInstances: number;
}

/** Debian keeps some of these where only root's PATH leads. */
const programDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const wantedControllers = ['cpu', 'memory', 'pids'];

export async function observe(host: Host, options: { readonly isRoot: boolean; readonly programs: readonly string[]; readonly dataDirectory: string; readonly pathDirectories: readonly string[] }): Promise<Observed> {
  const missingPrograms: string[] = [];
  for (const program of options.programs) if (!(await hasProgram(host, program, options.pathDirectories))) missingPrograms.push(program);
  const { cgroups, missingControllers } = await observeCgroups(host);
  return {
    isRoot: options.isRoot,
    osImage: host.facts.osImage,
    hasApt: await hasProgram(host, 'apt-get', []),
    missingPrograms,
    cniPlugins: await findCni(host),
    cgroups,
    missingControllers,
    hasSwap: ((await host.files.readText('/proc/swaps')) ?? '').trim().split('\n').length > 1,
    kernelProblems: options.isRoot ? await probeKernel(host, missingPrograms) : [],
    canLowerOomScore: options.isRoot && (await host.processes.run(['sh', '-c', 'echo -998 > /proc/self/oom_score_adj'])).code === 0,
    freeBytes: await freeBytes(host, options.dataDirectory),
    inotifyInstances: Number((await host.files.readText('/proc/sys/fs/inotify/max_user_instances')) ?? 0),
  };
}

export async function hasProgram(host: Host, program: string, pathDirectories: readonly string[]): Promise<boolean> {
  for (const directory of new Set([...pathDirectories, ...programDirectories])) if ((await host.files.status(`${directory}/${program}`)) !== undefined) return true;
  return false;
}

async function findCni(host: Host): Promise<string | undefined> {
  for (const directory of ['/usr/lib/cni', '/opt/cni/bin']) if ((await host.files.status(`${directory}/ptp`)) !== undefined) return directory;
  return undefined;
}

async function observeCgroups(host: Host): Promise<Pick<Observed, 'cgroups' | 'missingControllers'>> {
  const mounts = (await host.mounts.list()).filter((mount) => mount.target.startsWith('/sys/fs/cgroup'));
  if (mounts.some((mount) => mount.type === 'cgroup2' && mount.target === '/sys/fs/cgroup')) {
    const controllers = ((await host.files.readText('/sys/fs/cgroup/cgroup.controllers')) ?? '').trim().split(' ');
    return { cgroups: 'v2', missingControllers: wantedControllers.filter((name) => !controllers.includes(name)) };
  }
  const first = mounts.filter((mount) => mount.type === 'cgroup');
  if (first.length === 0) return { cgroups: 'none', missingControllers: wantedControllers };
  return { cgroups: 'v1', missingControllers: wantedControllers.filter((name) => !first.some((mount) => mount.options.includes(name))) };
}

/** One throw-away network and mount namespace in which everything a cluster needs is tried; it vanishes with the shell. */
async function probeKernel(host: Host, missingPrograms: readonly string[]): Promise<readonly string[]> {
  if (missingPrograms.some((program) => ['ip', 'nft', 'unshare'].includes(program))) return []; // tried once they are installed
  const script = [
    'try() { name=$1; shift; out=$("$@" 2>&1) || printf "%s: %s\\n" "$name" "$(printf %s "$out" | head -n 1)"; }',
    'rules() { nft -f - <<END',
    'table ip probe {',
    '  map targets { type ipv4_addr . inet_proto . inet_service : verdict; }',
    '  chain out { type nat hook postrouting priority srcnat; ip saddr 10.0.0.0/8 masquerade; }',
    '  chain in { type nat hook prerouting priority dstnat; ip daddr 10.1.1.1 dnat to 10.1.1.2; numgen random mod 2 vmap { 0 : accept, 1 : return }; }',
    '  chain pass { type filter hook forward priority filter; ct state new ip daddr 10.1.1.3 reject; }',
    '}',
    'END',
    '}',
    'try "veth links" ip link add probe0 type veth peer name probe1',
    'try "bridges" ip link add probe2 type bridge',
    'try "nftables with NAT" rules',
    'mkdir /tmp/lower /tmp/upper /tmp/work /tmp/both',
    'try "the overlay file system" mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/both',
  ].join('\n');
  const probe = await host.processes.run(['unshare', '--net', '--mount', '--uts', '--propagation', 'private', 'sh', '-c', `mount -t tmpfs probe /tmp\n${script}`]);
  const problems = probe.stdout.split('\n').filter((line) => line !== '');
  return probe.code === 0 || problems.length > 0 ? problems : [`namespaces: ${probe.stderr.trim()}`];
}

async function freeBytes(host: Host, directory: string): Promise<number> {
  for (let path = directory; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) if ((await host.files.status(path)) !== undefined) return (await host.files.usage(path)).availableBytes;
  return (await host.files.usage('/')).availableBytes;
}
