/** One suite for every store: each implementation's test file is one call of `describeStore`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { VirtualClock } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { Compacted, FutureRevision, type HistoryStore, type Batch, type KeyValue, type LogEntry, type Retention, StoreFailed } from './store.ts';
import { onlyKey } from './key-order.ts';

export interface OpenedStore {
  readonly store: HistoryStore;
  readonly clock: VirtualClock;
}

/** Opens an empty store. Its files, if any, are the caller's to remove. */
export type OpenStore = (runtime: ReturnType<typeof testRuntime>, retention: readonly Retention[]) => Promise<HistoryStore>;

const everything = { start: '/', end: '0' };
const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const bytes = (text: string): Uint8Array => encoder.encode(text);
export const text = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : decoder.decode(value));
const put = (key: string, value: string, ttlSeconds?: number) => ({ op: 'put', key, value: bytes(value), ...(ttlSeconds === undefined ? {} : { ttlSeconds }) }) as const;
const remove = (key: string) => ({ op: 'delete', key }) as const;
const pairs = (items: readonly KeyValue[]): string[] => items.map(({ key, value }) => `${key}=${text(value)}`);
const changesOf = ({ revision, changes }: Batch): string => `${revision}: ${changes.map(({ type, kv, previous }) => `${type} ${kv.key}=${text(kv.value)}${previous === undefined ? '' : ` was ${text(previous.value)}`}`).join(', ')}`;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The next batches that have changes. */
async function take(batches: AsyncIterator<Batch>, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const next = await batches.next();
    if (next.done === true) throw new Error(`the watch ended after ${found.length} batches`);
    if (next.value.changes.length > 0) found.push(changesOf(next.value));
  }
  return found;
}

/** @param runs random sequences to try: fewer where opening a store is dear */
export function describeStore(name: string, open: OpenStore, { runs }: { readonly runs: number }): void {
  const given = (title: string, run: (opened: OpenedStore) => Promise<void>, retention: readonly Retention[] = []): void => {
    it(title, async () => {
      const runtime = testRuntime();
      const store = await open(runtime, retention);
      try {
        await run({ store, clock: runtime.clock });
      } finally {
        await store.close();
      }
    });
  };
  describe(`${name}: commits`, () => { commits(given); });
  describe(`${name}: lists`, () => { lists(given); });
  describe(`${name}: watches`, () => { watches(given); });
  describe(`${name}: history`, () => { history(given); });
  describe(`${name}: expiry`, () => { expiry(given); });
  it(`${name}: does what a sequential model does, whatever it is asked`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const runtime = testRuntime();
      const store = await open(runtime, []);
      try {
        await compareWithModel(store, actions);
      } finally {
        await store.close();
      }
    }), { numRuns: runs });
  });
}

type Given = (title: string, run: (opened: OpenedStore) => Promise<void>, retention?: readonly Retention[]) => void;

