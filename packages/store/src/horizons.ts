/** How far back the log reaches, for each class of keys: the second of the two horizons (the API's own is the API server's business). */
import { compareKeys, isInRange, withPrefix } from './key-order.ts';
import { Compacted, type Range, type Retention, type Revision } from './store.ts';

/** The class of keys that no retention names. */
const rest = '';

export class Horizons {
  /** Longest prefix first, so that the first that fits is the one that counts. */
  readonly #classes: readonly Retention[];
  readonly #horizons: Map<string, Revision>;

  /** @param known horizons of an earlier life of the log, by prefix */
  constructor(retention: readonly Retention[], known: ReadonlyMap<string, Revision> = new Map()) {
    this.#classes = [...retention].filter(({ prefix }) => prefix !== rest).sort((a, b) => b.prefix.length - a.prefix.length);
    const others = retention.find(({ prefix }) => prefix === rest);
    this.#classes = [...this.#classes, others ?? { prefix: rest, keepMs: 0 }];
    this.#horizons = new Map();
    for (const { prefix } of this.#classes) this.#horizons.set(prefix, this.#inherited(prefix, known));
  }

  get classes(): readonly Retention[] {
    return this.#classes;
  }

  /** The class of a key. */
  classOf(key: string): string {
    for (const { prefix } of this.#classes) if (key.startsWith(prefix)) return prefix;
    return rest;
  }

  /** The first revision whose state is whole in the class. */
  of(prefix: string): Revision {
    return this.#horizons.get(prefix) ?? 0;
  }

  /** No revision before this one can come back, whatever was deleted since. */
  get newest(): Revision {
    return Math.max(0, ...this.#horizons.values());
  }

  raise(prefix: string, horizon: Revision): void {
    this.#horizons.set(prefix, Math.max(horizon, this.of(prefix)));
  }

  /** The horizon of a range is the nearest of the classes it touches. */
  ofRange(range: Range): Revision {
    let horizon = 0;
    for (const { prefix } of this.#classes) {
      if (prefix === rest ? !this.#isInsideClass(range) : overlaps(range, withPrefix(prefix))) horizon = Math.max(horizon, this.of(prefix));
    }
    return horizon;
  }

  /** Throws Compacted when the state at `revision`, or the changes after it, are no longer whole. */
  check(range: Range, revision: Revision): void {
    const horizon = this.ofRange(range);
    if (revision < horizon) throw new Compacted(`revision ${revision} has been compacted; the oldest is ${horizon}`);
  }

  /** Classes come and go with the configuration: a new one reaches back as far as the one it was part of, and an old one's keys bring their horizon to the one they fall to. */
  #inherited(prefix: string, known: ReadonlyMap<string, Revision>): Revision {
    let horizon = 0;
    for (const [other, revision] of known) {
      const isParent = !known.has(prefix) && prefix.startsWith(other);
      const isOrphan = other.startsWith(prefix) && !this.#classes.some((kept) => kept.prefix === other);
      if (other === prefix || isParent || isOrphan) horizon = Math.max(horizon, revision);
    }
    return horizon;
  }

  /** True when a named class holds the whole range, so that the rest has no part in it. */
  #isInsideClass(range: Range): boolean {
    return this.#classes.some(({ prefix }) => {
      if (prefix === rest) return false;
      const whole = withPrefix(prefix);
      return isInRange(whole, range.start) && compareKeys(range.end, whole.end) <= 0;
    });
  }
}

const overlaps = (a: Range, b: Range): boolean => compareKeys(a.start, b.end) < 0 && compareKeys(b.start, a.end) < 0;
