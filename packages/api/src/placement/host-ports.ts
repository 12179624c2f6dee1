/** Ports of a node that pods want to themselves: two pods on a node do not share one. */
import type { Pod } from '../core/v1/pod.ts';

/** One such port, and the address of the node that it is wanted at. */
export interface HostPort {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

const anyAddress = '0.0.0.0';

export function hostPortsOf(pod: Pod): readonly HostPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...pod.spec.containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP = '', protocol }) => (hostPort > 0 ? [{ address: hostIP === '' ? anyAddress : hostIP, protocol: protocol ?? 'TCP', port: hostPort }] : [])));
}

export const clashes = (wanted: readonly HostPort[], used: readonly HostPort[]): boolean =>
  wanted.some((want) => used.some((use) => want.port === use.port && want.protocol === use.protocol && (want.address === use.address || want.address === anyAddress || use.address === anyAddress)));
