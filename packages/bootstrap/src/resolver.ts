/** The nodes' resolv.conf: the host's, unless that leads to an address which a namespace cannot reach. */

export interface Resolver {
  /** For the nodes' resolv.conf. */
  readonly text: string;
  /** Servers on the host's loopback that must be reached through a forwarder; empty when the nodes can ask for themselves. */
  readonly forwardTo: readonly string[];
}

export function planResolver(hostText: string, forwarderAddress: string): Resolver {
  const lines = hostText.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^[#;]/.test(line));
  const servers = lines.filter((line) => line.startsWith('nameserver')).map((line) => line.split(/\s+/)[1] ?? '');
  const reachable = servers.filter((address) => !isLoopback(address));
  const rest = lines.filter((line) => !line.startsWith('nameserver'));
  const isForwarded = reachable.length === 0;
  const named = isForwarded ? [forwarderAddress] : reachable;
  return {
    text: `${[...named.map((address) => `nameserver ${address}`), ...rest].join('\n')}\n`,
    // Kubernetes and the C library alike: without a nameserver line the resolver is on this machine.
    forwardTo: isForwarded ? (servers.length === 0 ? ['127.0.0.1'] : servers) : [],
  };
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
