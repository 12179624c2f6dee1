/** Questions that may take long, answered by a thread of their own, one after the other. One that takes too long is given up, thread and all. */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { ApiError } from '@kaji/api';
import { realClock } from '@kaji/base/real/clock';

export interface ThreadOptions {
  readonly name: string;
  /** The module that the thread runs: it answers each message with one. */
  readonly module: string;
  readonly patienceMs: number;
  /** How many questions may wait for the thread. */
  readonly waitingLimit: number;
  /** What is told where more do. */
  readonly tooMany: string;
  readonly resourceLimits?: ResourceLimits;
}

export type Outcome<Answer> = { readonly answer: Answer } | 'too late' | { readonly failure: string };

export class ThreadQueue<Question, Answer> {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  /** The thread does one question at a time; the next begins when this resolves. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #answered: (outcome: Outcome<Answer>) => void = () => undefined;
  #isClosed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Throws TooManyRequests when too many wait. */
  async ask(question: Question): Promise<Outcome<Answer>> {
    const { waitingLimit, tooMany } = this.#options;
    if (this.#waiting >= waitingLimit) throw new ApiError('TooManyRequests', tooMany);
    this.#waiting++;
    const turn = this.#last.then(() => this.#ask(question));
    this.#last = turn.catch(() => undefined); // told to whoever asked
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #ask(question: Question): Promise<Outcome<Answer>> {
    const worker = this.#started();
    return new Promise((resolve) => {
      // By the process's own time: a thread works, which no virtual clock moves.
      const cancel = realClock.setTimer(this.#options.patienceMs, () => {
        this.#worker = undefined;
        void worker.terminate(); // its end is of no interest any more
        this.#answered('too late');
      });
      this.#answered = (outcome) => {
        cancel();
        worker.unref();
        resolve(outcome);
      };
      worker.ref();
      worker.postMessage(question);
    });
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    if (this.#isClosed) throw new ApiError('ServiceUnavailable', 'the server stops');
    const { module, name, resourceLimits } = this.#options;
    const worker = new Worker(new URL(module), { name, ...(resourceLimits === undefined ? {} : { resourceLimits }) });
    const fail = (failure: string): void => {
      if (this.#worker !== worker) return; // given up already
      this.#worker = undefined;
      this.#answered({ failure });
    };
    worker.on('message', (answer: Answer) => { if (this.#worker === worker) this.#answered({ answer }); });
    worker.on('error', (error) => { fail(error instanceof Error ? error.message : String(error)); });
    worker.on('exit', () => { fail('its thread has ended'); });
    this.#worker = worker;
    return worker;
  }
}
