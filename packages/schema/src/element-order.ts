/** The order of a list that a patch was merged into: its own items as the patch has them, the server's between them where they stood. */

/** What tells an item from the others. Throws PatchError. */
export type ItemKey = (item: unknown) => unknown;

export interface Order {
  readonly order: readonly unknown[];
  readonly serverOrder: readonly unknown[];
  readonly keyOf: ItemKey;
}

export function inOrder(items: readonly unknown[], { order, serverOrder, keyOf }: Order): unknown[] {
  const [wanted, before] = [rankOf(order, keyOf), rankOf(serverOrder, keyOf)];
  const named = items.filter((item) => wanted.has(keyOf(item)));
  const others = items.filter((item) => !wanted.has(keyOf(item)));
  return zipped(sorted(others, before, keyOf), sorted(named, wanted, keyOf), (item) => before.get(keyOf(item)));
}

function rankOf(list: readonly unknown[], keyOf: ItemKey): ReadonlyMap<unknown, number> {
  const ranks = new Map<unknown, number>();
  for (const [index, item] of list.entries()) if (!ranks.has(keyOf(item))) ranks.set(keyOf(item), index);
  return ranks;
}

/** Kubernetes: what has no rank goes before whatever stands in front of it, one step after the other. */
function sorted(items: readonly unknown[], ranks: ReadonlyMap<unknown, number>, keyOf: ItemKey): unknown[] {
  const ranked = items.map((item) => ({ item, rank: ranks.get(keyOf(item)) ?? -1 }));
  if (ranked.every(({ rank }) => rank >= 0)) return ranked.sort((left, right) => left.rank - right.rank).map(({ item }) => item);
  const list: unknown[] = [];
  for (const item of items) {
    const rank = ranks.get(keyOf(item));
    let at = list.length;
    for (; at > 0; at--) {
      const other = ranks.get(keyOf(list[at - 1]));
      if (rank !== undefined && other !== undefined && rank >= other) break;
    }
    list.splice(at, 0, item);
  }
  return list;
}

function zipped(others: readonly unknown[], named: readonly unknown[], rank: (item: unknown) => number | undefined): unknown[] {
  const merged: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < others.length && j < named.length) {
    const [left, right] = [rank(others[i]), rank(named[j])];
    merged.push(left !== undefined && right !== undefined && left < right ? others[i++] : named[j++]);
  }
  return [...merged, ...others.slice(i), ...named.slice(j)];
}