function commits(given: Given): void {
  given('an empty store is at revision 1', async ({ store }) => {
    assert.deepEqual(await store.list(everything), { items: [], more: false, remaining: 0, revision: 1 });
  });

  given('each commit is one revision, whatever it writes', async ({ store }) => {
    assert.deepEqual(await store.commit([put('/a', '1'), put('/b', '2')]), { committed: true, revision: 2 });
    assert.deepEqual(await store.commit([put('/a', '3'), remove('/b')]), { committed: true, revision: 3 });
    const page = await store.list(everything);
    assert.deepEqual(page.items, [{ key: '/a', value: bytes('3'), createRevision: 2, modRevision: 3 }]);
    assert.equal(page.revision, 3);
  });

  given('a key deleted and put again is created anew', async ({ store }) => {
    await store.commit([put('/a', '1')]);
    await store.commit([remove('/a')]);
    await store.commit([put('/a', '2')]);
    assert.deepEqual((await store.list(everything)).items, [{ key: '/a', value: bytes('2'), createRevision: 4, modRevision: 4 }]);
  });

  given('a commit whose expectation fails changes nothing and shows what is there', async ({ store }) => {
    await store.commit([put('/a', '1')]);
    const lost = await store.commit([put('/a', '2'), put('/b', '2')], { expect: [{ key: '/a', modRevision: 0 }] });
    assert.deepEqual(lost, { committed: false, current: [{ key: '/a', value: bytes('1'), createRevision: 2, modRevision: 2 }], revision: 2 });
    assert.deepEqual(await store.commit([put('/a', '2')], { expect: [{ key: '/a', modRevision: 7 }, { key: '/z', modRevision: 0 }] }), { ...lost });
    assert.deepEqual(await store.commit([put('/z', '2')], { expect: [{ key: '/z', modRevision: 2 }] }), { committed: false, current: [], revision: 2 });
    assert.deepEqual(pairs((await store.list(everything)).items), ['/a=1']);
  });

  given('of writers that expect the same, one wins', async ({ store }) => {
    const attempts = Array.from({ length: 20 }, (_, index) => store.commit([put('/a', String(index))], { expect: [{ key: '/a', modRevision: 0 }] }));
    const won = (await Promise.all(attempts)).filter(({ committed }) => committed);
    assert.equal(won.length, 1);
  });

  given('deleting what is not there is no revision', async ({ store }) => {
    assert.deepEqual(await store.commit([remove('/a')]), { committed: true, revision: 1 });
    assert.deepEqual(await store.commit([remove('/a'), put('/b', '1')]), { committed: true, revision: 2 });
  });

  given('an empty value is a value', async ({ store }) => {
    await store.commit([put('/a', '')]);
    assert.deepEqual((await store.list(everything)).items, [{ key: '/a', value: new Uint8Array(0), createRevision: 2, modRevision: 2 }]);
  });

  given('the bytes given stay the caller\'s', async ({ store }) => {
    const shared = bytes('one two');
    await store.commit([{ op: 'put', key: '/a', value: shared.subarray(0, 3) }, { op: 'put', key: '/b', value: shared.subarray(4) }], { cause: shared.subarray(0, 3) });
    assert.equal(text(shared), 'one two');
    assert.deepEqual(pairs((await store.list(everything)).items), ['/a=one', '/b=two']);
  });

  given('revisions follow the order of the calls, background writes apart', async ({ store }) => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, index) => store.commit([put(`/${index % 7}`, String(index))])));
    assert.deepEqual(all.map(({ revision }) => revision), all.map((_, index) => index + 2));
  });

  given('background writes are as visible and as durable as others', async ({ store }) => {
    const [first, second] = await Promise.all([store.commit([put('/a', '1')], { priority: 'background' }), store.commit([put('/b', '1')])]);
    assert.deepEqual([first.committed, second.committed], [true, true]);
    assert.equal((await store.list(everything)).items.length, 2);
  });

  given('writes what cannot be are refused', async ({ store }) => {
    await assert.rejects(store.commit([]), /writes something/);
    await assert.rejects(store.commit([put('/a', '1'), remove('/a')]), /a key once/);
  });

  given('a closed store refuses', async ({ store }) => {
    await store.close();
    await assert.rejects(store.commit([put('/a', '1')]), StoreFailed);
    await assert.rejects(store.list(everything), StoreFailed);
  });
}

