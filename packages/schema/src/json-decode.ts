/**
 * From JSON to objects: checks types, normalises (null and zero values become absent, what every object has is filled in,
 * what was given empty is noted, see givenValue) and reports unknown and duplicate fields. The words of errors are those of
 * upstream's Go decoder, since clients see them.
 */
import { readBase64 } from './base64.ts';
import { depthLimit } from './body-limits.ts';
import { DecodeError } from './decode-error.ts';
import type { Field, MessageType, Scalar } from './field.ts';
import { isNoted, noteEmpty } from './given.ts';
import { valueText } from './json-encode.ts';
import { type JsonNotes, parseJson, setOwn } from './json-parse.ts';
import { isZero, type PlannedField, planOf, shortName, zeroMessage, zeroScalar, zeroValue } from './plan.ts';
import { canonicalQuantity } from './quantity.ts';
import { durationNanoseconds, durationText, normalizeTime } from './time.ts';

export interface Decoded<T> {
  readonly object: T;
  /** What strict decoding refuses and lenient decoding warns of: `unknown field "spec.x"`, `duplicate field "spec.y"`. */
  readonly problems: readonly string[];
}

interface Context {
  readonly notes: ReadonlyMap<object, JsonNotes> | undefined;
  readonly problems: string[];
  /** Messages and entries of maps read so far. */
  parts: number;
  readonly mostParts: number;
  /** How many messages the one that is read lies in, with itself. */
  depth: number;
  /** Names and indexes from the root to here. */
  readonly path: (string | number)[];
  /** The innermost type, and the names of fields only, for Go's error texts. */
  owner: string;
  readonly names: string[];
}

/** Decodes a JSON body. Throws DecodeError. */
export function decodeJson<T>(type: MessageType<T>, source: Uint8Array | string): Decoded<T> {
  const { value, notes } = parseJson(source);
  return fromJson(type, value, notes);
}

/** Decodes an already parsed value; `notes` are what the parser saw beside it. Throws DecodeError, also where there are more messages and entries of maps than `mostParts`. */
export function fromJson<T>(type: MessageType<T>, value: unknown, notes?: ReadonlyMap<object, JsonNotes>, mostParts = Infinity): Decoded<T> {
  const context: Context = { notes: notes === undefined || notes.size === 0 ? undefined : notes, problems: [], parts: 0, mostParts, depth: 0, path: [], owner: '', names: [] };
  const object = value === null || value === undefined ? zeroMessage(type as MessageType<unknown>) : readMessage(type as MessageType<unknown>, value, context, true);
  return { object: object as T, problems: context.problems }; // readMessage makes what the type's fields say
}

const jsonKind = (value: unknown, context: Context, holder: unknown, key: string | number): string => {
  switch (typeof value) {
    case 'number': {
      const literal = typeof holder === 'object' && holder !== null ? context.notes?.get(holder)?.literals.get(key) : undefined;
      return `number ${literal ?? String(value)}`;
    }
    case 'bigint': return `number ${value}`;
    case 'boolean': return 'bool';
    case 'string': return 'string';
    default: return Array.isArray(value) ? 'array' : 'object';
  }
};

/** Go's name of a type: `v1.PodSpec` of `k8s.io.api.core.v1.PodSpec`. */
const goType = (of: Scalar | MessageType<unknown>): string => {
  if (typeof of !== 'string') return of.typeName.split('.').slice(-2).join('.');
  switch (of) {
    case 'double': return 'float64';
    case 'float': return 'float32';
    case 'bytes': return '[]uint8';
    case 'quantity': return 'resource.Quantity';
    case 'time': case 'microTime': case 'duration': return 'string';
    case 'intOrString': return 'int32';
    case 'json': return 'v1.JSON';
    case 'wrappedStrings': return 'v1.ExtraValue';
    default: return of;
  }
};

