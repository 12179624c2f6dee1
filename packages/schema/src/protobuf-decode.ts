/** From protobuf bytes to objects in the same normal form that JSON decoding gives. Unknown fields are dropped, as upstream does. */
import { DecodeError } from './decode-error.ts';
import type { Field, MessageType, Scalar } from './field.ts';
import { goName } from './go-form.ts';
import { parseJson, setOwn } from './json-parse.ts';
import { isZero, type PlannedField, planOf, zeroMessage, zeroScalar, zeroValue } from './plan.ts';
import { durationText, instantText } from './time.ts';

type ObjectValue = Record<string, unknown>;

/** Reads a bare message. Throws DecodeError. */
export function decodeProtobuf<T>(type: MessageType<T>, bytes: Uint8Array): T {
  try {
    return readMessage(type as MessageType<unknown>, new ProtobufReader(bytes)) as T; // readMessage makes what the type's fields say
  } catch (error) {
    if (error instanceof RangeError) throw new DecodeError('proto: exceeded max depth'); // the stack ended: nested too deep
    throw error;
  }
}

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const unexpectedEnd = (): DecodeError => new DecodeError('unexpected EOF');

/** Long texts and those that are not ASCII go to the platform's decoder; its call costs more than short loops do. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return textDecoder.decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const code = bytes[i] ?? 0;
    if (code > 0x7f) return textDecoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(code);
  }
  return text;
}

/** A cursor over one message's bytes. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw unexpectedEnd();
    return this.#bytes[this.#at++] ?? 0;
  }

  /** An unsigned integer; a bigint where it would be rounded. */
  unsigned(): number | bigint {
    let value = 0;
    let scale = 1;
    const start = this.#at;
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.#at = start;
    let whole = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      whole |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const result = BigInt.asUintN(64, whole);
        return result <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(result) : result;
      }
    }
    throw new DecodeError('proto: integer overflow');
  }

  /** A signed integer in two's complement; a bigint where it would be rounded. */
  signed(): number | bigint {
    const value = this.unsigned();
    if (typeof value === 'number') return value;
    const signed = BigInt.asIntN(64, value);
    return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.unsigned())));
  }

  double(): number {
    this.#need(8);
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8).getFloat64(0, true);
    this.#at += 8;
    return value;
  }

  float(): number {
    this.#need(4);
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 4).getFloat32(0, true);
    this.#at += 4;
    return value;
  }

  #need(size: number): void {
    if (this.#at + size > this.#end) throw unexpectedEnd();
  }

  /** Number and wire type of the next field. */
  tag(): { number: number; wireType: number } {
    const tag = Number(this.unsigned());
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new DecodeError(`proto: illegal tag ${number} (wire type ${tag % 8})`);
    return { number, wireType: tag % 8 };
  }

  #length(): number {
    const length = this.unsigned();
    if (typeof length === 'bigint' || this.#at + length > this.#end) throw unexpectedEnd();
    return length;
  }

  text(): string {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return textOf(this.#bytes, start, this.#at);
  }

  bytes(): Uint8Array {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  message(): ProtobufReader {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return new ProtobufReader(this.#bytes, start, this.#at);
  }

  /** Groups may hold groups, as deep as there are bytes. */
  #skipGroup(): void {
    for (let depth = 1; depth > 0;) {
      const { wireType } = this.tag();
      if (wireType === 3) depth++;
      else if (wireType === 4) depth--;
      else this.skip(wireType);
    }
  }

  /** Skips an unknown field. */
  skip(wireType: number): void {
    switch (wireType) {
      case 0: this.unsigned(); return;
      case 1: this.#need(8); this.#at += 8; return;
      case 2: this.bytes(); return;
      case 5: this.#need(4); this.#at += 4; return;
      case 3: this.#skipGroup(); return;
      default: throw new DecodeError(`proto: illegal wireType ${wireType}`);
    }
  }
}

interface Plan {
  readonly byNumber: ReadonlyMap<number, PlannedField>;
  readonly inlined: ReadonlyMap<number, MessageType<unknown>>;
}
const plans = new WeakMap<MessageType<unknown>, Plan>();

function numbersOf(type: MessageType<unknown>): Plan {
  let plan = plans.get(type);
  if (plan === undefined) {
    const byNumber = new Map<number, PlannedField>();
    const inlined = new Map<number, MessageType<unknown>>();
    const { byName } = planOf(type);
    for (const [name, field] of Object.entries(type.fields)) {
      const planned = byName.get(name);
      if (field.options.isInline === true && typeof field.of !== 'string') inlined.set(field.number, field.of);
      else if (planned !== undefined) byNumber.set(field.number, planned);
    }
    plans.set(type, plan = { byNumber, inlined });
  }
  return plan;
}

const expectedWire: Readonly<Partial<Record<Scalar, number>>> = { bool: 0, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 1, float: 5 };

function readMessage(type: MessageType<unknown>, reader: ProtobufReader): ObjectValue {
  const object: ObjectValue = {};
  readInto(type, reader, object);
  fill(type, object);
  return object;
}

function readInto(type: MessageType<unknown>, reader: ProtobufReader, object: ObjectValue): void {
  const { byNumber, inlined } = numbersOf(type);
  while (!reader.isAtEnd) {
    const { number, wireType } = reader.tag();
    const planned = byNumber.get(number);
    if (planned === undefined) {
      const inner = inlined.get(number);
      if (inner === undefined) reader.skip(wireType);
      else readInto(inner, reader.message(), object);
      continue;
    }
    const { field } = planned;
    const expected = field.kind === 'scalar' || field.kind === 'list' ? (typeof field.of === 'string' ? expectedWire[field.of] ?? 2 : 2) : 2;
    if (wireType !== expected && !(field.kind === 'list' && wireType === 2)) {
      throw new DecodeError(`proto: wrong wireType = ${wireType} for field ${goName(planned.name, field)}`);
    }
    readField(planned, wireType, reader, object);
  }
}

/** Drops zero values that mean absence and fills in what every object has. */
function fill(type: MessageType<unknown>, object: ObjectValue): void {
  for (const planned of planOf(type).fields) {
    const value = object[planned.name];
    if (value === undefined) {
      if (planned.isFilled) object[planned.name] = zeroValue(planned.field);
    } else if (planned.isZeroAbsent && isZero(planned, value)) delete object[planned.name];
  }
}

function readField(planned: PlannedField, wireType: number, reader: ProtobufReader, object: ObjectValue): void {
  const { name, field } = planned;
  switch (field.kind) {
    case 'scalar': {
      const value = readScalar(field.of as Scalar, reader); // scalars are never messages
      if (!(planned.isZeroAbsent && isZero(planned, value))) object[name] = value;
      return;
    }
    case 'message':
      object[name] = readItem(field, reader);
      return;
    case 'list': {
      const list = (object[name] ??= []) as unknown[]; // made by this function only
      // Numbers may come packed: all in one field.
      if (typeof field.of === 'string' && wireType === 2 && expectedWire[field.of] !== undefined) {
        const packed = reader.message();
        while (!packed.isAtEnd) list.push(readScalar(field.of, packed));
      } else list.push(readItem(field, reader));
      return;
    }
    case 'map':
      readEntry(field, reader.message(), (object[name] ??= {}) as ObjectValue); // made by this function only
  }
}

function readEntry(field: Field<unknown, boolean>, reader: ProtobufReader, map: ObjectValue): void {
  let key = '';
  let value: unknown;
  while (!reader.isAtEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1) key = reader.text();
    else if (number === 2) value = readItem(field, reader);
    else reader.skip(wireType);
  }
  setOwn(map, key, value ?? (typeof field.of === 'string' ? zeroScalar(field.of) : zeroMessage(field.of)));
}