function lists(given: Given): void {
  given('keys come in the byte order of their UTF-8', async ({ store }) => {
    const keys = ['/a', '/a/b', '/a0', '/aa', '/A', '/é', '/\uffff', '/\u{1f600}', '/\ue000', '/z'];
    for (const key of keys) await store.commit([put(key, '')]);
    const inBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual((await store.list(everything)).items.map(({ key }) => key), inBytes);
    assert.deepEqual((await store.list({ start: '/\ue000', end: '/\u{1f600}' })).items.map(({ key }) => key), ['/\ue000', '/\uffff']);
    assert.deepEqual((await store.list({ start: '/a\0', end: '/aa' })).items.map(({ key }) => key), ['/a/b', '/a0']);
  });

  given('pages say what lies behind them, and go on where they ended', async ({ store }) => {
    await store.commit(Array.from({ length: 10 }, (_, index) => put(`/k${index}`, String(index))));
    const first = await store.list(everything, { limit: 4 });
    assert.deepEqual([first.items.length, first.more, first.remaining, first.revision], [4, true, 6, 2]);
    await store.commit([put('/k5', 'later'), remove('/k6'), put('/k55', 'new')]);
    const rest = await store.list({ start: `${first.items.at(-1)?.key}\0`, end: everything.end }, { at: first.revision, limit: 5 });
    assert.deepEqual(pairs(rest.items), ['/k4=4', '/k5=5', '/k6=6', '/k7=7', '/k8=8']);
    assert.deepEqual([rest.more, rest.remaining, rest.revision], [true, 1, 2]);
    assert.deepEqual(await store.list(everything, { limit: 100 }).then(({ more, remaining, items }) => [more, remaining, items.length]), [false, 0, 10]);
  });

  given('keys only come without values', async ({ store }) => {
    await store.commit([put('/a', 'long')]);
    assert.deepEqual((await store.list(everything, { keysOnly: true })).items, [{ key: '/a', value: new Uint8Array(0), createRevision: 2, modRevision: 2 }]);
  });

  given('an older revision shows what was then', async ({ store }) => {
    await store.commit([put('/a', '1'), put('/b', '1')]);
    await store.commit([put('/a', '2'), put('/c', '2')]);
    await store.commit([remove('/b')]);
    const then = async (at: number): Promise<string[]> => pairs((await store.list(everything, { at })).items);
    assert.deepEqual([await then(1), await then(2), await then(3), await then(4)], [[], ['/a=1', '/b=1'], ['/a=2', '/b=1', '/c=2'], ['/a=2', '/c=2']]);
    await assert.rejects(store.list(everything, { at: 5 }), FutureRevision);
  });

  given('a thousand keys come whole', async ({ store }) => {
    for (let block = 0; block < 10; block++) await store.commit(Array.from({ length: 100 }, (_, index) => put(`/k${block * 100 + index}`, `${block}`)));
    await store.commit([put('/k0', 'new')]);
    assert.equal((await store.list(everything)).items.length, 1000);
    const then = await store.list(everything, { at: 6, limit: 300 });
    assert.deepEqual([then.items.length, then.remaining], [300, 200]);
  });
}

