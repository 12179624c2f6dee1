/** Fields that hold one value where a later field holds a list of them: the two say the same, and the single one wins. */

/** The list as both fields mean it; undefined where neither says anything. */
export function listWith<T>(single: string | undefined, list: readonly T[] | undefined, { of, from }: { readonly of: (item: T) => string; readonly from: (value: string) => T }): T[] | undefined {
  const [first] = list ?? [];
  if (single === undefined || single === '') return list === undefined ? undefined : [...list];
  return first !== undefined && of(first) === single ? [...list ?? []] : [from(single)];
}
