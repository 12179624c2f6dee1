/** Data as the rules of its schema see it: times and bytes are no texts, fields go by their escaped names, and of sets and maps the order means nothing. */
import { goQuoted, isDeepEqual } from '@kaji/schema';
import { readDuration, readTimestamp } from '../conversions.ts';
import { type AddedValue, Duration, Failure, isMap, ListValue, type MapValue, noSuchOverload, Timestamp, type Value } from '../evaluation/value.ts';
import { timestampOf } from '../evaluation/value-conversions.ts';
import { type ValueSchema, withMetadata } from './custom-resource.ts';
import { escapeField, unescapeField } from './escape.ts';

const isObject = (data: unknown): data is Readonly<Record<string, unknown>> => typeof data === 'object' && data !== null && !Array.isArray(data);
const isWhole = (data: unknown): data is bigint | number => typeof data === 'bigint' || (typeof data === 'number' && Number.isSafeInteger(data));

/** `isRoot`: it is a resource, with metadata. */
export function schemaValue(data: unknown, schema: ValueSchema, isRoot = false): Value {
  if (data === undefined || data === null) return schema.nullable === true ? null : new Failure('invalid data, got null for schema with nullable=false');
  if (schema['x-kubernetes-int-or-string'] === true) return typeof data === 'string' ? data : isWhole(data) ? BigInt(data) : new Failure('invalid data, expected XIntOrString value to be either a string or integer');
  switch (schema.type) {
    case 'object': return isObject(data) ? objectValue(data, schema, isRoot) : new Failure('invalid data, expected a map for the provided schema with type=object');
    case 'array': return Array.isArray(data) ? listValue(data, schema) : new Failure('invalid data, expected an array for the provided schema with type=array');
    case 'string': return typeof data === 'string' ? textValue(data, schema.format) : new Failure('invalid data, expected string');
    case 'number': return typeof data === 'number' || typeof data === 'bigint' ? Number(data) : new Failure('invalid data, expected float');
    case 'integer': return isWhole(data) ? BigInt(data) : new Failure('invalid data, expected int');
    case 'boolean': return typeof data === 'boolean' ? data : new Failure('invalid data, expected bool');
    default: break;
  }
  return schema['x-kubernetes-preserve-unknown-fields'] === true ? new UnknownValue(data)
    : new Failure(`invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`);
}

function objectValue(data: Readonly<Record<string, unknown>>, schema: ValueSchema, isRoot: boolean): MapValue {
  const { properties, additionalProperties: others } = isRoot || schema['x-kubernetes-embedded-resource'] === true ? withMetadata(schema) : schema;
  return new SchemaMap(data, properties, typeof others === 'object' ? others : undefined);
}

/** An object with properties, or a map. */
class SchemaMap implements MapValue {
  readonly kind = 'map';
  readonly data: Readonly<Record<string, unknown>>;
  readonly #properties: ReadonlyMap<string, ValueSchema> | undefined;
  readonly #values: ValueSchema | undefined;

  constructor(data: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, ValueSchema>> | undefined, values: ValueSchema | undefined) {
    this.data = data;
    this.#properties = properties && new Map(Object.entries(properties));
    this.#values = values;
  }

