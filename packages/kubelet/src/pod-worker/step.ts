/** The life of one pod on this node, as a pure function. The worker is the only owner of the state; nobody else decides what phase a pod is in. */
import type { Pod } from '@kaji/api/core/v1';
import { parseTime } from '@kaji/schema';
import { own } from '../own.ts';
import { isAnyRunning, type Observed, readySandbox } from './observed.ts';
import { graceSecondsOf } from './pod-view.ts';
import { type BackoffLimits, isEmpty, plan, type Plan } from './plan.ts';
import type { Ending, PodState, ProbeResults, Waiting } from './state.ts';

export type Input =
  /** The source has the pod, perhaps changed. */
  | { readonly type: 'desired'; readonly pod: Pod }
  /** The source has it no more. */
  | { readonly type: 'removed' }
  /** What the runtime has now. */
  | { readonly type: 'observed'; readonly observed: Observed }
  | { readonly type: 'probed'; readonly containerId: string; readonly results: ProbeResults }
  /** The round of work ended. Containers that could not be started say why; `retryAt` delays the next round. */
  | { readonly type: 'synced'; readonly waiting: Readonly<Record<string, Waiting>>; readonly retryAt?: number }
  /** All containers have been told to stop, and have. */
  | { readonly type: 'stopped' }
  /** Something refused the pod, or took it down. */
  | { readonly type: 'ended'; readonly ending: Ending }
  /** Something a failed round waited for has come: a ConfigMap, an image. */
  | { readonly type: 'retry' }
  | { readonly type: 'tick' };

export type Effect =
  | { readonly type: 'sync'; readonly plan: Plan }
  | { readonly type: 'cancelSync' }
  | { readonly type: 'stop'; readonly graceSeconds: number }
  | { readonly type: 'report' }
  /** These containers failed, and wait before they are started again: people are told. */
  | { readonly type: 'backedOff'; readonly names: readonly string[] }
  /** Nothing runs any more: volumes, directories, cgroups. */
  | { readonly type: 'clean' }
  /** The object may go from the API. */
  | { readonly type: 'release' }
  /** Sandboxes and containers go from the runtime, and the worker ends. */
  | { readonly type: 'forget' }
  | { readonly type: 'wakeAt'; readonly at: number };

export interface Step {
  readonly state: PodState;
  readonly effects: readonly Effect[];
}

/** Total: every pair of phase and input has an answer, and the compiler checks that. */
export function step(before: PodState, input: Input, limits: BackoffLimits, now: number): Step {
  const state = absorb(before, input);
  switch (state.phase) {
    case 'admitted': return live({ ...state, phase: 'starting' }, limits, now);
    case 'starting': return live({ ...state, phase: readySandbox(state.observed) === undefined ? 'starting' : 'running' }, limits, now);
    case 'running': return live(state, limits, now);
    case 'terminating': return terminating(state, input);
    case 'terminated': return terminated(before, state, input);
    default: return state.phase satisfies never;
  }
}

/** What the input says, written down. Decisions come after. */
function absorb(state: PodState, input: Input): PodState {
  switch (input.type) {
    case 'desired': return { ...state, pod: input.pod, isRemoved: false };
    case 'removed': return { ...state, isRemoved: true };
    case 'observed': return { ...state, observed: input.observed, probes: keepKnown(state, input.observed) };
    case 'probed': return { ...state, probes: { ...state.probes, [input.containerId]: { ...state.probes[input.containerId], ...input.results } } };
    case 'synced': {
      const { retryAt: _retryAt, ...rest } = state;
      return { ...rest, isSyncing: false, waiting: input.waiting, ...(input.retryAt === undefined ? {} : { retryAt: input.retryAt }) };
    }
    case 'ended': return state.ending === undefined ? { ...state, ending: input.ending } : state;
    case 'retry': {
      const { retryAt: _retryAt, ...rest } = state;
      return rest;
    }
    case 'stopped': case 'tick': return state;
    default: return input satisfies never;
  }
}

/** Results of containers that are gone are dropped. */
function keepKnown(state: PodState, observed: Observed): PodState['probes'] {
  const ids = new Set(observed.containers.map((container) => container.id));
  return Object.fromEntries(Object.entries(state.probes).filter(([id]) => ids.has(id)));
}

