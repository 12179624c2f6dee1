import { command } from '../command.ts';
import { text, UsageError } from '../flags.ts';

export const node = command({
  name: 'node', usage: '', summary: 'Run a node in the foreground: kubelet, service proxy, pod network',
  details: 'The configuration files are the upstream kinds KubeletConfiguration and KubeProxyConfiguration.',
  examples: ['kaji node --kubeconfig /etc/kubernetes/kubelet.conf --config /etc/kubernetes/kubelet.yaml --proxy-config /etc/kubernetes/kube-proxy.yaml'],
  flags: {
    kubeconfig: text('who the kubelet is to the API', '/etc/kubernetes/kubelet.conf', { placeholder: 'FILE' }),
    config: text('a KubeletConfiguration', '/etc/kubernetes/kubelet.yaml', { placeholder: 'FILE' }),
    proxyConfig: text('a KubeProxyConfiguration', '/etc/kubernetes/kube-proxy.yaml', { placeholder: 'FILE' }),
    hostnameOverride: text('name of the node (default: the host\'s)'),
    nodeIp: text('address of the node'),
    clusterCidr: text('addresses of all pods', '10.244.0.0/16', { placeholder: 'CIDR' }),
    rootDir: text('directory of the kubelet\'s files', '/var/lib/kubelet', { placeholder: 'DIR' }),
    cniConfDir: text('directory of the CNI configuration', '/etc/cni/net.d', { placeholder: 'DIR' }),
    capacityCpu: text('processors that the node says it has (default: the machine\'s)'),
    capacityMemory: text('memory that the node says it has (default: the machine\'s)'),
  },
  async run(shell, { flags }) {
    if (flags.nodeIp === '') throw new UsageError('--node-ip is needed');
    const { runNode } = await import('@kaji/cluster/node'); // only who runs a node waits for it to load
    const capacity = { ...(flags.capacityCpu === '' ? {} : { cpu: flags.capacityCpu }), ...(flags.capacityMemory === '' ? {} : { memory: flags.capacityMemory }) };
    await runNode(shell.runtime, shell.host, {
      kubeconfig: flags.kubeconfig, config: flags.config, proxyConfig: flags.proxyConfig,
      hostnameOverride: flags.hostnameOverride === '' ? shell.host.hostname.toLowerCase() : flags.hostnameOverride,
      nodeIp: flags.nodeIp, clusterCidr: flags.clusterCidr, rootDirectory: flags.rootDir, cniDirectory: flags.cniConfDir,
      capacity: Object.keys(capacity).length === 0 ? undefined : capacity,
    }, shell.signal);
    return 0;
  },
});
