/**
 * Runs one controller: informers wake keys, workers reconcile them one at a time a key. A reconcile's writes carry the
 * revisions that woke it; a failed one is called again with back-off and with the same causes.
 */
import { type AnyResource, type ApiObject, isReason } from '@kaji/api';
import { AssertionError, type Runtime, Scope } from '@kaji/base';
import { addCause, type CacheView, type Change, causeOf, causeText, type Client, EventRecorder, type Informers, type Key, keyOf, keyText, parseKey, WorkQueue } from '@kaji/client';
import type { Caches, Controller, EventSink, Outcome, Watch } from './controller.ts';
import { metrics } from './metrics.ts';
import { TrackedClient, UnseenWrites } from './tracked-client.ts';

export interface RunnerParts {
  readonly client: Client;
  readonly informers: Informers;
}

const defaultConcurrency = 5;
/** How long a key waits for its own writes to come back before it is looked at again, and before that is given up. */
const unseen = { retryMs: 20, givenUpAfterMs: 30_000 };

/** What is kept of a key between reconciles. */
interface Pending {
  causes: readonly string[];
  /** Those of a reconcile that asked to be called again by time: they count when nothing newer woke it. */
  earlier: readonly string[];
  readonly writes: UnseenWrites;
  /** Since when its writes are waited for. */
  waitingSinceMs: number | undefined;
}

const nothingPending = (): Pending => ({ causes: [], earlier: [], writes: new UnseenWrites(), waitingSinceMs: undefined });

export async function runController(runtime: Runtime, controller: Controller, parts: RunnerParts, signal: AbortSignal): Promise<void> {
  await using scope = new Scope(signal);
  const runner = new Runner(runtime, controller, parts, scope.signal);
  scope.run('events', (inner) => runner.recorder.run(inner));
  await runner.start();
  for (let worker = 0; worker < (controller.concurrency ?? defaultConcurrency); worker++) scope.run(`worker ${worker}`, () => runner.work());
  await scope.join();
}

class Runner {
  readonly recorder: EventRecorder;
  readonly #runtime: Runtime;
  readonly #controller: Controller;
  readonly #parts: RunnerParts;
  readonly #signal: AbortSignal;
  readonly #queue: WorkQueue;
  readonly #pending = new Map<string, Pending>();
  readonly #caches: Caches;
  readonly #watched: ReadonlySet<AnyResource>;