function mismatch(kind: string, expected: string, context: Context): DecodeError {
  if (context.names.length === 0) return new DecodeError(`json: cannot unmarshal ${kind} into Go value of type ${expected}`);
  return new DecodeError(`json: cannot unmarshal ${kind} into Go struct field ${context.owner}.${context.names.join('.')} of type ${expected}`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A path as upstream writes it in strict errors: `spec.containers[0].image`. */
const pathText = (path: readonly (string | number)[], last: string): string => {
  let text = '';
  for (const part of [...path, last]) text += typeof part === 'number' ? `[${part}]` : text === '' ? part : `.${part}`;
  return text;
};

/** Kubernetes: no more problems than these are told of one body. */
const problemLimit = 100;

function report({ problems }: Context, problem: string): void {
  if (problems.length < problemLimit) problems.push(problem);
}

function reportDuplicates(value: object, context: Context, key: string): void {
  const duplicates = context.notes?.get(value)?.duplicates;
  if (duplicates?.has(key) === true) report(context, `duplicate field "${pathText(context.path, key)}"`);
}

function count(context: Context, parts: number): void {
  if ((context.parts += parts) > context.mostParts) throw new DecodeError(`json: more than ${context.mostParts} objects and entries in one body`);
}

function readMessage(type: MessageType<unknown>, value: unknown, context: Context, hasTypeMeta: boolean): Record<string, unknown> {
  if (!isObject(value)) throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', goType(type), context);
  count(context, 1);
  if (++context.depth > depthLimit) throw new DecodeError('json: exceeded max depth');
  const plan = planOf(type);
  const outerOwner = context.owner;
  const ownName = shortName(type);
  const object: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const planned = plan.byName.get(name);
    const item = value[name];
    const isTypeMeta = planned === undefined && hasTypeMeta && (name === 'kind' || name === 'apiVersion');
    // What is unknown is not told to be duplicate, too.
    if (context.notes !== undefined && (planned !== undefined || isTypeMeta)) reportDuplicates(value, context, name);
    if (planned === undefined) {
      if (isTypeMeta) readTypeMeta(object, name, item, context, ownName);
      else report(context, `unknown field "${pathText(context.path, name)}"`);
      continue;
    }
    if (item === null || item === undefined) continue;
    context.owner = ownName;
    context.path.push(name);
    for (const through of planned.through) context.names.push(through);
    context.names.push(name);
    const read = readField(planned, item, context, value);
    if (!(planned.isZeroAbsent || planned.isNilable) || !isZero(planned, read)) object[name] = read;
    else {
      if (planned.isNilable || (planned.isZeroAbsent && planned.field.kind === 'message' && isNoted(read as object))) noteEmpty(object, name, read); // an object by its kind
      if (!planned.isZeroAbsent) object[name] = read;
    }
    context.names.length -= 1 + planned.through.length;
    context.path.pop();
  }
  context.owner = outerOwner;
  context.depth--;
  for (const planned of plan.fields) if (planned.isFilled && object[planned.name] === undefined) object[planned.name] = zeroValue(planned.field);
  return object;
}

function readTypeMeta(object: Record<string, unknown>, name: string, value: unknown, context: Context, owner: string): void {
  if (value === null || value === undefined || value === '') return;
  if (typeof value !== 'string') {
    context.owner = owner;
    context.names.push(name);
    throw mismatch(jsonKind(value, context, undefined, name).split(' ')[0] ?? '', 'string', context);
  }
  object[name] = value;
}

function readField({ field }: PlannedField, value: unknown, context: Context, holder: unknown): unknown {
  const isNested = field.options.isObject === true;
  if (field.options.alternative !== undefined) return readAlternatives(field, value, context);
  switch (field.kind) {
    case 'scalar':
      checkNamed(field.options.goType, value, context);
      return readScalar(field.of as Scalar, value, context, holder, context.path.at(-1) ?? ''); // scalars are never messages
    case 'message': return readMessage(field.of as MessageType<unknown>, value, context, isNested); // messages are never scalars
    case 'list': {
      if (!Array.isArray(value)) throw mismatch(jsonKind(value, context, holder, context.path.at(-1) ?? '').split(' ')[0] ?? '', `[]${field.options.goType ?? goType(field.of)}`, context);
      if (field.options.listType === 'set') count(context, value.length); // each is noted by its owner
      return readList(field.of, value, context, { isNested, named: field.options.goType });
    }
    case 'map': {
      if (!isObject(value)) throw mismatch(jsonKind(value, context, holder, context.path.at(-1) ?? '').split(' ')[0] ?? '', field.options.goType ?? mapType(field.of), context);
      return readMap(field.of, value, context, field.options.goType?.replace(/^map\[.*?\]/, ''));
    }
  }
}

const mapType = (of: Scalar | MessageType<unknown>): string => (of === 'quantity' ? 'v1.ResourceList' : of === 'time' ? 'map[string]v1.Time' : `map[string]${goType(of)}`);

/** Texts of a type that Go has a name for. */
function checkNamed(named: string | undefined, value: unknown, context: Context): void {
  if (named !== undefined && typeof value !== 'string') throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', named, context);
}

interface Items {
  /** Objects of their own, with kind and apiVersion. */
  readonly isNested?: boolean;
  readonly named?: string | undefined;
}

function readList(of: Scalar | MessageType<unknown>, value: readonly unknown[], context: Context, { isNested = false, named }: Items = {}): unknown[] {
  const list: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    context.path.push(index);
    if (of === 'string' && item !== null) checkNamed(named, item, context);
    if (typeof of === 'string') list.push(item === null || item === undefined ? zeroScalar(of) : readScalar(of, item, context, value, index));
    else list.push(item === null || item === undefined ? zeroMessage(of) : readMessage(of, item, context, isNested));
    context.path.pop();
  }
  return list;
}

