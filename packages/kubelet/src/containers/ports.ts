/** Ports that probes and hooks name. */
import type { Container } from '@kaji/api/core/v1';

/** A number, a number as text, or the name of one of the container's ports; undefined when there is none of that name. */
export function resolvePort(container: Container, port: number | string): number | undefined {
  if (typeof port === 'number') return port;
  const named = (container.ports ?? []).find((candidate) => candidate.name === port);
  if (named !== undefined) return named.containerPort;
  const number = Number(port);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