function watches(given: Given): void {
  const watching = async (store: HistoryStore, after: number, run: (batches: AsyncIterator<Batch>) => Promise<void>, range = everything): Promise<void> => {
    const controller = new AbortController();
    await run(store.watch(range, after, controller.signal)[Symbol.asyncIterator]());
    controller.abort();
  };

  given('what was missed comes first, then what happens, each revision once and whole', async ({ store }) => {
    await store.commit([put('/a', '1')]);
    await store.commit([put('/a', '2'), put('/b', '2')]);
    await watching(store, 2, async (batches) => {
      assert.deepEqual(await take(batches, 1), ['3: put /a=2 was 1, put /b=2']);
      const next = take(batches, 2);
      await store.commit([remove('/a')]);
      await store.commit([put('/a', '4')]);
      assert.deepEqual(await next, ['4: delete /a=2 was 2', '5: put /a=4']);
    });
  });

  given('a delete carries the last value at the revision of the delete', async ({ store }) => {
    await watching(store, 1, async (batches) => {
      await store.commit([put('/a', '1')]);
      await store.commit([remove('/a')]);
      await take(batches, 1);
      const { value } = await batches.next() as { value: Batch };
      assert.deepEqual(value.changes, [{ type: 'delete', kv: { key: '/a', value: bytes('1'), createRevision: 2, modRevision: 3 }, previous: { key: '/a', value: bytes('1'), createRevision: 2, modRevision: 2 } }]);
    });
  });

  given('a replayed change is the same as a live one', async ({ store }) => {
    const controller = new AbortController();
    const live = store.watch(everything, 1, controller.signal)[Symbol.asyncIterator]();
    const heard = take(live, 3);
    await store.commit([put('/a', '1'), put('/b', '1')]);
    await store.commit([put('/a', '2'), remove('/b')]);
    await store.commit([put('/b', '3')]);
    await watching(store, 1, async (batches) => { assert.deepEqual(await take(batches, 3), await heard); });
    controller.abort();
  });

  given('only changes of the range come, and a mark once it is up to date', async ({ store }) => {
    await store.commit([put('/a/1', '1')]);
    await store.commit([put('/b/1', '1')]);
    await watching(store, 1, async (batches) => {
      assert.deepEqual(await take(batches, 1), ['3: put /b/1=1']);
      assert.deepEqual(await batches.next(), { done: false, value: { revision: 3, changes: [] } });
    }, { start: '/b/', end: '/b0' });
  });

  given('a resting watch hears now and then how far the store is', async ({ store, clock }) => {
    await watching(store, 1, async (batches) => {
      await batches.next();
      await clock.advance(5000);
      const mark = batches.next();
      await store.commit([put('/a/1', '1')]);
      assert.deepEqual(await mark, { done: false, value: { revision: 2, changes: [] } });
    }, { start: '/b/', end: '/b0' });
  });

  given('a slow reader misses nothing and repeats nothing', async ({ store }) => {
    await watching(store, 1, async (batches) => {
      await batches.next();
      const count = 3000;
      for (let sent = 0; sent < count; sent += 100) await Promise.all(Array.from({ length: 100 }, (_, index) => store.commit([put(`/k${index}`, `${sent + index}`)])));
      const seen = await take(batches, count);
      assert.deepEqual(seen.map((batch) => Number(batch.split(':')[0])), seen.map((_, index) => index + 2));
    });
  });

  given('it ends with its signal, and with the store', async ({ store }) => {
    const controller = new AbortController();
    const first = collect(store.watch(everything, 1, controller.signal));
    const second = store.watch(everything, 1, new AbortController().signal)[Symbol.asyncIterator]();
    await store.commit([put('/a', '1')]);
    assert.deepEqual(await take(second, 1), ['2: put /a=1']);
    controller.abort();
    await first;
    const last = second.next();
    await store.close();
    await last;
    assert.deepEqual(await second.next(), { done: true, value: undefined });
  });
}

