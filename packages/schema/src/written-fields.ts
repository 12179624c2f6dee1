/**
 * The fields of a new object as managedFields writes them: the text of what compareFields finds between nothing and the
 * object. The sets that it makes for that were 45 % of what the creation of a Pod allocates; the text costs a quarter of their time.
 */
import { type AnyField, defaultOf, isPlain, itemStep, type Plain, type Shape, shapeOf, sortedKeys } from './apply-shape.ts';
import { isNothing, tellsEmpty, writtenValue } from './compare-fields.ts';
import { isDeepEqual } from './deep-equal.ts';
import { compareValues, type FieldSet } from './field-set.ts';
import type { MessageType } from './field.ts';
import { givenValue } from './given.ts';
import { compareKeys, keysInOrder, valueText } from './json-encode.ts';
import { JsonWriter, quoted } from './json-writer.ts';
import { planOf } from './plan.ts';

/** The FieldsV1 of all fields but the `ignored` and what is below them; undefined where there is none. Throws UnkeyedItem. */
export function writtenFields<T>(type: MessageType<T>, object: T, ignored: FieldSet): string | undefined {
  const writer = new JsonWriter();
  const isAny = writeNode(writer, false, () => { membersWriter(type as MessageType<unknown>)(object as Plain, true, writer, ignored); }); // objects are plain records of what the type's fields say
  const text = writer.finishText();
  return isAny ? text : undefined;
}

/** Writes a message's members, each with its path's step and a comma behind it. `wasEmpty`: it was there before, with nothing in it. */
type MembersWriter = (object: Plain, wasEmpty: boolean, writer: JsonWriter, ignored?: FieldSet) => void;
/** Writes a value's node; false when neither it nor anything in it is a member. `before` is what Go would have written in its place. */
type NodeWriter = (value: unknown, before: unknown, writer: JsonWriter, ignored?: FieldSet) => boolean;

const encoder = new TextEncoder();
const codes = { comma: 0x2c, colon: 0x3a, open: 0x7b, close: 0x7d } as const;
const [leaf, self] = [encoder.encode('{}'), encoder.encode('".":{},')];
const [keyStart, keyEnd, valueStart, valueEnd] = [encoder.encode('"k:{'), encoder.encode('}":'), encoder.encode('"v:'), encoder.encode('":')];

const writers = new WeakMap<MessageType<unknown>, MembersWriter>();

/** The writer of a type, compiled once: a closure for each field, in the order of their names. */
function membersWriter(type: MessageType<unknown>): MembersWriter {
  const known = writers.get(type);
  if (known !== undefined) return known;
  const fields = planOf(type).fields.toSorted((left, right) => compareKeys(left.name, right.name)).map(({ name, field }) =>
    ({ name, field, step: `f:${name}`, isTold: tellsEmpty(field), key: encoder.encode(`${quoted(`f:${name}`)}:`), absent: writtenValue(field, undefined), write: nodeWriter(shapeOf(field)) }));
  const write: MembersWriter = (object, wasEmpty, writer, ignored) => {
    for (const { name, field, step, isTold, key, absent, write: writeValue } of fields) {
      const value = isTold ? givenValue(object, name) : object[name];
      if (value === undefined && (wasEmpty || absent === undefined)) continue;
      const below = ignored?.children.get(step);
      if (below?.isMember === true) continue;
      const now = writtenValue(field, value);
      if (now === undefined) continue;
      const start = writer.length;
      writer.bytes(key);
      if (writeValue(now, wasEmpty ? absent : undefined, writer, below)) writer.byte(codes.comma);
      else writer.rewind(start);
    }
  };
  writers.set(type, write);
  return write;
}

/** A node of what `writeMembers` writes and, where it is a member, of the value itself. */
function writeNode(writer: JsonWriter, isMember: boolean, writeMembers: () => void): boolean {
  const start = writer.length;
  writer.byte(codes.open);
  if (isMember) writer.bytes(self);
  const empty = writer.length;
  writeMembers();
  if (writer.length > empty) {
    writer.close(codes.close);
    return true;
  }
  writer.rewind(start);
  if (isMember) writer.bytes(leaf);
  return isMember;
}

const writeLeaf: NodeWriter = (value, before, writer) => {
  if (before !== undefined && isDeepEqual(before, value)) return false;
  writer.bytes(leaf);
  return true;
};

