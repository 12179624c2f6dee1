import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../core/v1/pod.ts';
import { podColumns } from './pod.ts';

const now = Date.UTC(2030, 0, 1, 1);
type Status = NonNullable<Pod['status']>;
type Container = NonNullable<Status['containerStatuses']>[number];
const container = (name: string, state: Container['state'], more: Partial<Container> = {}): Container => ({ name, state, ready: false, restartCount: 0, image: '', imageID: '', ...more });
const running = { running: { startedAt: '2030-01-01T00:00:00Z' } };
const ended = (exitCode: number, reason?: string, signal?: number): Container['state'] => ({ terminated: { exitCode, ...(reason === undefined ? {} : { reason }), ...(signal === undefined ? {} : { signal }) } });
const pod = (status: Status, more: { readonly init?: readonly string[]; readonly sidecar?: string; readonly containers?: readonly string[]; readonly isTerminating?: boolean } = {}): Pod => ({
  metadata: { name: 'p', creationTimestamp: '2030-01-01T00:00:00Z', ...(more.isTerminating === true ? { deletionTimestamp: '2030-01-01T00:30:00Z' } : {}) },
  spec: {
    containers: (more.containers ?? ['a']).map((name) => ({ name })),
    initContainers: [...(more.init ?? []).map((name) => ({ name })), ...(more.sidecar === undefined ? [] : [{ name: more.sidecar, restartPolicy: 'Always' as const }])],
  },
  status,
});
const ready = { type: 'Ready', status: 'True' } as const;

const cases: readonly (readonly [name: string, pod: Pod, ready: string, status: string, restarts: string])[] = [
  ['a pod that waits for a node', pod({ phase: 'Pending' }), '0/1', 'Pending', '0'],
  ['a pod behind a gate', pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }), '0/1', 'SchedulingGated', '0'],
  ['a pod whose containers are made', pod({ phase: 'Pending', containerStatuses: [container('a', { waiting: { reason: 'ContainerCreating' } })] }), '0/1', 'ContainerCreating', '0'],
  ['a running pod', pod({ phase: 'Running', conditions: [ready], containerStatuses: [container('a', running, { ready: true })] }), '1/1', 'Running', '0'],
  ['a crash and when it was', pod({ phase: 'Running', containerStatuses: [container('a', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: '2030-01-01T00:59:30Z' } } })] }), '0/1', 'CrashLoopBackOff', '3 (30s ago)'],
  ['an evicted pod', pod({ phase: 'Failed', reason: 'Evicted' }), '0/1', 'Evicted', '0'],
  ['a finished pod', pod({ phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] }), '0/1', 'Completed', '0'],
  ['a failed pod without a reason', pod({ phase: 'Failed', containerStatuses: [container('a', ended(137, undefined, 9))] }), '0/1', 'Signal:9', '0'],
  ['one of two containers is done, the pod is ready', pod({ phase: 'Running', conditions: [ready], containerStatuses: [container('a', ended(0, 'Completed')), container('b', running, { ready: true })] }, { containers: ['a', 'b'] }), '1/2', 'Running', '0'],
  ['one of two containers is done, the pod is not ready', pod({ phase: 'Running', containerStatuses: [container('a', ended(0, 'Completed')), container('b', running, { ready: true })] }, { containers: ['a', 'b'] }), '1/2', 'NotReady', '0'],
  ['the first of two init containers runs', pod({ phase: 'Pending', initContainerStatuses: [container('i', running), container('j', { waiting: { reason: 'PodInitializing' } })] }, { init: ['i', 'j'] }), '0/1', 'Init:0/2', '0'],
  ['an init container fails', pod({ phase: 'Pending', initContainerStatuses: [container('i', ended(2, 'Error'), { restartCount: 1 })] }, { init: ['i'] }), '0/1', 'Init:Error', '1'],
  ['an init container exits without a reason', pod({ phase: 'Pending', initContainerStatuses: [container('i', ended(2))] }, { init: ['i'] }), '0/1', 'Init:ExitCode:2', '0'],
  ['a sidecar counts', pod({ phase: 'Running', conditions: [ready], initContainerStatuses: [container('s', running, { ready: true, started: true, restartCount: 2 })], containerStatuses: [container('a', running, { ready: true })] }, { sidecar: 's' }), '2/2', 'Running', '2'],
  ['a pod that goes away', pod({ phase: 'Running', containerStatuses: [container('a', running, { ready: true })] }, { isTerminating: true }), '1/1', 'Terminating', '0'],
  ['a finished pod that goes away stays what it was', pod({ phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] }, { isTerminating: true }), '0/1', 'Completed', '0'],
];

for (const [name, input, wantReady, wantStatus, wantRestarts] of cases) {
  test(`shows ${name}`, () => {
    const cell = (column: string): unknown => podColumns.find((candidate) => candidate.name === column)?.value(input, now);
    assert.deepEqual([cell('Ready'), cell('Status'), cell('Restarts'), cell('Age')], [wantReady, wantStatus, wantRestarts, '60m']);
  });
}
