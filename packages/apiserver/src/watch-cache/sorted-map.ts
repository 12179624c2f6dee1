/**
 * A map ordered by key, whose snapshots cost nothing to take: pages and consistent lists read one while writers go on.
 * Entries live in leaves of at most 256; a leaf is copied at most once after each snapshot.
 */
const leafLimit = 256;

interface Leaf<V> {
  readonly epoch: number;
  readonly keys: string[];
  readonly values: V[];
}

/** What a snapshot and the living map both answer. Keys are compared by code units, which is byte order for the ASCII keys in use. */
export interface SortedView<V> {
  readonly size: number;
  get(key: string): V | undefined;
  /** Entries from `start` up to, not including, `end`. */
  range(start: string, end: string): Iterable<V>;
  /** How many keys are in [start, end). */
  count(start: string, end: string): number;
}

export class SortedMap<V> implements SortedView<V> {
  #leaves: Leaf<V>[];
  #epoch = 0;
  #isShared = false;
  #size = 0;

  constructor() {
    this.#leaves = [];
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return find(this.#leaves, key);
  }

  set(key: string, value: V): void {
    const at = Math.max(0, leafFor(this.#leaves, key));
    const leaf = this.#writable(at);
    const index = lowerBound(leaf.keys, key);
    if (leaf.keys[index] === key) {
      leaf.values[index] = value;
      return;
    }
    leaf.keys.splice(index, 0, key);
    leaf.values.splice(index, 0, value);
    this.#size++;
    if (leaf.keys.length > leafLimit) this.#split(at, leaf, index);
  }

  delete(key: string): boolean {
    const at = leafFor(this.#leaves, key);
    const held = this.#leaves[at];
    if (held === undefined) return false;
    const index = lowerBound(held.keys, key);
    if (held.keys[index] !== key) return false;
    const leaf = this.#writable(at);
    leaf.keys.splice(index, 1);
    leaf.values.splice(index, 1);
    this.#size--;
    if (leaf.keys.length === 0) this.#leaves.splice(at, 1);
    return true;
  }

  range(start: string, end: string): Iterable<V> {
    return walk(this.#leaves, start, end);
  }

  count(start: string, end: string): number {
    return rank(this.#leaves, end) - rank(this.#leaves, start);
  }

  /** The map as it is now, for ever. */
  snapshot(): SortedView<V> {
    this.#epoch++;
    this.#isShared = true;
    const leaves = this.#leaves;
    const size = this.#size;
    return {
      size,
      get: (key) => find(leaves, key),
      range: (start, end) => walk(leaves, start, end),
      count: (start, end) => rank(leaves, end) - rank(leaves, start),
    };
  }

  #writable(at: number): Leaf<V> {
    if (this.#isShared) {
      this.#leaves = [...this.#leaves];
      this.#isShared = false;
    }
    const leaf = this.#leaves[at];
    if (leaf === undefined) {
      const first: Leaf<V> = { epoch: this.#epoch, keys: [], values: [] };
      this.#leaves.push(first);
      return first;
    }
    if (leaf.epoch === this.#epoch) return leaf;
    const copy: Leaf<V> = { epoch: this.#epoch, keys: [...leaf.keys], values: [...leaf.values] };
    this.#leaves[at] = copy;
    return copy;
  }

  /** Halves a full leaf; one that grows at its end (keys in order, as loading gives them) stays nearly full. */
  #split(at: number, leaf: Leaf<V>, index: number): void {
    const middle = index === leaf.keys.length - 1 ? leaf.keys.length - 1 : leaf.keys.length >> 1;
    const right: Leaf<V> = { epoch: this.#epoch, keys: leaf.keys.splice(middle), values: leaf.values.splice(middle) };
    this.#leaves.splice(at + 1, 0, right);
  }
}

/** The last leaf whose first key is not above `key`; -1 when there is none. */
function leafFor<V>(leaves: readonly Leaf<V>[], key: string): number {
  let low = 0;
  let high = leaves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((leaves[middle]?.keys[0] ?? '') <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function find<V>(leaves: readonly Leaf<V>[], key: string): V | undefined {
  const leaf = leaves[leafFor(leaves, key)];
  if (leaf === undefined) return undefined;
  const index = lowerBound(leaf.keys, key);
  return leaf.keys[index] === key ? leaf.values[index] : undefined;
}

function* walk<V>(leaves: readonly Leaf<V>[], start: string, end: string): Generator<V> {
  for (let at = Math.max(0, leafFor(leaves, start)); at < leaves.length; at++) {
    const leaf = leaves[at];
    if (leaf === undefined) return;
    for (let index = lowerBound(leaf.keys, start); index < leaf.keys.length; index++) {
      if ((leaf.keys[index] ?? '') >= end) return;
      yield leaf.values[index] as V; // keys and values have the same length
    }
  }
}

function rank<V>(leaves: readonly Leaf<V>[], key: string): number {
  const at = leafFor(leaves, key);
  let below = 0;
  for (let index = 0; index < at; index++) below += leaves[index]?.keys.length ?? 0;
  return below + (at < 0 ? 0 : lowerBound(leaves[at]?.keys ?? [], key));
}