  /** Kubernetes: fields that the schema does not know count. */
  get size(): number {
    return Object.keys(this.data).length;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return noSuchOverload;
    const name = this.#properties === undefined ? key : unescapeField(key);
    if (name === undefined || !Object.hasOwn(this.data, name)) return undefined;
    const data = this.data[name];
    // Of an object, what is null is not there.
    if (this.#properties !== undefined && (data ?? null) === null) return undefined;
    const schema = this.#properties === undefined ? this.#values : this.#properties.get(name);
    return schema && schemaValue(data, schema);
  }

  keys(): Value[] {
    if (this.#properties === undefined) return this.#values === undefined ? [] : Object.keys(this.data);
    return Object.keys(this.data).filter((name) => this.#properties?.has(name)).map((name) => escapeField(name) ?? name);
  }
}

function listValue(data: readonly unknown[], { items, 'x-kubernetes-list-type': kind, 'x-kubernetes-list-map-keys': keys = [] }: ValueSchema): Value {
  if (items === undefined || Array.isArray(items)) return new Failure('invalid array type, expected Items with a non-empty Schema');
  const schema = items as ValueSchema; // lists of schemas are gone
  const value = (item: unknown): Value => schemaValue(item, schema);
  switch (kind) {
    case 'set': return new ListValue(data, { value, identity: { of: identityOf, ofValue: identityOfValue } });
    case 'map': {
      const ofValue = (item: Value): string => (isMap(item) ? keys.map((key) => JSON.stringify(identityOfValue(item.find(escapeField(key) ?? key) ?? null))).join() : '');
      return new ListValue(data, { value, identity: { of: (item) => ofValue(value(item)), ofValue } });
    }
    default: return new ListValue(data, { value });
  }
}

/** Kubernetes: items of sets are held as they came against what expressions see, so a whole number is not one with itself as a double, nor a text with its time. */
const identityOf = (item: unknown): string => identityOfValue(isWhole(item) ? BigInt(item) : item as Value); // an item of a set is simple

function identityOfValue(item: Value): string {
  return item instanceof Timestamp || item instanceof Duration ? `time ${item.nanoseconds}` : `${typeof item} ${typeof item === 'object' ? '' : String(item)}`;
}

function textValue(text: string, format: string | undefined): Value {
  switch (format) {
    case 'duration': return durationValue(text);
    case 'date': return timeValue(`${text}T00:00:00Z`) ?? new Failure(`Invalid date formatted string ${text}`);
    case 'date-time': return timeValue(text) ?? new Failure(`Invalid date-time formatted string ${text}: ${timeProblem(text)}`);
    case 'byte': return bytesValue(text);
    default: return text;
  }
}

/** Why a time is none that Go reads: formats take its letters in lower case, too. */
function timeProblem(text: string): string {
  const [rest, end] = [text.slice(10), text.slice(19)];
  return rest.startsWith('T') ? `parsing time ${goQuoted(text)}: extra text: ${goQuoted(end)}` : `parsing time ${goQuoted(text)} as "2006-01-02T15:04:05": cannot parse ${goQuoted(rest)} as "T"`;
}

function timeValue(text: string): Timestamp | undefined {
  const read = readTimestamp(text);
  return read && timestampOf(read);
}

function bytesValue(text: string): Value {
  try {
    return Uint8Array.fromBase64(text);
  } catch (error) {
    if (error instanceof SyntaxError) return new Failure(`Invalid byte formatted string ${text}`);
    throw error;
  }
}

/** Units as words, each with its spellings; of the last one anything may follow. */
const units: readonly (readonly [readonly string[], bigint])[] = [
  [['ns', 'nano'], 1n], [['us', '\u00b5s', 'micro'], 1000n], [['ms', 'milli'], 1_000_000n], [['s', 'sec'], 1_000_000_000n], [['m', 'min'], 60_000_000_000n],
  [['h', 'hr', 'hour'], 3_600_000_000_000n], [['d', 'day'], 86_400_000_000_000n], [['w', 'wk', 'week'], 604_800_000_000_000n],
];

/** Go's durations, and others with units as words: `3 days`. */
function durationValue(text: string): Value {
  const read = readDuration(text);
  if (read !== undefined) return new Duration(read);
  let [total, isDuration] = [0n, false];
  for (const [, amount = '', word = ''] of text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-z\u00b5]+)/g)) {
    const unit = units.find(([names]) => names.some((name, index) => word.toLowerCase() === name || (index === names.length - 1 && word.toLowerCase().startsWith(name))));
    if (unit === undefined) continue;
    total += BigInt(amount) * unit[1];
    isDuration = true;
  }
  return isDuration ? new Duration(BigInt.asIntN(64, total)) : new Failure(`Invalid duration ${text}`);
}

/** What a schema keeps without knowing it: it can be compared, and nothing else. */
class UnknownValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'unknown';
  readonly goType = '*common.unknownPreserved';
  readonly #data: unknown;

  constructor(data: unknown) {
    this.#data = data;
  }

  isEqual(other: Value): boolean {
    return other instanceof UnknownValue && isDeepEqual(this.#data, other.#data);
  }
}
