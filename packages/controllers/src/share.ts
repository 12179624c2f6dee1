/** A number of things, or a part of them in percent, as many fields have it. */
export function share(value: number | string, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((of * Number(value.slice(0, -1))) / 100) : Number(value);
}
