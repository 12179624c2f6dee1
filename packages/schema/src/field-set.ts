/** Sets of paths into objects, as managedFields writes them: `{"f:data":{".":{},"f:key":{}}}`. */
import { compareKeys, sortKeys, valueText } from './json-encode.ts';
import { quoted } from './json-writer.ts';

/** A node is a member itself, or has members below, or both. Never changed once it is made. */
export interface FieldSet {
  readonly isMember: boolean;
  /** By the path's next step: `f:name` of a field, `k:{"name":"a"}` of a list's item by its keys, `v:"a"` by its value, `i:0` by its place. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

const noChildren: ReadonlyMap<string, FieldSet> = new Map();

export const noFields: FieldSet = { isMember: false, children: noChildren };
export const leaf: FieldSet = { isMember: true, children: noChildren };

export const isEmptySet = ({ isMember, children }: FieldSet): boolean => !isMember && children.size === 0;

/** The set of these paths. Steps are written as in FieldSet. */
export function fieldSetOf(paths: Iterable<readonly string[]>): FieldSet {
  const root: Growing = { isMember: false, children: new Map() };
  for (const path of paths) insert(root, path);
  return root;
}

export interface Growing extends FieldSet {
  isMember: boolean;
  readonly children: Map<string, Growing>;
}

export function insert(root: Growing, path: readonly string[]): void {
  let node = root;
  for (let index = 0; index < path.length - 1; index++) {
    const step = path[index] ?? '';
    let child = node.children.get(step);
    if (child === undefined || child === leaf) node.children.set(step, child = { isMember: child === leaf, children: new Map() });
    node = child;
  }
  const last = path.at(-1);
  const child = last === undefined ? root : node.children.get(last);
  // Most members have nothing below them, and share a node until they do.
  if (last !== undefined && child === undefined) node.children.set(last, leaf as Growing);
  else if (child !== undefined && child !== leaf) child.isMember = true;
}

export function unionOf(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right) || left === right) return left;
  if (isEmptySet(left)) return right;
  const children = new Map(left.children);
  for (const [step, child] of right.children) {
    const known = children.get(step);
    children.set(step, known === undefined ? child : unionOf(known, child));
  }
  return { isMember: left.isMember || right.isMember, children };
}

/** The members of `left` that are none of `right`. `left` itself when that changes nothing. */
export function differenceOf(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  if (right === leaf && left === leaf) return noFields;
  // What changes is set down first: most differences change nothing, and some take nearly all away.
  let changed: Map<string, FieldSet> | undefined;
  const [fewer, others] = left.children.size < right.children.size ? [left.children, right.children] : [right.children, left.children];
  for (const step of fewer.keys()) {
    if (!others.has(step)) continue;
    const child = left.children.get(step) ?? noFields;
    const rest = differenceOf(child, right.children.get(step) ?? noFields);
    if (rest !== child) (changed ??= new Map()).set(step, rest);
  }
  const isMember = left.isMember && !right.isMember;
  if (changed === undefined && isMember === left.isMember) return left;
  return { isMember, children: changed === undefined ? left.children : withChanged(left.children, changed) };
}

function withChanged(children: FieldSet['children'], changed: FieldSet['children']): FieldSet['children'] {
  const kept = new Map<string, FieldSet>();
  for (const [step, child] of children) {
    const rest = changed.get(step) ?? child;
    if (!isEmptySet(rest)) kept.set(step, rest);
  }
  return kept;
}

/** From a FieldsV1; throws a SyntaxError or a TypeError for anything else than objects of objects. */
export function parseFieldSet(text: string): FieldSet {
  const value: unknown = JSON.parse(text);
  const root = readNode(value, false);
  return root.children.size === 0 ? noFields : root;
}

/** Kubernetes: null is as good as an empty object, and steps of a kind that nobody knows yet are passed over. */
function readNode(value: unknown, isBelow: boolean): FieldSet {
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) throw new TypeError('fields are objects of objects');
  let isMember = false;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of Object.entries(value ?? {}) as [string, unknown][]) {
    if (key === '.') isMember = true;
    else {
      const step = readStep(key);
      if (step !== undefined) children.set(step, readNode(child, true));
    }
  }
  if (children.size === 0) return isBelow ? leaf : noFields;
  return { isMember, children };
}

