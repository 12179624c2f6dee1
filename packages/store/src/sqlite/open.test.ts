import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { Compacted, NewerFormat, OutOfSpace, StoreFailed } from '../store.ts';
import { bytes, text } from '../testing.ts';
import { Committer } from './committer.ts';
import type { Answer } from './messages.ts';
import { openSqliteStore } from './sqlite-store.ts';

async function inFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-open-'));
  try {
    await run(join(folder, 'log.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const everything = { start: '/', end: '0' };
const put = (key: string, value: string, ttlSeconds?: number) => ({ op: 'put', key, value: bytes(value), ...(ttlSeconds === undefined ? {} : { ttlSeconds }) }) as const;

describe('a log that is opened again', () => {
  it('holds what it held, history and causes too', () => inFolder(async (path) => {
    const runtime = testRuntime();
    const first = await openSqliteStore(path, runtime);
    await first.commit([put('/a', '1')], { cause: bytes('kubectl') });
    await first.commit([put('/a', '2'), put('/b', '2')]);
    await first.close();
    const second = await openSqliteStore(path, runtime);
    assert.deepEqual((await second.list(everything)).items.map(({ key, value, createRevision, modRevision }) => [key, text(value), createRevision, modRevision]), [['/a', '2', 2, 3], ['/b', '2', 3, 3]]);
    assert.equal(text((await second.list(everything, { at: 2 })).items[0]?.value), '1');
    for await (const entry of second.entries(everything, 1, 2)) assert.equal(text(entry.cause), 'kubectl');
    assert.deepEqual(await second.commit([put('/a', '3')]), { committed: true, revision: 4 });
    await second.close();
  }));

  it('lets go of what expired meanwhile', () => inFolder(async (path) => {
    const runtime = testRuntime();
    const first = await openSqliteStore(path, runtime);
    await first.commit([put('/events/a', '1', 60)]);
    await first.close();
    await runtime.clock.advance(120_000);
    const second = await openSqliteStore(path, runtime);
    const controller = new AbortController();
    const changes = second.watch(everything, 2, controller.signal)[Symbol.asyncIterator]();
    await changes.next();
    const next = changes.next();
    await runtime.clock.advance(2000);
    assert.equal(((await next) as { value: { changes: { type: string }[] } }).value.changes[0]?.type, 'delete');
    controller.abort();
    await second.close();
  }));

  it('remembers how far back it reaches, also when the retention changed', () => inFolder(async (path) => {
    const runtime = testRuntime();
    const first = await openSqliteStore(path, runtime);
    for (const value of ['1', '2', '3']) await first.commit([put('/pods/a', value), put('/leases/a', value)]);
    await first.compact(4);
    await first.close();
    const second = await openSqliteStore(path, runtime, { retention: [{ prefix: '/pods/', keepMs: 3_600_000 }] });
    await assert.rejects(second.list({ start: '/pods/', end: '/pods0' }, { at: 3 }), Compacted);
    await second.commit([put('/pods/a', '4')]);
    await runtime.clock.advance(1000);
    await second.compact(5);
    assert.equal(text((await second.list({ start: '/pods/', end: '/pods0' }, { at: 4 })).items[0]?.value), '3');
    await second.close();
    const third = await openSqliteStore(path, runtime);
    await third.compact(5);
    await assert.rejects(third.list({ start: '/pods/', end: '/pods0' }, { at: 4 }), Compacted);
    await third.close();
  }));
});

describe('a file that is not to be opened', () => {
  it('of a newer format is left alone', () => inFolder(async (path) => {
    await (await openSqliteStore(path, testRuntime())).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await assert.rejects(openSqliteStore(path, testRuntime()), (error) => error instanceof NewerFormat && /log format 99; this version reads up to 1/.test(error.message));
  }));

  it('in use by another is left to it', () => inFolder(async (path) => {
    const first = await openSqliteStore(path, testRuntime());
    await assert.rejects(openSqliteStore(path, testRuntime()), (error) => error instanceof StoreFailed && /in use by another process/.test(error.message));
    await first.commit([put('/a', '1')]);
    await first.close();
  }));

  it('of another program is not touched', () => inFolder(async (path) => {
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE cats (name TEXT)');
    database.close();
    await assert.rejects(openSqliteStore(path, testRuntime()), /a database of something else/);
    rmSync(path);
    writeFileSync(path, 'not a database at all, but long enough to be taken for a header of one. '.repeat(20));
    await assert.rejects(openSqliteStore(path, testRuntime()), StoreFailed);
  }));
});

describe('a disk that', () => {
  /** Steps a committer by hand, with a `sync` that the test decides about. */
  function byHand(path: string, sync: (done: (error: Error | null) => void) => void) {
    const answers: Answer[] = [];
    const committer = new Committer({ path, retention: [] }, (answer) => { answers.push(answer); }, sync);
    let ids = 0;
    const commit = (size: number, isBackground = false): number => {
      committer.take({ type: 'commits', nowMs: 0, isBackground, commits: [{ id: ++ids, writes: [{ op: 'put', key: `/k${ids}`, value: new Uint8Array(size) }] }] });
      while (committer.step());
      return ids;
    };
    const resultOf = (id: number) => answers.flatMap((answer) => (answer.type === 'committed' ? answer.results : [])).find((result) => result.id === id);
    return { committer, answers, commit, resultOf };
  }

  it('is slow holds up neither later writes nor lets anybody see what is not safe yet', () => inFolder(async (path) => {
    let finish: ((error: Error | null) => void) | undefined;
    const { commit, resultOf, committer, answers } = byHand(path, (done) => { finish = done; });
    const background = commit(10, true);
    assert.equal(resultOf(background), undefined, 'written, and not acknowledged');
    committer.take({ type: 'list', id: 900, range: everything, at: undefined, limit: undefined, keysOnly: false });
    while (committer.step());
    assert.equal(answers.some((answer) => answer.type === 'page'), false, 'nobody sees it before it is safe');
    const normal = commit(10);
    assert.ok(resultOf(normal) !== undefined && resultOf(background) !== undefined, 'the next commit takes it along');
    assert.ok(answers.some((answer) => answer.type === 'page'));
    finish?.(null);
  }));

  it('fails to sync ends writing: what was said to be safe must be', () => inFolder(async (path) => {
    const { commit, resultOf } = byHand(path, (done) => { done(new Error('EIO: i/o error, fdatasync')); });
    const background = resultOf(commit(10, true));
    assert.ok(background !== undefined && 'failure' in background && background.failure.name === 'StoreFailed', JSON.stringify(background));
    const later = resultOf(commit(10));
    assert.ok(later !== undefined && 'failure' in later && /EIO/.test(later.failure.message));
  }));
});

describe('a full disk', () => {
  it('refuses writes with a clear error, and takes them again once there is room', () => inFolder(async (path) => {
    const store = await openSqliteStore(path, testRuntime(), { maxBytes: 1024 * 1024 });
    await store.commit([put('/a', '1')]);
    let filled = 0;
    await assert.rejects(async () => {
      for (;;) await store.commit([put(`/fill/${filled++}`, 'x'.repeat(50_000))]);
    }, (error) => error instanceof OutOfSpace && /no space left/.test(error.message));
    assert.ok(filled > 5);
    assert.equal(text((await store.list({ start: '/a', end: '/a\0' })).items[0]?.value), '1', 'reads go on');
    const { revision } = await store.list(everything);
    assert.deepEqual(await store.commit([{ op: 'delete', key: '/fill/0' }, { op: 'delete', key: '/fill/1' }]), { committed: true, revision: revision + 1 });
    await store.compact(revision + 1);
    await store.commit([put('/b', 'x'.repeat(50_000))]);
    await store.close();
  }));
});
