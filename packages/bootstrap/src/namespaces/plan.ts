/** The commands that make a cluster's namespaces, links and rules, and those that take them away. */
import { hostAddress, networkOf, nodeAddress, serverAddress } from '../addresses.ts';
import { type Layout, nodeBinds, type NodeLayout } from '../layout.ts';
import type { ClusterSettings } from '../settings.ts';

/** The link on the host. A link's name has 15 characters at most: a cluster's name would not fit, its number does. */
export const hostLink = (subnet: number): string => `kaji-${subnet}`;
export const hostTable = (name: string): string => `kaji-${name}`;
const bridge = 'nodes';
const uplink = 'host';

/** Shell words, quoted. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Lines for `sh -e`, run on the host: a network namespace with the bridge, joined to the host by one link. */
export function clusterNamespaceScript(layout: Layout, { subnet, podCidr, serviceCidr }: ClusterSettings, mtu: number): readonly string[] {
  const inside = `nsenter --net=${quote(layout.clusterNamespace)}`;
  return [
    `mkdir -p ${quote(layout.namespaces)}`,
    `mount -t tmpfs -o mode=0700 kaji ${quote(layout.namespaces)}`,
    // The kernel refuses to pin a mount namespace in a mount that it would propagate to.
    `mount --make-private ${quote(layout.namespaces)}`,
    `: > ${quote(layout.clusterNamespace)}`,
    `unshare --net=${quote(layout.clusterNamespace)} true`,
    `ip link add ${hostLink(subnet)} mtu ${mtu} alias ${quote(layout.name)} type veth peer name ${uplink} mtu ${mtu} netns ${quote(layout.clusterNamespace)}`,
    `ip address add ${hostAddress(subnet)}/24 dev ${hostLink(subnet)}`,
    `ip link set ${hostLink(subnet)} up`,
    `${inside} ip -batch - <<'END'`,
    'link set lo up',
    `link add ${bridge} mtu ${mtu} type bridge`,
    `address add ${serverAddress(subnet)}/24 dev ${bridge}`,
    `link set ${uplink} master ${bridge} up`,
    `link set ${bridge} up`,
    `route add default via ${hostAddress(subnet)}`,
    // No packet of the cluster's ranges leaves the machine: what no node holds is unreachable.
    `route add unreachable ${podCidr}`,
    `route add unreachable ${serviceCidr}`,
    'END',
    `${inside} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'`,
  ];
}

/** Lines for `sh -e`, run on the host: a node's network, mount and host-name namespaces, and its link to the bridge. */
export function nodeNamespaceScript(layout: Layout, node: NodeLayout, index: number, { settings, mtu, resolvConf }: { readonly settings: ClusterSettings; readonly mtu: number; readonly resolvConf: string | undefined }): readonly string[] {
  const { net, mnt, uts } = node.namespaces;
  const { subnet, podCidr } = settings;
  const binds = nodeBinds.map(({ from, directory, target }) => ({ source: `${from === 'data' ? node.data : node.run}/${directory}`, target }));
  const inMountNamespace = [
    `hostname ${node.name}`,
    // The other nodes' namespaces are not this one's business, and would be kept alive by it.
    `umount -l ${quote(layout.namespaces)}`,
    // Kubernetes: volumes with mountPropagation need shared mounts; they are shared within the node only.
    'mount --make-rshared /',
    ...binds.map(({ source, target }) => `mount --bind ${quote(source)} ${target}`),
    ...(resolvConf === undefined ? [] : [`mount --bind ${quote(resolvConf)} "$(readlink -f /etc/resolv.conf)"`]),
  ];
  return [
    `mkdir -p ${binds.flatMap(({ source, target }) => [quote(source), target]).join(' ')}`,
    `: > ${quote(net)}; : > ${quote(mnt)}; : > ${quote(uts)}`,
    `unshare --net=${quote(net)} --mount=${quote(mnt)} --uts=${quote(uts)} --propagation slave sh -ec ${quote(inMountNamespace.join('\n'))}`,
    `nsenter --net=${quote(layout.clusterNamespace)} ip link add ${node.name} mtu ${mtu} master ${bridge} type veth peer name eth0 mtu ${mtu} netns ${quote(net)}`,
    `nsenter --net=${quote(layout.clusterNamespace)} ip link set ${node.name} up`,
    `nsenter --net=${quote(net)} ip -batch - <<'END'`,
    'link set lo up',
    `address add ${nodeAddress(subnet, index)}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${hostAddress(subnet)}`,
    `route add unreachable ${podCidr}`,
    'END',
    `nsenter --net=${quote(net)} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'`,
  ];
}

/** For `nft -f -`: the one rule on the host. Replaces itself. */
export function masqueradeRules({ name, subnet }: ClusterSettings): string {
  return [
    `table ip ${hostTable(name)}`,
    `delete table ip ${hostTable(name)}`,
    `table ip ${hostTable(name)} {`,
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat;',
    `    ip saddr ${networkOf(subnet)} oifname != "${hostLink(subnet)}" masquerade`,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** The words before a command that make it run in a node. */
export const inNode = (node: NodeLayout): readonly string[] => ['nsenter', `--net=${node.namespaces.net}`, `--mount=${node.namespaces.mnt}`, `--uts=${node.namespaces.uts}`];
export const inCluster = (layout: Layout): readonly string[] => ['nsenter', `--net=${layout.clusterNamespace}`];