function nodeWriter(shape: Shape): NodeWriter {
  if (shape.isAtomic) return writeLeaf;
  const writeInside = insideWriter(shape);
  // Whether a message is empty is a question of what is written of it.
  const isLeaf = shape.by === 'fields' ? (value: unknown) => value === null : isNothing;
  return (value, before, writer, ignored) => (isLeaf(value) && isNothing(before) ? writeLeaf(value, before, writer) : writeInside(value, before, writer, ignored));
}

function insideWriter(shape: Shape): NodeWriter {
  switch (shape.by) {
    case 'fields': {
      const { of } = shape;
      return (value, before, writer, ignored) => {
        const isMember = writeNode(writer, before === undefined, () => { membersWriter(of)((value ?? {}) as Plain, before !== undefined && before !== null, writer, ignored); }); // an object by its shape
        // Nothing takes the place of null.
        if (isMember || before !== null || value === null) return isMember;
        writer.bytes(leaf);
        return true;
      };
    }
    case 'keys': {
      const writeValue = nodeWriter(shape.of);
      return (value, before, writer) => writeNode(writer, before === undefined, () => { writeEntries(value as Plain, writeValue, writer); }); // an object by its shape
    }
    case 'items': {
      const writeItems = itemsWriter(shape.field, nodeWriter(shape.of));
      return (value, before, writer) => writeNode(writer, before === undefined, () => { writeItems(value as readonly unknown[], writer); }); // a list by its shape
    }
    case 'free': {
      const writeValue: NodeWriter = (value, before, writer) => {
        if (!isPlain(value)) return writeLeaf(value, before, writer);
        return writeNode(writer, before === undefined, () => { writeEntries(value, writeValue, writer); });
      };
      return writeValue;
    }
    case 'scalar': return writeLeaf;
    default: return shape satisfies never;
  }
}

function writeEntries(map: Plain, writeValue: NodeWriter, writer: JsonWriter): void {
  for (const key of keysInOrder(map)) {
    writer.quoted(`f:${key}`);
    writer.byte(codes.colon);
    writeValue(map[key], undefined, writer);
    writer.byte(codes.comma);
  }
}

interface ItemKey {
  /** Its name as it stands in a text of JSON. */
  readonly start: Uint8Array;
  of(item: unknown): unknown;
}

function itemKeys({ of, options }: AnyField): readonly ItemKey[] {
  if (options.listType === 'set') return [{ start: new Uint8Array(), of: (item) => item }];
  return sortedKeys(options.mapKeys ?? []).map((name) => {
    const fallback = typeof of === 'string' ? undefined : defaultOf(of, name);
    return { start: encoder.encode(quoted(`${quoted(name)}:`).slice(1, -1)), of: (item) => (item as Plain)[name] ?? fallback }; // lists with keys are of messages
  });
}

function itemsWriter(field: AnyField, writeItem: NodeWriter): (items: readonly unknown[], writer: JsonWriter) => void {
  const isSet = field.options.listType === 'set';
  const keys = itemKeys(field);
  const compare = (left: unknown, right: unknown): number => {
    for (const key of keys) {
      const order = compareValues(key.of(left), key.of(right));
      if (order !== 0) return order;
    }
    return 0;
  };
  return (list, writer) => {
    const items = list.every((item, index) => index === 0 || compare(list[index - 1], item) < 0) ? list : list.toSorted(compare);
    for (let index = 0; index < items.length; ) {
      let next = index + 1;
      while (next < items.length && compare(items[index], items[next]) === 0) next++;
      if (!isSet && keys.every((key) => key.of(items[index]) === undefined)) itemStep(field, items[index]); // throws
      writeStep(keys, isSet, items[index], writer);
      // Items that share a key are one leaf.
      if (next - index > 1) writer.bytes(leaf);
      else writeItem(items[index], undefined, writer);
      writer.byte(codes.comma);
      index = next;
    }
  };
}

function writeStep(keys: readonly ItemKey[], isSet: boolean, item: unknown, writer: JsonWriter): void {
  writer.bytes(isSet ? valueStart : keyStart);
  let isFirst = true;
  for (const { start, of } of keys) {
    const value = of(item);
    if (value === undefined) continue;
    if (!isFirst) writer.byte(codes.comma);
    isFirst = false;
    writer.bytes(start);
    if (typeof value === 'string') writer.quotedTwice(value);
    else writer.text(quoted(valueText(value)).slice(1, -1));
  }
  writer.bytes(isSet ? valueEnd : keyEnd);
}
