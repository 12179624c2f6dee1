/** Questions about a pod's specification, asked all over the kubelet. */
import type { Container, Pod } from '@kaji/api/core/v1';

export type ContainerRole = 'init' | 'sidecar' | 'container' | 'ephemeral';

/** An ephemeral container differs from others only by its target. */
export interface AnyContainer extends Container {
  readonly targetContainerName?: string | undefined;
}

export interface RoledContainer {
  readonly role: ContainerRole;
  readonly container: AnyContainer;
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

/** `name_namespace`, as messages and log directories have it. */
export const fullName = (pod: Pod): string => `${pod.metadata.name ?? ''}_${pod.metadata.namespace ?? ''}`;

/** `name_namespace(uid)`, as messages have it. */
export const describe = (pod: Pod): string => `${fullName(pod)}(${uidOf(pod)})`;

/** An init container that is started in turn, and then goes on running. */
export const isSidecar = (container: AnyContainer): boolean => container.restartPolicy === 'Always';

/** In the order they are declared: init containers, containers, ephemeral ones. */
export function allContainers(pod: Pod): readonly RoledContainer[] {
  return [
    ...(pod.spec.initContainers ?? []).map((container) => ({ role: isSidecar(container) ? 'sidecar' : 'init', container }) as const),
    ...pod.spec.containers.map((container) => ({ role: 'container', container }) as const),
    ...(pod.spec.ephemeralContainers ?? []).map((container) => ({ role: 'ephemeral', container: { ...container, name: container.name ?? '' } }) as const),
  ];
}

export const findContainer = (pod: Pod, name: string): RoledContainer | undefined => allContainers(pod).find(({ container }) => container.name === name);

/** Kubernetes: where a static pod came from; API pods have no such annotation. */
const sourceAnnotation = 'kubernetes.io/config.source';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export const isStatic = (pod: Pod): boolean => {
  const source = pod.metadata.annotations?.[sourceAnnotation];
  return source !== undefined && source !== 'api';
};

/** The API's picture of a static pod: it can be read there, not run from there. */
export const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.[mirrorAnnotation] !== undefined;

export const isHostNetwork = (pod: Pod): boolean => pod.spec.hostNetwork === true;

/** Whether a container that ended is to be started again. */
export function restartsAfter(pod: Pod, { role, container }: RoledContainer, exitCode: number): boolean {
  if (role === 'sidecar') return true;
  if (role === 'ephemeral') return false;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  if (policy === 'OnFailure' || role === 'init') return exitCode !== 0;
  return true;
}

/** What decides whether a running container is still the one that is wanted. FNV-1a of name and image, 32 bits. */
export function containerHash(container: AnyContainer): string {
  let hash = 0x811c9dc5;
  for (const character of `${container.name}\n${container.image ?? ''}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16);
}

export const graceSecondsOf = (pod: Pod): number => Math.max(0, pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
