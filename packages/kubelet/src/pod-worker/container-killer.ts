/** Ends containers: preStop hook, SIGTERM, and SIGKILL when the grace is over. */
import type { Pod } from '@kaji/api/core/v1';
import { isNotFound } from '@kaji/cri';
import { runHook, type HookParts } from '../containers/hooks.ts';
import { containerSubject, type Recorder } from '../events.ts';
import type { Observed, ObservedContainer } from './observed.ts';
import type { Kill } from './plan.ts';
import { findContainer, type RoledContainer } from './pod-view.ts';

/** Kubernetes: what a container is given at least, so that nothing is killed without a warning. */
const leastGraceSeconds = 2;

export interface KillerParts extends HookParts {
  readonly recorder: Recorder;
}

export interface KillOptions {
  readonly graceSeconds: number;
  readonly podIp: string;
  /** Shown in the Killing event. */
  readonly message?: string;
  readonly signal?: AbortSignal;
}

export async function killContainer(parts: KillerParts, pod: Pod, container: ObservedContainer, options: KillOptions): Promise<void> {
  const entry = findContainer(pod, container.name);
  if (entry !== undefined) parts.recorder.record(containerSubject(pod, entry.container, entry.role), 'Normal', 'Killing', options.message ?? `Stopping container ${container.name}`);
  const spentSeconds = entry === undefined ? 0 : await preStop(parts, pod, entry, container, options);
  try {
    await parts.cri.stopContainer(container.id, Math.max(leastGraceSeconds, options.graceSeconds - spentSeconds));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The seconds it took. */
async function preStop(parts: KillerParts, pod: Pod, { container: spec, role }: RoledContainer, container: ObservedContainer, { graceSeconds, podIp, signal }: KillOptions): Promise<number> {
  const handler = spec.lifecycle?.preStop;
  if (handler === undefined || graceSeconds <= 0 || container.state !== 'running') return 0;
  const startedAt = parts.clock.monotonic();
  let cancel: () => void = () => undefined;
  const isOver = new Promise<undefined>((resolve) => { cancel = parts.clock.setTimer(graceSeconds * 1000, () => { resolve(undefined); }); });
  const problem = await Promise.race([runHook(parts, handler, { containerId: container.id, container: spec, podIp }, signal === undefined ? {} : { signal }), isOver]);
  cancel();
  // the text of the failure may hold secrets: the event says only that it failed
  if (problem !== undefined) parts.recorder.record(containerSubject(pod, spec, role), 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
  return Math.floor((parts.clock.monotonic() - startedAt) / 1000);
}

/** How long a container killed by its own probe is given: the probe may say. */
export function graceOf(pod: Pod, kill: Kill): number {
  const spec = findContainer(pod, kill.name)?.container;
  const ofPod = Math.max(0, pod.spec.terminationGracePeriodSeconds ?? 30);
  if (kill.reason === 'liveness') return spec?.livenessProbe?.terminationGracePeriodSeconds ?? ofPod;
  if (kill.reason === 'startup') return spec?.startupProbe?.terminationGracePeriodSeconds ?? ofPod;
  return ofPod;
}

/** Every container of a pod: containers at once, then sidecars from the last to the first. */
export async function killAll(parts: KillerParts, pod: Pod, observed: Observed, options: KillOptions): Promise<void> {
  const alive = observed.containers.filter((container) => container.state === 'running' || container.state === 'unknown');
  const roleOf = (container: ObservedContainer): string => findContainer(pod, container.name)?.role ?? 'container';
  const startedAt = parts.clock.monotonic();
  await Promise.all(alive.filter((container) => roleOf(container) !== 'sidecar').map((container) => killContainer(parts, pod, container, options)));
  const order = (pod.spec.initContainers ?? []).map((container) => container.name);
  const sidecars = alive.filter((container) => roleOf(container) === 'sidecar').sort((a, b) => order.indexOf(b.name) - order.indexOf(a.name));
  for (const sidecar of sidecars) {
    const left = Math.max(0, options.graceSeconds - Math.floor((parts.clock.monotonic() - startedAt) / 1000));
    await killContainer(parts, pod, sidecar, { ...options, graceSeconds: left });
  }
}
