import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import { testContainer, testObserved, testPod, testRun, testSandbox } from '../testing.ts';
import { nothingObserved } from './observed.ts';
import { admit, type Phase, type PodState } from './state.ts';
import { type Effect, type Input, step } from './step.ts';

const limits = { initialMs: 10_000, maxMs: 300_000 };

const effectWords = (effect: Effect): string => {
  switch (effect.type) {
    case 'sync': return `sync(${[...(effect.plan.createSandbox === undefined ? [] : ['sandbox']), ...effect.plan.kill.map((kill) => `-${kill.name}`), ...effect.plan.start.map((start) => `+${start.name}`)].join(' ')})`;
    case 'stop': return `stop(${effect.graceSeconds})`;
    case 'wakeAt': return `wakeAt(${effect.at})`;
    default: return effect.type;
  }
};

/** Runs a script: each line an input and what it led to. */
function play(pod: Pod, inputs: readonly (readonly [at: number, input: Input])[]): string[] {
  let state = admit(pod, 0);
  return inputs.map(([at, input]) => {
    const before = state.phase;
    const made = step(state, input, limits, at);
    state = made.state;
    const phase = before === state.phase ? state.phase : `${before} > ${state.phase}`;
    return `${input.type}: ${phase}: ${made.effects.map(effectWords).join(', ')}`;
  });
}

const pod = testPod();
const deleted = (grace: number): Pod => testPod({}, { deletionTimestamp: '2030-01-01T00:00:00Z', deletionGracePeriodSeconds: grace });
const observed = (...containers: Parameters<typeof testObserved>[0]): Input => ({ type: 'observed', observed: testObserved(containers) });
const nothing: Input = { type: 'observed', observed: nothingObserved };
const runs = observed(testRun(pod, 'app'));
const ended = observed(testRun(pod, 'app', { state: 'exited', exitCode: 0 }));
const synced: Input = { type: 'synced', waiting: {} };

const scripts: readonly (readonly [name: string, pod: Pod, inputs: readonly (readonly [number, Input])[], want: readonly string[]])[] = [
  ['a life from start to deletion', pod,
    [[0, nothing], [1, observed()], [2, runs], [3, synced], [4, { type: 'desired', pod: deleted(5) }], [5, runs], [6, ended], [7, { type: 'stopped' }], [8, { type: 'removed' }]],
    ['observed: admitted > starting: sync(sandbox +app), report', 'observed: starting > running: report', 'observed: running: report', 'synced: running: report',
      'desired: running > terminating: stop(5), report', 'observed: terminating: report', 'observed: terminating: report', 'stopped: terminating > terminated: report, clean, release', 'removed: terminated: forget']],
  ['a deletion while containers are being started', pod,
    [[0, nothing], [1, { type: 'desired', pod: deleted(30) }], [2, { type: 'stopped' }], [3, synced], [4, { type: 'stopped' }]],
    ['observed: admitted > starting: sync(sandbox +app), report', 'desired: starting > terminating: cancelSync, stop(30), report', 'stopped: terminating: report',
      'synced: terminating: stop(30), report', 'stopped: terminating > terminated: report, clean, release']],
  ['a grace that is cut short, and one that is not made longer', pod,
    [[0, runs], [1, { type: 'desired', pod: deleted(30) }], [2, { type: 'desired', pod: deleted(60) }], [3, { type: 'desired', pod: deleted(0) }]],
    ['observed: admitted > starting: report', 'desired: starting > terminating: stop(30), report', 'desired: terminating: report', 'desired: terminating: stop(0)']],
  ['an object that vanished', pod,
    [[0, runs], [1, { type: 'removed' }], [2, ended], [3, { type: 'stopped' }]],
    ['observed: admitted > starting: report', 'removed: starting > terminating: stop(30), report', 'observed: terminating: report', 'stopped: terminating > terminated: report, clean, forget']],
  ['a pod that ends by itself, and is deleted later', testPod({ restartPolicy: 'Never' }),
    [[0, runs], [1, ended], [2, { type: 'stopped' }], [3, { type: 'desired', pod: deleted(30) }]],
    ['observed: admitted > starting: report', 'observed: starting > terminating: stop(30), report', 'stopped: terminating > terminated: report, clean', 'desired: terminated: release']],
  ['a deadline', testPod({ activeDeadlineSeconds: 60 }),
    [[0, runs], [60_000, { type: 'tick' }]],
    ['observed: admitted > starting: wakeAt(60000), report', 'tick: starting > terminating: stop(30), report']],
  ['a pod that was refused', pod,
    [[0, { type: 'ended', ending: { phase: 'Failed', reason: 'OutOfcpu', message: '' } }], [1, { type: 'stopped' }]],
    ['ended: admitted > terminating: stop(30), report', 'stopped: terminating > terminated: report, clean']],
  ['a failed round that is tried again at its time, or when something came', pod,
    [[0, nothing], [1, { type: 'synced', waiting: {}, retryAt: 5000 }], [2, { type: 'retry' }], [3, { type: 'synced', waiting: {}, retryAt: 9000 }], [9000, { type: 'tick' }]],
    ['observed: admitted > starting: sync(sandbox +app), report', 'synced: starting: wakeAt(5000), report', 'retry: starting: sync(sandbox +app), report', 'synced: starting: wakeAt(9000), report', 'tick: starting: sync(sandbox +app), report']],
  ['a pod that had ended before the kubelet came', { ...testPod(), status: { phase: 'Succeeded' } },
    [[0, nothing], [1, { type: 'stopped' }]],
    ['observed: admitted > terminating: stop(30), report', 'stopped: terminating > terminated: report, clean']],
  ['a container that a late start left behind', pod,
    [[0, runs], [1, { type: 'desired', pod: deleted(1) }], [2, { type: 'stopped' }]],
    ['observed: admitted > starting: report', 'desired: starting > terminating: stop(1), report', 'stopped: terminating: stop(0), report']],
];

