/** The range of node ports. The lower part is left to those who choose a port themselves. */
import type { Random } from '@kaji/base';

const guesses = 32;

export class PortRange {
  readonly first: number;
  readonly last: number;
  readonly #random: Random;

  constructor(first: number, last: number, random: Random) {
    this.first = first;
    this.last = last;
    this.#random = random;
  }

  contains(port: number): boolean {
    return port >= this.first && port <= this.last;
  }

  /** A free port, by chance above the reserved part, then anywhere. */
  pick(isTaken: (port: number) => boolean): number | undefined {
    const size = this.last - this.first + 1;
    // Kubernetes: min(max(16, size / 32), 128) ports; none of a small range.
    const reserved = size < 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128);
    for (let guess = 0; guess < guesses; guess++) {
      const port = this.first + reserved + Math.floor(this.#random() * (size - reserved));
      if (!isTaken(port)) return port;
    }
    for (let port = this.first + reserved; port <= this.last; port++) if (!isTaken(port)) return port;
    for (let port = this.first; port < this.first + reserved; port++) if (!isTaken(port)) return port;
    return undefined;
  }
}
