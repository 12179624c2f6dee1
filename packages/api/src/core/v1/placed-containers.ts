/** All containers of a pod, each with its path. */
import type { Container, EphemeralContainer } from './container.ts';
import type { PodSpec } from './pod-spec.ts';

export interface PlacedContainer {
  readonly container: Container | EphemeralContainer;
  readonly path: string;
}

/** In the order in which upstream speaks of them: those that run first, come first. */
export const placedContainers = (spec: PodSpec, path: string): readonly PlacedContainer[] =>
  (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) => (spec[list] ?? []).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })));