function history(given: Given): void {
  given('compaction forgets what was overwritten before, and nothing else', async ({ store }) => {
    await store.commit([put('/a', '1'), put('/b', '1'), put('/c', '1')]);
    await store.commit([put('/a', '2'), remove('/c')]);
    await store.commit([put('/a', '3')]);
    await store.compact(3);
    await assert.rejects(store.list(everything, { at: 2 }), Compacted);
    await assert.rejects(collect(store.watch(everything, 2, AbortSignal.abort())).then(() => store.watch(everything, 2, new AbortController().signal)[Symbol.asyncIterator]().next()), Compacted);
    await assert.rejects(collect(store.entries(everything, 2, 4)), Compacted);
    assert.deepEqual(pairs((await store.list(everything, { at: 3 })).items), ['/a=2', '/b=1']);
    assert.deepEqual(pairs((await store.list(everything)).items), ['/a=3', '/b=1']);
    assert.deepEqual((await collect(store.entries(everything, 3, 4))).map(changesOf), ['4: put /a=3 was 2']);
    await assert.rejects(store.compact(9), FutureRevision);
  });

  given('revisions go on after everything was deleted and compacted', async ({ store }) => {
    await store.commit([put('/a', '1')]);
    await store.commit([remove('/a')]);
    await store.compact(3);
    assert.deepEqual(await store.commit([put('/a', '2')]), { committed: true, revision: 4 });
  });

  given('a key can be read as it was an hour ago, with who wrote it and when', async ({ store, clock }) => {
    await store.commit([put('/pods/a', 'old')], { cause: bytes('kubectl') });
    const writtenMs = clock.now();
    await clock.advance(3_600_000);
    await store.commit([put('/pods/a', 'new')], { cause: bytes('controller') });
    const revision = await store.revisionAt(clock.now() - 3_600_000);
    assert.deepEqual(pairs((await store.list(onlyKey('/pods/a'), { at: revision })).items), ['/pods/a=old']);
    const entries = await collect(store.entries(onlyKey('/pods/a'), 1, 3));
    assert.deepEqual(entries.map(({ timeMs, cause }: LogEntry) => [timeMs, text(cause)]), [[writtenMs, 'kubectl'], [writtenMs + 3_600_000, 'controller']]);
    assert.equal(await store.revisionAt(writtenMs - 1), 1);
  });

  given('history outlives compaction where it is kept, and only there', async ({ store, clock }) => {
    const renew = async (turn: number): Promise<void> => {
      await store.commit([put('/leases/a', `${turn}`)], { priority: 'background' });
      await store.commit([put('/pods/a', `${turn}`)]);
      await clock.advance(3_600_000);
    };
    for (let turn = 0; turn < 5; turn++) await renew(turn);
    const { revision } = await store.list(everything);
    await store.compact(revision);
    const hourAgo = await store.revisionAt(clock.now() - 3_600_000);
    assert.deepEqual(pairs((await store.list({ start: '/pods/', end: '/pods0' }, { at: hourAgo - 2 })).items), ['/pods/a=3']);
    await assert.rejects(store.list({ start: '/leases/', end: '/leases0' }, { at: hourAgo - 2 }), Compacted, 'leases keep no history');
    await assert.rejects(store.list(everything, { at: hourAgo - 2 }), Compacted, 'a range is as old as its youngest part');
    await assert.rejects(store.list({ start: '/pods/', end: '/pods0' }, { at: 4 }), Compacted, 'kept for two hours and a half');
    assert.deepEqual(pairs((await store.list(everything)).items), ['/leases/a=4', '/pods/a=4']);
  }, [{ prefix: '/pods/', keepMs: 9_000_000 }]);

  given('entries tell a long history of one key', async ({ store }) => {
    for (let turn = 0; turn < 300; turn++) await store.commit([put('/a', `${turn}`), put(`/b${turn}`, '')]);
    const entries = await collect(store.entries(onlyKey('/a'), 1, 301));
    assert.deepEqual(entries.map(changesOf).at(-1), '301: put /a=299 was 298');
    assert.equal(entries.length, 300);
  });
}

function expiry(given: Given): void {
  given('a key with a time to live goes when its time is over, and watchers hear it', async ({ store, clock }) => {
    const controller = new AbortController();
    const batches = store.watch(everything, 1, controller.signal)[Symbol.asyncIterator]();
    await store.commit([put('/events/a', '1', 60), put('/events/b', '1', 7200)]);
    await take(batches, 1);
    await clock.advance(59_000);
    assert.equal((await store.list(everything)).items.length, 2);
    await clock.advance(3000);
    assert.deepEqual(await take(batches, 1), ['3: delete /events/a=1 was 1']);
    assert.deepEqual(pairs((await store.list(everything)).items), ['/events/b=1']);
    controller.abort();
  });

  given('writing a key again starts its time anew, or ends it', async ({ store, clock }) => {
    await store.commit([put('/events/a', '1', 60), put('/events/b', '1', 60), put('/events/c', '1', 60)]);
    await store.commit([put('/events/a', '2', 600), put('/events/b', '2')]);
    await clock.advance(120_000);
    const controller = new AbortController();
    await take(store.watch(everything, 3, controller.signal)[Symbol.asyncIterator](), 1);
    controller.abort();
    assert.deepEqual(pairs((await store.list(everything)).items), ['/events/a=2', '/events/b=2']);
  });
}

const keys = ['/a', '/a/b', '/b', '/c\u{1f600}', '/c\uffff'];
const key = fc.constantFrom(...keys);
const write = fc.oneof(fc.record({ op: fc.constant('put' as const), key, value: fc.string().map(bytes) }), fc.record({ op: fc.constant('delete' as const), key }));
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('commit' as const), writes: fc.uniqueArray(write, { minLength: 1, maxLength: 4, selector: (each) => each.key }), expected: fc.option(key), isRight: fc.boolean(), isBackground: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('list' as const), back: fc.nat(10), limit: fc.option(fc.nat(4)), from: key, to: key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), back: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), back: fc.nat(10) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** The whole state after each revision, and nothing clever. */
class Model {
  readonly states: ReadonlyMap<string, KeyValue>[] = [new Map(), new Map()];
  oldest = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  get now(): ReadonlyMap<string, KeyValue> {
    return this.states.at(-1) ?? new Map();
  }

