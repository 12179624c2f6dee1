/**
 * Strategic merge patch: a merge patch that knows from the schema which lists merge by key, with the directives `$patch`,
 * `$retainKeys`, `$setElementOrder/x` and `$deleteFromPrimitiveList/x`.
 */
import { goText } from './go-text.ts';
import { setOwn } from './json-parse.ts';
import { inOrder, type ItemKey } from './element-order.ts';
import { PatchError } from './patch-error.ts';
import { planOf, shortName } from './plan.ts';
import type { MessageType } from './field.ts';

type ObjectValue = Record<string, unknown>;

const directive = '$patch';
const retainKeys = '$retainKeys';
const elementOrder = '$setElementOrder';
const deleteFromList = '$deleteFromPrimitiveList';

const isObject = (value: unknown): value is ObjectValue => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the schema says of a field. */
interface Merging {
  /** Of its value, its items or its entries; absent for what is plain JSON. */
  readonly type: MessageType<unknown> | undefined;
  /** Go's name of what holds JSON that no schema describes: it does not merge. */
  readonly opaque?: string | undefined;
  /** Of the entries of a map of messages. */
  readonly isMap: boolean;
  readonly isList: boolean;
  readonly strategy: string;
  readonly mergeKey: string;
}

const plain: Merging = { type: undefined, isMap: false, isList: true, strategy: '', mergeKey: '' };

/** What the schema says of what stands under a key. Throws PatchError. */
type Lookup = (key: string) => Merging;

const unknownField = (struct: string, key: string): PatchError => new PatchError(`unable to find api field in struct ${struct} for the json field ${JSON.stringify(key)}`);

/**
 * The original with the patch merged in, by the type's merge keys. Both are used up: the original becomes the result, and directives that are carried
 * out are taken out of the patch, with the lists that they put in order: messages show what is left. Throws PatchError.
 */
export function strategicMergePatch<T>(type: MessageType<T>, original: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  return mergeObject(original, patch, lookup(type as MessageType<unknown>));
}

function lookup(type: MessageType<unknown> | undefined): Lookup {
  if (type === undefined) return () => plain;
  const { byName } = planOf(type);
  return (key) => {
    const field = byName.get(key)?.field;
    if (field === undefined) throw unknownField(shortName(type), key);
    const strategy = (field.options.patchStrategy ?? '').split(',').find((part) => part !== 'retainKeys') ?? '';
    return { type: typeof field.of === 'string' ? undefined : field.of, opaque: typeof field.of === 'string' ? opaque[field.of] : undefined, isMap: field.kind === 'map', isList: field.kind === 'list', strategy, mergeKey: field.options.mergeKey ?? '' };
  };
}

const opaque: Readonly<Record<string, string>> = { rawExtension: 'RawExtension', json: 'JSON', fieldsV1: 'FieldsV1' };

const lookupOf = (merging: Merging): Lookup => (merging.opaque !== undefined ? (key) => { throw unknownField(merging.opaque ?? '', key); } : merging.isMap ? () => ({ ...plain, type: merging.type }) : lookup(merging.type));

/** Merges in place and returns what is to stand there. */
function mergeObject(original: ObjectValue, patch: ObjectValue, fields: Lookup): ObjectValue {
  if (Object.hasOwn(patch, directive)) {
    const what = patch[directive];
    if (what === 'delete') return {};
    if (what === 'replace') {
      delete patch[directive];
      return patch;
    }
    throw unknownDirective(what, patch);
  }
  keepOnly(original, patch);
  orderElements(original, patch, fields);
  for (const [key, value] of Object.entries(patch)) {
    const isDeletion = key.startsWith(deleteFromList);
    const name = isDeletion ? nameBehind(key, deleteFromList, 'invalid patch format of primitive list') : key;
    if (value === null) delete original[name];
    else mergeField(original, name, value, { fields, isDeletion });
  }
  return original;
}

function unknownDirective(what: unknown, patch: ObjectValue): PatchError {
  const shown = typeof what === 'string' ? what : what === null ? '%!s(<nil>)' : typeof what === 'number' ? `%!s(${Number.isInteger(what) ? 'int64' : 'float64'}=${what})` : typeof what === 'boolean' ? `%!s(bool=${what})` : goText(what);
  return new PatchError(`unknown patch type: ${shown} in map: ${goText(patch)}`);
}

