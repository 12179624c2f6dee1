/** What the ports of a pod's containers are warned of: those that get in each other's way. */
import type { ContainerPort } from './container.ts';
import type { PlacedContainer } from './placed-containers.ts';

/** As Go prints the struct. */
const portText = ({ name = '', hostPort = 0, containerPort, protocol, hostIP = '' }: ContainerPort): string => `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol ?? ''} HostIP:${hostIP}}`;

function overlap({ hostIP = '', hostPort = 0 }: ContainerPort, { hostIP: otherIp = '', hostPort: otherPort = 0 }: ContainerPort): string | undefined {
  if (hostIP === otherIp && hostPort === otherPort) return 'duplicate';
  if (hostPort === 0 || otherPort === 0) return 'overlapping';
  return hostPort === otherPort && (hostIP === '') !== (otherIp === '') ? 'dangerously ambiguous' : undefined;
}

interface PlacedPort {
  readonly port: ContainerPort;
  readonly path: string;
}

/** How many pairs of ports are looked at. Of ports that nobody counts any more, the first are told. */
const pairLimit = 100_000;

function numberWarnings(placed: readonly PlacedPort[]): readonly string[] {
  const before = new Map<string, PlacedPort[]>();
  const warnings: string[] = [];
  let pairs = 0;
  for (const { port, path } of placed) {
    if ((port.hostIP ?? '') !== '' && (port.hostPort ?? 0) === 0) warnings.push(`${path}: hostIP set without hostPort: ${portText(port)}`);
    const key = `${port.containerPort}/${port.protocol ?? ''}`;
    const others = before.get(key) ?? [];
    for (const { port: other, path: where } of others) {
      if (++pairs > pairLimit) return warnings;
      const how = overlap(port, other);
      if (how !== undefined) warnings.push(`${path}: ${how} port definition with ${where}`);
    }
    others.push({ port, path });
    before.set(key, others);
  }
  return warnings;
}

export function portWarnings(containers: readonly PlacedContainer[]): readonly string[] {
  const placed = containers.flatMap(({ container, path }) => (container.ports ?? []).map((port, index) => ({ port, path: `${path}.ports[${index}]` })));
  const numbers = numberWarnings(placed);
  const byName = new Map<string, string>();
  return [...numbers, ...placed.flatMap(({ port: { name = '' }, path }) => {
    const other = byName.get(name);
    if (name === '') return [];
    if (other !== undefined) return [`${path}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`];
    byName.set(name, path);
    return [];
  })];
}
