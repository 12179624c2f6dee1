import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodStatus } from '@kaji/api/core/v1';
import { testContainer, testObserved, testPod, testRun, testSandbox } from '../testing.ts';
import { nothingObserved, type Observed } from './observed.ts';
import { admit, type PodState } from './state.ts';
import { podStatus } from './status.ts';

const node = { addresses: ['172.30.0.11'] };
const statusOf = (pod: Pod, observed: Observed, more: Partial<PodState> = {}): PodStatus => podStatus({ ...admit(pod, 0), phase: 'running', observed, ...more }, node, 5000);

/** A status in one line: phase, containers, and the conditions that do not hold. */
function words(status: PodStatus): string {
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(({ name, state, lastState, ready, restartCount }) => {
    const shown = state?.running !== undefined ? 'running' : state?.terminated !== undefined ? `terminated(${state.terminated.reason})` : `waiting(${state?.waiting?.reason ?? ''})`;
    return `${name}:${shown}${lastState?.terminated === undefined ? '' : `<${lastState.terminated.exitCode}`}${ready ? ' ready' : ''}${restartCount > 0 ? ` x${restartCount}` : ''}`;
  });
  const lacking = (status.conditions ?? []).filter((condition) => condition.status !== 'True').map((condition) => `${condition.type}${condition.reason === undefined ? '' : `=${condition.reason}`}`);
  return `${status.phase} | ${containers.join(', ')} | ${lacking.join(', ')}`;
}

const pod = testPod();
const never = testPod({ restartPolicy: 'Never' });
const probed = testPod({ containers: [testContainer('app', { readinessProbe: {}, startupProbe: {} })] });
const withInit = testPod({ initContainers: [testContainer('first')] });
const exit = (of: Pod, name: string, exitCode: number, more = {}) => testRun(of, name, { state: 'exited', exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', ...more });

const cases: readonly (readonly [name: string, status: PodStatus, want: string])[] = [
  ['a pod that was just met', statusOf(pod, nothingObserved, { phase: 'starting' }), 'Pending | app:waiting(ContainerCreating) | PodReadyToStartContainers, Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['a pod that runs', statusOf(pod, testObserved([testRun(pod, 'app')])), 'Running | app:running ready | '],
  ['a container that is not ready yet', statusOf(probed, testObserved([testRun(probed, 'app')])), 'Running | app:running | Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['a container that is started and ready', statusOf(probed, testObserved([testRun(probed, 'app')]), { probes: { 'app-0': { hasStarted: true, isReady: true } } }), 'Running | app:running ready | '],
  ['a container that waits for its next try', statusOf(pod, testObserved([exit(pod, 'app', 3, { restartCount: 2 }), exit(pod, 'app', 3, { restartCount: 1 })]), { waiting: { app: { reason: 'CrashLoopBackOff' } } }),
    'Running | app:waiting(CrashLoopBackOff)<3 x2 | Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['a container that has just ended', statusOf(pod, testObserved([exit(pod, 'app', 3)])), 'Running | app:terminated(Error) | Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['an image that cannot be pulled', statusOf(pod, testObserved([]), { waiting: { app: { reason: 'ImagePullBackOff' } } }), 'Pending | app:waiting(ImagePullBackOff) | Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['an init container that runs', statusOf(withInit, testObserved([testRun(withInit, 'first')])),
    'Pending | first:running, app:waiting(PodInitializing) | Initialized=ContainersNotInitialized, Ready=ContainersNotReady, ContainersReady=ContainersNotReady'],
  ['containers after the init containers', statusOf(withInit, testObserved([testRun(withInit, 'app'), exit(withInit, 'first', 0)])), 'Running | first:terminated(Completed) ready, app:running ready | '],
  ['a pod that succeeded', statusOf(never, testObserved([exit(never, 'app', 0)], [testSandbox({ isReady: false })]), { phase: 'terminated' }),
    'Succeeded | app:terminated(Completed) | PodReadyToStartContainers, Ready=PodCompleted, ContainersReady=PodCompleted'],
  ['a pod that failed', statusOf(never, testObserved([exit(never, 'app', 1)]), { phase: 'terminated' }), 'Failed | app:terminated(Error) | Ready=PodFailed, ContainersReady=PodFailed'],
  ['a pod that was refused', statusOf(pod, nothingObserved, { phase: 'terminated', ending: { phase: 'Failed', reason: 'OutOfcpu', message: 'm', isRefusal: true } }), 'Failed |  | '],
];
for (const [name, status, want] of cases) test(`shows ${name}`, () => { assert.equal(words(status), want); });

test('says which containers are not ready', () => {
  const two = testPod({ containers: [testContainer('a', { readinessProbe: {} }), testContainer('b', { readinessProbe: {} })] });
  const status = statusOf(two, testObserved([testRun(two, 'a'), testRun(two, 'b')]));
  assert.equal(status.conditions?.find((condition) => condition.type === 'Ready')?.message, 'containers with unready status: [a b]');
});

test('keeps the time of a condition while it holds, and the conditions of others', () => {
  const before = { type: 'Ready', status: 'True', lastTransitionTime: '1970-01-01T00:00:01Z', lastProbeTime: undefined };
  const gate = { type: 'example.com/gate', status: 'False', lastTransitionTime: undefined, lastProbeTime: undefined };
  const known = testPod();
  known.status = { conditions: [before, gate] };
  const conditions = statusOf(known, testObserved([testRun(known, 'app')])).conditions ?? [];
  assert.equal(conditions.find((condition) => condition.type === 'Ready')?.lastTransitionTime, '1970-01-01T00:00:01Z');
  assert.deepEqual(conditions.at(-1), gate);
});

test('a pod is ready only when its gates are', () => {
  const gated = testPod({ readinessGates: [{ conditionType: 'example.com/gate' }] });
  const ready = statusOf(gated, testObserved([testRun(gated, 'app')])).conditions?.find((condition) => condition.type === 'Ready');
  assert.deepEqual([ready?.status, ready?.reason, ready?.message], ['False', 'ReadinessGatesNotReady', 'corresponding condition of pod readiness gate "example.com/gate" does not exist.']);
});

test('a container that ran before the kubelet did stays ready until a probe says otherwise', () => {
  const known = { containerStatuses: [{ name: 'app', state: {}, lastState: {}, ready: true, started: true, restartCount: 0, image: '', imageID: '', containerID: 'containerd://app-0' }] };
  const observed = testObserved([testRun(probed, 'app')]);
  assert.equal(statusOf(probed, observed, { known }).containerStatuses?.[0]?.ready, true);
  assert.equal(statusOf(probed, observed, { known, probes: { 'app-0': { isReady: false } } }).containerStatuses?.[0]?.ready, false);
});

test('a pod on the host has the addresses of the node', () => {
  const onHost = testPod({ hostNetwork: true });
  const status = statusOf(onHost, testObserved([testRun(onHost, 'app')], [testSandbox({ isHostNetwork: true, addresses: [] })]));
  assert.deepEqual([status.podIP, status.hostIP], ['172.30.0.11', '172.30.0.11']);
});

test('a container that could not be started has begun when time did, as upstream tells it', () => {
  const status = statusOf(pod, testObserved([exit(pod, 'app', 128, { reason: 'StartError', startedAtMs: 0, finishedAtMs: 4000 })]));
  assert.equal(status.containerStatuses?.[0]?.state?.terminated?.startedAt, '1970-01-01T00:00:00Z');
});
