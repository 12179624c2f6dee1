/** The thread that owns the store's file. */
import { fdatasync, openSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { realClock } from '@kaji/base/real/clock';
import { settleLater } from '@kaji/base/real/settle';
import type { KeyValue, LogEntry } from '../store.ts';
import { Committer, failureOf } from './committer.ts';
import { type Answer, type CommitResult, Packer, type Request, type WorkerOptions } from './messages.ts';
import { logFile } from './schema.ts';

/** Sends with all bytes in one buffer, which goes over without another copy. */
function post(port: MessagePort, answer: Answer): void {
  const packer = new Packer();
  visit(answer, (value) => {
    packer.add(value);
    return value;
  });
  const { next, buffer } = packer.pack();
  port.postMessage(visit(answer, next), buffer.byteLength === 0 ? [] : [buffer]);
}

type Visit = (value: Uint8Array) => Uint8Array;

/** The answer with each of its values replaced, always in the same order. */
function visit(answer: Answer, replace: Visit): Answer {
  const pair = (kv: KeyValue): KeyValue => ({ ...kv, value: replace(kv.value) });
  switch (answer.type) {
    case 'committed': return { ...answer, results: answer.results.map((result) => visitResult(result, pair)) };
    case 'expired': return { ...answer, deleted: answer.deleted.map(pair) };
    case 'part': return { ...answer, items: answer.items.map(pair) };
    case 'entries': return { ...answer, page: { ...answer.page, entries: answer.page.entries.map((entry) => visitEntry(entry, replace, pair)) } };
    default: return answer;
  }
}

function visitResult(result: CommitResult, pair: (kv: KeyValue) => KeyValue): CommitResult {
  if ('failure' in result) return result;
  if (!result.committed) return { ...result, current: result.current.map(pair) };
  return { ...result, applied: result.applied.map((applied) => (applied.previous === undefined ? applied : { ...applied, previous: pair(applied.previous) })) };
}

function visitEntry(entry: LogEntry, replace: Visit, pair: (kv: KeyValue) => KeyValue): LogEntry {
  const changes = entry.changes.map((change) => ({ ...change, kv: pair(change.kv), ...(change.previous === undefined ? {} : { previous: pair(change.previous) }) }));
  return { ...entry, changes, ...(entry.cause === undefined ? {} : { cause: replace(entry.cause) }) };
}

function start(port: MessagePort, committer: Committer): void {
  let isScheduled = false;
  const work = (): void => {
    isScheduled = false;
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) committer.take(more.message as Request); // only the store posts here
    if (!committer.step()) return;
    isScheduled = true;
    setImmediate(work);
  };
  port.on('message', (request: Request) => {
    committer.take(request);
    if (!isScheduled) work();
  });
}

function open(port: MessagePort, options: WorkerOptions): void {
  try {
    let descriptor: number | undefined;
    start(port, new Committer(options, (answer) => { post(port, answer); }, (done) => {
      descriptor ??= openSync(logFile(options.path), 'r');
      fdatasync(descriptor, done);
    }));
    flushCompileCache(); // a process that is killed would not leave it to the next
    settleLater(realClock, 'thread');
  } catch (error) {
    post(port, { type: 'notOpened', failure: failureOf(error) });
    port.close();
  }
}

// Outside a thread it is imported for its compiled code alone.
if (parentPort !== null) open(parentPort, workerData as WorkerOptions); // given by sqlite-store.ts
