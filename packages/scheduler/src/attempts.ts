/** Why each pod went where it went, or nowhere: kept for the last attempts of the last pods, for whoever asks why. */
import type { NodeVerdict } from './schedule.ts';

export interface Attempt {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly atMs: number;
  readonly attempt: number;
  /** The node chosen; undefined when there was none. */
  readonly node: string | undefined;
  /** Upstream's text; empty for a success. */
  readonly message: string;
  readonly rejections: ReadonlyMap<string, NodeVerdict>;
  readonly scores: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

const podsLimit = 2000;
const attemptsLimit = 8;

export class Attempts {
  /** By uid, the one tried longest ago first. */
  readonly #attempts = new Map<string, readonly Attempt[]>();

  record(attempt: Attempt): void {
    const known = this.#attempts.get(attempt.uid) ?? [];
    this.#attempts.delete(attempt.uid);
    this.#attempts.set(attempt.uid, [...known, attempt].slice(-attemptsLimit));
    if (this.#attempts.size > podsLimit) for (const uid of [...this.#attempts.keys()].slice(0, this.#attempts.size - podsLimit)) this.#attempts.delete(uid);
  }

  /** Oldest first. */
  of(uid: string): readonly Attempt[] {
    return this.#attempts.get(uid) ?? [];
  }
}