function nameBehind(key: string, prefix: string, problem: string): string {
  if (!key.startsWith(`${prefix}/`)) throw new PatchError(problem, 'malformed');
  return key.slice(prefix.length + 1);
}

function mergeField(original: ObjectValue, key: string, value: unknown, { fields, isDeletion }: { readonly fields: Lookup; readonly isDeletion: boolean }): void {
  const current = Object.hasOwn(original, key) ? original[key] : undefined;
  if (isObject(current) && isObject(value)) {
    const merging = fields(key);
    setOwn(original, key, merging.strategy === 'replace' ? value : mergeObject(current, value, lookupOf(merging)));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    const merging = fields(key);
    setOwn(original, key, merging.strategy === 'merge' || isDeletion ? mergeList(current, value, { merging, isDeletion }) : value);
  } else if (!isDeletion) {
    dropNulls(value);
    const kept = withoutDirectives(value);
    if (kept === undefined) delete original[key];
    else setOwn(original, key, kept);
  }
}

/** `$retainKeys`: whatever it does not name goes. */
function keepOnly(original: ObjectValue, patch: ObjectValue): void {
  if (!Object.hasOwn(patch, retainKeys)) return;
  const keys = patch[retainKeys];
  delete patch[retainKeys];
  const malformed = (): PatchError => new PatchError('invalid patch format of retainKeys', 'malformed');
  if (!Array.isArray(keys)) throw malformed();
  const kept = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !key.startsWith(deleteFromList) && !key.startsWith(elementOrder) && !kept.has(key)) throw malformed();
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key];
}

/** `$setElementOrder`: merges the list it speaks of, then puts the result in its order. */
function orderElements(original: ObjectValue, patch: ObjectValue, fields: Lookup): void {
  for (const name of Object.keys(patch).filter((key) => key.startsWith(elementOrder))) {
    const order = patch[name];
    delete patch[name];
    if (!Array.isArray(order)) throw wrongKind('[]interface {}', order);
    const key = nameBehind(name, elementOrder, 'invalid patch format of setElementOrder list');
    const [current, change] = [original[key], patch[key]];
    for (const list of [current, change]) if (list !== undefined && !Array.isArray(list)) throw wrongKind('[]interface {}', list);
    const merging = fields(key);
    if (!merging.isList) throw new PatchError('expected slice or array type, but got: struct');
    const before = (current ?? []) as readonly unknown[]; // a list, checked above
    const changes = (change ?? []) as unknown[]; // as above
    const { mergeKey } = merging;
    checkOrder(changes, order, mergeKey);
    if (current === undefined && change === undefined) continue;
    let merged: readonly unknown[] = before;
    if (current === undefined) merged = withoutDirectives(changes) as unknown[]; // a list stays a list
    else if (change !== undefined) merged = merging.strategy === 'merge' ? mergeList([...before], changes, { merging, isDeletion: false }) : changes;
    delete patch[key];
    if (before.length + changes.length === 0) throw new PatchError('no elements in any of the given slices');
    const misplaced = mergeKey === '' ? -1 : order.findIndex((item) => !isObject(item));
    if (misplaced >= 0) throw new PatchError(`value for key ${misplaced} is not a map`);
    original[key] = inOrder(merged, { order, serverOrder: orderAfter(before, changes, merged, mergeKey), keyOf: keyOf(merged, mergeKey) });
  }
}

/** Kubernetes: Go deletes from a list and appends to it in place: new items stand where the last ones did, as far as some were deleted. */
function orderAfter(before: readonly unknown[], changes: readonly unknown[], merged: readonly unknown[], mergeKey: string): readonly unknown[] {
  if (mergeKey === '') return before;
  const keys = (items: readonly unknown[]): ReadonlySet<unknown> => new Set(items.map((item) => keyed(item, mergeKey)));
  const [old, now] = [keys(before), keys(merged)];
  const kept = before.filter((item) => now.has(keyed(item, mergeKey)));
  if (kept.length === before.length) return before;
  return [...kept, ...changes.filter((item) => isObject(item) && now.has(item[mergeKey]) && !old.has(item[mergeKey]))].slice(0, before.length);
}

