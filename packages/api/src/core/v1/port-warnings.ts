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

export function portWarnings(containers: readonly PlacedContainer[]): readonly string[] {
  const placed = containers.flatMap(({ container, path }) => (container.ports ?? []).map((port, index) => ({ port, path: `${path}.ports[${index}]` })));
  const numbers = placed.flatMap(({ port, path }, index) => [
    ...((port.hostIP ?? '') !== '' && (port.hostPort ?? 0) === 0 ? [`${path}: hostIP set without hostPort: ${portText(port)}`] : []),
    ...placed.slice(0, index).flatMap(({ port: other, path: where }) => {
      const how = other.containerPort === port.containerPort && other.protocol === port.protocol ? overlap(port, other) : undefined;
      return how === undefined ? [] : [`${path}: ${how} port definition with ${where}`];
    }),
  ]);
  const byName = new Map<string, string>();
  return [...numbers, ...placed.flatMap(({ port: { name = '' }, path }) => {
    const other = byName.get(name);
    if (name === '') return [];
    if (other !== undefined) return [`${path}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`];
    byName.set(name, path);
    return [];
  })];
}
