/** Server-side apply on plain JSON: which fields a configuration states, how it is laid over an object, how fields are taken away. */
import { itemStep } from './compare-fields.ts';
import { fieldSetOf, type FieldSet } from './field-set.ts';
import { type Field, isAtomic, type MessageType } from './field.ts';
import { planOf } from './plan.ts';

type AnyField = Field<unknown, boolean>;
type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** How a value is walked: by its fields, by its keys, by its items; or not at all. */
type Shape = { readonly by: 'leaf' } | { readonly by: 'fields'; readonly of: MessageType<unknown> } | { readonly by: 'keys' | 'items'; readonly field: AnyField };

const whole: Shape = { by: 'leaf' };

function shapeOf(field: AnyField): Shape {
  const { kind, of, options } = field;
  switch (kind) {
    case 'scalar': return whole;
    case 'message': return typeof of === 'string' || options.alternative !== undefined || options.mapType === 'atomic' || isAtomic(of) ? whole : { by: 'fields', of };
    case 'list': return options.listType === 'map' || options.listType === 'set' ? { by: 'items', field } : whole;
    case 'map': return options.mapType === 'atomic' ? whole : { by: 'keys', field };
    default: return kind satisfies never;
  }
}

/** Of one item of a list, one value of a map. */
const itemShape = ({ of }: AnyField): Shape => (typeof of === 'string' || isAtomic(of) ? whole : { by: 'fields', of });

/** The fields that a configuration states. */
export function statedFields<T>(type: MessageType<T>, config: unknown): FieldSet {
  const paths: (readonly string[])[] = [];
  visit({ by: 'fields', of: type as MessageType<unknown> }, config, [], paths);
  return fieldSetOf(paths);
}

function visit(shape: Shape, value: unknown, path: readonly string[], paths: (readonly string[])[]): void {
  switch (shape.by) {
    case 'leaf': paths.push(path); return;
    case 'items': {
      if (!Array.isArray(value) || value.length === 0) {
        paths.push(path);
        return;
      }
      for (const item of value as readonly unknown[]) {
        const at = [...path, itemStep(shape.field, item)];
        paths.push(at);
        if (itemShape(shape.field).by !== 'leaf') visit(itemShape(shape.field), item, at, paths);
      }
      return;
    }
    default: {
      if (!isPlain(value) || Object.keys(value).length === 0) {
        if (path.length > 0) paths.push(path);
        return;
      }
      for (const [name, child] of Object.entries(value)) {
        const below = childShape(shape, name);
        if (below !== undefined) visit(below, child, [...path, `f:${name}`], paths);
      }
    }
  }
}

function childShape(shape: Exclude<Shape, { readonly by: 'leaf' }>, name: string): Shape | undefined {
  if (shape.by !== 'fields') return itemShape(shape.field);
  const planned = planOf(shape.of).byName.get(name);
  return planned === undefined ? undefined : shapeOf(planned.field);
}

/** The object with the configuration laid over it. Neither is changed. */
export function mergeStated<T>(type: MessageType<T>, object: unknown, config: unknown): unknown {
  return merge({ by: 'fields', of: type as MessageType<unknown> }, object, config);
}

function merge(shape: Shape, object: unknown, config: unknown): unknown {
  switch (shape.by) {
    case 'leaf': return config;
    case 'items': return Array.isArray(object) && Array.isArray(config) ? mergeItems(shape.field, object as readonly unknown[], config as readonly unknown[]) : config;
    default: {
      if (!isPlain(object) || !isPlain(config)) return config;
      const merged: Record<string, unknown> = { ...object };
      for (const [name, value] of Object.entries(config)) merged[name] = merge(childShape(shape, name) ?? whole, object[name], value);
      return merged;
    }
  }
}

/** Items of the configuration keep its order; the others stay between the neighbours they had. */
function mergeItems(field: AnyField, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const byStep = (items: readonly unknown[]): Map<string, unknown> => new Map(items.map((item) => [itemStep(field, item), item]));
  const [old, stated] = [byStep(left), byStep(right)];
  const shape = itemShape(field);
  const taken = new Set<string>();
  const shared = [...stated.keys()].filter((step) => old.has(step));
  const merged: unknown[] = [];
  const take = (step: string): void => {
    merged.push(old.has(step) ? merge(shape, old.get(step), stated.get(step)) : stated.get(step));
    taken.add(step);
    if (shared[0] === step) shared.shift();
  };
  const [lefts, rights] = [left.map((item) => ({ item, step: itemStep(field, item) })), [...stated.keys()]];
  for (let [i, j] = [0, 0]; i < lefts.length || j < rights.length;) {
    const [here, there] = [lefts[i], rights[j]];
    if (here !== undefined && there !== undefined) {
      if (here.step === there) {
        take(there);
        i++;
        j++;
        continue;
      }
      if (stated.has(here.step) && shared[0] !== undefined && shared[0] !== here.step) {
        i++; // it comes up in the order of the configuration
        continue;
      }
    }
    if (here !== undefined && !stated.has(here.step)) {
      merged.push(here.item);
      i++;
      continue;
    }
    if (here !== undefined && taken.has(here.step)) i++;
    if (there !== undefined) {
      take(there);
      j++;
    }
  }
  return merged;
}

/** The object without what is at these paths. */
export function withoutPaths<T>(type: MessageType<T>, object: unknown, paths: Iterable<readonly string[]>): unknown {
  const root: Shape = { by: 'fields', of: type as MessageType<unknown> };
  let left = object;
  for (const path of paths) left = without(root, left, path);
  return left;
}

function without(shape: Shape, value: unknown, path: readonly string[]): unknown {
  const [step = '', ...rest] = path;
  if (shape.by === 'leaf') return value;
  if (shape.by === 'items') {
    if (!Array.isArray(value)) return value;
    const items = value as readonly unknown[];
    return items.flatMap((item) => (itemStep(shape.field, item) !== step ? [item] : rest.length === 0 ? [] : [without(itemShape(shape.field), item, rest)]));
  }
  const name = step.slice(2);
  if (!isPlain(value) || !Object.hasOwn(value, name)) return value;
  if (rest.length > 0) return { ...value, [name]: without(childShape(shape, name) ?? whole, value[name], rest) };
  const { [name]: _, ...left } = value;
  return left;
}
