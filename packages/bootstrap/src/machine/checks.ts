/** Decides whether a machine can hold a cluster, and says what to do where it cannot. Pure. */
import type { Observed } from './observe.ts';

export interface Finding {
  /** An error ends `up`; a warning is printed. */
  readonly severity: 'error' | 'warning';
  /** What is the matter and why. */
  readonly message: string;
  /** What to type. */
  readonly advice: string;
}

/** Which Debian package holds a program. */
export const programPackages: Readonly<Record<string, string>> = {
  containerd: 'containerd', ctr: 'containerd', runc: 'runc', nft: 'nftables', ip: 'iproute2', conntrack: 'conntrack', busybox: 'busybox-static',
  nsenter: 'util-linux', unshare: 'util-linux', mount: 'mount', hostname: 'hostname', ldd: 'libc-bin', kubectl: 'kubernetes-client',
};

const leastFreeBytes = 2 * 2 ** 30;
const leastInotifyInstances = 128;

/** Debian packages to install, sorted. */
export function missingPackages(observed: Observed): readonly string[] {
  const packages = new Set(observed.missingPrograms.map((program) => programPackages[program] ?? program));
  if (observed.cniPlugins === undefined) packages.add('containernetworking-plugins');
  return [...packages].sort();
}

export function check(observed: Observed): readonly Finding[] {
  const findings: Finding[] = [];
  const error = (message: string, advice: string): void => { findings.push({ severity: 'error', message, advice }); };
  const warn = (message: string, advice: string): void => { findings.push({ severity: 'warning', message, advice }); };
  if (!observed.isRoot) error('kaji makes network namespaces and mounts, and only root may', 'sudo ./kaji up');
  if (observed.cgroups === 'none') error('no cgroups are mounted at /sys/fs/cgroup: containers could not be limited or counted', 'mount -t cgroup2 none /sys/fs/cgroup');
  else if (observed.missingControllers.length > 0) error(`the kernel gives no cgroup controller ${observed.missingControllers.join(', ')}`, 'boot with cgroup_enable=memory swapaccount=1, or with a kernel that has them');
  for (const problem of observed.kernelProblems) error(`the kernel refused ${problem}`, 'modprobe veth bridge nf_nat nft_masq overlay, or a kernel that has them');
  if (observed.freeBytes < leastFreeBytes) warn(`only ${Math.floor(observed.freeBytes / 2 ** 20)} MiB are free where the cluster's data will be`, 'kaji up --data-dir DIR on a larger disk');
  if (observed.inotifyInstances > 0 && observed.inotifyInstances < leastInotifyInstances) warn(`only ${observed.inotifyInstances} inotify instances are allowed: several nodes may run out of them`, 'sysctl fs.inotify.max_user_instances=512');
  if (observed.hasSwap) warn('swap is on: memory limits of pods are less exact', 'swapoff -a, if you want them exact');
  return findings;
}