/** As it is written here, with an item's keys in order; undefined for a kind of step that is not known. */
function readStep(step: string): string | undefined {
  if (step.startsWith('f:')) return step;
  if (step.charAt(1) !== ':') throw new TypeError(`${step} is no step of a path`);
  const rest = step.slice(2);
  switch (step.charAt(0)) {
    case 'i':
      if (!/^[+-]?\d+$/.test(rest)) throw new TypeError(`${step} is no place in a list`);
      return `i:${Number(rest)}`;
    case 'v': return `v:${valueText(JSON.parse(rest))}`;
    case 'k': {
      const keys: unknown = JSON.parse(rest);
      if (typeof keys !== 'object' || Array.isArray(keys)) throw new TypeError(`${step} names no keys`);
      return `k:${valueText(keys ?? {}, true)}`;
    }
    default: return undefined;
  }
}

/** As FieldsV1: the node itself first, then fields, items by key, by value, by place. */
export function fieldSetText({ isMember, children }: FieldSet): string {
  if (children.size === 0) return '{}';
  let text = isMember ? '{".":{}' : '';
  for (const step of sortedSteps(children)) text += `${text === '' ? '{' : ','}${quoted(step)}:${fieldSetText(children.get(step) ?? leaf)}`;
  return `${text}}`;
}

const order = 'fkvi';

function sortedSteps(children: FieldSet['children']): readonly string[] {
  const steps = [...children.keys()];
  if (steps.length < 2) return steps;
  if (steps.every((step) => step.startsWith('f:'))) return sortKeys(steps);
  // What they say is read once, not at every comparison.
  return steps.map((step) => ({ step, kind: order.indexOf(step.charAt(0)), keys: step.startsWith('f:') ? [] : stepKeys(step) })).sort((left, right) =>
    left.kind - right.kind || (left.kind === 0 ? compareKeys(left.step, right.step) : compareKeyed(left.keys, right.keys))).map(({ step }) => step);
}

/** The keys of an item and their values, in the order in which they are written. A value or place is the value of a key without a name. */
function stepKeys(step: string): readonly [string, unknown][] {
  const value: unknown = JSON.parse(step.slice(2)); // written by itemStep, or checked when it was read
  return step.startsWith('k:') ? Object.entries(value as object) : [['', value]];
}

function compareKeyed(left: readonly [string, unknown][], right: readonly [string, unknown][]): number {
  for (const [index, [name, value]] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compareKeys(name, other[0]) || compareValues(value, other[1]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers by size and before text, text before truth, nothing last. */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return compareKeys(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  const rank = (value: unknown): number => ['number', 'string', 'boolean', 'object'].indexOf(typeof value);
  return rank(left) - rank(right);
}

/** The members of `left` that are members of `right`, too. */
export function intersectionOf(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of left.children) {
    const other = right.children.get(step);
    const both = other === undefined ? noFields : intersectionOf(child, other);
    if (!isEmptySet(both)) children.set(step, both);
  }
  return { isMember: left.isMember && right.isMember, children };
}

/** `set` without the members of `other` and everything below them. */
export function outsideOf(set: FieldSet, other: FieldSet): FieldSet {
  if (other.isMember) return noFields;
  const children = new Map<string, FieldSet>();
  for (const [step, child] of set.children) {
    const below = other.children.get(step);
    const rest = below === undefined ? child : outsideOf(child, below);
    if (!isEmptySet(rest)) children.set(step, rest);
  }
  return { isMember: set.isMember, children };
}

/** Every member's path; a node's own fields come before what is below them. */
export function* memberPaths(set: FieldSet, path: readonly string[] = []): Generator<readonly string[]> {
  const steps = sortedSteps(set.children);
  for (const step of steps) if (set.children.get(step)?.isMember === true) yield [...path, step];
  for (const step of steps) yield* memberPaths(set.children.get(step) ?? noFields, [...path, step]);
}

/** As messages name it: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathText(path: readonly string[]): string {
  return path.map((step) => {
    const rest = step.slice(2);
    switch (step.charAt(0)) {
      case 'k': return `[${stepKeys(step).map(([name, value]) => `${name}=${shownValue(value)}`).join(',')}]`;
      case 'v': return `[=${rest}]`;
      case 'i': return `[${rest}]`;
      default: return `.${rest}`;
    }
  }).join('');
}

/** Kubernetes: objects have no braces. */
function shownValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shownValue).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Object.entries(value).map(([key, item]) => `${key}=${shownValue(item)}`).join('');
}
