/** Ranges of sizes and costs, as unsigned numbers of 64 bits that stop at the greatest one. */

export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

export const most = 2n ** 64n - 1n;
const clamped = (value: bigint): bigint => (value > most ? most : value);

export const range = (min: bigint, max: bigint): Range => ({ min, max });
export const exactly = (value: bigint): Range => ({ min: value, max: value });
export const nothing = exactly(0n);
export const one = exactly(1n);
export const unknown = range(0n, most);

export const plus = (left: Range, right: Range): Range => range(clamped(left.min + right.min), clamped(left.max + right.max));
export const times = (left: Range, right: Range): Range => range(clamped(left.min * right.min), clamped(left.max * right.max));
/** The range that holds both. */
export const union = (left: Range, right: Range): Range => range(left.min < right.min ? left.min : right.min, left.max > right.max ? left.max : right.max);
export const sum = (ranges: readonly Range[]): Range => ranges.reduce(plus, nothing);

/** Rounded up. Kubernetes: through a double, so that large numbers lose digits as upstream's do. */
export function scaled({ min, max }: Range, factor: number): Range {
  return range(scale(min, factor), scale(max, factor));
}

function scale(value: bigint, factor: number): bigint {
  const product = Math.ceil(Number(value) * factor);
  return product >= 2 ** 64 ? most : BigInt(product);
}

/** What is left of a number after 64 bits: some of upstream's sums do not stop at the greatest one. */
export const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value);