const wrongKind = (expected: string, value: unknown): PatchError => new PatchError(`expected a ${expected}, but received a ${goKind(value)}`);

function goKind(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'object': return 'map[string]interface {}';
    case 'number': return Number.isInteger(value) ? 'int64' : 'float64';
    case 'boolean': return 'bool';
    case 'bigint': return 'int64';
    default: return 'string';
  }
}

/** The value of an item's key. Throws PatchError for what is no object or has none. */
function keyed(item: unknown, mergeKey: string): unknown {
  if (!isObject(item)) throw wrongKind('map[string]interface {}', item);
  if (!Object.hasOwn(item, mergeKey)) throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}

/** What tells items apart: the value of their key, or the scalar itself. */
const keyOf = (items: readonly unknown[], mergeKey: string): ItemKey => (items.some(isObject) ? (item) => keyed(item, mergeKey) : (item) => item);

function checkOrder(changes: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (changes.length === 0 || order.length === 0) return;
  if (mergeKey !== '') for (const item of changes) if (!isObject(item)) throw wrongKind('map[string]interface {}', item);
  const wanted = changes.filter((item) => !(isObject(item) && item[directive] === 'delete'));
  const identity: ItemKey = mergeKey === '' ? (item) => item : (item) => keyed(item, mergeKey);
  const isDirective = (item: unknown): boolean => isObject(item) && Object.hasOwn(item, directive);
  let at = 0;
  for (const item of order) {
    while (at < wanted.length && isDirective(wanted[at])) at++;
    if (at < wanted.length && identity(wanted[at]) === identity(item)) at++;
  }
  if (at < wanted.length) throw new PatchError(`The order in patch list:\n${goText(changes)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
}

function mergeList(original: unknown[], patch: unknown[], { merging, isDeletion }: { readonly merging: Merging; readonly isDeletion: boolean }): unknown[] {
  const all = [...original, ...patch];
  if (all.length === 0) return original;
  if (Array.isArray(all[0])) throw new PatchError('lists of lists are not supported', 'rejected');
  if (!all.every((item) => goKind(item) === goKind(all[0]))) throw new PatchError(`list element types are not identical: ${goText([original, patch])}`);
  if (!isObject(all[0])) {
    const gone = new Set(patch);
    if (isDeletion) return original.filter((item) => !gone.has(item));
    return inOrder([...new Set(all)], { order: patch, serverOrder: original, keyOf: (item) => item });
  }
  const { mergeKey } = merging;
  if (mergeKey === '') throw new PatchError('cannot merge lists without merge key for struct');
  const { kept, changes } = applySpecial(original as ObjectValue[], patch as ObjectValue[], mergeKey); // all are objects, checked above
  const serverOrder = [...kept];
  const places = new Map<unknown, number>();
  for (const [index, item] of kept.entries()) if (!places.has(item[mergeKey])) places.set(item[mergeKey], index);
  for (const change of changes) {
    const key = keyed(change, mergeKey);
    const index = places.get(key);
    const current = index === undefined ? undefined : kept[index];
    if (index === undefined || current === undefined) places.set(key, kept.push(change) - 1);
    else kept[index] = serverOrder[index] = mergeObject(current, change, lookup(merging.type));
  }
  return inOrder(kept, { order: changes, serverOrder, keyOf: (item) => keyed(item, mergeKey) });
}

/** Items that say `$patch`: delete removes its match, replace makes the rest of the patch the whole list. */
function applySpecial(original: readonly ObjectValue[], patch: readonly ObjectValue[], mergeKey: string): { kept: ObjectValue[]; changes: ObjectValue[] } {
  const deleted = new Set<unknown>();
  let isReplaced = false;
  const changes: ObjectValue[] = [];
  for (const item of patch) {
    const what = item[directive];
    if (what === undefined) changes.push(item);
    else if (what === 'replace') isReplaced = true;
    else if (what === 'delete') {
      deleted.add(keyed(item, mergeKey));
    } else if (what === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(what, item);
  }
  return isReplaced ? { kept: changes, changes: [] } : { kept: original.filter((item) => !deleted.has(item[mergeKey])), changes };
}

/** In place: messages show the patch without them. */
function dropNulls(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(item);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item === null) delete value[key];
      else dropNulls(item);
    }
  }
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
