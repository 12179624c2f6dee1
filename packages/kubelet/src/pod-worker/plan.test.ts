import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import { testContainer, testObserved, testPod, testRun, testSandbox } from '../testing.ts';
import { type Observed, nothingObserved } from './observed.ts';
import { plan, type Plan } from './plan.ts';
import { admit, type PodState } from './state.ts';

const limits = { initialMs: 10_000, maxMs: 300_000 };
const now = 1_000_000;

/** What is planned, in words. */
function words(made: Plan): string {
  const parts = [
    ...made.stopSandboxes.map((id) => `stop sandbox ${id}`),
    ...(made.createSandbox === undefined ? [] : [`create sandbox ${made.createSandbox}`]),
    ...made.kill.map((kill) => `kill ${kill.name} (${kill.reason})`),
    ...made.start.map((start) => `start ${start.name}#${start.restartCount}`),
    ...Object.entries(made.crashing).map(([name, waiting]) => `${name} ${waiting.reason}`),
    ...(made.isDone ? ['done'] : []),
  ];
  return parts.join(', ');
}

const stateOf = (pod: Pod, observed: Observed, more: Partial<PodState> = {}): PodState => ({ ...admit(pod, now), observed, ...more });

const plain = testPod();
const never = testPod({ restartPolicy: 'Never' });
const onFailure = testPod({ restartPolicy: 'OnFailure' });
const withInit = testPod({ initContainers: [testContainer('first'), testContainer('second')] });
const withSidecar = testPod({ initContainers: [testContainer('mesh', { restartPolicy: 'Always' }), testContainer('first')] });
const exited = (pod: Pod, name: string, exitCode: number, more = {}) => testRun(pod, name, { state: 'exited', exitCode, finishedAtMs: now - 1000, ...more });

const cases: readonly (readonly [name: string, state: PodState, want: string])[] = [
  ['a sandbox and all containers for a new pod', stateOf(plain, nothingObserved), 'create sandbox 0, start app#0'],
  ['nothing while all runs', stateOf(plain, testObserved([testRun(plain, 'app')])), ''],
  ['a first restart at once', stateOf(plain, testObserved([exited(plain, 'app', 1)])), 'start app#1'],
  ['no restart during the back-off', stateOf(plain, testObserved([exited(plain, 'app', 1)]), { backoff: { app: { delayMs: 10_000, updatedAt: now - 5000 } } }), 'app CrashLoopBackOff'],
  ['a restart after the back-off', stateOf(plain, testObserved([exited(plain, 'app', 1, { finishedAtMs: now - 10_001 })]), { backoff: { app: { delayMs: 10_000, updatedAt: now - 11_000 } } }), 'start app#1'],
  ['the end of a pod that never restarts', stateOf(never, testObserved([exited(never, 'app', 1)])), 'done'],
  ['a restart on failure', stateOf(onFailure, testObserved([exited(onFailure, 'app', 1)])), 'start app#1'],
  ['the end on success', stateOf(onFailure, testObserved([exited(onFailure, 'app', 0)])), 'done'],
  ['a new sandbox when the old one ended, with everything in it', stateOf(plain, testObserved([exited(plain, 'app', 137)], [testSandbox({ isReady: false })])), 'create sandbox 1, start app#1'],
  ['a new sandbox when it has no address', stateOf(plain, testObserved([testRun(plain, 'app')], [testSandbox({ addresses: [] })])), 'stop sandbox s0, create sandbox 1, start app#1'],
  ['no new sandbox for a pod that is not to run again', stateOf(never, testObserved([exited(never, 'app', 0)], [testSandbox({ isReady: false })])), 'done'],
  ['the first init container only', stateOf(withInit, nothingObserved), 'create sandbox 0, start first#0'],
  ['nothing while an init container runs', stateOf(withInit, testObserved([testRun(withInit, 'first')])), ''],
  ['the second init container after the first', stateOf(withInit, testObserved([exited(withInit, 'first', 0)])), 'start second#0'],
  ['the containers after the init containers', stateOf(withInit, testObserved([exited(withInit, 'second', 0), exited(withInit, 'first', 0)])), 'start app#0'],
  ['a failed init container again', stateOf(withInit, testObserved([exited(withInit, 'first', 1)])), 'start first#1'],
  ['no init container again once containers run', stateOf(withInit, testObserved([testRun(withInit, 'app')])), ''],
  ['a sidecar, and what follows once it runs', stateOf(withSidecar, testObserved([testRun(withSidecar, 'mesh')])), 'start first#0'],
  ['a sidecar that ended, though the containers run', stateOf(withSidecar, testObserved([testRun(withSidecar, 'app'), exited(withSidecar, 'mesh', 0)])), 'start mesh#1'],
  ['a kill of what is not alive', stateOf(plain, testObserved([testRun(plain, 'app')]), { probes: { 'app-0': { isAlive: false } } }), 'kill app (liveness)'],
  ['a kill of what did not start', stateOf(plain, testObserved([testRun(plain, 'app')]), { probes: { 'app-0': { hasStarted: false } } }), 'kill app (startup)'],
  ['a kill of what is no longer wanted so', stateOf(plain, testObserved([testRun(plain, 'app', { hash: 'other' })])), 'kill app (changed)'],
];

for (const [name, state, want] of cases) test(`plans ${name}`, () => { assert.equal(words(plan(state, limits, now)), want); });

test('the back-off doubles up to its limit, and ends after a long quiet time', () => {
  const delays: number[] = [];
  let state = stateOf(plain, testObserved([exited(plain, 'app', 1, { finishedAtMs: now })]));
  let time = now;
  for (let round = 0; round < 8; round++) {
    const made = plan(state, limits, time);
    assert.equal(words(made), 'start app#1');
    delays.push(made.backoff['app']?.delayMs ?? 0);
    time += delays.at(-1) ?? 0;
    state = { ...state, backoff: made.backoff, observed: testObserved([exited(plain, 'app', 1, { finishedAtMs: time - (delays.at(-1) ?? 0) })]) };
  }
  assert.deepEqual(delays, [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  const quiet = plan({ ...state, observed: testObserved([exited(plain, 'app', 1, { finishedAtMs: time + 700_000 })]) }, limits, time + 700_000);
  assert.equal(quiet.backoff['app']?.delayMs, 10_000);
});

test('says how long a container waits, and wakes when it is over', () => {
  const made = plan(stateOf(plain, testObserved([exited(plain, 'app', 1)]), { backoff: { app: { delayMs: 80_000, updatedAt: now } } }), limits, now);
  assert.equal(made.crashing['app']?.message, 'back-off 1m20s restarting failed container=app pod=web_default(uid-1)');
  assert.equal(made.wakeAt, now - 1000 + 80_000);
});

test('counts on from what the API remembers when the runtime has forgotten', () => {
  const known = { containerStatuses: [{ name: 'app', state: { running: { startedAt: undefined } }, lastState: {}, ready: true, restartCount: 4, image: '', imageID: '' }] };
  assert.equal(words(plan(stateOf(plain, nothingObserved, { known }), limits, now)), 'create sandbox 0, start app#5');
});