function readItem(field: Field<unknown, boolean>, reader: ProtobufReader): unknown {
  if (typeof field.of === 'string') return readScalar(field.of, reader);
  if (field.options.alternative !== undefined) return readAlternative(field.of, field.options.alternative, reader.message());
  return readMessage(field.of, reader.message());
}

function readAlternative(type: MessageType<unknown>, alternative: 'bool' | 'list' | 'strings', reader: ProtobufReader): unknown {
  let allows = false;
  let schema: unknown;
  const others: unknown[] = [];
  const schemaNumber = alternative === 'bool' ? 2 : 1;
  while (!reader.isAtEnd) {
    const { number, wireType } = reader.tag();
    if (number === schemaNumber) schema = readMessage(type, reader.message());
    else if (number === 1) allows = reader.unsigned() !== 0;
    else if (number === 2) others.push(alternative === 'strings' ? reader.text() : readMessage(type, reader.message()));
    else reader.skip(wireType);
  }
  return schema ?? (alternative === 'bool' ? allows : others);
}

function readScalar(of: Scalar, reader: ProtobufReader): unknown {
  switch (of) {
    case 'string': return reader.text();
    case 'bool': return reader.unsigned() !== 0;
    case 'int32': return reader.int32();
    case 'int64': return reader.signed();
    case 'uint32': case 'uint64': return reader.unsigned();
    case 'double': return reader.double();
    case 'float': return reader.float();
    case 'bytes': return reader.bytes().toBase64();
    default: return readSpecial(of, reader.message());
  }
}

/** Types that are messages in protobuf and something else in JSON. */
function readSpecial(of: Scalar, reader: ProtobufReader): unknown {
  const isEmpty = reader.isAtEnd;
  const numbers: (number | bigint)[] = [0, 0, 0];
  const texts: string[] = [];
  let raw: Uint8Array | undefined;
  const isRaw = of === 'rawExtension' || of === 'json';
  while (!reader.isAtEnd) {
    const { number, wireType } = reader.tag();
    if (wireType === 0 && number < 3) numbers[number] = reader.signed();
    else if (wireType === 2 && isRaw && number === 1) raw = reader.bytes();
    else if (wireType === 2 && !isRaw) texts.push(reader.text());
    else reader.skip(wireType);
  }
  const [, first = 0, second = 0] = numbers;
  switch (of) {
    case 'time': case 'microTime': return isEmpty ? '' : instantText(Number(first), Number(second), of);
    case 'duration': return durationText(BigInt(first));
    case 'quantity': return texts[0] ?? '0';
    case 'intOrString': return first === 1 ? texts[0] ?? '' : second;
    case 'wrappedStrings': return texts;
    case 'fieldsV1': return texts[0] === undefined || texts[0] === '' ? null : texts[0];
    default: return raw === undefined || raw.length === 0 ? null : parseJson(raw).value;
  }
}
