/** From protobuf bytes to objects in the same normal form that JSON decoding gives. Unknown fields are dropped, as upstream does. */
import { DecodeError } from './decode-error.ts';
import type { Field, MessageType, Scalar } from './field.ts';
import { goName } from './go-form.ts';
import { parseJson, setOwn } from './json-parse.ts';
import { isZero, type PlannedField, planOf, zeroMessage, zeroScalar, zeroValue } from './plan.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { durationText, instantText } from './time.ts';

type ObjectValue = Record<string, unknown>;

/** Reads a bare message. Throws DecodeError, also where there are more messages and entries of maps than `mostParts`. */
export function decodeProtobuf<T>(type: MessageType<T>, bytes: Uint8Array, mostParts = Infinity): T {
  return readMessage(type as MessageType<unknown>, ProtobufReader.of(bytes, mostParts)) as T; // readMessage makes what the type's fields say
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
  reader.enter();
  const object: ObjectValue = {};
  readInto(type, reader, object);
  fill(type, object);
  reader.leave();
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
      } else {
        if (field.options.listType === 'set') reader.count();
        list.push(readItem(field, reader));
      }
      return;
    }
    case 'map':
      readEntry(field, reader.message(), (object[name] ??= {}) as ObjectValue); // made by this function only
  }
}

function readEntry(field: Field<unknown, boolean>, reader: ProtobufReader, map: ObjectValue): void {
  if (typeof field.of === 'string') reader.count(); // messages count themselves
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

/** The years 0 to 9999, which text has room for. */
const writtenSeconds = { first: -62_167_219_200, last: 253_402_300_799 };

function readInstant(seconds: number, nanoseconds: number, kind: 'time' | 'microTime'): string {
  if (!(seconds >= writtenSeconds.first && seconds <= writtenSeconds.last)) throw new DecodeError('proto: year outside of range [0,9999]');
  return instantText(seconds, nanoseconds, kind);
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
    case 'time': case 'microTime': return isEmpty ? '' : readInstant(Number(first), Number(second), of);
    case 'duration': return durationText(BigInt(first));
    case 'quantity': return texts[0] ?? '0';
    case 'intOrString': return first === 1 ? texts[0] ?? '' : second;
    case 'wrappedStrings': return texts;
    case 'fieldsV1': return texts[0] === undefined || texts[0] === '' ? null : texts[0];
    default: return raw === undefined || raw.length === 0 ? null : parseJson(raw).value;
  }
}
