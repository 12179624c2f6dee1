/** Values while an expression runs. Simple ones are JavaScript's own: `bigint` is an int, `number` a double. */

export type Value = null | boolean | bigint | number | string | Uint8Array | Uint | Timestamp | Duration | TypeValue | Optional | ListValue | MapValue | AddedValue | Failure;

/** A value of a type that Kubernetes adds to the language. */
export interface AddedValue {
  readonly kind: 'added';
  readonly typeName: string;
  readonly goType: string;
  /** How upstream complains of it where its own form is not known; absent where it is. */
  readonly native?: string;
  /** The same for values that are one as keys of a map; absent where each is another. */
  readonly hash?: string;
  /** What a call that goes through it costs by; 1 when absent. */
  readonly size?: number;
  /** Values of other types cannot be compared with it. */
  isEqual(other: Value): boolean | Failure;
}

/** The name of the type that upstream makes such a value of: complaints show it. */
export function goTypeOf(value: Value): string {
  if (value === null) return 'types.Null';
  if (value instanceof ListValue) return value.data !== undefined ? '[]interface {}' : '*types.baseList';
  if (isMap(value)) return value instanceof EntryMap ? '*types.baseMap' : 'map[string]interface {}';
  if (isAdded(value)) return value.goType;
  return goTypes[typeNameOf(value)] ?? '*types.Err';
}

const goTypes: Readonly<Record<string, string>> = {
  bool: 'types.Bool', bytes: 'types.Bytes', double: 'types.Double', int: 'types.Int', string: 'types.String', uint: 'types.Uint', type: '*types.Type', optional_type: '*types.Optional',
  'google.protobuf.Timestamp': 'types.Timestamp', 'google.protobuf.Duration': 'types.Duration',
};

export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A point in time, by nanoseconds since 1970. */
export class Timestamp {
  readonly nanoseconds: bigint;
  /** By how much the clock that told it is ahead of UTC: shown in texts, and of no other meaning. */
  readonly offsetMinutes: number;

  constructor(nanoseconds: bigint, offsetMinutes = 0) {
    this.nanoseconds = nanoseconds;
    this.offsetMinutes = offsetMinutes;
  }
}

export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A type as a value: `type(1) == int`. */
export class TypeValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class Optional {
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export const none = new Optional(undefined);

/** What went wrong. It is a value, because `||` and `&&` may not need the side that failed. */
export class Failure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export const noSuchOverload = new Failure('no such overload');

/** How the items of a list that came from outside are seen. */
export interface ListForm {
  value(item: unknown): Value;
  /** Of a list whose order means nothing: what its items, and those of lists that it is held against, are told apart by. */
  readonly identity?: { of(item: unknown): unknown; ofValue(item: Value): unknown };
}

/** A list. Items of data that came from outside become values when they are looked at. */
export class ListValue {
  readonly #items: readonly unknown[];
  readonly #form: ListForm | undefined;

  /** Without a form the items are values. */
  constructor(items: readonly unknown[], form: ListForm | undefined) {
    this.#items = items;
    this.#form = form;
  }

  static of(items: readonly Value[]): ListValue {
    return new ListValue(items, undefined);
  }

  /** What it was made of, where that was data. */
  get data(): readonly unknown[] | undefined {
    return this.#form === undefined ? undefined : this.#items;
  }

  get size(): number {
    return this.#items.length;
  }

  at(index: number): Value {
    const item = this.#items[index];
    return this.#form === undefined ? item as Value : this.#form.value(item); // without a form they are values
  }

  values(): Value[] {
    return Array.from({ length: this.size }, (_, index) => this.at(index));
  }

  /** Whether the order of items means nothing. */
  get isUnordered(): boolean {
    return this.#form?.identity !== undefined;
  }

  /** The other's items behind those of this list that they are one with; undefined where there is none. */
  counterparts(other: ListValue): (readonly [Value | undefined, Value])[] {
    const { identity } = this.#form ?? {};
    if (identity === undefined) return other.values().map((item, index) => [index < this.size ? this.at(index) : undefined, item]);
    const own = this.#byIdentity();
    return other.values().map((item) => [own.get(identity.ofValue(item)), item]);
  }

  /** Items of an unordered list take the place of those that they are one with. */
  plus(other: ListValue): ListValue {
    const { identity } = this.#form ?? {};
    if (identity === undefined) return ListValue.of([...this.values(), ...other.values()]);
    const items = this.#byIdentity();
    for (const item of other.values()) items.set(identity.ofValue(item), item);
    return new ListValue([...items.values()], { value: (item) => item as Value, identity: { of: (item) => identity.ofValue(item as Value), ofValue: identity.ofValue } }); // they are values now
  }

  #byIdentity(): Map<unknown, Value> {
    return new Map(this.#items.map((item, index) => [this.#form?.identity?.of(item), this.at(index)]));
  }
}

/** A map, or an object. */
export interface MapValue {
  readonly kind: 'map';
  readonly size: number;
  /** What it was made of, where that was data. */
  readonly data?: object;
  find(key: Value): Value | undefined;
  keys(): Value[];
}

/** An object that came from outside. */
class DataMap implements MapValue {
  readonly kind = 'map';
  readonly #data: Readonly<Record<string, unknown>>;

  constructor(data: object) {
    this.#data = data as Readonly<Record<string, unknown>>; // objects of data have texts as keys
  }

  get size(): number {
    return Object.keys(this.#data).length;
  }

  find(key: Value): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.#data, key) ? toValue(this.#data[key]) : undefined;
  }

  keys(): Value[] {
    return Object.keys(this.#data);
  }
}

/** A map that an expression made. Numbers of different types are one key if they are equal. */
export class EntryMap implements MapValue {
  readonly kind = 'map';
  readonly #entries = new Map<unknown, readonly [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.#entries.set(keyOf(key), [key, value]);
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: Value): Value | undefined {
    return this.#entries.get(keyOf(key))?.[1];
  }