function readMap(of: Scalar | MessageType<unknown>, value: Readonly<Record<string, unknown>>, context: Context, named: string | undefined): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  const keys = Object.keys(value);
  if (typeof of === 'string') count(context, keys.length); // messages count themselves
  for (const key of keys) {
    if (context.notes !== undefined) reportDuplicates(value, context, key);
    const item = value[key];
    context.path.push(key);
    if (of === 'string' && item !== null) checkNamed(named, item, context);
    if (typeof of === 'string') setOwn(map, key, item === null || item === undefined ? zeroScalar(of) : readScalar(of, item, context, value, key));
    else setOwn(map, key, item === null || item === undefined ? zeroMessage(of) : readMessage(of, item, context, false));
    context.path.pop();
  }
  return map;
}

/** Go: bytes may also be a list of numbers. */
function readBytes(value: readonly unknown[], context: Context): string {
  return Uint8Array.from(value, (item) => {
    if (item === null) return 0;
    if (typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255) return item;
    const kind = jsonKind(item, context, undefined, '');
    throw mismatch(typeof item === 'number' ? kind : kind.split(' ')[0] ?? '', 'uint8', context);
  }).toBase64();
}

const integerRange: Readonly<Record<'int32' | 'uint32' | 'int64' | 'uint64', readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n], uint32: [0n, 2n ** 32n - 1n], int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n],
};

function readInteger(of: 'int32' | 'int64' | 'uint32' | 'uint64', value: unknown, context: Context, holder: unknown, key: string | number): number | bigint {
  const kind = (): string => jsonKind(value, context, holder, key);
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (context.notes?.get(holder as object)?.literals.has(key) === true) throw mismatch(kind(), of, context); // notes are of objects and lists, and so is the holder
    if ((of === 'int32' && (value | 0) !== value) || (value < 0 && of.startsWith('u')) || (of === 'uint32' && value > 0xffffffff)) throw mismatch(kind(), of, context);
    return value;
  }
  if (typeof value === 'bigint') {
    const [least, most] = integerRange[of];
    if (value < least || value > most) throw mismatch(kind(), of, context);
    return value;
  }
  throw mismatch(typeof value === 'number' ? kind() : kind().split(' ')[0] ?? '', of, context);
}

function readText(value: unknown, of: Scalar, context: Context): string {
  if (typeof value === 'string') return value;
  throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', goType(of), context);
}

function readScalar(of: Scalar, value: unknown, context: Context, holder: unknown, key: string | number): unknown {
  switch (of) {
    case 'string':
      if (typeof value === 'string') return value;
      return readText(value, of, context);
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', 'bool', context);
    case 'int32': case 'int64': case 'uint32': case 'uint64': return readInteger(of, value, context, holder, key);
    case 'double': case 'float':
      if (typeof value === 'number') return value;
      if (typeof value === 'bigint') return Number(value);
      throw mismatch(jsonKind(value, context, undefined, ''), goType(of), context);
    case 'bytes': return Array.isArray(value) ? readBytes(value, context) : readBase64(readText(value, of, context));
    case 'time': case 'microTime': return normalizeTime(readText(value, of, context), of);
    case 'duration': return durationText(durationNanoseconds(readText(value, of, context)));
    case 'quantity':
      if (typeof value === 'string') return canonicalQuantity(value);
      if (typeof value === 'number' || typeof value === 'bigint') return canonicalQuantity(jsonKind(value, context, holder, key).slice('number '.length));
      return canonicalQuantity('[]'); // Go reads the raw JSON text as a quantity and fails
    case 'intOrString':
      return typeof value === 'string' ? value : readInteger('int32', value, context, holder, key);
    case 'rawExtension': case 'json': return value;
    case 'fieldsV1': return valueText(value);
    case 'wrappedStrings':
      if (!Array.isArray(value)) throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', '[]string', context);
      return readList('string', value, context);
  }
}

/** The unions of JSONSchemaProps: a schema, or a bool, a list of schemas, a list of strings. */
function readAlternative(field: Field<unknown, boolean>, value: unknown, context: Context): unknown {
  const { alternative } = field.options;
  const type = field.of as MessageType<unknown>; // only messages have alternatives
  if (isObject(value)) return readMessage(type, value, context, false);
  if (alternative === 'bool' && typeof value === 'boolean') return value;
  if (alternative === 'list' && Array.isArray(value)) return readList(type, value, context);
  if (alternative === 'strings' && Array.isArray(value)) return readList('string', value, context);
  throw new DecodeError(alternative === 'bool' ? 'boolean or JSON schema expected' : 'invalid JSON schema alternative');
}

function readAlternatives(field: Field<unknown, boolean>, value: unknown, context: Context): unknown {
  if (field.kind !== 'map') return readAlternative(field, value, context);
  if (!isObject(value)) throw mismatch(jsonKind(value, context, undefined, '').split(' ')[0] ?? '', field.options.goType ?? mapType(field.of), context);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readAlternative(field, item, context)]));
}
