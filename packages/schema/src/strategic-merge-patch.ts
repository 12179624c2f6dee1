/**
 * Strategic merge patch: a merge patch that knows from the schema which lists merge by key, with the directives `$patch`,
 * `$retainKeys`, `$setElementOrder/x` and `$deleteFromPrimitiveList/x`.
 */
import type { MessageType } from './field.ts';
import { goText } from './go-text.ts';
import { setOwn } from './json-parse.ts';
import { PatchError } from './patch-error.ts';
import { type PlannedField, planOf } from './plan.ts';

type ObjectValue = Record<string, unknown>;

const directive = '$patch';
const retainKeys = '$retainKeys';
const elementOrder = '$setElementOrder/';
const deleteFromList = '$deleteFromPrimitiveList/';

const isObject = (value: unknown): value is ObjectValue => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the schema says of a field. */
interface Merging {
  readonly type: MessageType<unknown> | undefined;
  /** Of the entries of a map of messages. */
  readonly isMap: boolean;
  readonly strategy: string;
  readonly mergeKey: string;
}

const plain: Merging = { type: undefined, isMap: false, strategy: '', mergeKey: '' };

function mergingOf(planned: PlannedField): Merging {
  const { field } = planned;
  const strategy = (field.options.patchStrategy ?? '').split(',').find((part) => part !== 'retainKeys') ?? '';
  return { type: typeof field.of === 'string' ? undefined : field.of, isMap: field.kind === 'map', strategy, mergeKey: field.options.mergeKey ?? '' };
}

/** The original with the patch merged in, by the type's merge keys. Neither argument is changed. Throws PatchError. */
export function strategicMergePatch<T>(type: MessageType<T>, original: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return mergeObject(structuredClone(original) as ObjectValue, structuredClone(patch) as ObjectValue, lookup(type as MessageType<unknown>)); // clones are ours to change
}

type Lookup = (key: string) => Merging;

function lookup(type: MessageType<unknown> | undefined): Lookup {
  if (type === undefined) return () => plain;
  const { byName } = planOf(type);
  return (key) => {
    const planned = byName.get(key);
    if (planned !== undefined) return mergingOf(planned);
    // Free-form parts (raw extensions) merge as plain JSON; kind and apiVersion are scalars.
    return plain;
  };
}

const lookupOf = (merging: Merging): Lookup => (merging.isMap ? () => ({ ...plain, type: merging.type }) : lookup(merging.type));

/** Merges in place and returns what is to stand there. */
function mergeObject(original: ObjectValue, patch: ObjectValue, fields: Lookup): ObjectValue {
  if (Object.hasOwn(patch, directive)) {
    const { [directive]: what, ...rest } = patch;
    if (what === 'replace') return rest;
    if (what === 'delete') return {};
    throw new PatchError(`unknown patch type: ${goText(what)} in map: ${goText(patch)}`);
  }
  keepOnly(original, patch);
  orderElements(original, patch, fields);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deleteFromList)) deleteScalars(original, key.slice(deleteFromList.length), value);
    else if (value === null) delete original[key];
    else mergeField(original, key, value, fields(key));
  }
  return original;
}

function mergeField(original: ObjectValue, key: string, value: unknown, merging: Merging): void {
  const current = Object.hasOwn(original, key) ? original[key] : undefined;
  if (isObject(current) && isObject(value)) setOwn(original, key, merging.strategy === 'replace' ? value : mergeObject(current, value, lookupOf(merging)));
  else if (Array.isArray(current) && Array.isArray(value)) setOwn(original, key, merging.strategy === 'merge' ? mergeList(current, value, merging) : value);
  else {
    const kept = withoutDirectives(withoutNulls(value));
    if (kept === undefined) delete original[key];
    else setOwn(original, key, kept);
  }
}

/** `$retainKeys`: whatever it does not name goes. */
function keepOnly(original: ObjectValue, patch: ObjectValue): void {
  const keys = patch[retainKeys];
  if (keys === undefined) return;
  delete patch[retainKeys];
  if (!Array.isArray(keys)) throw new PatchError('invalid patch format of retainKeys');
  const kept = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !key.startsWith(deleteFromList) && !key.startsWith(elementOrder) && !kept.has(key)) throw new PatchError('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key];
}

function deleteScalars(original: ObjectValue, key: string, values: unknown): void {
  const current = original[key];
  if (current === undefined || !Array.isArray(current)) return;
  if (!Array.isArray(values)) return;
  const gone = new Set<unknown>(values);
  original[key] = current.filter((item) => !gone.has(item));
}

