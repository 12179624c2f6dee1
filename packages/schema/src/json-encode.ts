/** From objects to the JSON bytes that Go writes: fields in declared order, map keys sorted, `<`, `>`, `&` and U+2028 escaped. */
import type { Field, MessageType, Scalar } from './field.ts';
import { planOf, zeroScalar } from './plan.ts';

const encoder = new TextEncoder();

/** The object's JSON, without a line break at its end. Keys that the type does not know are left out. */
export const encodeJson = <T>(type: MessageType<T>, object: T): Uint8Array => encoder.encode(jsonText(type, object));

export function jsonText<T>(type: MessageType<T>, object: T): string {
  const value = object as Record<string, unknown>; // objects are plain records of what the type's fields say
  return writerOf(type as MessageType<unknown>)(value, typeMeta(value));
}

/** Any JSON value, keys in their order; with `isSorted`, sorted as Go sorts the keys of a map. */
export function valueText(value: unknown, isSorted = false): string {
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'number': return Number.isFinite(value) ? String(value) : 'null';
    case 'bigint': case 'boolean': return String(value);
    case 'object': break;
    default: return 'null';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, isSorted)).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (isSorted) entries.sort(([left], [right]) => compareKeys(left, right));
  return `{${entries.map(([key, item]) => `${quoted(key)}:${valueText(item, isSorted)}`).join(',')}}`;
}

const fieldTexts = new WeakMap<object, string>();

/**
 * The JSON of a fieldsV1 value. It is as long as the rest of an object, is written in several forms, and is never changed
 * once it is made: so it is made once, by the platform where that writes what Go would.
 */
export function fieldsText(fields: object): string {
  let text = fieldTexts.get(fields);
  if (text === undefined) {
    text = platformText(fields);
    if (text === undefined || /[<>&\u2028\u2029]|\\u[dD]/.test(text)) text = valueText(fields);
    fieldTexts.set(fields, text);
  }
  return text;
}

function platformText(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // a number that only a bigint holds
    throw error;
  }
}

