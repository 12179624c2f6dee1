/** Pods and observations for tests. */
import type { Container, Pod, PodSpec } from '@kaji/api/core/v1';
import type { Observed, ObservedContainer, ObservedSandbox } from './pod-worker/observed.ts';
import { containerHash, findContainer } from './pod-worker/pod-view.ts';

export const testContainer = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'app:1', imagePullPolicy: 'IfNotPresent', ...more });

export function testPod(spec: Partial<PodSpec> = {}, metadata: Pod['metadata'] = {}): Pod {
  return {
    metadata: { name: 'web', namespace: 'default', uid: 'uid-1', generation: 1, ...metadata },
    spec: { containers: [testContainer('app')], restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec },
    status: {},
  };
}

export const testSandbox = (more: Partial<ObservedSandbox> = {}): ObservedSandbox => ({ id: 's0', attempt: 0, isReady: true, createdAtMs: 0, addresses: ['10.244.0.2'], isHostNetwork: false, ...more });

/** One run of a container of the pod; `exited` gives its exit code and when it ended. */
export function testRun(pod: Pod, name: string, more: Partial<ObservedContainer> = {}): ObservedContainer {
  const container = findContainer(pod, name)?.container;
  const restartCount = more.restartCount ?? 0;
  return {
    id: `${name}-${restartCount}`, name, sandboxId: 's0', state: 'running', image: container?.image ?? '', imageId: 'sha256:1', restartCount,
    hash: container === undefined ? '' : containerHash(container), createdAtMs: restartCount, startedAtMs: 0, finishedAtMs: 0, exitCode: 0, reason: '', message: '', logPath: '', ...more,
  };
}

/** The newest first, as the runtime's are. */
export const testObserved = (containers: readonly ObservedContainer[], sandboxes: readonly ObservedSandbox[] = [testSandbox()]): Observed => ({ sandboxes, containers });