function live(state: PodState, limits: BackoffLimits, now: number): Step {
  const deadline = deadlineOf(state);
  if (state.ending === undefined && deadline !== undefined && now >= deadline) {
    return live({ ...state, ending: { phase: 'Failed', reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' } }, limits, now);
  }
  const hasEnded = state.known.phase === 'Succeeded' || state.known.phase === 'Failed';
  if (state.isRemoved || hasEnded || state.ending !== undefined || state.pod.metadata.deletionTimestamp !== undefined) return beginStop(state, state.ending?.graceSeconds ?? graceSecondsOf(state.pod));
  const wake: Effect[] = deadline === undefined ? [] : [{ type: 'wakeAt', at: deadline }];
  if (state.isSyncing) return { state, effects: [...wake, { type: 'report' }] };
  const next = plan(state, limits, now);
  if (next.isDone) return beginStop(state, graceSecondsOf(state.pod));
  const waiting = { ...state.waiting, ...next.crashing };
  const backedOff = Object.keys(next.crashing).filter((name) => own(state.waiting, name)?.reason !== 'CrashLoopBackOff');
  if (backedOff.length > 0) wake.push({ type: 'backedOff', names: backedOff });
  if (next.wakeAt !== undefined) wake.push({ type: 'wakeAt', at: next.wakeAt });
  if (isEmpty(next)) return { state: { ...state, waiting }, effects: [...wake, { type: 'report' }] };
  if (state.retryAt !== undefined && now < state.retryAt) return { state: { ...state, waiting }, effects: [...wake, { type: 'wakeAt', at: state.retryAt }, { type: 'report' }] };
  return { state: { ...state, isSyncing: true, waiting, backoff: next.backoff }, effects: [...wake, { type: 'sync', plan: next }, { type: 'report' }] };
}

function beginStop(state: PodState, graceSeconds: number): Step {
  const effects: Effect[] = state.isSyncing ? [{ type: 'cancelSync' }] : [];
  return { state: { ...state, phase: 'terminating', graceSeconds }, effects: [...effects, { type: 'stop', graceSeconds }, { type: 'report' }] };
}

function terminating(state: PodState, input: Input): Step {
  const graceSeconds = graceSecondsOf(state.pod);
  // Kubernetes: a grace may be cut short by deleting again, never made longer
  if (input.type === 'desired' && state.pod.metadata.deletionTimestamp !== undefined && graceSeconds < (state.graceSeconds ?? Infinity)) {
    return { state: { ...state, graceSeconds }, effects: [{ type: 'stop', graceSeconds }] };
  }
  if (input.type !== 'stopped' || state.isSyncing) {
    // the round that was cancelled may have started one more container after the stop looked
    if (input.type === 'synced') return { state, effects: [{ type: 'stop', graceSeconds: state.graceSeconds ?? graceSeconds }, { type: 'report' }] };
    return { state, effects: [{ type: 'report' }] };
  }
  if (isAnyRunning(state.observed)) return { state, effects: [{ type: 'stop', graceSeconds: 0 }, { type: 'report' }] };
  return { state: { ...state, phase: 'terminated' }, effects: [{ type: 'report' }, { type: 'clean' }, ...ends(state)] };
}

function terminated(before: PodState, state: PodState, input: Input): Step {
  const isNews = input.type === 'removed' || (input.type === 'desired' && before.pod.metadata.deletionTimestamp === undefined && state.pod.metadata.deletionTimestamp !== undefined);
  if (isNews) return { state, effects: ends(state) };
  if (input.type === 'observed' && isAnyRunning(state.observed)) return { state, effects: [{ type: 'stop', graceSeconds: 0 }] };
  return { state, effects: input.type === 'desired' || input.type === 'observed' ? [{ type: 'report' }] : [] };
}

function ends(state: PodState): Effect[] {
  if (state.isRemoved) return [{ type: 'forget' }];
  return state.pod.metadata.deletionTimestamp === undefined ? [] : [{ type: 'release' }];
}

function deadlineOf(state: PodState): number | undefined {
  const seconds = state.pod.spec.activeDeadlineSeconds;
  if (seconds === undefined) return undefined;
  return (parseTime(state.known.startTime ?? '') ?? state.acceptedAt) + seconds * 1000;
}
