/** The difference of two texts as hunks with three lines around them, found as Python's difflib finds it: by longest common blocks. */

interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** A run of lines of both texts that are equal, or that differ. Ends are exclusive. */
interface Step {
  readonly isEqual: boolean;
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

const context = 3;
/** From this many lines on, those that are everywhere are no place to begin a match at. */
const popularFrom = 200;

export function unifiedDiff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return groupsOf(stepsOf(a, b)).map((group) => hunkText(group, a, b)).join('');
}

function positionsOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const known = positions.get(line);
    if (known === undefined) positions.set(line, [index]);
    else known.push(index);
  });
  const most = lines.length >= popularFrom ? Math.floor(lines.length / 100) + 1 : Number.POSITIVE_INFINITY;
  for (const [line, indexes] of positions) if (indexes.length > most) positions.delete(line);
  return positions;
}

function blocksOf(a: readonly string[], b: readonly string[]): readonly Block[] {
  const positions = positionsOf(b);
  const blocks: Block[] = [];
  const search = (aStart: number, aEnd: number, bStart: number, bEnd: number): void => {
    const best = longestBlock({ a, b, positions }, { isEqual: false, aStart, aEnd, bStart, bEnd });
    if (best.size === 0) return;
    if (aStart < best.a && bStart < best.b) search(aStart, best.a, bStart, best.b);
    blocks.push(best);
    if (best.a + best.size < aEnd && best.b + best.size < bEnd) search(best.a + best.size, aEnd, best.b + best.size, bEnd);
  };
  search(0, a.length, 0, b.length);
  return blocks;
}

interface Texts {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

function longestBlock({ a, b, positions }: Texts, { aStart, aEnd, bStart, bEnd }: Step): Block {
  let [bestA, bestB, size] = [aStart, bStart, 0];
  let lengths = new Map<number, number>();
  for (let i = aStart; i < aEnd; i++) {
    const next = new Map<number, number>();
    for (const j of positions.get(a[i] ?? '') ?? []) {
      if (j < bStart || j >= bEnd) continue;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > size) [bestA, bestB, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  while (bestA > aStart && bestB > bStart && a[bestA - 1] === b[bestB - 1]) [bestA, bestB, size] = [bestA - 1, bestB - 1, size + 1];
  while (bestA + size < aEnd && bestB + size < bEnd && a[bestA + size] === b[bestB + size]) size++;
  return { a: bestA, b: bestB, size };
}

function stepsOf(a: readonly string[], b: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  for (const block of [...blocksOf(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < block.a || j < block.b) steps.push({ isEqual: false, aStart: i, aEnd: block.a, bStart: j, bEnd: block.b });
    [i, j] = [block.a + block.size, block.b + block.size];
    const last = steps.at(-1);
    if (block.size > 0 && last?.isEqual === true) steps[steps.length - 1] = { ...last, aEnd: i, bEnd: j };
    else if (block.size > 0) steps.push({ isEqual: true, aStart: block.a, aEnd: i, bStart: block.b, bEnd: j });
  }
  return steps;
}

/** Steps that stand near each other, with what is equal around them cut to the context. */
function groupsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  let group: Step[] = [];
  steps.forEach((step, index) => {
    if (!step.isEqual) {
      group.push(step);
      return;
    }
    const [isFirst, isLast] = [index === 0, index === steps.length - 1];
    const length = step.aEnd - step.aStart;
    const head = { ...step, aEnd: Math.min(step.aEnd, step.aStart + context), bEnd: Math.min(step.bEnd, step.bStart + context) };
    const tail = { ...step, aStart: Math.max(step.aStart, step.aEnd - context), bStart: Math.max(step.bStart, step.bEnd - context) };
    if (isFirst && isLast) return;
    if (isFirst) group.push(tail);
    else if (isLast) group.push(head);
    else if (length > 2 * context) {
      groups.push([...group, head]);
      group = [tail];
    } else group.push(step);
  });
  if (group.some(({ isEqual }) => !isEqual)) groups.push(group);
  return groups;
}

function hunkText(group: readonly Step[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return '';
  const lines = group.flatMap(({ isEqual, aStart, aEnd, bStart, bEnd }) => (isEqual
    ? a.slice(aStart, aEnd).map((line) => ` ${line}\n`)
    : [...a.slice(aStart, aEnd).map((line) => `-${line}\n`), ...b.slice(bStart, bEnd).map((line) => `+${line}\n`)]));
  return `@@ -${rangeText(first.aStart, last.aEnd)} +${rangeText(first.bStart, last.bEnd)} @@\n${lines.join('')}`;
}

function rangeText(start: number, end: number): string {
  const length = end - start;
  return length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`;
}
