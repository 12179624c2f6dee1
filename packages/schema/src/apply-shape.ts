/** How server-side apply walks a value: by its fields, its keys, its items, or not at all. Worked out of the field language, once per field. */
import { compareKeys, valueText } from './json-encode.ts';
import { Field, isAtomic, type MessageType, type Scalar } from './field.ts';
import { planOf, zeroScalar } from './plan.ts';

export type AnyField = Field<unknown, boolean>;
export type Plain = Readonly<Record<string, unknown>>;

/**
 * Atomic values are owned and replaced whole, though their insides are checked.
 * `free` is any JSON: its objects merge by key, its lists are atomic.
 */
export type Shape =
  | { readonly by: 'scalar'; readonly scalar: 'string' | 'numeric' | 'boolean' | 'untyped'; readonly isAtomic: true }
  | { readonly by: 'fields'; readonly of: MessageType<unknown>; readonly isAtomic: boolean; readonly isObject: boolean }
  | { readonly by: 'keys'; readonly of: Shape; readonly isAtomic: boolean }
  | { readonly by: 'items'; readonly of: Shape; readonly field: AnyField; readonly isAtomic: boolean }
  | { readonly by: 'free'; readonly isAtomic: boolean };

export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const free: Shape = { by: 'free', isAtomic: false };
const opaque: Shape = { by: 'free', isAtomic: true };
const scalarShape = (scalar: Extract<Shape, { by: 'scalar' }>['scalar']): Shape => ({ by: 'scalar', scalar, isAtomic: true });
const [text, numeric, truth, untyped] = [scalarShape('string'), scalarShape('numeric'), scalarShape('boolean'), scalarShape('untyped')];

const texts: Shape = { by: 'items', of: text, field: new Field(1, 'list', 'string'), isAtomic: true };

function shapeOfScalar(of: Scalar): Shape {
  switch (of) {
    case 'string': case 'bytes': case 'duration': return text;
    case 'bool': return truth;
    case 'int32': case 'int64': case 'uint32': case 'uint64': case 'double': case 'float': return numeric;
    case 'time': case 'microTime': case 'quantity': return untyped;
    case 'intOrString': return opaque; // Kubernetes: whatever it is passes the schema
    case 'json': return free;
    case 'rawExtension': case 'fieldsV1': return opaque;
    case 'wrappedStrings': return texts;
    default: return of satisfies never;
  }
}

const inner = ({ of, options }: AnyField): Shape =>
  (typeof of === 'string' ? shapeOfScalar(of) : { by: 'fields', of, isAtomic: options.mapType === undefined ? isAtomic(of) : options.mapType === 'atomic', isObject: options.isObject === true });

function makeShape(field: AnyField): Shape {
  const { kind, options } = field;
  if (options.alternative !== undefined) return kind === 'map' ? { by: 'keys', of: free, isAtomic: false } : free;
  switch (kind) {
    case 'scalar': case 'message': return inner(field);
    case 'list': return { by: 'items', of: inner(field), field, isAtomic: options.listType !== 'map' && options.listType !== 'set' };
    case 'map': return { by: 'keys', of: inner(field), isAtomic: options.mapType === 'atomic' };
    default: return kind satisfies never;
  }
}

const shapes = new WeakMap<AnyField, Shape>();

export function shapeOf(field: AnyField): Shape {
  let shape = shapes.get(field);
  if (shape === undefined) shapes.set(field, shape = makeShape(field));
  return shape;
}

export const rootShape = <T>(type: MessageType<T>): Shape => ({ by: 'fields', of: type as MessageType<unknown>, isAtomic: false, isObject: true });

/** What stands under a key; undefined where the schema has none of that name. */
export function childShape(shape: Shape, key: string): Shape | undefined {
  switch (shape.by) {
    case 'fields': {
      const planned = planOf(shape.of).byName.get(key);
      if (planned !== undefined) return shapeOf(planned.field);
      return shape.isObject && (key === 'kind' || key === 'apiVersion') ? text : undefined;
    }
    case 'keys': return shape.of;
    case 'free': return free;
    default: return undefined;
  }
}

/** A declared field, not a key of a map: such are members of a set with whatever is below them. */
export const isNamedField = (shape: Shape | undefined, key: string): boolean => shape?.by === 'fields' && childShape(shape, key) !== undefined;

/** Why an item has no place of its own in its list. */
export class UnkeyedItem extends Error {
  override readonly name = 'UnkeyedItem';
}

/** An item's step in a path: by its value in a set, by its keys elsewhere. Throws UnkeyedItem. */
export function itemStep(field: AnyField, item: unknown): string {
  if (field.options.listType !== 'set') return `k:${keyText(field, item)}`;
  if (isPlain(item)) throw new UnkeyedItem('associative list without keys has an element that\'s a map type');
  if (Array.isArray(item)) throw new UnkeyedItem('not supported: associative list with lists as elements');
  if (item === null || item === undefined) throw new UnkeyedItem('associative list without keys has an element that\'s an explicit null');
  return `v:${valueText(item)}`;
}

const sorted = new WeakMap<readonly string[], readonly string[]>();

export function sortedKeys(keys: readonly string[]): readonly string[] {
  let known = sorted.get(keys);
  if (known === undefined) sorted.set(keys, known = keys.toSorted(compareKeys));
  return known;
}

/** `{"containerPort":80,"protocol":"TCP"}`: the keys in order; those that are absent and have no default are left out. */
function keyText({ options, of }: AnyField, item: unknown): string {
  if (item === null || item === undefined) throw new UnkeyedItem('associative list with keys may not have a null element');
  if (!isPlain(item)) throw new UnkeyedItem('associative list with keys may not have non-map elements');
  const keys = options.mapKeys ?? [];
  const parts: string[] = [];
  for (const key of sortedKeys(keys)) {
    const value = item[key] === undefined && typeof of !== 'string' ? defaultOf(of, key) : item[key];
    if (value !== undefined) parts.push(`${valueText(key)}:${valueText(value)}`);
  }
  if (parts.length === 0 && keys.length > 0) {
    throw new UnkeyedItem(`associative list with keys has an element that omits all key fields [${keys.map((key) => valueText(key)).join(' ')}] (and doesn't have default values for any key fields)`);
  }
  return `{${parts.join(',')}}`;
}

/** A key's published default: its own, or the zero of what is always written. */
export function defaultOf(of: MessageType<unknown>, key: string): unknown {
  const planned = planOf(of).byName.get(key);
  if (planned === undefined) return undefined;
  const { of: scalar, options } = planned.field;
  return options.default ?? (options.presence === 'always' && options.isOmittable !== true && typeof scalar === 'string' ? zeroScalar(scalar) : undefined);
}
