/** From objects to the JSON bytes that Go writes: fields in declared order, map keys sorted, `<`, `>`, `&` and U+2028 escaped. */
import type { Field, MessageType, Scalar } from './field.ts';
import { forHtml, JsonWriter, quoted } from './json-writer.ts';
import { planOf, zeroScalar } from './plan.ts';

/** The object's JSON, without a line break at its end. Keys that the type does not know are left out. */
export const encodeJson = <T>(type: MessageType<T>, object: T): Uint8Array => written(type, object).finish();

/** The same with a line break. */
export function encodeJsonLine<T>(type: MessageType<T>, object: T): Uint8Array {
  const writer = written(type, object);
  writer.byte(codes.newline);
  return writer.finish();
}

export const jsonText = <T>(type: MessageType<T>, object: T): string => written(type, object).finishText();

function written<T>(type: MessageType<T>, object: T): JsonWriter {
  const writer = new JsonWriter();
  const value = object as ObjectValue; // objects are plain records of what the type's fields say
  writerOf(type as MessageType<unknown>)(value, writer, true);
  return writer;
}

type ObjectValue = Readonly<Record<string, unknown>>;

/** Any JSON value, keys in their order; with `isSorted`, sorted as Go sorts the keys of a map. */
export function valueText(value: unknown, isSorted = false): string {
  return (isSorted ? undefined : plainText(value)) ?? writtenText(value, isSorted);
}

/** By the platform's own writer, where it says the same: not of integers that it has no type for, nor of halves of characters. */
function plainText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || hasBigint(value)) return undefined;
  const text = JSON.stringify(value);
  return text.includes('\\ud') ? undefined : forHtml(text);
}

function hasBigint(value: object): boolean {
  for (const item of Object.values(value) as unknown[]) {
    if (typeof item === 'bigint' || typeof item === 'function' || (typeof item === 'object' && item !== null && hasBigint(item))) return true;
  }
  return false;
}

function writtenText(value: unknown, isSorted: boolean): string {
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'number': return Number.isFinite(value) ? String(value) : 'null';
    case 'bigint': case 'boolean': return String(value);
    case 'object': break;
    default: return 'null';
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map((item) => writtenText(item, isSorted)).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (isSorted) entries.sort(([left], [right]) => compareKeys(left, right));
  return `{${entries.map(([key, item]) => `${quoted(key)}:${writtenText(item, isSorted)}`).join(',')}}`;
}

/** The keys of a map as Go writes them. Most maps have a few: for these, sorting in place costs a third of the platform's sort. */
export function keysInOrder(map: object): readonly string[] {
  const keys = Object.keys(map);
  if (keys.length > 12) return sortKeys(keys);
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? '';
    let at = i;
    for (; at > 0 && compareKeys(keys[at - 1] ?? '', key) > 0; at--) keys[at] = keys[at - 1] ?? '';
    keys[at] = key;
  }
  return keys;
}

/** Sorts in place. Without a function of ours to compare them, the platform takes a fourth of the time. */
export function sortKeys(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) {
    const [before = '', key = ''] = [keys[i - 1], keys[i]];
    if (before < key && !highUnit.test(key)) continue;
    return keys.some((each) => highUnit.test(each)) ? keys.sort(compareKeys) : keys.sort();
  }
  return keys; // in order already, as most maps are that come from a server
}

const highUnit = /[\ud800-\uffff]/;

/** Order of UTF-8 bytes, which is the order of code points. */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  // The platform compares code units, which differs only where surrogates meet what is above them; it is twice as fast.
  if (!highUnit.test(left) || !highUnit.test(right)) return left < right ? -1 : 1;
  for (let i = 0; ; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === b) continue;
    // Surrogates stand for code points above every other unit.
    const isHighA = a >= 0xd800 && a <= 0xdfff;
    const isHighB = b >= 0xd800 && b <= 0xdfff;
    if (isHighA !== isHighB && a >= 0xd800 && b >= 0xd800) return isHighA ? 1 : -1;
    return left < right ? -1 : 1;
  }
}

type MessageWriter = (object: ObjectValue, writer: JsonWriter, hasTypeMeta: boolean) => void;
type ValueWriter = (value: unknown, writer: JsonWriter) => void;

const encoder = new TextEncoder();
const codes = { comma: 0x2c, open: 0x7b, close: 0x7d, openList: 0x5b, closeList: 0x5d, newline: 0x0a } as const;
const [kindKey, versionKey] = [encoder.encode('"kind":'), encoder.encode('"apiVersion":')];

const writers = new WeakMap<MessageType<unknown>, MessageWriter>();

