/** Sets of completion indexes: `0,2-4` as a Job's status writes them, and as sets. */

export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const found = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [first = Number.NaN, last = first] = part === '' ? [] : part.split('-').map(Number);
    for (let index = first; index <= Math.min(last, completions - 1); index++) found.add(index);
  }
  return found;
}

/** Runs of two or more are written as ranges, but two in a row with a comma. Undefined for the empty set. */
export function formatIndexes(indexes: ReadonlySet<number>): string | undefined {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0, end = 0; start < sorted.length; start = end + 1) {
    end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    const [first, last] = [sorted[start], sorted[end]];
    parts.push(first === last ? String(first) : end === start + 1 ? `${first},${last}` : `${first}-${last}`);
  }
  return parts.length === 0 ? undefined : parts.join(',');
}