for (const [name, of, inputs, want] of scripts) test(`takes ${name}`, () => { assert.deepEqual(play(of, inputs), want); });

test('has an answer for every phase and input', () => {
  const phases: readonly Phase[] = ['admitted', 'starting', 'running', 'terminating', 'terminated'];
  const inputs: readonly Input[] = [
    { type: 'desired', pod }, { type: 'removed' }, nothing, runs, synced, { type: 'stopped' }, { type: 'tick' }, { type: 'retry' },
    { type: 'ended', ending: { phase: 'Failed', reason: 'x', message: '' } }, { type: 'probed', containerId: 'app-0', results: { isReady: true } },
  ];
  for (const phase of phases) {
    for (const isSyncing of [false, true]) {
      for (const input of inputs) {
        const state: PodState = { ...admit(pod, 0), phase, isSyncing };
        const made = step(state, input, limits, 1);
        assert.ok(phases.indexOf(made.state.phase) >= phases.indexOf(phase), `${phase} with ${input.type} went back to ${made.state.phase}`);
      }
    }
  }
});

test('forgets what probes said of containers that are gone', () => {
  const state: PodState = { ...admit(pod, 0), probes: { old: { isReady: true }, 'app-0': { isReady: true } } };
  assert.deepEqual(Object.keys(step(state, runs, limits, 1).state.probes), ['app-0']);
});

test('uses no sandbox but the newest', () => {
  const two = testObserved([testRun(pod, 'app', { sandboxId: 's1' })], [testSandbox({ id: 's1', attempt: 1, createdAtMs: 2 }), testSandbox()]);
  const { effects } = step(admit(pod, 0), { type: 'observed', observed: two }, limits, 3);
  const sync = effects.find((effect) => effect.type === 'sync');
  assert.deepEqual(sync?.plan.stopSandboxes, ['s0']);
});

test('container names are free', () => {
  const odd = testPod({ containers: [testContainer('constructor')] });
  const ended = testObserved([testRun(odd, 'constructor', { state: 'exited', exitCode: 1 })]);
  const { state, effects } = step(admit(odd, 0), { type: 'observed', observed: ended }, limits, 0);
  assert.deepEqual(effects.map(effectWords), ['sync(+constructor)', 'report']);
  assert.equal(state.backoff['constructor']?.delayMs, 10_000);
});
