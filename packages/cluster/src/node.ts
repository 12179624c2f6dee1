/** A node in one process: kubelet, service proxy and pod network. */
import { defined, type Runtime, Scope } from '@kaji/base';
import { type Client, createClient } from '@kaji/client';
import { transportFromKubeconfig } from '@kaji/client/http';
import { CriRuntime } from '@kaji/cri';
import type { Host } from '@kaji/host';
import { Kubelet, KubeletConfiguration } from '@kaji/kubelet';
import { PodNetwork } from '@kaji/network';
import { HostPorts, KubeProxyConfiguration, openPort, ServiceProxy } from '@kaji/proxy';
import { type MessageType, readConfiguration } from '@kaji/schema';
import { readNeededYaml } from './read-needed.ts';

/** Paths and addresses of a node; the flags of `kaji node` fill it. */
export interface NodeConfig {
  /** Who the kubelet is to the API. */
  readonly kubeconfig: string;
  /** A KubeletConfiguration. */
  readonly config: string;
  /** A KubeProxyConfiguration, which names a kubeconfig of its own. */
  readonly proxyConfig: string;
  readonly hostnameOverride: string;
  readonly nodeIp: string;
  readonly clusterCidr: string;
  readonly rootDirectory: string;
  readonly cniDirectory: string;
  /** What the node says it has; all of the machine when undefined. */
  readonly capacity: { readonly cpu?: string; readonly memory?: string } | undefined;
}

/** Longer than any CRI call but a pull of an image may take. */
const criTimeoutMs = 120_000;

/** Runs until the signal. Containers, routes and rules stay when it ends: what runs in the node goes on. */
export async function runNode(runtime: Runtime, host: Host, config: NodeConfig, signal: AbortSignal): Promise<void> {
  const configuration = await readConfigurationFile(runtime, host, config.config, KubeletConfiguration);
  const forProxy = await readConfigurationFile(runtime, host, config.proxyConfig, KubeProxyConfiguration);
  const client = await connect(runtime, config.kubeconfig, 'kubelet');
  // Kubernetes: a kubelet may read no Node but its own; the proxy's rights cover what the network must know.
  const proxyClient = await connect(runtime, defined(forProxy.clientConnection?.kubeconfig, 'the proxy\'s configuration has defaults'), 'kube-proxy');
  const endpoint = defined(configuration.containerRuntimeEndpoint, 'the kubelet\'s configuration has defaults');
  const cri = new CriRuntime(runtime, { endpoint, requestTimeoutMs: criTimeoutMs });
  try {
    await using scope = new Scope(signal);
    const network = new PodNetwork(runtime, { client: proxyClient, host }, { nodeName: config.hostnameOverride, podRange: config.clusterCidr, cniDirectory: config.cniDirectory, mtu: await outwardMtu(host) });
    scope.run('network', (inner) => network.run(inner));
    const proxy = new ServiceProxy(runtime, { client: proxyClient, host, openPort, nodeName: config.hostnameOverride }, forProxy);
    scope.run('proxy', (inner) => proxy.run(inner));
    const ports = new HostPorts(runtime, { client, host, nodeName: config.hostnameOverride });
    scope.run('host ports', (inner) => ports.run(inner));
    const kubelet = new Kubelet(runtime, { client, cri, host }, {
      nodeName: config.hostnameOverride, nodeAddresses: [config.nodeIp], rootDirectory: config.rootDirectory, configuration,
      ...(config.capacity === undefined ? {} : { capacity: config.capacity }),
    });
    scope.run('kubelet', (inner) => kubelet.run(inner));
    await scope.join();
  } finally {
    cri.close();
    await client.transport.close();
    await proxyClient.transport.close();
  }
}

/** A field that this component does not heed is no reason to refuse the file, but nobody should believe that it works. */
async function readConfigurationFile<T>({ log }: Runtime, host: Host, path: string, type: MessageType<T>): Promise<T> {
  const { configuration, problems } = readConfiguration(type, await readNeededYaml(host, path));
  if (problems.length > 0) log.warn('configuration has fields that are not supported', { path, problems });
  return configuration;
}

async function connect(runtime: Runtime, kubeconfig: string, userAgent: string): Promise<Client> {
  return createClient(await transportFromKubeconfig(runtime, [kubeconfig]), { userAgent });
}

/** The largest packet that the node's way out takes. Asked of the kernel: /sys may show the links of another network namespace. */
async function outwardMtu(host: Host): Promise<number> {
  const device = /\bdev (\S+)/.exec(await host.processes.check(['ip', '-4', 'route', 'show', 'default']))?.[1];
  if (device === undefined) return 1500;
  return Number(/\bmtu (\d+)/.exec(await host.processes.check(['ip', 'link', 'show', 'dev', device]))?.[1] ?? 1500);
}
