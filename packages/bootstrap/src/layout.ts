/** Where everything of a cluster lies. Nothing else decides a path on the host. */

/** A node: its name, its files on the host, and its files while it runs. */
export interface NodeLayout {
  readonly name: string;
  /** Kept files, on the host. */
  readonly data: string;
  /** Files of a running node, on the host. */
  readonly run: string;
  /** Pinned namespaces, one file for each kind. */
  readonly namespaces: { readonly net: string; readonly mnt: string; readonly uts: string };
  /** containerd's socket as the host sees it; in the node it is at its usual place. */
  readonly containerdSocket: string;
  /** Above every pod's cgroup. */
  readonly cgroup: string;
}

export interface Layout {
  readonly name: string;
  readonly data: string;
  readonly run: string;
  readonly settings: string;
  readonly pki: string;
  readonly kubeconfigs: string;
  readonly logs: string;
  readonly images: string;
  readonly server: string;
  /** What its processes run: linked and compiled. */
  readonly code: string;
  /** Files of the pinned namespaces lie in a private mount: the kernel pins a mount namespace nowhere else. */
  readonly namespaces: string;
  readonly clusterNamespace: string;
  /** What supervise says about the processes it keeps. */
  readonly processes: string;
  readonly cgroup: string;
  node(index: number): NodeLayout;
}

export const dataRoot = '/var/lib/kaji';
export const runRoot = '/run/kaji';

/** Directories of a node that lie in its data or run directory on the host and appear at their usual places within it. */
export const nodeBinds: readonly { readonly from: 'data' | 'run'; readonly directory: string; readonly target: string }[] = [
  { from: 'data', directory: 'kubelet', target: '/var/lib/kubelet' },
  { from: 'data', directory: 'containerd', target: '/var/lib/containerd' },
  { from: 'data', directory: 'cni', target: '/var/lib/cni' },
  { from: 'data', directory: 'log/pods', target: '/var/log/pods' },
  { from: 'data', directory: 'log/containers', target: '/var/log/containers' },
  { from: 'data', directory: 'etc/kubernetes', target: '/etc/kubernetes' },
  { from: 'data', directory: 'etc/containerd', target: '/etc/containerd' },
  { from: 'data', directory: 'etc/cni', target: '/etc/cni' },
  { from: 'run', directory: 'containerd', target: '/run/containerd' },
  { from: 'run', directory: 'netns', target: '/run/netns' },
];

export function layoutOf(name: string, data = `${dataRoot}/${name}`): Layout {
  const run = `${runRoot}/${name}`;
  const namespaces = `${run}/ns`;
  return {
    name, data, run, namespaces,
    settings: `${data}/cluster.json`,
    pki: `${data}/pki`,
    kubeconfigs: `${data}/kubeconfigs`,
    logs: `${data}/logs`,
    images: `${data}/images`,
    server: `${data}/server`,
    code: `${data}/code`,
    clusterNamespace: `${namespaces}/cluster.net`,
    processes: `${run}/processes.json`,
    cgroup: `/kaji-${name}`,
    node(index) {
      const node = nodeName(index);
      return {
        name: node,
        data: `${data}/nodes/${node}`,
        run: `${run}/${node}`,
        namespaces: { net: `${namespaces}/${node}.net`, mnt: `${namespaces}/${node}.mnt`, uts: `${namespaces}/${node}.uts` },
        containerdSocket: `${run}/${node}/containerd/containerd.sock`,
        cgroup: `/kaji-${name}/${node}`,
      };
    },
  };
}

/** Nodes are counted from 1. */
export const nodeName = (index: number): string => `node-${index}`;
