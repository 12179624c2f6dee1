/**
 * Which fields differ between two objects of a type: what server-side ownership is about. Lists and maps are walked as the
 * schema says (by key, by value, or whole). Values count as they are written in JSON: Go's empty structs are there,
 * and so do not come with their first field.
 */
import { isDeepEqual } from './deep-equal.ts';
import { type FieldSet, type Growing, insert } from './field-set.ts';
import { type Field, isAtomic, type MessageType } from './field.ts';
import { compareKeys, valueText } from './json-encode.ts';
import { planOf, zeroScalar } from './plan.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Compares all but the `ignored` fields and what is below them. */
export function compareFields<T>(type: MessageType<T>, before: T, after: T, ignored: FieldSet): Comparison {
  const walk = new Walk();
  walk.message(type as MessageType<unknown>, before, after, ignored);
  return walk;
}

const growing = (): Growing => ({ isMember: false, children: new Map() });

type AnyField = Field<unknown, boolean>;
type Plain = Readonly<Record<string, unknown>>;

class Walk implements Comparison {
  readonly added = growing();
  readonly removed = growing();
  readonly modified = growing();
  readonly #path: string[] = [];

  message(type: MessageType<unknown>, before: unknown, after: unknown, ignored?: FieldSet): void {
    const left = (before ?? undefined) as Plain | undefined; // a message by its kind
    const right = (after ?? undefined) as Plain | undefined; // as above
    for (const { name, field, step, isWrittenAbsent } of stepsOf(type)) {
      const old = left?.[name];
      const value = right?.[name];
      // Most fields of most objects are absent from both.
      if (old === undefined && value === undefined ? !isWrittenAbsent : old === value) continue;
      const below = ignored?.children.get(step);
      if (below?.isMember === true) continue;
      const written = left && writtenValue(field, old);
      const now = right && writtenValue(field, value);
      if (written === undefined && now === undefined) continue;
      this.#path.push(step);
      this.#value(field, written, now, below);
      this.#path.pop();
    }
  }

  #value(field: AnyField, before: unknown, after: unknown, ignored?: FieldSet): void {
    const { of, options, kind } = field;
    switch (kind) {
      case 'scalar': this.#leaf(before, after); return;
      case 'message':
        if (typeof of === 'string' || options.alternative !== undefined || options.mapType === 'atomic' || isAtomic(of) || (isEmptyMessage(of, before) && isEmptyMessage(of, after))) this.#leaf(before, after);
        else {
          this.message(of, before, after, ignored);
          this.#self(before, after);
        }
        return;
      case 'list':
        if ((options.listType !== 'map' && options.listType !== 'set') || (isNothing(before) && isNothing(after))) this.#leaf(before, after);
        else {
          this.#items(field, itemsOf(field, before), itemsOf(field, after));
          this.#self(before, after);
        }
        return;
      case 'map':
        if (options.mapType === 'atomic' || (isNothing(before) && isNothing(after))) this.#leaf(before, after);
        else {
          this.#items(field, entriesOf(before), entriesOf(after));
          this.#self(before, after);
        }
        return;
      default: return kind satisfies never;
    }
  }

  #items(field: AnyField, before: ReadonlyMap<string, readonly unknown[]>, after: ReadonlyMap<string, readonly unknown[]>): void {
    const { of } = field;
    for (const step of new Set([...before.keys(), ...after.keys()])) {
      const old = before.get(step) ?? [];
      const value = after.get(step) ?? [];
      this.#path.push(step);
      // Items that share a key are compared together.
      if (typeof of === 'string' || isAtomic(of) || old.length > 1 || value.length > 1) this.#leaf(old.length > 1 ? old : old[0], value.length > 1 ? value : value[0]);
      else {
        this.message(of, old[0], value[0]);
        this.#self(old[0], value[0]);
      }
      this.#path.pop();
    }
  }

  #self(before: unknown, after: unknown): void {
    if (before === undefined) insert(this.added, this.#path);
    else if (after === undefined) insert(this.removed, this.#path);
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined || after === undefined) this.#self(before, after);
    else if (!isDeepEqual(before, after)) insert(this.modified, this.#path);
  }
}

interface Step {
  readonly name: string;
  readonly field: AnyField;
  /** `f:name`, made once: paths are compared often. */
  readonly step: string;
  readonly isWrittenAbsent: boolean;
}

const steps = new WeakMap<MessageType<unknown>, readonly Step[]>();

function stepsOf(type: MessageType<unknown>): readonly Step[] {
  let known = steps.get(type);
  if (known === undefined) {
    known = planOf(type).fields.map(({ name, field }) => ({ name, field, step: `f:${name}`, isWrittenAbsent: writtenValue(field, undefined) !== undefined }));
    steps.set(type, known);
  }
  return known;
}

/** A field's value as JSON shows it: undefined when it is left out, null or empty when Go writes that. */
function writtenValue({ kind, of, options, isRequired }: AnyField, value: unknown): unknown {
  const { presence = 'implicit', isNullable, isOmittable } = options;
  const isPresent = value !== undefined && value !== null;
  if (isPresent && (kind === 'message' || presence === 'explicit' || !isNothing(value))) return value;
  if (isOmittable === true && kind !== 'message') return undefined;
  if (isNullable === true || (presence === 'explicit' && isRequired)) return null;
  if (presence !== 'always') return undefined;
  if (kind === 'message') return {};
  return kind === 'scalar' && typeof of === 'string' ? value ?? zeroScalar(of) : null;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

const isEmptyMessage = (type: MessageType<unknown>, value: unknown): boolean =>
  value === undefined || value === null || planOf(type).fields.every(({ name, field }) => writtenValue(field, (value as Plain)[name]) === undefined); // a message by its kind

function entriesOf(value: unknown): ReadonlyMap<string, readonly unknown[]> {
  return new Map(Object.entries((value ?? {}) as Plain).map(([key, item]) => [`f:${key}`, [item]])); // a map by its kind
}

function itemsOf(field: AnyField, value: unknown): ReadonlyMap<string, readonly unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of (value ?? []) as readonly unknown[]) { // a list by its kind
    const step = itemStep(field, item);
    const known = items.get(step);
    if (known === undefined) items.set(step, [item]);
    else known.push(item);
  }
  return items;
}

/** An item's step in a path: by its value in a set, by its keys elsewhere. */
export const itemStep = (field: AnyField, item: unknown): string => (field.options.listType === 'set' ? `v:${valueText(item)}` : `k:${keyText(field, item as Plain)}`);

const sorted = new WeakMap<readonly string[], readonly string[]>();

function sortedKeys(keys: readonly string[]): readonly string[] {
  let known = sorted.get(keys);
  if (known === undefined) sorted.set(keys, known = keys.toSorted(compareKeys));
  return known;
}

/** `{"containerPort":80,"protocol":"TCP"}`: the keys in order; those that are absent are left out. */
function keyText({ options, of }: AnyField, item: Plain): string {
  const parts: string[] = [];
  for (const key of sortedKeys(options.mapKeys ?? [])) {
    const value = item[key] ?? (typeof of === 'string' ? undefined : of.fields[key]?.options.default);
    if (value !== undefined) parts.push(`${valueText(key)}:${valueText(value)}`);
  }
  return `{${parts.join(',')}}`;
}
