/** Reads what containers wrote: CRI's log form, one entry a line: `time stream tag text`. */
import type { Clock } from '@kaji/base';
import type { Files } from '@kaji/host';

export interface LogEntry {
  readonly timeText: string;
  readonly stream: 'stdout' | 'stderr';
  /** A line of output may be written in parts; only the last has the line's end. */
  readonly isPartial: boolean;
  readonly content: Uint8Array;
}

const space = 0x20;
const newline = 0x0a;
const decoder = new TextDecoder();

/** Undefined for a line that is not in the form. */
export function parseLogLine(line: Uint8Array): LogEntry | undefined {
  const first = line.indexOf(space);
  const second = line.indexOf(space, first + 1);
  const third = line.indexOf(space, second + 1);
  if (first < 0 || second < 0 || third < 0) return undefined;
  const stream = decoder.decode(line.subarray(first + 1, second));
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  const tag = decoder.decode(line.subarray(second + 1, third)).split(':')[0];
  return { timeText: decoder.decode(line.subarray(0, first)), stream, isPartial: tag === 'P', content: line.subarray(third + 1) };
}

export interface LogOptions {
  readonly follow?: boolean | undefined;
  readonly timestamps?: boolean | undefined;
  readonly tailLines?: number | undefined;
  readonly limitBytes?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly stream?: 'stdout' | 'stderr' | undefined;
}

const chunkBytes = 64 * 1024;

/** Where the last `count` whole lines begin. */
async function tailOffset(files: Files, path: string, count: number): Promise<number> {
  const size = (await files.status(path))?.sizeBytes ?? 0;
  if (count <= 0) return size;
  let found = 0;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - chunkBytes);
    const chunk = await files.readAt(path, start, end - start);
    for (let index = chunk.length - 1; index >= 0; index--) {
      if (chunk[index] !== newline || start + index === size - 1) continue;
      if (++found === count) return start + index + 1;
    }
    end = start;
  }
  return 0;
}

/**
 * The output, as `kubectl logs` shows it. With `follow` it goes on until the container has ended (`isRunning` says)
 * and everything was read, or the signal. A log that is rotated meanwhile is read to its end, then the new one.
 */
export async function* readLog(files: Files, path: string, options: LogOptions, life: { isRunning(): boolean; readonly signal: AbortSignal; readonly clock: Clock }): AsyncIterable<Uint8Array> {
  const limiter = new Limiter(options);
  let offset = options.tailLines === undefined || options.tailLines < 0 ? 0 : await tailOffset(files, path, options.tailLines);
  let rest = new Uint8Array(0);
  const changes = options.follow === true ? new Changes(files, path, life) : undefined;
  try {
    for (;;) {
      const wasRunning = life.isRunning();
      const chunk = await readSafely(files, path, offset);
      if (chunk.length > 0) {
        offset += chunk.length;
        const { lines, tail } = splitLines(rest, chunk);
        rest = tail;
        for (const line of lines) {
          const shown = limiter.show(line);
          if (shown !== undefined) yield shown;
          if (limiter.isFull) return;
        }
        continue;
      }
      if (changes === undefined || life.signal.aborted) return;
      const size = (await files.status(path))?.sizeBytes;
      if (size !== undefined && size < offset) {
        offset = 0; // rotated: the file of this name is a new one
        rest = new Uint8Array(0);
      } else if (!wasRunning) {
        return;
      } else {
        await changes.next();
      }
    }
  } finally {
    changes?.close();
  }
}

async function readSafely(files: Files, path: string, offset: number): Promise<Uint8Array> {
  const status = await files.status(path);
  if (status === undefined || status.sizeBytes <= offset) return new Uint8Array(0);
  return files.readAt(path, offset, Math.min(chunkBytes, status.sizeBytes - offset));
}

function splitLines(rest: Uint8Array, chunk: Uint8Array): { readonly lines: readonly Uint8Array[]; readonly tail: Uint8Array<ArrayBuffer> } {
  const whole = new Uint8Array(rest.length + chunk.length);
  whole.set(rest);
  whole.set(chunk, rest.length);
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = whole.indexOf(newline, start); end >= 0; end = whole.indexOf(newline, start)) {
    lines.push(whole.subarray(start, end));
    start = end + 1;
  }
  return { lines, tail: whole.slice(start) };
}

/** Applies the options to single lines. */
class Limiter {
  readonly #options: LogOptions;
  #left: number;
  #isContinued = false;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#left = options.limitBytes ?? Infinity;
  }

  get isFull(): boolean {
    return this.#left <= 0;
  }

  show(line: Uint8Array): Uint8Array | undefined {
    const entry = parseLogLine(line);
    if (entry === undefined) return undefined;
    const { sinceMs, stream, timestamps } = this.#options;
    if (stream !== undefined && entry.stream !== stream) return undefined;
    if (sinceMs !== undefined && Date.parse(entry.timeText) < sinceMs) return undefined;
    const prefix = timestamps === true && !this.#isContinued ? `${entry.timeText} ` : '';
    this.#isContinued = entry.isPartial;
    const shown = Buffer.concat([Buffer.from(prefix), entry.content, ...(entry.isPartial ? [] : [Buffer.from('\n')])]);
    const cut = shown.length > this.#left ? shown.subarray(0, this.#left) : shown;
    this.#left -= cut.length;
    return cut;
  }
}

/** How long to wait at most for news of a file: its container may end without a last word. */
const quietMs = 500;

/** Wakes when the file changed, or after a while. */
class Changes {
  readonly #iterator: AsyncIterator<void>;
  readonly #stop = new AbortController();
  readonly #clock: Clock;
  #pending: Promise<unknown> | undefined;

  constructor(files: Files, path: string, { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock }) {
    this.#clock = clock;
    if (signal.aborted) this.#stop.abort();
    signal.addEventListener('abort', () => { this.#stop.abort(); }, { once: true, signal: this.#stop.signal });
    this.#iterator = files.watch(path, this.#stop.signal)[Symbol.asyncIterator]();
  }

  async next(): Promise<void> {
    this.#pending ??= this.#iterator.next().catch(() => undefined).finally(() => { this.#pending = undefined; }); // a watch that breaks leaves the waiting in turns
    let cancel: () => void = () => undefined;
    const quiet = new Promise<void>((resolve) => { cancel = this.#clock.setTimer(quietMs, resolve); });
    await Promise.race([this.#pending, quiet]);
    cancel();
  }

  close(): void {
    this.#stop.abort();
  }
}

/** The last lines of a log, as a termination message wants them. */
export async function lastOutput(files: Files, path: string, lines: number, maxBytes: number, clock: Clock): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readLog(files, path, { tailLines: lines }, { isRunning: () => false, signal: new AbortController().signal, clock })) parts.push(part);
  const whole = Buffer.concat(parts);
  return whole.subarray(Math.max(0, whole.length - maxBytes)).toString('utf8');
}
