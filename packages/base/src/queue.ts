/** What a full queue answers. */
export type Offer = 'accepted' | 'full' | 'closed';

/** A bounded first-in first-out queue with one or more waiting readers. Reading is an async iteration; `close` ends it after what is left. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  #items: T[] = [];
  #head = 0;
  #isClosed = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #waiting: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  offer(item: T): Offer {
    if (this.#isClosed) return 'closed';
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: item });
      return 'accepted';
    }
    if (this.size >= this.#limit) return 'full';
    this.#items.push(item);
    return 'accepted';
  }

  /** Ends the queue; with an error, readers get it once the items left have been read. */
  close(error?: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (error !== undefined) this.#failure = { error };
    for (const reader of this.#waiting.splice(0)) {
      if (this.#failure === undefined) reader.resolve({ done: true, value: undefined });
      else reader.reject(this.#failure.error);
    }
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#head < this.#items.length) {
      const value = this.#items[this.#head++] as T; // inside the bounds just checked
      if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error as Error);
    if (this.#isClosed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => { this.#waiting.push({ resolve, reject }); });
  }

  /** Everything that waits now, without waiting. */
  drain(): readonly T[] {
    const items = this.#items.slice(this.#head);
    this.#items = [];
    this.#head = 0;
    return items;
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.next(),
      return: () => {
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
