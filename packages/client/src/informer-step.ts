/**
 * The life of an informer as a pure function: what to do next, given what happened. The edge (informer.ts) lists,
 * watches and waits; nothing else decides.
 *
 *     idle -> syncing (one stream that begins with the state, or a list) -> watching -> (expired) syncing
 *                \________________ waiting ___________________/
 */
import { type ApiObject, isReason } from '@kaji/api';
import { unreachable } from '@kaji/base';
import type { WatchEvent } from './client.ts';

/** How the state is got: one watch that sends it first, or, where a server refuses that, a list. */
export type SyncMode = 'stream' | 'list';

export type State =
  | { readonly phase: 'idle'; readonly mode: SyncMode }
  | { readonly phase: 'syncing'; readonly mode: SyncMode }
  | { readonly phase: 'watching'; readonly mode: SyncMode; readonly resourceVersion: string }
  /** Until then; with a revision, the watch goes on from it. */
  | { readonly phase: 'waiting'; readonly mode: SyncMode; readonly resourceVersion: string | undefined };

export type Input<T> =
  | { readonly type: 'started' }
  /** One page of a list. */
  | { readonly type: 'listed'; readonly items: readonly T[]; readonly resourceVersion: string; readonly isLast: boolean }
  | { readonly type: 'event'; readonly event: WatchEvent<T> }
  /** The server closed the watch: it does so after its time. */
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'waited' };

export type Effect<T> =
  | { readonly type: 'list' }
  | { readonly type: 'watch'; readonly from: string | undefined }
  | { readonly type: 'stage'; readonly objects: readonly T[] }
  | { readonly type: 'discard' }
  | { readonly type: 'commit' }
  | { readonly type: 'put' | 'remove'; readonly object: T }
  /** Back off, longer after each failure in a row. */
  | { readonly type: 'wait' }
  /** Contact was made: forget earlier failures. */
  | { readonly type: 'recovered' };

export interface Step<T> {
  readonly state: State;
  readonly effects: readonly Effect<T>[];
}

export const initial: State = { phase: 'idle', mode: 'stream' };

export function step<T extends ApiObject>(state: State, input: Input<T>): Step<T> {
  switch (input.type) {
    case 'started':
      return sync(state.mode);
    case 'waited':
      return state.phase === 'waiting' && state.resourceVersion !== undefined ? follow(state.mode, state.resourceVersion) : sync(state.mode);
    case 'listed':
      return listed(state, input);
    case 'event':
      return state.phase === 'watching' ? followed(state, input.event) : streamed(state, input.event);
    case 'ended':
      return ended(state);
    case 'failed':
      return failed(state, input.error);
    default:
      return unreachable(input);
  }
}

const sync = <T>(mode: SyncMode): Step<T> => ({ state: { phase: 'syncing', mode }, effects: [{ type: 'discard' }, mode === 'stream' ? { type: 'watch', from: undefined } : { type: 'list' }] });

const follow = <T>(mode: SyncMode, resourceVersion: string): Step<T> => ({ state: { phase: 'watching', mode, resourceVersion }, effects: [{ type: 'watch', from: resourceVersion }] });

function listed<T>(state: State, input: Extract<Input<T>, { type: 'listed' }>): Step<T> {
  const stage: Effect<T> = { type: 'stage', objects: input.items };
  if (!input.isLast) return { state, effects: [stage] };
  const { state: next, effects } = follow<T>(state.mode, input.resourceVersion);
  return { state: next, effects: [stage, { type: 'commit' }, { type: 'recovered' }, ...effects] };
}

/** The first part of a stream: the state, up to the bookmark that ends it. */
function streamed<T extends ApiObject>(state: State, event: WatchEvent<T>): Step<T> {
  if (event.type !== 'BOOKMARK') return { state, effects: [{ type: 'stage', objects: [event.object] }] };
  if (!event.isInitialEnd) return { state, effects: [] };
  return { state: { phase: 'watching', mode: state.mode, resourceVersion: event.resourceVersion }, effects: [{ type: 'commit' }, { type: 'recovered' }] };
}

function followed<T extends ApiObject>(state: State, event: WatchEvent<T>): Step<T> {
  const resourceVersion = event.type === 'BOOKMARK' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? '');
  const next: State = { phase: 'watching', mode: state.mode, resourceVersion };
  if (event.type === 'BOOKMARK') return { state: next, effects: [] };
  return { state: next, effects: [{ type: event.type === 'DELETED' ? 'remove' : 'put', object: event.object }] };
}

/** A watch that ran its time goes on where it was; a stream that ended before the state was whole begins anew. */
const ended = <T>(state: State): Step<T> => (state.phase === 'watching' ? wait(state.mode, state.resourceVersion) : wait(state.mode, undefined));

function failed<T>(state: State, error: unknown): Step<T> {
  const isExpired = isReason(error, 'Expired') || isReason(error, 'Gone');
  if (state.phase === 'watching') return isExpired ? sync(state.mode) : wait(state.mode, state.resourceVersion);
  // A server without streaming lists refuses their parameters: list from now on.
  if (state.mode === 'stream' && (isReason(error, 'Invalid') || isReason(error, 'BadRequest'))) return sync('list');
  return wait(state.mode, undefined);
}

const wait = <T>(mode: SyncMode, resourceVersion: string | undefined): Step<T> => ({ state: { phase: 'waiting', mode, resourceVersion }, effects: [{ type: 'wait' }] });
