/**
 * Which fields differ between two values of a type: what server-side ownership is about. Lists and maps are walked as the
 * schema says (by key, by value, or whole). Objects count as they are written in JSON: Go's empty structs are there,
 * and so do not come with their first field.
 */
import { type AnyField, isPlain, itemStep, type Plain, rootShape, type Shape, shapeOf } from './apply-shape.ts';
import { isDeepEqual } from './deep-equal.ts';
import { type FieldSet, type Growing, insert } from './field-set.ts';
import type { MessageType } from './field.ts';
import { givenValue, holdsGivenEmpty } from './given.ts';
import { planOf, zeroScalar } from './plan.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Compares all but the `ignored` fields and what is below them. Throws UnkeyedItem. */
export function compareFields<T>(type: MessageType<T>, before: T, after: T, ignored: FieldSet): Comparison {
  const walk = new Walk(writtenValue);
  walk.value(rootShape(type), before, after, ignored);
  return walk;
}

/** As compareFields, of plain JSON: what is absent is absent, and null is a value. */
export function compareJson<T>(type: MessageType<T>, before: unknown, after: unknown, ignored: FieldSet): Comparison {
  const walk = new Walk((_field, value) => value);
  walk.value(rootShape(type), before, after, ignored);
  return walk;
}

const growing = (): Growing => ({ isMember: false, children: new Map() });

/** A field's value as it is compared; undefined when it is not there. */
type Read = (field: AnyField, value: unknown) => unknown;

class Walk implements Comparison {
  readonly added = growing();
  readonly removed = growing();
  readonly modified = growing();
  readonly #path: string[] = [];
  readonly #read: Read;
  readonly #isDecoded: boolean;

  constructor(read: Read) {
    this.#read = read;
    this.#isDecoded = read === writtenValue;
  }

  value(shape: Shape, before: unknown, after: unknown, ignored?: FieldSet): void {
    // Whether a message is empty is a question of what is written of it.
    if (shape.isAtomic || (shape.by !== 'fields' && isNothing(before) && isNothing(after))) this.#leaf(shape, before, after);
    else if (shape.by === 'free') this.#free(shape, before, after);
    else {
      if (shape.by === 'fields') {
        if (this.#isEmpty(shape.of, before) && this.#isEmpty(shape.of, after)) {
          this.#leaf(shape, emptied(before), emptied(after));
          return;
        }
        this.#fields(shape.of, before, after, ignored);
      } else if (shape.by === 'items') this.#items(shape, before, after);
      else this.#keys(shape.of, before, after);
      this.#self(before, after);
    }
  }

  #fields(type: MessageType<unknown>, before: unknown, after: unknown, ignored: FieldSet | undefined): void {
    const left = (before ?? undefined) as Plain | undefined; // an object by its shape
    const right = (after ?? undefined) as Plain | undefined; // as above
    for (const { name, field, step, isWrittenAbsent, tellsEmpty } of stepsOf(type)) {
      // Decoded objects note what was given empty; plain JSON shows it.
      const isTold = tellsEmpty && this.#isDecoded;
      const old = isTold ? givenValue(left, name) : left?.[name];
      const value = isTold ? givenValue(right, name) : right?.[name];
      // Most fields of most objects are absent from both.
      if (old === undefined && value === undefined ? !isWrittenAbsent : old === value) continue;
      const below = ignored?.children.get(step);
      if (below?.isMember === true) continue;
      const written = left && this.#read(field, old);
      const now = right && this.#read(field, value);
      if (written === undefined && now === undefined) continue;
      this.#path.push(step);
      this.value(shapeOf(field), written, now, below);
      this.#path.pop();
    }
  }

  #isEmpty(type: MessageType<unknown>, value: unknown): boolean {
    return value === undefined || value === null || planOf(type).fields.every(({ name, field }) => this.#read(field, (value as Plain)[name]) === undefined); // an object by its shape
  }

  #keys(of: Shape, before: unknown, after: unknown): void {
    const [left, right] = [(before ?? {}) as Plain, (after ?? {}) as Plain]; // objects by their shape
    for (const key of Object.keys(left)) {
      const old = left[key];
      const value = Object.hasOwn(right, key) ? right[key] : undefined; // a key may be `constructor`
      if (old !== value || old === undefined) this.#child(of, `f:${key}`, old, value);
    }
    for (const key of Object.keys(right)) if (!Object.hasOwn(left, key)) this.#child(of, `f:${key}`, undefined, right[key]);
  }

  #child(of: Shape, step: string, before: unknown, after: unknown): void {
    this.#path.push(step);
    this.value(of, before, after);
    this.#path.pop();
  }

  /** Items that share a key are compared together, as one value. */
  #items({ of, field }: Extract<Shape, { by: 'items' }>, before: unknown, after: unknown): void {
    const [left, right] = [itemsOf(field, before), itemsOf(field, after)];
    for (const step of new Set([...left.keys(), ...right.keys()])) {
      const [old, now] = [left.get(step) ?? [], right.get(step) ?? []];
      if (old.length <= 1 && now.length <= 1) this.#child(of, step, old[0], now[0]);
      else {
        if (old.length === 1 || now.length === 1) this.#child(of, step, old.length === 1 ? old[0] : undefined, now.length === 1 ? now[0] : undefined);
        this.#path.push(step);
        if (old.length <= 1 || now.length <= 1) this.#self(old.length > 1 ? old : undefined, now.length > 1 ? now : undefined);
        else if (old.length !== now.length || old.some((item, index) => !isSame(of, item, now[index]))) insert(this.modified, this.#path);
        this.#path.pop();
      }
    }
  }

  #free(shape: Shape, before: unknown, after: unknown): void {
    if (isPlain(before) || isPlain(after)) this.#keys(shape, isPlain(before) ? before : undefined, isPlain(after) ? after : undefined);
    const isObject = (value: unknown): boolean => value === undefined || value === null || isPlain(value);
    if (isObject(before) && isObject(after)) this.#self(before, after);
    else this.#leaf(shape, before, after);
  }

  #self(before: unknown, after: unknown): void {
    if (before === undefined) insert(this.added, this.#path);
    else if (after === undefined) insert(this.removed, this.#path);
  }

  #leaf(shape: Shape, before: unknown, after: unknown): void {
    if (before === undefined || after === undefined) this.#self(before, after);
    else if (!isSame(shape, before, after)) insert(this.modified, this.#path);
  }
}