// oxlint-disable-next-line no-control-regex
const needsEscape = /["\\<>&\u0000-\u001f\u2028\u2029\ud800-\udfff]/;
// oxlint-disable-next-line no-control-regex
const specials = /["\\<>&\u0000-\u001f\u2028\u2029]/g;
const short: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string as Go's encoding/json quotes it. */
export function quoted(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  return `"${text.toWellFormed().replace(specials, (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

/** Order of UTF-8 bytes, which is the order of code points. */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    // Surrogates stand for code points above every other unit.
    const [isHighA, isHighB] = [a >= 0xd800 && a <= 0xdfff, b >= 0xd800 && b <= 0xdfff];
    return isHighA === isHighB ? a - b : isHighA ? 1 : -1;
  }
  return left.length - right.length;
}

type Writer = (object: Readonly<Record<string, unknown>>, start: string) => string;
type ValueWriter = (value: unknown) => string;

const writers = new WeakMap<MessageType<unknown>, Writer>();

const typeMeta = (object: Readonly<Record<string, unknown>>): string => {
  const { kind, apiVersion } = object;
  let text = '';
  if (typeof kind === 'string' && kind !== '') text = `"kind":${quoted(kind)},`;
  if (typeof apiVersion === 'string' && apiVersion !== '') text += `"apiVersion":${quoted(apiVersion)},`;
  return text;
};

/** The writer of a type, compiled once: a closure for each field. */
function writerOf(type: MessageType<unknown>): Writer {
  const known = writers.get(type);
  if (known !== undefined) return known;
  const fields = planOf(type).fields.map(({ name, field }) => compileField(name, field));
  const writer: Writer = (object, start) => {
    let text = start;
    for (const write of fields) text += write(object);
    return text === '' ? '{}' : `{${text.slice(0, -1)}}`;
  };
  writers.set(type, writer);
  return writer;
}

type FieldWriter = (object: Readonly<Record<string, unknown>>) => string;

/** A field's text with a comma behind it, or nothing. */
function compileField(name: string, field: Field<unknown, boolean>): FieldWriter {
  const start = `${quoted(name)}:`;
  const { presence = 'implicit', isNullable, isOmittable } = field.options;
  const write = compileValue(field);
  const isNullWritten = isNullable === true || (presence === 'explicit' && field.isRequired);
  if (field.kind === 'message') {
    const absent = isNullWritten ? `${start}null,` : presence === 'always' ? `${start}${zeroText(field)},` : '';
    return (object) => {
      const value = object[name];
      return value === undefined || value === null ? absent : `${start}${write(value)},`;
    };
  }
  const absent = isOmittable === true ? '' : isNullWritten ? `${start}null,` : presence === 'always' ? `${start}${zeroText(field)},` : '';
  const isZeroWritten = presence === 'explicit';
  return (object) => {
    const value = object[name];
    if (value === undefined || value === null) return absent;
    if (!isZeroWritten && isEmpty(value)) return absent;
    return `${start}${write(value)},`;
  };
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** What Go writes for the zero value of a field that is always written. */
function zeroText(field: Field<unknown, boolean>): string {
  if (field.kind === 'message') return typeof field.of === 'string' ? '{}' : writerOf(field.of)({}, '');
  // Kubernetes: after a round trip through storage an empty list or map is nil in Go, hence null.
  if (field.kind !== 'scalar' || (field.options.presence === 'explicit')) return 'null';
  switch (field.of) {
    case 'time': case 'microTime': case 'bytes': case 'rawExtension': case 'json': case 'fieldsV1': case 'wrappedStrings': return 'null';
    case 'duration': return '"0s"';
    default: return valueText(typeof field.of === 'string' ? zeroScalar(field.of) : undefined);
  }
}

function compileValue(field: Field<unknown, boolean>): ValueWriter {
  const item = compileItem(field);
  switch (field.kind) {
    case 'scalar': case 'message': return item;
    case 'list': return (value) => {
      let text = '';
      for (const each of value as readonly unknown[]) text += text === '' ? item(each) : `,${item(each)}`; // a list by its kind
      return `[${text}]`;
    };
    case 'map': return (value) => {
      const map = value as Readonly<Record<string, unknown>>; // a map by its kind
      const keys = Object.keys(map);
      if (keys.length > 1) keys.sort(compareKeys);
      let text = '';
      for (const key of keys) text += `${text === '' ? '' : ','}${quoted(key)}:${item(map[key])}`;
      return `{${text}}`;
    };
  }
}

function compileItem(field: Field<unknown, boolean>): ValueWriter {
  const { of, options } = field;
  if (typeof of === 'string') return scalarWriter(of);
  let writer: Writer | undefined;
  const isObject = options.isObject === true;
  // Looked up late, so that recursive types end.
  const message: ValueWriter = (value) => {
    const object = value as Readonly<Record<string, unknown>>; // a message by its kind
    return (writer ??= writerOf(of))(object, isObject ? typeMeta(object) : '');
  };
  switch (options.alternative) {
    case undefined: return message;
    case 'bool': return (value) => (typeof value === 'boolean' ? String(value) : message(value));
    case 'list': return (value) => (Array.isArray(value) ? `[${value.map(message).join(',')}]` : message(value));
    case 'strings': return (value) => (Array.isArray(value) ? valueText(value) : message(value));
    default: return options.alternative satisfies never;
  }
}

function scalarWriter(of: Scalar): ValueWriter {
  switch (of) {
    case 'string': case 'bytes': case 'quantity': case 'duration': return (value) => quoted(value as string); // text by their kind
    case 'time': case 'microTime': return (value) => (value === '' ? 'null' : quoted(value as string)); // text by their kind
    case 'fieldsV1': return (value) => fieldsText(value as object); // an object by its kind
    default: return (value) => valueText(value);
  }
}
