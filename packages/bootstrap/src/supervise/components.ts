/** The processes of a cluster and their command lines. */
import { nodeAddress, serverAddress, serverPort } from '../addresses.ts';
import { type Layout, nodeName } from '../layout.ts';
import { inCluster, inNode } from '../namespaces/plan.ts';
import type { ClusterSettings } from '../settings.ts';
import type { Component } from './supervisor.ts';

/** How this very program is started: Node, its flags, the main file. */
export type Program = readonly string[];

/**
 * How much room young objects get, in MB a half: what Node takes by itself (16) is memory that a cluster at rest never
 * gives back. The server answers under load and keeps some.
 */
const youngRoom = { small: 1, server: 4 };

/**
 * The program with what a process that goes on tells Node, before its main file. Code that does not run is forgotten in all
 * its forms. Logs hold our own lines, not Node's opinion of its modules.
 */
function lasting([node = 'node', ...rest]: Program, youngRoomMb: number): Program {
  const flags = [`--max-semi-space-size=${youngRoomMb}`, '--flush-baseline-code', '--disable-warning=ExperimentalWarning'];
  const names = new Set(flags.map(nameOf));
  return [node, ...rest.slice(0, -1).filter((argument) => !names.has(nameOf(argument))), ...flags, ...rest.slice(-1)];
}

const nameOf = (flag: string): string => flag.replace(/=.*$/, '');

/** How the supervisor itself is started. */
export const supervisorProgram = (program: Program): Program => lasting(program, youngRoom.small);

export function componentsOf(layout: Layout, settings: ClusterSettings, program: Program): readonly Component[] {
  const indexes = Array.from({ length: settings.nodes }, (_, index) => index + 1);
  return [
    { component: 'server', argv: [...inCluster(layout), ...lasting(program, youngRoom.server), 'server', ...serverFlags(layout, settings)], logFile: logOf(layout, 'server') },
    ...indexes.flatMap((index): readonly Component[] => {
      const node = layout.node(index);
      return [
        { component: 'containerd', node: node.name, argv: [...inNode(node), 'containerd', '--config', '/etc/containerd/config.toml'], logFile: logOf(layout, `containerd-${node.name}`) },
        { component: 'node', node: node.name, argv: [...inNode(node), ...lasting(program, youngRoom.small), 'node', ...nodeFlags(settings, index)], logFile: logOf(layout, node.name) },
      ];
    }),
  ];
}

/** `server`, `supervise`, `node-1`, `containerd-node-1`. */
export const logOf = (layout: Layout, component: string): string => `${layout.logs}/${component}.log`;

/** Flags under upstream's names; the files are on the host. */
export function serverFlags(layout: Layout, { subnet, podCidr, serviceCidr }: ClusterSettings): readonly string[] {
  const { pki } = layout;
  return [
    `--bind-address=${serverAddress(subnet)}`, `--secure-port=${serverPort}`, `--advertise-address=${serverAddress(subnet)}`,
    `--tls-cert-file=${pki}/apiserver.crt`, `--tls-private-key-file=${pki}/apiserver.key`, `--client-ca-file=${pki}/ca.crt`,
    `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`, `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`, `--kubelet-certificate-authority=${pki}/ca.crt`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local', `--service-account-key-file=${pki}/sa.pub`, `--service-account-signing-key-file=${pki}/sa.key`,
    `--service-cluster-ip-range=${serviceCidr}`, `--cluster-cidr=${podCidr}`, `--data-dir=${layout.server}`,
  ];
}

/** Paths are those that the node sees. */
export function nodeFlags({ subnet, podCidr }: ClusterSettings, index: number): readonly string[] {
  return [
    '--kubeconfig=/etc/kubernetes/kubelet.conf', '--config=/etc/kubernetes/kubelet.yaml', '--proxy-config=/etc/kubernetes/kube-proxy.yaml',
    `--hostname-override=${nodeName(index)}`, `--node-ip=${nodeAddress(subnet, index)}`, `--cluster-cidr=${podCidr}`,
  ];
}