const isSame = (shape: Shape, before: unknown, after: unknown): boolean => before === after || (isDeepEqual(before, after) && isSameGiven(shape, before, after));

/** Kubernetes: a list is compared with all that is in it, also what is written nowhere because it is empty; a message by what is written of it. */
function isSameGiven(shape: Shape, before: unknown, after: unknown): boolean {
  if (before === after || typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return before === after;
  if (Array.isArray(before)) return holdsGivenEmpty(before) === holdsGivenEmpty(after);
  const [left, right] = [before as Plain, after as Plain]; // no lists
  if (shape.by === 'keys') return Object.keys(left).every((key) => isSameGiven(shape.of, left[key], right[key]));
  if (shape.by !== 'fields') return true;
  return stepsOf(shape.of).every(({ name, field, tellsEmpty }) => {
    const [old, now] = tellsEmpty ? [givenValue(left, name), givenValue(right, name)] : [left[name], right[name]];
    return old === undefined || now === undefined ? old === now : isSameGiven(shapeOf(field), old, now);
  });
}

/** Without the zero values that every object is filled with. */
const emptied = (value: unknown): unknown => (isPlain(value) ? {} : value);

interface Step {
  readonly name: string;
  readonly field: AnyField;
  /** `f:name`, made once: paths are compared often. */
  readonly step: string;
  readonly isWrittenAbsent: boolean;
  readonly tellsEmpty: boolean;
}

const steps = new WeakMap<MessageType<unknown>, readonly Step[]>();

function stepsOf(type: MessageType<unknown>): readonly Step[] {
  let known = steps.get(type);
  if (known === undefined) {
    known = planOf(type).fields.map(({ name, field }) => ({ name, field, step: `f:${name}`, isWrittenAbsent: writtenValue(field, undefined) !== undefined, tellsEmpty: tellsEmpty(field) }));
    steps.set(type, known);
  }
  return known;
}

/** Whether Go writes an empty list or map of this field, or of its message, as such, and null for nil: its value is to be asked for by `givenValue`. */
export const tellsEmpty = ({ kind, options }: AnyField): boolean => kind !== 'scalar' && options.presence === 'always' && options.isOmittable !== true;

/** A field's value as JSON shows it: undefined when it is left out, null or empty when Go writes that. */
export function writtenValue({ kind, of, options, isRequired }: AnyField, value: unknown): unknown {
  const { presence = 'implicit', isNullable, isOmittable } = options;
  const isPresent = value !== undefined && value !== null;
  if (isPresent && (kind === 'message' || presence === 'explicit' || (presence === 'always' && isOmittable !== true && kind !== 'scalar') || !isZero(value))) return value;
  if (isOmittable === true && (kind !== 'message' || presence === 'explicit')) return undefined;
  if (isNullable === true || (presence === 'explicit' && isRequired)) return null;
  if (presence !== 'always') return undefined;
  if (kind === 'message') return {};
  return kind === 'scalar' && typeof of === 'string' ? value ?? zeroScalar(of) : null;
}

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false || isNothing(value);

export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

function itemsOf(field: AnyField, value: unknown): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of (value ?? []) as readonly unknown[]) { // a list by its shape
    const step = itemStep(field, item);
    const known = items.get(step);
    if (known === undefined) items.set(step, [item]);
    else known.push(item);
  }
  return items;
}