  constructor(runtime: Runtime, controller: Controller, parts: RunnerParts, signal: AbortSignal) {
    this.#runtime = { ...runtime, log: runtime.log.with({ controller: controller.name }) };
    this.#controller = controller;
    this.#parts = parts;
    this.#signal = signal;
    this.#queue = new WorkQueue(runtime.clock, runtime.random.stream(`controller ${controller.name}`));
    this.recorder = new EventRecorder(this.#runtime, parts.client, { component: controller.component ?? controller.name });
    this.#watched = new Set(controller.watches.map(({ resource }) => resource as AnyResource));
    this.#caches = { of: (resource) => this.#cacheOf(resource as unknown as AnyResource) as never };
    signal.addEventListener('abort', () => { this.#queue.close(); }, { once: true });
  }

  #cacheOf(resource: AnyResource): CacheView<ApiObject> {
    if (!this.#watched.has(resource)) throw new AssertionError(`${this.#controller.name} reads ${resource.plural} without watching them`);
    return this.#parts.informers.of(resource).cache;
  }

  /** Subscribes once every cache this controller reads is whole, so that no reconcile sees a part of the world. */
  async start(): Promise<void> {
    const { watches } = this.#controller;
    const informers = watches.map(({ resource }) => this.#parts.informers.of(resource));
    await Promise.all(informers.map((informer) => informer.synced(this.#signal)));
    for (const [index, informer] of informers.entries()) {
      const source = watches[index];
      if (source === undefined) continue;
      informer.subscribe((change) => {
        for (const key of this.#woken(source, change)) this.#wake(keyText(key), causeOf(informer.resource, change.object));
      }, this.#signal);
    }
    if (this.#controller.isSweeping === true) this.#queue.add('');
  }

  #woken(source: Watch, change: Change<ApiObject>): Iterable<Key> {
    if (source.maps === 'self') return [keyOf(change.object)];
    if (source.maps === 'owner') return controllersOf(change, this.#controller.watches[0]?.resource);
    return source.maps(change, this.#caches);
  }

  #wake(key: string, cause: string): void {
    const pending = this.#pending.get(key) ?? nothingPending();
    pending.causes = addCause(pending.causes, cause);
    this.#pending.set(key, pending);
    this.#queue.add(key);
  }

  async work(): Promise<void> {
    const depth = this.#runtime.metrics.gauge(metrics.depth);
    for (let key = await this.#queue.next(); key !== undefined; key = await this.#queue.next()) {
      depth.set({ name: this.#controller.name }, this.#queue.depth);
      await this.#process(key);
      this.#queue.done(key);
    }
  }

  async #process(key: string): Promise<void> {
    const pending = this.#pending.get(key) ?? nothingPending();
    if (this.#mustWait(pending)) {
      this.#queue.addAfter(key, unseen.retryMs);
      return;
    }
    const causes = pending.causes.length > 0 ? pending.causes : pending.earlier;
    pending.causes = [];
    pending.earlier = [];
    this.#pending.set(key, pending);
    const startedAtMs = this.#runtime.clock.monotonic();
    try {
      const outcome = await this.#reconcile(key, causes, pending.writes);
      this.#queue.forget(key);
      if (outcome !== 'done') {
        pending.earlier = causes;
        this.#queue.addAfter(key, outcome.retryAfterMs);
      } else if (pending.causes.length === 0 && pending.writes.isSeen(this.#find)) this.#pending.delete(key);
    } catch (error) {
      this.#failed(key, error, causes, pending);
    }
    this.#runtime.metrics.histogram(metrics.duration).observe({ name: this.#controller.name }, (this.#runtime.clock.monotonic() - startedAtMs) / 1000);
  }

  #mustWait(pending: Pending): boolean {
    if (pending.writes.isSeen(this.#find)) {
      pending.waitingSinceMs = undefined;
      return false;
    }
    const now = this.#runtime.clock.monotonic();
    pending.waitingSinceMs ??= now;
    return now - pending.waitingSinceMs < unseen.givenUpAfterMs;
  }

  readonly #find = (resource: AnyResource): ReturnType<Informers['of']> | undefined => (this.#watched.has(resource) ? this.#parts.informers.of(resource) : undefined);

  #reconcile(key: string, causes: readonly string[], writes: UnseenWrites): Promise<Outcome> {
    const tracked = new TrackedClient(this.#parts.client, writes);
    const client = causes.length === 0 ? tracked : tracked.withCause(causeText(causes));
    return this.#controller.reconcile(parseKey(key), { ...this.#runtime, client, caches: this.#caches, events: this.#events, signal: this.#signal });
  }

  /** The kind of what an event is about: objects out of lists do not say it themselves. */
  readonly #events: EventSink = {
    event: (about, type, reason, message) => {
      const watched = this.#controller.watches.map(({ resource }) => resource);
      const resource = watched.find((candidate) => (about.kind === undefined ? this.#cacheOf(candidate).get(keyOf(about))?.metadata.uid === about.metadata.uid : candidate.kind === about.kind)) ?? watched[0];
      if (resource !== undefined) this.recorder.record(resource, about, { type, reason, message });
    },
  };

  #failed(key: string, error: unknown, causes: readonly string[], pending: Pending): void {
    if (this.#signal.aborted) return; // an end that was asked for
    const labels = { name: this.#controller.name };
    // A failed assertion concerns this key; the controller keeps working for the others, and it is counted.
    if (error instanceof AssertionError || error instanceof TypeError) this.#runtime.metrics.counter(metrics.panics).add(labels);
    this.#runtime.metrics.counter(metrics.retries).add(labels);
    // A lost race is everyday: the change that won wakes the key again.
    if (isReason(error, 'Conflict')) this.#runtime.log.debug('reconcile lost a race', { key });
    else this.#runtime.log.error('reconcile failed', error, { key, failures: this.#queue.failures(key) });
    pending.causes = joined(causes, pending.causes);
    this.#queue.addAfterFailure(key);
  }
}

const joined = (first: readonly string[], second: readonly string[]): readonly string[] => second.reduce(addCause, first);

/** The controlling owners of this kind, after the change and before it. */
function* controllersOf(change: Change<ApiObject>, kind: AnyResource | undefined): Iterable<Key> {
  for (const object of change.previous === undefined ? [change.object] : [change.object, change.previous]) {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true && reference.kind === kind?.kind);
    if (owner !== undefined) yield { namespace: object.metadata.namespace ?? '', name: owner.name };
  }
}
