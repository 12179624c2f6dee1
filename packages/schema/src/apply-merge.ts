/** Server-side apply on plain JSON: which fields a configuration states, how it is laid over an object, how fields are taken away. */
import { type AnyField, childShape, isNamedField, isPlain, itemStep, rootShape, type Shape } from './apply-shape.ts';
import { type FieldSet, isEmptySet, leaf, noFields } from './field-set.ts';
import type { MessageType } from './field.ts';
import { setOwn } from './json-parse.ts';

/** The fields that a configuration states: its leaves, its lists' items, keys of maps, and what it says is null or empty. */
export function statedFields<T>(type: MessageType<T>, config: unknown): FieldSet {
  return statedIn(rootShape(type), config);
}

/** The value's own node. */
function statedIn(shape: Shape, value: unknown): FieldSet {
  if (shape.isAtomic) return leaf;
  if (shape.by === 'items') return Array.isArray(value) ? statedItems(shape, value) : noFields;
  if (isPlain(value)) return statedKeys(shape, value);
  return shape.by === 'free' ? leaf : noFields;
}

function statedKeys(shape: Shape, value: Readonly<Record<string, unknown>>): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const key of Object.keys(value)) {
    const below = childShape(shape, key);
    if (below === undefined) continue;
    const child = value[key];
    const node = statedIn(below, child);
    const isMember = shape.by !== 'fields' || child === null || (isPlain(child) && Object.keys(child).length === 0);
    if (isMember || !isEmptySet(node)) children.set(`f:${key}`, isMember ? member(node) : node);
  }
  return { isMember: false, children };
}

/** Items that share a key are stated as one, whatever they hold. */
function statedItems({ of, field }: Extract<Shape, { by: 'items' }>, items: readonly unknown[]): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const item of items) {
    const step = itemStep(field, item);
    children.set(step, children.has(step) ? leaf : member(statedIn(of, item)));
  }
  return { isMember: false, children };
}

const member = (node: FieldSet): FieldSet => (node.isMember ? node : node.children.size === 0 ? leaf : { isMember: true, children: node.children });

/** The object with the configuration laid over it. Neither is changed; null takes nothing of an object or a list away. */
export function mergeStated<T>(type: MessageType<T>, object: unknown, config: unknown): unknown {
  return merge(rootShape(type), object, config);
}

function merge(shape: Shape, object: unknown, config: unknown): unknown {
  if (config === undefined) return object;
  if (shape.isAtomic) return config;
  if (shape.by === 'items') {
    if (!Array.isArray(object) || object.length === 0) return config;
    return mergeItems(shape, object, Array.isArray(config) ? config : []);
  }
  if (!isPlain(object) || Object.keys(object).length === 0) return config;
  if (config === null) return object;
  if (!isPlain(config)) return config;
  const merged: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(config)) {
    const below = childShape(shape, key);
    setOwn(merged, key, below === undefined ? value : merge(below, object[key], value));
  }
  return merged;
}

/** Items of the configuration keep its order; the others stay between the neighbours they had. */
function mergeItems({ of, field }: Extract<Shape, { by: 'items' }>, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const lefts = left.map((item) => ({ item, step: itemStep(field, item) }));
  const old = new Map<string, unknown>();
  // Items that share a key are not merged with what is stated, but replaced.
  for (const { item, step } of lefts) old.set(step, old.has(step) ? null : item);
  const stated = new Map(right.map((item) => [itemStep(field, item), item]));
  const rights = [...stated.keys()];
  const shared = rights.filter((step) => old.has(step));
  const taken = new Set<string>();
  const merged: unknown[] = [];
  const take = (step: string): void => {
    merged.push(old.has(step) ? merge(of, old.get(step), stated.get(step)) : stated.get(step));
    taken.add(step);
    if (shared[0] === step) shared.shift();
  };
  for (let [i, j] = [0, 0]; i < lefts.length || j < rights.length;) {
    const [here, there] = [lefts[i], rights[j]];
    if (here !== undefined && here.step === there) {
      take(there);
      i++;
      j++;
      continue;
    }
    if (here !== undefined && there !== undefined && stated.has(here.step) && shared[0] !== undefined && shared[0] !== here.step) {
      i++; // it comes up in the order of the configuration
      continue;
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

/** The object without these fields and what is below them. What holds them stays, empty or not. */
export function withoutFields<T>(type: MessageType<T>, object: unknown, fields: FieldSet): unknown {
  return without(rootShape(type), object, fields);
}

function without(shape: Shape, value: unknown, { children }: FieldSet): unknown {
  if (Array.isArray(value)) return shape.by === 'items' && !shape.isAtomic ? withoutItems(shape.of, shape.field, value, children) : [];
  if (!isPlain(value)) return value;
  if (shape.isAtomic) return {};
  const kept: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const below = children.get(`f:${key}`);
    if (below?.isMember === true) continue;
    const inner = childShape(shape, key);
    setOwn(kept, key, below === undefined || inner === undefined ? child : without(inner, child, below));
  }
  return kept;
}

function withoutItems(of: Shape, field: AnyField, items: readonly unknown[], children: FieldSet['children']): unknown[] {
  return items.flatMap((item) => {
    const below = children.get(itemStep(field, item));
    if (below === undefined) return [item];
    return below.isMember ? [] : [without(of, item, below)];
  });
}

/** The set with every declared field on the way to a member a member, too; keys of maps and items are not. */
export function withNamedFields<T>(type: MessageType<T>, set: FieldSet): FieldSet {
  return named(rootShape(type), set);
}

function named(shape: Shape | undefined, { isMember, children }: FieldSet): FieldSet {
  const grown = new Map<string, FieldSet>();
  for (const [step, child] of children) {
    const name = step.slice(2);
    const isField = step.startsWith('f:');
    const below = isField ? shape && childShape(shape, name) : shape?.by === 'items' && step.startsWith('k:') ? shape.of : undefined;
    const inner = child.children.size === 0 ? child : named(below, child);
    grown.set(step, isField && !inner.isMember && isNamedField(shape, name) ? { isMember: true, children: inner.children } : inner);
  }
  return { isMember, children: grown };
}

/** The set as the type's own comparisons would have it: of the inside of what is replaced whole, the whole. `set` itself where that is so. */
export function settledFields<T>(type: MessageType<T>, set: FieldSet): FieldSet {
  return settled(rootShape(type), set);
}

function settled(shape: Shape, set: FieldSet): FieldSet {
  if (set.children.size === 0 || shape.by === 'scalar' || (shape.by === 'free' && !shape.isAtomic)) return set;
  if (shape.isAtomic) return leaf;
  let changed: Map<string, FieldSet> | undefined;
  for (const [step, child] of set.children) {
    const below = shape.by === 'items' ? shape.of : step.startsWith('f:') ? childShape(shape, step.slice(2)) : undefined;
    const other = below === undefined ? child : settled(below, child);
    if (other !== child) (changed ??= new Map(set.children)).set(step, other);
  }
  return changed === undefined ? set : { isMember: set.isMember, children: changed };
}