  commit(writes: readonly { op: 'put' | 'delete'; key: string; value?: Uint8Array }[]): void {
    const modRevision = this.revision + 1;
    const next = new Map(this.now);
    let hasChanged = false;
    for (const { op, key: of, value } of writes) {
      if (op === 'put' && value !== undefined) next.set(of, { key: of, value, createRevision: next.get(of)?.createRevision ?? modRevision, modRevision });
      hasChanged = op === 'put' || next.delete(of) || hasChanged;
    }
    if (hasChanged) this.states.push(next);
  }

  list(range: { start: string; end: string }, at: number, limit: number): { items: readonly KeyValue[]; remaining: number } {
    const inRange = [...(this.states[at]?.values() ?? [])].filter((kv) => compareBytes(kv.key, range.start) >= 0 && compareBytes(kv.key, range.end) < 0).sort((a, b) => compareBytes(a.key, b.key));
    return { items: inRange.slice(0, limit), remaining: Math.max(0, inRange.length - limit) };
  }
}

const compareBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

async function compareWithModel(store: HistoryStore, actions: readonly Action[]): Promise<void> {
  const model = new Model();
  for (const each of actions) {
    const at = Math.max(1, model.revision - ('back' in each ? each.back : 0));
    switch (each.do) {
      case 'commit': {
        await compareCommit(store, model, each);
        break;
      }
      case 'list': {
        const range = { start: each.from, end: each.to };
        const limit = each.limit ?? undefined;
        const page = store.list(range, { at, ...(limit === undefined ? {} : { limit }) });
        if (at < model.oldest) await assert.rejects(page, Compacted);
        else {
          const want = model.list(range, at, limit ?? Infinity);
          assert.deepEqual(await page, { ...want, more: want.remaining > 0, revision: at });
        }
        break;
      }
      case 'compact': {
        await store.compact(at);
        model.oldest = Math.max(model.oldest, at);
        break;
      }
      case 'replay': {
        const entries = collect(store.entries(everything, at, model.revision));
        if (at < model.oldest) await assert.rejects(entries, Compacted);
        else compareReplay(model, at, await entries);
        break;
      }
    }
  }
  assert.deepEqual((await store.list(everything)).items, model.list(everything, model.revision, Infinity).items);
}

async function compareCommit(store: HistoryStore, model: Model, { writes, expected, isRight, isBackground }: Extract<Action, { do: 'commit' }>): Promise<void> {
  const current = expected === null ? undefined : model.now.get(expected);
  const modRevision = (current?.modRevision ?? 0) + (isRight ? 0 : 1);
  const result = await store.commit(writes, { priority: isBackground ? 'background' : 'normal', ...(expected === null ? {} : { expect: [{ key: expected, modRevision }] }) });
  const isCommitted = expected === null || isRight;
  if (isCommitted) model.commit(writes);
  assert.deepEqual(result, isCommitted ? { committed: true, revision: model.revision } : { committed: false, current: current === undefined ? [] : [current], revision: model.revision });
}

/** Applying the entries to the state at the start gives the state at the end. */
function compareReplay(model: Model, after: number, entries: readonly LogEntry[]): void {
  const state = new Map(model.states[after]);
  assert.deepEqual(entries.map(({ revision }) => revision), model.states.map((_, revision) => revision).slice(after + 1));
  for (const { changes, revision } of entries) {
    for (const { type, kv, previous } of changes) {
      assert.deepEqual(previous, state.get(kv.key));
      assert.equal(kv.modRevision, revision);
      if (type === 'put') state.set(kv.key, kv);
      else state.delete(kv.key);
    }
  }
  assert.deepEqual(state, new Map(model.now));
}