/** `$setElementOrder`: merges the list it speaks of, then puts the result in its order. */
function orderElements(original: ObjectValue, patch: ObjectValue, fields: Lookup): void {
  for (const name of Object.keys(patch).filter((key) => key.startsWith(elementOrder))) {
    const order = patch[name];
    delete patch[name];
    const key = name.slice(elementOrder.length);
    const merging = fields(key);
    const [current, change] = [original[key], patch[key]];
    if (!Array.isArray(order)) throw new PatchError('expected a []interface {}, but received a ' + goKind(order));
    for (const list of [current, change]) if (list !== undefined && !Array.isArray(list)) throw new PatchError(`expected a []interface {}, but received a ${goKind(list)}`);
    checkOrder(Array.isArray(change) ? change : [], order, merging.mergeKey);
    let merged: unknown[];
    if (Array.isArray(current) && Array.isArray(change)) merged = merging.strategy === 'merge' ? mergeList(current, change, merging) : change;
    else if (Array.isArray(current)) merged = current;
    else if (Array.isArray(change)) merged = (withoutDirectives(change) ?? []) as unknown[]; // a list stays a list
    else continue;
    delete patch[key];
    if ((Array.isArray(current) ? current.length : 0) + (Array.isArray(change) ? change.length : 0) === 0) throw new PatchError('no elements in any of the given slices');
    original[key] = ordered(merged, order, Array.isArray(current) ? current : [], merging.mergeKey);
  }
}

const goKind = (value: unknown): string => (isObject(value) ? 'map[string]interface {}' : typeof value === 'number' ? 'int64' : typeof value === 'boolean' ? 'bool' : value === null ? '%!s(<nil>)' : 'string');

/** What tells an item from the others: the value of its key, or the scalar itself. */
const identity = (item: unknown, mergeKey: string): unknown => (mergeKey !== '' && isObject(item) ? item[mergeKey] : item);

function checkOrder(change: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (change.length === 0 || order.length === 0) return;
  const wanted = change.filter((item) => !(isObject(item) && Object.hasOwn(item, directive)));
  let at = 0;
  for (const item of order) {
    if (at < wanted.length && identity(wanted[at], mergeKey) === identity(item, mergeKey)) at++;
  }
  if (at < wanted.length) throw new PatchError(`The order in patch list:\n${goText(change)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
}

/** Items that the order names in that order, the server's own between them where they stood. */
function ordered(items: readonly unknown[], order: readonly unknown[], serverOrder: readonly unknown[], mergeKey: string): unknown[] {
  const rank = (list: readonly unknown[]): ReadonlyMap<unknown, number> => new Map(list.map((item, index) => [identity(item, mergeKey), index]));
  const [wanted, before] = [rank(order), rank(serverOrder)];
  const position = (ranks: ReadonlyMap<unknown, number>, item: unknown): number => ranks.get(identity(item, mergeKey)) ?? -1;
  const named = items.filter((item) => position(wanted, item) >= 0).sort((left, right) => position(wanted, left) - position(wanted, right));
  const others = items.filter((item) => position(wanted, item) < 0).sort((left, right) => position(before, left) - position(before, right));
  const merged: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < others.length && j < named.length) {
    const [left, right] = [position(before, others[i]), position(before, named[j])];
    if (left >= 0 && right >= 0 && left < right) merged.push(others[i++]);
    else merged.push(named[j++]);
  }
  return [...merged, ...others.slice(i), ...named.slice(j)];
}

function mergeList(original: unknown[], patch: unknown[], merging: Merging): unknown[] {
  const all = [...original, ...patch];
  if (all.length === 0) return original;
  if (all.some((item) => Array.isArray(item))) throw new PatchError('lists of lists are not supported');
  if (!all.every((item) => typeof item === typeof all[0])) throw new PatchError(`list element types are not identical: ${goText([original, patch])}`);
  if (!isObject(all[0])) return ordered([...new Set(all)], patch, original, '');
  const { mergeKey } = merging;
  if (mergeKey === '') throw new PatchError(`cannot merge lists without merge key for ${merging.type?.typeName ?? ''}`);
  const { kept, changes } = applySpecial(original as ObjectValue[], patch as ObjectValue[], mergeKey); // all are objects, checked above
  for (const change of changes) {
    const key = keyed(change, mergeKey);
    const index = kept.findIndex((item) => item[mergeKey] === key);
    const current = kept[index];
    if (current === undefined) kept.push(change);
    else kept[index] = mergeObject(current, change, lookup(merging.type));
  }
  for (const item of kept) keyed(item, mergeKey);
  return ordered(kept, changes, original, mergeKey);
}

function keyed(item: ObjectValue, mergeKey: string): unknown {
  if (!Object.hasOwn(item, mergeKey)) throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}

/** Items that say `$patch`: delete removes its match, replace makes the rest of the patch the whole list. */
function applySpecial(original: readonly ObjectValue[], patch: readonly ObjectValue[], mergeKey: string): { kept: ObjectValue[]; changes: ObjectValue[] } {
  let kept = [...original];
  let isReplaced = false;
  const changes: ObjectValue[] = [];
  for (const item of patch) {
    const what = item[directive];
    if (what === undefined) changes.push(item);
    else if (what === 'replace') isReplaced = true;
    else if (what === 'delete') {
      const key = keyed(item, mergeKey);
      kept = kept.filter((current) => current[mergeKey] !== key);
    } else if (what === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw new PatchError(`unknown patch type: ${goText(what)} in map: ${goText(item)}`);
  }
  return isReplaced ? { kept: changes, changes: [] } : { kept, changes };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept: ObjectValue = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) setOwn(kept, key, withoutNulls(item));
  return kept;
}

/** The value without parts that are directives; undefined if it is one itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const kept: ObjectValue = {};
  for (const [key, item] of Object.entries(value)) {
    const inner = withoutDirectives(item);
    if (inner !== undefined) setOwn(kept, key, inner);
  }
  return kept;
}
