/** The files of a node: configurations as they are upstream, its certificates, its kubeconfigs. */
import type { Host } from '@kaji/host';
import { stringify } from 'yaml';
import { addressAt, serverAddress, serverPort } from './addresses.ts';
import { kubeletClient, type Pki, proxyClient } from './certificates.ts';
import { renderContainerdConfig, type ContainerdOptions } from './containerd.ts';
import { renderKubeconfig } from './kubeconfigs.ts';
import { type Layout, type NodeLayout, nodeBinds } from './layout.ts';
import type { ClusterSettings } from './settings.ts';

export const clusterDomain = 'cluster.local';
/** Kubernetes: the tenth address of the service range, by every installer's custom. */
export const dnsAddress = (settings: ClusterSettings): string => addressAt(settings.serviceCidr, 10);
export const serverUrl = (settings: ClusterSettings): string => `https://${serverAddress(settings.subnet)}:${serverPort}`;

/** A KubeletConfiguration; only what differs from upstream's defaults. */
export function kubeletConfiguration(settings: ClusterSettings, node: NodeLayout): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' } },
    authorization: { mode: 'Webhook' },
    cgroupRoot: node.cgroup,
    clusterDNS: [dnsAddress(settings)],
    clusterDomain,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    // A machine that people have is taken as it is: with swap, with cgroups of version 1.
    failSwapOn: false,
    resolvConf: '/etc/kubernetes/resolv.conf',
    serializeImagePulls: false,
    staticPodPath: '/etc/kubernetes/manifests',
    tlsCertFile: '/etc/kubernetes/pki/kubelet.crt',
    tlsPrivateKeyFile: '/etc/kubernetes/pki/kubelet.key',
  };
}

/** A KubeProxyConfiguration; only what differs from upstream's defaults. */
export function proxyConfiguration(settings: ClusterSettings): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: '/etc/kubernetes/kube-proxy.conf' },
    clusterCIDR: settings.podCidr,
    mode: 'nftables',
  };
}

/** Writes all of a node's files where the node will see them at their usual places. */
export async function writeNodeFiles(host: Host, layout: Layout, node: NodeLayout, parts: { readonly settings: ClusterSettings; readonly pki: Pki; readonly containerd: ContainerdOptions; readonly resolvConf: string }): Promise<void> {
  const { settings, pki } = parts;
  for (const { from, directory } of nodeBinds) await host.files.makeDirectory(`${from === 'data' ? node.data : node.run}/${directory}`, { mode: 0o755 });
  const etc = `${node.data}/etc/kubernetes`;
  await host.files.makeDirectory(`${etc}/manifests`, { mode: 0o755 });
  await host.files.makeDirectory(`${etc}/pki`, { mode: 0o755 });
  await host.files.makeDirectory(`${node.data}/etc/cni/net.d`, { mode: 0o755 });
  const serving = pki.serving(`kubelet-server-${node.name}`);
  const access = (identity: ReturnType<Pki['client']>): { server: string; authorityPem: string; identity: typeof identity } => ({ server: serverUrl(settings), authorityPem: pki.authorityPem, identity });
  const files: readonly (readonly [string, string, number])[] = [
    [`${etc}/pki/ca.crt`, pki.authorityPem, 0o644],
    [`${etc}/pki/kubelet.crt`, serving.certificatePem, 0o644],
    [`${etc}/pki/kubelet.key`, serving.privateKeyPem, 0o600],
    [`${etc}/kubelet.conf`, renderKubeconfig('kubelet', access(pki.client(kubeletClient(node.name)))), 0o600],
    [`${etc}/kube-proxy.conf`, renderKubeconfig('kube-proxy', access(pki.client(proxyClient))), 0o600],
    [`${etc}/kubelet.yaml`, stringify(kubeletConfiguration(settings, node)), 0o644],
    [`${etc}/kube-proxy.yaml`, stringify(proxyConfiguration(settings)), 0o644],
    [`${etc}/resolv.conf`, parts.resolvConf, 0o644],
    [`${node.data}/etc/containerd/config.toml`, renderContainerdConfig(parts.containerd), 0o644],
  ];
  for (const [path, text, mode] of files) if ((await host.files.readText(path)) !== text) await host.files.write(path, text, { mode, isAtomic: true });
}