  keys(): Value[] {
    return Array.from(this.#entries.values(), ([key]) => key);
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }
}

/** What two keys that are one have in common. Kubernetes: lists and maps are keys by themselves only. */
function keyOf(key: Value): unknown {
  if (typeof key === 'string') return `text ${key}`;
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key;
  if (key instanceof Uint) return key.value;
  if (key instanceof Timestamp) return `timestamp ${key.nanoseconds} ${key.offsetMinutes}`;
  if (key instanceof Duration) return `duration ${key.nanoseconds}`;
  if (key instanceof TypeValue) return `type ${key.name}`;
  return isAdded(key) && key.hash !== undefined ? `${key.typeName} ${key.hash}` : key;
}

export const isAdded = (value: unknown): value is AddedValue => typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'added';
export const isMap = (value: unknown): value is MapValue => typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'map' && 'find' in value;

const plainForm: ListForm = { value: toValue };

/** Decoded JSON as a value: whole numbers are ints. */
export function toValue(data: unknown): Value {
  if (data === undefined || data === null) return null;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data;
  if (typeof data === 'string' || typeof data === 'boolean' || typeof data === 'bigint') return data;
  if (data instanceof Uint8Array || data instanceof Failure) return data;
  if (Array.isArray(data)) return new ListValue(data, plainForm);
  return typeof data === 'object' ? new DataMap(data) : new Failure(`unsupported conversion to value: ${typeof data}`);
}

/** The name of a value's type. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case 'boolean': return 'bool';
    case 'bigint': return 'int';
    case 'number': return 'double';
    case 'string': return 'string';
    default: break;
  }
  if (value === null) return 'null_type';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (isAdded(value)) return value.typeName;
  return value instanceof ListValue ? 'list' : value instanceof Failure ? 'error' : 'map';
}

const numberOf = (value: Value): bigint | number | undefined => (value instanceof Uint ? value.value : typeof value === 'bigint' || typeof value === 'number' ? value : undefined);

/** Whether two values are equal; values of different types are not, but for numbers. Kubernetes: what it adds cannot be compared with others. */
export function equality(left: Value, right: Value): boolean | Failure {
  if (left === null || right === null) return left === right;
  if (isAdded(left)) return left.isEqual(right);
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  // oxlint-disable-next-line eqeqeq -- an int and a double are compared as numbers
  if (leftNumber !== undefined || rightNumber !== undefined) return leftNumber !== undefined && rightNumber !== undefined && leftNumber == rightNumber;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && left.length === right.length && left.every((byte, index) => byte === right[index]);
  if (left instanceof Timestamp) return right instanceof Timestamp && left.nanoseconds === right.nanoseconds;
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  if (left instanceof TypeValue) return right instanceof TypeValue && left.name === right.name;
  if (left instanceof Optional) return right instanceof Optional && areEqualOptionals(left.value, right.value);
  if (left instanceof ListValue) return right instanceof ListValue && left.size === right.size && areEqualItems(left.counterparts(right));
  if (isMap(left)) return isMap(right) && left.size === right.size && areEqualItems(pairsIn(left, right));
  return left === right;
}

export const areEqual = (left: Value, right: Value): boolean => equality(left, right) === true;

/** Kubernetes: within lists and maps, what cannot be compared counts as equal; what is no value does not. */
function areEqualItems(pairs: Iterable<readonly [Value | undefined, Value | undefined]>): boolean | Failure {
  for (const [left, right] of pairs) {
    if (left === undefined || right === undefined) return false;
    const areSame = left instanceof Failure ? left : equality(left, right);
    if (areSame !== true && areSame !== noSuchOverload) return areSame;
  }
  return true;
}

const areEqualOptionals = (left: Value | undefined, right: Value | undefined): boolean | Failure => (left === undefined || right === undefined ? left === right : equality(left, right));

/** What two maps have at each key of the first. What is null in an object has a key, and is not there. */
const pairsIn = (left: MapValue, right: MapValue): (readonly [Value | undefined, Value | undefined])[] => left.keys().map((key) => [left.find(key), right.find(key)] as const).filter(([mine, other]) => mine !== undefined || other !== undefined);

/** Which of two values comes first: -1, 0 or 1; undefined of values that have no order. */
export function compareValues(left: Value, right: Value): number | undefined {
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) return Number.isNaN(leftNumber) || Number.isNaN(rightNumber) ? Number.NaN : order(leftNumber, rightNumber);
  if (typeof left === 'boolean' && typeof right === 'boolean') return order(Number(left), Number(right));
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right);
  if ((left instanceof Timestamp && right instanceof Timestamp) || (left instanceof Duration && right instanceof Duration)) return order(left.nanoseconds, right.nanoseconds);
  return undefined;
}

const order = (left: bigint | number, right: bigint | number): number => (left < right ? -1 : left > right ? 1 : 0);

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return order(left.length, right.length);
}

/** By code points, as UTF-8 sorts. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return /[\uD800-\uDFFF]/.test(left + right) ? compareBytes(new TextEncoder().encode(left), new TextEncoder().encode(right)) : order2(left, right);
}

const order2 = (left: string, right: string): number => (left < right ? -1 : 1);

/** The size of a text in characters, of bytes, lists, maps and what has one; 1 of all else. */
export function sizeOfValue(value: Value): number {
  if (typeof value === 'string') return [...value].length;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof ListValue || isMap(value)) return value.size;
  if (isAdded(value)) return value.size ?? 1;
  return value instanceof Optional && value.value !== undefined ? sizeOfValue(value.value) : 1;
}
