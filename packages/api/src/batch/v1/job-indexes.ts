/** Sets of completion indexes as Jobs write them: `0,2-4`. */

/** How many indexes a set has, or in words what is wrong with it. Indexes are below `completions`. */
export function indexCount(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last: number | undefined;
  for (const part of text.split(',')) {
    const interval = intervalOf(part, completions);
    if (typeof interval === 'string') return interval;
    const [first, end] = interval;
    if (last !== undefined && last >= first) return `non-increasing order, previous: ${last}, current: ${first}`;
    total += end - first + 1;
    last = end;
  }
  return total;
}

/** The first index that both sets have; parts that cannot be read have none. */
export function firstShared(text: string, other: string, completions: number): number | undefined {
  const read = (set: string): [number, number][] => (set === '' ? [] : set.split(',')).map((part) => intervalOf(part, completions)).filter((interval) => typeof interval !== 'string');
  const others = read(other);
  for (const [first, end] of read(text)) {
    const overlap = others.find(([from, to]) => from <= end && first <= to);
    if (overlap !== undefined) return Math.max(first, overlap[0]);
  }
  return undefined;
}

function intervalOf(text: string, completions: number): [number, number] | string {
  const limits = text.split('-');
  if (limits.length > 2) return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const values: number[] = [];
  for (const limit of limits) {
    if (!/^\+?\d+$/.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
    values.push(Number(limit));
  }
  const [first = 0, end = first] = values;
  return values.length === 2 && first >= end ? `non-increasing order, previous: ${first}, current: ${end}` : [first, end];
}
