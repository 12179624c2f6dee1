/** The log on its own: how long a durable commit takes, how many fit into a second, and what happens to it while others read and compact. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realRuntime } from '@kaji/base/real';
import { openSqliteStore, type SqliteStore } from '@kaji/store';
import { type Benchmark, ms, rate, type Row } from './report.ts';

/** A Pod of 3 kB of JSON is about this long as protobuf. */
const valueBytes = 1800;
const everything = { start: '/', end: '0' };

interface Run {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  readonly perSecond: number;
}

/** Creates, as the API server makes them: the key must not exist. */
async function creates(store: SqliteStore, label: string, { count, writers, priority = 'normal' }: { readonly count: number; readonly writers: number; readonly priority?: 'normal' | 'background' }): Promise<Run> {
  const value = new Uint8Array(valueBytes).map((_, index) => index * 31);
  const cause = new TextEncoder().encode('{"user":"bench","verb":"create","path":"/api/v1/namespaces/default/pods"}');
  const latencies: number[] = [];
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      const key = `/registry/pods/default/${label}-${next++}`;
      const startMs = performance.now();
      await store.commit([{ op: 'put', key, value }], { expect: [{ key, modRevision: 0 }], cause, priority });
      latencies.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: writers }, write));
  return { ...quantiles(latencies), perSecond: (count / (performance.now() - startMs)) * 1000 };
}

function quantiles(latencies: readonly number[]): Omit<Run, 'perSecond'> {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

/** What the disk itself takes to make as much safe: the peer in the same run. */
function bareSync(folder: string): Run {
  const descriptor = openSync(join(folder, 'bare'), 'w');
  const page = Buffer.alloc(4 * 4120);
  const latencies: number[] = [];
  const startMs = performance.now();
  for (let index = 0; index < 1000; index++) {
    const beginMs = performance.now();
    writeSync(descriptor, page, 0, page.length, index * page.length);
    fdatasyncSync(descriptor);
    latencies.push(performance.now() - beginMs);
  }
  closeSync(descriptor);
  return { ...quantiles(latencies), perSecond: (1000 / (performance.now() - startMs)) * 1000 };
}

const latency = (run: Run): string => `p50 ${ms(run.p50)}, p99 ${ms(run.p99)}, ${rate(run.perSecond)}`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function measure(folder: string): Promise<Row[]> {
  const path = join(folder, 'log.db');
  const runtime = realRuntime('error');
  const rows: Row[] = [];
  const row = (question: string, figure: string, goal = ''): void => { rows.push({ question, figure, goal }); };
  row('write and fdatasync of 16 kB, no store', latency(bareSync(folder)));
  let store = await openSqliteStore(path, runtime);
  await creates(store, 'warm', { count: 500, writers: 4 });
  row('create, 1 writer', latency(await creates(store, 'one', { count: 2000, writers: 1 })), 'p50 <= 0.4 ms');
  row('create, 64 writers', latency(await creates(store, 'many', { count: 30_000, writers: 64 })), '>= 10,000/s');
  row('background create, 1 writer', latency(await creates(store, 'back', { count: 1000, writers: 1, priority: 'background' })));
  const busy = creates(store, 'lease', { count: 5000, writers: 16, priority: 'background' });
  row('create, 1 writer, beside 16 background writers', latency(await creates(store, 'beside', { count: 500, writers: 1 })));
  await busy;
  const reading = timed(() => store.list(everything));
  row('create, 1 writer, beside a list of everything', latency(await creates(store, 'list', { count: 200, writers: 1 })));
  row('list of 39,000 keys', ms(await reading));
  row('list of 500 of them', ms(await timed(() => store.list(everything, { limit: 500 }))));
  const { revision } = await store.list({ start: '/', end: '/' });
  row('list of 500, 10,000 revisions ago', ms(await timed(() => store.list(everything, { limit: 500, at: revision - 10_000 }))));
  await store.close();
  row('open again', ms(await timed(async () => { store = await openSqliteStore(path, runtime); })));
  await store.close();
  return rows;
}

export const store: Benchmark = {
  name: 'store',
  async run() {
    const folder = mkdtempSync(join(process.env['KAJI_BENCH_DIR'] ?? tmpdir(), 'kaji-bench-'));
    try {
      return await measure(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
