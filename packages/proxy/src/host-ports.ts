/** Host ports: what arrives at a port of the node goes to the pod that asked for it. A table of its own, kept by the kubelet's rights. */
import { type Pod, pods } from '@kaji/api/core/v1';
import { type Runtime, Scope } from '@kaji/base';
import { type Client, Informer } from '@kaji/client';
import type { Host } from '@kaji/host';
import { UpdateLoop } from './update-loop.ts';

export const hostPortTable = 'kaji-host-ports';

export interface HostPort {
  /** The node's address it was asked for; undefined for all of them. */
  readonly address: string | undefined;
  readonly protocol: string;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
}

/** What the running pods of a node ask for. Two that ask for the same: the older one has it. */
export function hostPorts(all: Iterable<Pod>): readonly HostPort[] {
  const ports = new Map<string, HostPort>();
  const byAge = [...all].filter(isPresent).sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
  for (const { spec, status } of byAge) {
    const podAddress = status?.podIP;
    if (podAddress === undefined || podAddress.includes(':')) continue;
    for (const { hostPort = 0, hostIP = '', protocol = 'TCP', containerPort } of [...spec.initContainers ?? [], ...spec.containers].flatMap((container) => container.ports ?? [])) {
      if (hostPort === 0 || hostIP.includes(':')) continue;
      const address = hostIP === '' || hostIP === '0.0.0.0' ? undefined : hostIP;
      const key = `${address ?? ''}/${protocol}/${hostPort}`;
      if (!ports.has(key)) ports.set(key, { address, protocol: protocol.toLowerCase(), port: hostPort, target: { address: podAddress, port: containerPort } });
    }
  }
  return [...ports.values()];
}

/** Pods on the node's own network need no help. */
const isPresent = ({ spec, status }: Pod): boolean => spec.hostNetwork !== true && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

/** For `nft -f -`: replaces the whole table at once. */
export function renderHostPorts(ports: readonly HostPort[]): string {
  const target = ({ target: { address, port } }: HostPort): string => `${address} . ${port}`;
  const everywhere = ports.filter(({ address }) => address === undefined).map((port) => `${port.protocol} . ${port.port} : ${target(port)}`);
  const somewhere = ports.filter(({ address }) => address !== undefined).map((port) => `${port.address} . ${port.protocol} . ${port.port} : ${target(port)}`);
  const hairpins = [...new Set(ports.map(({ target: { address } }) => `${address} . ${address}`))];
  const elements = (texts: readonly string[]): readonly string[] => (texts.length === 0 ? [] : [`    elements = { ${texts.join(', ')} }`]);
  return [
    `table ip ${hostPortTable}`, `delete table ip ${hostPortTable}`, `table ip ${hostPortTable} {`,
    '  map everywhere {', '    type inet_proto . inet_service : ipv4_addr . inet_service;', ...elements(everywhere), '  }',
    '  map somewhere {', '    type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;', ...elements(somewhere), '  }',
    '  set hairpins {', '    type ipv4_addr . ipv4_addr;', ...elements(hairpins), '  }',
    '  chain host-ports {',
    '    meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport map @somewhere',
    '    fib daddr type local meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport map @everywhere',
    '  }',
    '  chain prerouting {', '    type nat hook prerouting priority dstnat - 1; policy accept;', '    jump host-ports', '  }',
    '  chain output {', '    type nat hook output priority -101; policy accept;', '    jump host-ports', '  }',
    '  chain postrouting {', '    type nat hook postrouting priority srcnat - 1; policy accept;', '    ip saddr . ip daddr @hairpins ct status dnat masquerade',
    '    ip saddr 127.0.0.0/8 ip daddr != 127.0.0.0/8 ct status dnat masquerade', '  }',
    // The kernel now lets packets to the loopback addresses in from outside: only answers to what was sent from here may come.
    '  chain input {', '    type filter hook input priority filter; policy accept;',
    '    iifname != "lo" ip daddr 127.0.0.0/8 ct status dnat accept', '    iifname != "lo" ip daddr 127.0.0.0/8 drop', '  }',
    '}', '',
  ].join('\n');
}

export interface HostPortsParts {
  /** With the kubelet's rights: the proxy may not read pods. */
  readonly client: Client;
  readonly host: Host;
  readonly nodeName: string;
}

export class HostPorts {
  readonly #runtime: Runtime;
  readonly #parts: HostPortsParts;
  #applied: string | undefined;

  constructor(runtime: Runtime, parts: HostPortsParts) {
    this.#runtime = { ...runtime, log: runtime.log.with({ component: 'host-ports' }) };
    this.#parts = parts;
  }

  /** Until the signal. The rules stay. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    const informer = new Informer<Pod>(this.#runtime, this.#parts.client, pods, { fieldSelector: `spec.nodeName=${this.#parts.nodeName}`, transform: trimPod });
    const loop = new UpdateLoop(this.#runtime, { name: 'host ports', minPeriodMs: 100, update: () => this.#update(informer.cache.all()) });
    informer.subscribe(loop.mark, scope.signal);
    scope.run('informer', (inner) => informer.run(inner));
    await informer.synced(scope.signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted) return;
    scope.run('rules', (inner) => loop.run(inner));
    await scope.join();
  }

  async #update(all: Iterable<Pod>): Promise<void> {
    const text = renderHostPorts(hostPorts(all));
    if (text === this.#applied) return;
    const { processes } = this.#parts.host;
    await processes.check(['nft', '-f', '-'], { input: text });
    // Without it the kernel takes what goes from a loopback address to a pod for a mistake. After the rules, which close what it opens.
    if (this.#applied === undefined) await processes.check(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet']);
    this.#applied = text;
  }
}

/** Keeps of a pod what the table is made from. */
function trimPod({ metadata, spec, status }: Pod): Pod {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { hostNetwork: spec.hostNetwork, containers: spec.containers.map(({ name: container, ports }) => ({ name: container, ports })), initContainers: spec.initContainers?.map(({ name: container, ports }) => ({ name: container, ports })) },
    status: { podIP: status?.podIP, phase: status?.phase },
  } as Pod; // only fewer fields of the same type
}
