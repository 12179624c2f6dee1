/** Quantities of resources as values. */
import { DecodeError, formatQuantity, parseQuantity, type Quantity, type SmallAmount, smallAmount } from '@kaji/schema';
import type { Implementation } from './functions.ts';
import { type AddedValue, Failure, noSuchOverload, type Value } from './value.ts';

const billion = 1_000_000_000n;
const mostInt = 2n ** 63n - 1n;

const isInt = (value: bigint): boolean => value <= mostInt && value >= -mostInt - 1n;

export class QuantityValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'kubernetes.Quantity';
  readonly #quantity: Quantity;
  readonly #small: SmallAmount | undefined;
  readonly #isComputed: boolean;

  constructor(quantity: Quantity, small: SmallAmount | undefined, isComputed = false) {
    this.#quantity = quantity;
    this.#small = small;
    this.#isComputed = isComputed;
  }

  static of(number: bigint): QuantityValue {
    return new QuantityValue({ nano: number * billion, format: 'DecimalExponent' }, { value: number, scale: 0 });
  }

  /** Kubernetes: what was computed is a pointer. */
  get goType(): string {
    return this.#isComputed ? '*cel.Quantity' : 'cel.Quantity';
  }

  get nano(): bigint {
    return this.#quantity.nano;
  }

  get native(): string {
    return `(*resource.Quantity)${formatQuantity(this.#quantity)}`;
  }

  /** Kubernetes: what was computed cannot stand right of a comparison. */
  isEqual(other: Value): boolean | Failure {
    return other instanceof QuantityValue && !other.#isComputed ? this.nano === other.nano : noSuchOverload;
  }

  compare({ nano }: QuantityValue): bigint {
    return this.nano < nano ? -1n : this.nano > nano ? 1n : 0n;
  }

  /** The amount as an int. Kubernetes: none of `1000m` or `1.0`, which are kept as parts of one. */
  get whole(): bigint | undefined {
    if (this.#small === undefined || this.#small.scale < 0) return undefined;
    const whole = this.#small.value * 10n ** BigInt(this.#small.scale);
    return isInt(whole) ? whole : undefined;
  }

  get approximate(): number {
    return this.#small === undefined ? Number(this.nano) / 1e9 : Number(this.#small.value) * Number(`1e${this.#small.scale}`);
  }

  /** `sign`: 1n to add, -1n to subtract. */
  plus(other: QuantityValue, sign: bigint): QuantityValue {
    const format = this.nano === 0n ? other.#quantity.format : this.#quantity.format;
    return new QuantityValue({ nano: this.nano + sign * other.nano, format }, smallSum(this.#small, other.#small, sign), true);
  }
}

function smallSum(left: SmallAmount | undefined, right: SmallAmount | undefined, sign: bigint): SmallAmount | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (right.value === 0n) return left;
  if (left.value === 0n) return { ...right, value: sign * right.value };
  const scale = Math.min(left.scale, right.scale);
  const [a, b] = [left, right].map((each) => each.value * 10n ** BigInt(each.scale - scale));
  const value = (a ?? 0n) + sign * (b ?? 0n);
  return isInt(a ?? 0n) && isInt(b ?? 0n) && isInt(value) ? { value, scale } : undefined;
}

function read(text: Value | undefined): QuantityValue | Failure {
  if (typeof text !== 'string') return noSuchOverload;
  try {
    return new QuantityValue(parseQuantity(text), smallAmount(text));
  } catch (error) {
    if (error instanceof DecodeError) return new Failure(error.message);
    throw error;
  }
}

const onQuantity = (run: (quantity: QuantityValue, other: Value) => Value): Implementation => ([quantity, other = null]) => (quantity instanceof QuantityValue ? run(quantity, other) : noSuchOverload);
const onTwo = (run: (left: QuantityValue, right: QuantityValue) => Value): Implementation => onQuantity((left, right) => (right instanceof QuantityValue ? run(left, right) : noSuchOverload));

const sum = (sign: bigint): Implementation => onQuantity((left, right) => {
  const other = typeof right === 'bigint' ? QuantityValue.of(right) : right;
  return other instanceof QuantityValue ? left.plus(other, sign) : noSuchOverload;
});

export const quantityFunctions: readonly (readonly [string, Implementation])[] = [
  ['quantity', ([text]) => read(text)], ['isQuantity', ([text]) => (typeof text === 'string' ? read(text) instanceof QuantityValue : noSuchOverload)],
  ['isInteger', onQuantity(({ whole }) => whole !== undefined)], ['asInteger', onQuantity(({ whole }) => whole ?? new Failure('cannot convert value to integer'))],
  ['asApproximateFloat', onQuantity(({ approximate }) => approximate)], ['sign', onQuantity((quantity) => quantity.compare(QuantityValue.of(0n)))],
  ['isGreaterThan', onTwo((left, right) => left.compare(right) > 0n)], ['isLessThan', onTwo((left, right) => left.compare(right) < 0n)], ['compareTo', onTwo((left, right) => left.compare(right))],
  ['add', sum(1n)], ['sub', sum(-1n)],
];
