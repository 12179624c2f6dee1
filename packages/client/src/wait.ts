/** Waiting until objects are as somebody claims. A watch tells; nothing is polled. */
import type { ApiObject, Resource } from '@kaji/api';
import { isReason } from '@kaji/api/errors';
import { type Clock, defined } from '@kaji/base';
import type { Client, Key, ListOptions, WatchEvent } from './client.ts';
import { objectKeyText } from './key.ts';

export interface WaitOptions {
  /** Ten seconds when absent, by the clock that is given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface WaitParts {
  readonly client: Client;
  readonly clock: Clock;
}

/** What is waited for: all objects of a resource that the selectors choose. */
export type Selection<T extends ApiObject> = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> & { readonly resource: Resource<T> };

/** The claim did not come true in time; the message says what was there instead. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

const defaultTimeoutMs = 10_000;
/** How much of what was seen last goes into the message. */
const shownLength = 2000;

/** Resolves with the objects, in no order, as soon as the claim holds of them. Throws WaitTimeout, the signal's reason or ApiError. */
export async function waitForAll<T extends ApiObject>({ client, clock }: WaitParts, { resource, ...selection }: Selection<T>, claim: (objects: readonly T[]) => boolean, options: WaitOptions = {}): Promise<readonly T[]> {
  const { timeoutMs = defaultTimeoutMs, signal } = options;
  const stop = new AbortController();
  const abort = (): void => { stop.abort(signal?.reason); };
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const objects = new Map<string, T>();
  const cancel = clock.setTimer(timeoutMs, () => { stop.abort(new WaitTimeout(timeoutText(resource, selection, [...objects.values()], timeoutMs))); });
  try {
    // Each round is one watch: the server ends them when it likes.
    for (;;) {
      const held = await firstHold(client.watch(resource, { ...selection, sendInitialEvents: true, signal: stop.signal }), objects, claim);
      stop.signal.throwIfAborted();
      if (held !== undefined) return held;
    }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error; // what the watch says of its end is no news
  } finally {
    cancel();
    signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}

/** As `waitForAll`, for one object that is there. */
export async function waitFor<T extends ApiObject>(parts: WaitParts, of: { readonly resource: Resource<T>; readonly key: Key }, claim: (object: T) => boolean = () => true, options: WaitOptions = {}): Promise<T> {
  const [object] = await waitForAll(parts, selectionOf(of), ([first]) => first !== undefined && claim(first), options);
  return defined(object, 'the object that the claim holds of');
}

/** As `waitForAll`, for one object that is not, or no longer, there. */
export async function waitForGone<T extends ApiObject>(parts: WaitParts, of: { readonly resource: Resource<T>; readonly key: Key }, options: WaitOptions = {}): Promise<void> {
  await waitForAll(parts, selectionOf(of), (objects) => objects.length === 0, options);
}

const selectionOf = <T extends ApiObject>({ resource, key }: { readonly resource: Resource<T>; readonly key: Key }): Selection<T> => ({
  resource,
  fieldSelector: `metadata.name=${key.name}`,
  ...(resource.isNamespaced ? { namespace: key.namespace } : {}),
});

/** Follows one watch. Undefined when it ended first. */
async function firstHold<T extends ApiObject>(events: AsyncIterable<WatchEvent<T>>, objects: Map<string, T>, claim: (objects: readonly T[]) => boolean): Promise<readonly T[] | undefined> {
  objects.clear();
  let isWhole = false;
  try {
    for await (const event of events) {
      if (event.type === 'DELETED') objects.delete(objectKeyText(event.object));
      else if (event.type !== 'BOOKMARK') objects.set(objectKeyText(event.object), event.object);
      else if (event.isInitialEnd) isWhole = true;
      else continue;
      if (!isWhole) continue;
      const all = [...objects.values()];
      if (claim(all)) return all;
    }
  } catch (error) {
    // A reader that was too slow begins anew.
    if (!isReason(error, 'Expired')) throw error;
  }
  return undefined;
}

function timeoutText(resource: Resource, selection: Omit<Selection<ApiObject>, 'resource'>, objects: readonly ApiObject[], timeoutMs: number): string {
  const chosen = [selection.namespace === undefined ? undefined : `in ${selection.namespace}`, selection.fieldSelector, selection.labelSelector].filter((text) => text !== undefined && text !== '').join(' ');
  const seen = objects.map((object) => JSON.stringify({ ...object, metadata: { ...object.metadata, managedFields: undefined } })).join('\n');
  const shown = seen.length > shownLength ? `${seen.slice(0, shownLength)} ...` : seen;
  return `waited ${timeoutMs} ms for ${resource.plural} ${chosen}; ${objects.length === 0 ? 'none was there' : `last seen:\n${shown}`}`;
}
