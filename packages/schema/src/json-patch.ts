/** JSON patch (RFC 6902) on plain values. */
import { DecodeError } from './decode-error.ts';
import { isDeepEqual } from './deep-equal.ts';
import { parseJson, setOwn } from './json-parse.ts';
import { PatchError } from './patch-error.ts';

export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
}

const known = new Set(['op', 'path', 'from', 'value']);

/** Reads a JSON patch; `problems` are what strict decoding refuses. Throws DecodeError. */
export function readJsonPatch(source: Uint8Array | string): { operations: JsonPatchOperation[]; problems: string[] } {
  const { value, notes } = parseJson(source);
  if (value === null) return { operations: [], problems: [] };
  if (!Array.isArray(value)) throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go value of type []handlers.jsonPatchOp`);
  const problems: string[] = [];
  const operations = value.map((item: unknown, index): JsonPatchOperation => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw new DecodeError(`json: cannot unmarshal ${kindOf(item)} into Go value of type handlers.jsonPatchOp`);
    const operation = item as Readonly<Record<string, unknown>>; // an object, checked above
    for (const key of Object.keys(operation)) {
      if (notes.get(operation)?.duplicates.includes(key) === true) problems.push(`json patch duplicate field "[${index}].${key}"`);
      if (!known.has(key)) problems.push(`json patch unknown field "[${index}].${key}"`);
    }
    const text = (key: string): string => {
      const member = operation[key] ?? '';
      if (typeof member !== 'string') throw new DecodeError(`json: cannot unmarshal ${kindOf(member)} into Go struct field jsonPatchOp.${key} of type string`);
      return member;
    };
    return { op: text('op'), path: text('path'), from: text('from'), value: operation['value'] };
  });
  return { operations, problems };
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value);

/** Applies the operations in order, all or none. Throws PatchError; the document is not changed. */
export function jsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const root = { '': structuredClone(document) };
  for (const operation of operations) apply(root, operation);
  return root[''];
}

type Holder = Record<string, unknown> | unknown[];

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

function missing(operation: string, path: string): PatchError {
  return new PatchError(`${operation} operation does not apply: doc is missing path: "${path}": missing value`);
}

/** Where a pointer points: what holds the value, and its key there. */
function placeOf(root: Holder, path: string, operation: string): Place {
  const segments = path.split('/');
  // Kubernetes: its library ignores what stands before the first slash.
  const keys = (segments.length === 1 ? segments : ['', ...segments.slice(1)]).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let holder: unknown = root;
  for (const key of keys.slice(0, -1)) {
    holder = valueAt(holder, key);
    if (typeof holder !== 'object' || holder === null) throw missing(operation, path);
  }
  return { holder: holder as Holder, key: keys.at(-1) ?? '' }; // an object or a list, checked in the loop; the root is one
}

function valueAt(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) return holder[/^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : -1];
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Readonly<Record<string, unknown>>)[key]; // an object, checked above
}

const hasValue = ({ holder, key }: Place): boolean => (Array.isArray(holder) ? valueAt(holder, key) !== undefined : Object.hasOwn(holder, key));

function indexOf(key: string, limit: number, operation: string, path: string): number {
  const index = /^-?(?:0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  const positive = index < 0 ? index + limit + 1 : index;
  if (!(positive >= 0 && positive <= limit)) throw new PatchError(`${operation} operation does not apply: doc is missing path: ${path}: invalid index referenced`);
  return positive;
}

function add(root: Holder, path: string, value: unknown, operation = 'add'): void {
  const { holder, key } = placeOf(root, path, operation);
  if (Array.isArray(holder)) holder.splice(key === '-' ? holder.length : indexOf(key, holder.length, operation, path), 0, value);
  else setOwn(holder, key, value);
}

function remove(root: Holder, path: string, operation = 'remove'): unknown {
  const place = placeOf(root, path, operation);
  const { holder, key } = place;
  if (Array.isArray(holder)) {
    const index = indexOf(key, holder.length - 1, operation, path);
    return holder.splice(index, 1)[0];
  }
  if (!hasValue(place)) throw new PatchError(`${operation} operation does not apply: doc is missing key: ${path}: missing value`);
  const value = holder[key];
  delete holder[key];
  return value;
}

function read(root: Holder, path: string, operation: string): unknown {
  const place = placeOf(root, path, operation);
  if (!hasValue(place)) throw missing(operation, path);
  return valueAt(place.holder, place.key);
}

function apply(root: Holder, { op, path, from = '', value }: JsonPatchOperation): void {
  switch (op) {
    case 'add': return add(root, path, value === undefined ? null : structuredClone(value));
    case 'remove':
      remove(root, path);
      return;
    case 'replace': {
      const place = placeOf(root, path, 'replace');
      // Kubernetes: its library replaces keys of objects that are not there.
      if (Array.isArray(place.holder) && !hasValue(place)) throw missing('replace', path);
      if (Array.isArray(place.holder)) place.holder[Number(place.key)] = structuredClone(value ?? null);
      else setOwn(place.holder, place.key, structuredClone(value ?? null));
      return;
    }
    case 'move': return add(root, path, remove(root, from, 'move'), 'move');
    case 'copy': return add(root, path, structuredClone(read(root, from, 'copy')), 'copy');
    case 'test': {
      const place = placeOf(root, path, 'test');
      if (!isDeepEqual(valueAt(place.holder, place.key) ?? null, value ?? null)) throw new PatchError(`testing value ${path} failed: test failed`);
      return;
    }
    default: throw new PatchError(`Unexpected kind: ${op === '' ? 'unknown' : op}`);
  }
}