function writeTypeMeta({ kind, apiVersion }: ObjectValue, writer: JsonWriter): void {
  if (typeof kind === 'string' && kind !== '') {
    writer.bytes(kindKey);
    writer.quoted(kind);
    writer.byte(codes.comma);
  }
  if (typeof apiVersion === 'string' && apiVersion !== '') {
    writer.bytes(versionKey);
    writer.quoted(apiVersion);
    writer.byte(codes.comma);
  }
}

/** The writer of a type, compiled once: a closure for each field. */
function writerOf(type: MessageType<unknown>): MessageWriter {
  const known = writers.get(type);
  if (known !== undefined) return known;
  const fields = planOf(type).fields.map(({ name, field }) => compileField(name, field));
  const write: MessageWriter = (object, writer, hasTypeMeta) => {
    writer.byte(codes.open);
    if (hasTypeMeta) writeTypeMeta(object, writer);
    for (const field of fields) field(object, writer);
    writer.close(codes.close);
  };
  writers.set(type, write);
  return write;
}

type FieldWriter = (object: ObjectValue, writer: JsonWriter) => void;

/** A field with a comma behind it, or nothing. */
function compileField(name: string, field: Field<unknown, boolean>): FieldWriter {
  const start = encoder.encode(`${quoted(name)}:`);
  const { presence = 'implicit', isNullable, isOmittable } = field.options;
  const isNullWritten = isNullable === true || (presence === 'explicit' && field.isRequired);
  const absentText = isOmittable === true && (field.kind !== 'message' || presence === 'explicit') ? undefined : isNullWritten ? 'null' : presence === 'always' ? zeroText(field) : undefined;
  const absent = absentText === undefined ? undefined : encoder.encode(`${quoted(name)}:${absentText},`);
  const isZeroWritten = presence === 'explicit' || field.kind === 'message' || (field.kind === 'scalar' && (field.of === 'rawExtension' || field.of === 'json'));
  const write = compileValue(field);
  return (object, writer) => {
    const value = object[name];
    if (value === undefined || value === null || (!isZeroWritten && isEmpty(value))) {
      if (absent !== undefined) writer.bytes(absent);
      return;
    }
    writer.bytes(start);
    write(value, writer);
    writer.byte(codes.comma);
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
  if (field.kind === 'message') return typeof field.of === 'string' ? '{}' : jsonText(field.of, {});
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
    case 'list': return (value, writer) => { writeList(value as readonly unknown[], item, writer); }; // a list by its kind
    case 'map': return (value, writer) => {
      const map = value as ObjectValue; // a map by its kind
      const keys = keysInOrder(map);
      writer.byte(codes.open);
      for (const key of keys) {
        writer.quoted(key);
        writer.byte(0x3a);
        item(map[key], writer);
        writer.byte(codes.comma);
      }
      writer.close(codes.close);
    };
  }
}

function writeList(list: readonly unknown[], item: ValueWriter, writer: JsonWriter): void {
  writer.byte(codes.openList);
  for (const each of list) {
    item(each, writer);
    writer.byte(codes.comma);
  }
  writer.close(codes.closeList);
}

function compileItem(field: Field<unknown, boolean>): ValueWriter {
  const { of, options } = field;
  if (typeof of === 'string') return scalarWriter(of);
  let write: MessageWriter | undefined;
  const isObject = options.isObject === true;
  // Looked up late, so that recursive types end.
  const message: ValueWriter = (value, writer) => { (write ??= writerOf(of))(value as ObjectValue, writer, isObject); }; // a message by its kind
  switch (options.alternative) {
    case undefined: return message;
    case 'bool': return (value, writer) => { if (typeof value === 'boolean') writer.text(String(value)); else message(value, writer); };
    case 'list': return (value, writer) => { if (Array.isArray(value)) writeList(value, message, writer); else message(value, writer); };
    case 'strings': return (value, writer) => { if (Array.isArray(value)) writer.text(valueText(value)); else message(value, writer); };
    default: return options.alternative satisfies never;
  }
}

function scalarWriter(of: Scalar): ValueWriter {
  switch (of) {
    case 'string': case 'bytes': case 'quantity': case 'duration': return (value, writer) => { writer.quoted(value as string); }; // text by their kind
    case 'time': case 'microTime': return (value, writer) => { if (value === '') writer.text('null'); else writer.quoted(value as string); }; // text by their kind
    case 'fieldsV1': return (value, writer) => { writer.text(value as string); }; // JSON by its kind
    default: return (value, writer) => { writer.text(valueText(value)); };
  }
}
