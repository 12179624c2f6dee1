/** Time and timers. Code that waits takes a Clock; only `real/` touches the process's own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds that only grow, for measuring durations. */
  monotonic(): number;
  /** Runs once after `delayMs`; the function returned cancels it. A timer keeps the process alive. */
  setTimer(delayMs: number, run: () => void): () => void;
}

/** Waits `delayMs`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const cancel = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    function onAbort(): void {
      cancel();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * A clock that stands still until told to move. Sound as long as nothing in the simulation does real I/O:
 * all microtasks run before the next macrotask, so one `setImmediate` is quiescence.
 */
export class VirtualClock implements Clock {
  #now: number;
  #sequence = 0;
  readonly #start: number;
  readonly #heap: Timer[] = [];
  readonly #settle: () => Promise<void>;

  constructor(start = Date.UTC(2030, 0, 1), settle: () => Promise<void> = nextMacrotask) {
    this.#now = start;
    this.#start = start;
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  setTimer(delayMs: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), sequence: this.#sequence++, run, isCancelled: false };
    push(this.#heap, timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** Moves to `until`, running every timer on the way and letting all promises settle between two of them. */
  async advanceTo(until: number): Promise<void> {
    await this.#settle();
    for (let timer = this.#heap[0]; timer !== undefined && timer.at <= until; timer = this.#heap[0]) {
      pop(this.#heap);
      if (timer.isCancelled) continue;
      this.#now = timer.at;
      timer.run();
      await this.#settle();
    }
    this.#now = Math.max(this.#now, until);
  }

  advance(byMs: number): Promise<void> {
    return this.advanceTo(this.#now + byMs);
  }

  /** When the next timer fires, or undefined when nothing waits. */
  next(): number | undefined {
    while (this.#heap[0]?.isCancelled === true) pop(this.#heap);
    return this.#heap[0]?.at;
  }
}

const nextMacrotask = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

const isBefore = (a: Timer, b: Timer): boolean => (a.at !== b.at ? a.at < b.at : a.sequence < b.sequence);

function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(at(heap, index), at(heap, parent))) return;
    swap(heap, index, parent);
    index = parent;
  }
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let index = 0; ; ) {
    const left = 2 * index + 1;
    const right = left + 1;
    let least = index;
    if (left < heap.length && isBefore(at(heap, left), at(heap, least))) least = left;
    if (right < heap.length && isBefore(at(heap, right), at(heap, least))) least = right;
    if (least === index) return;
    swap(heap, index, least);
    index = least;
  }
}

function at(heap: readonly Timer[], index: number): Timer {
  const timer = heap[index];
  if (timer === undefined) throw new Error('timer heap index out of range');
  return timer;
}

function swap(heap: Timer[], a: number, b: number): void {
  const timer = at(heap, a);
  heap[a] = at(heap, b);
  heap[b] = timer;
}
