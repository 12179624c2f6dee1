/** JSON patch (RFC 6902) on plain values, as upstream's library applies it: looser than the RFC here, stricter there. */
import { partLimit } from './body-limits.ts';
import { DecodeError } from './decode-error.ts';
import { isDeepEqual } from './deep-equal.ts';
import { sortKeys, valueText } from './json-encode.ts';
import { type JsonNotes, parseJson, setOwn } from './json-parse.ts';
import { PatchError } from './patch-error.ts';

/** One operation as it was written: its members may be of any type, and it may be null. */
export type JsonPatchOperation = Readonly<Record<string, unknown>> | null;

export interface ReadJsonPatch {
  readonly operations: readonly JsonPatchOperation[];
  /** What strict decoding refuses. */
  readonly problems: readonly string[];
}

const members: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

/** Reads a JSON patch; `isChecked` where wrong types of members are refused now, not when they are applied. Throws DecodeError. */
export function readJsonPatch(source: Uint8Array | string, isChecked: boolean): ReadJsonPatch {
  const { value, notes } = parseJson(source, partLimit);
  if (value === null) return { operations: [], problems: [] };
  if (!Array.isArray(value)) throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${isChecked ? '[]handlers.jsonPatchOp' : 'jsonpatch.Patch'}`);
  const problems: string[] = [];
  const operations = value.map((item: unknown, index): JsonPatchOperation => {
    if (item === null) return null;
    if (typeof item !== 'object' || Array.isArray(item)) throw new DecodeError(`json: cannot unmarshal ${kindOf(item)} into Go value of type ${isChecked ? 'handlers.jsonPatchOp' : 'jsonpatch.Operation'}`);
    const operation = item as Readonly<Record<string, unknown>>; // an object, checked above
    if (isChecked) check(operation, index, { notes, problems });
    return operation;
  });
  return { operations, problems };
}

function check(operation: Readonly<Record<string, unknown>>, index: number, { notes, problems }: { readonly notes: ReadonlyMap<object, JsonNotes>; readonly problems: string[] }): void {
  for (const [key, value] of Object.entries(operation)) {
    if (notes.get(operation)?.duplicates.has(key) === true) problems.push(`json patch duplicate field "[${index}].${key}"`);
    if (!members.has(key)) problems.push(`json patch unknown field "[${index}].${key}"`);
    else if (key !== 'value' && value !== null && typeof value !== 'string') throw new DecodeError(`json: cannot unmarshal ${kindOf(value)} into Go struct field jsonPatchOp.${key} of type string`);
  }
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value);

/** Applies the operations in order. The document is used up: it becomes the result, in which what was looked into has its keys sorted. Throws PatchError. */
export function jsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const steps = jsonPatchSteps(document, operations);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** So many operations on a list of half a million items take some 20 ms. */
const stepSize = 64;

/** As jsonPatch, with places where others may have their turn. */
export function* jsonPatchSteps(document: unknown, operations: readonly JsonPatchOperation[]): Generator<undefined, unknown> {
  const patching = new Patching(document);
  for (const [index, operation] of operations.entries()) {
    if ((index + 1) % stepSize === 0) yield undefined;
    patching.apply(operation ?? {});
  }
  return patching.result();
}

/** Kubernetes: what all copies of a patch may come to, in bytes of JSON. */
const copyLimit = 3 * 1024 * 1024;

type Holder = Record<string, unknown> | unknown[];

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

class Patching {
  #root: unknown;
  readonly #touched = new Set<Holder>();
  #copied = 0;

  constructor(root: unknown) {
    this.#root = root;
    if (isHolder(root)) this.#touched.add(root);
  }

  result(): unknown {
    for (const holder of this.#touched) if (!Array.isArray(holder)) reorder(holder);
    return this.#root;
  }

  apply(operation: Readonly<Record<string, unknown>>): void {
    switch (operation['op']) {
      case 'add': this.#add(this.#place(pathIn(operation, 'path')), structuredClone(operation['value'] ?? null)); return;
      case 'remove': this.#remove(this.#place(pathIn(operation, 'path'))); return;
      case 'replace': this.#replace(operation); return;
      case 'move': {
        const from = this.#place(pathIn(operation, 'from'));
        const value = read(from);
        this.#remove(from);
        this.#add(this.#place(pathIn(operation, 'path')), value);
        return;
      }
      case 'copy': {
        const value = read(this.#place(pathIn(operation, 'from')));
        this.#copied += new TextEncoder().encode(valueText(value)).length;
        if (this.#copied > copyLimit) throw new PatchError('the copies take too much room');
        this.#add(this.#place(pathIn(operation, 'path')), structuredClone(value));
        return;
      }
      case 'test': {
        const path = pathIn(operation, 'path');
        const value = path === '' ? this.#root : read(this.#place(path));
        if (!isDeepEqual(value ?? null, operation['value'] ?? null)) throw new PatchError(`testing value ${path} failed: test failed`);
        return;
      }
      default: throw new PatchError(`Unexpected kind: ${typeof operation['op'] === 'string' ? operation['op'] : 'unknown'}`);
    }
  }

  /** What holds the value, and its key there. What stands before the first slash is ignored. */
  #place(path: string): Place {
    const parts = path.split('/');
    const keys = path.includes('~') ? parts.map((part) => part.replaceAll(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'))) : parts;
    keys.shift();
    const key = keys.pop();
    if (key === undefined) throw missing(path);
    let holder = this.#root;
    for (const part of keys) {
      if (!isHolder(holder)) throw missing(path);
      this.#touched.add(holder);
      holder = read({ holder, key: part });
    }
    if (!isHolder(holder)) throw missing(path);
    this.#touched.add(holder);
    return { holder, key };
  }

  #add({ holder, key }: Place, value: unknown): void {
    if (!Array.isArray(holder)) setOwn(holder, key, value ?? null);
    else holder.splice(key === '-' ? holder.length : indexOf(key, holder.length + 1), 0, value ?? null);
  }

  #remove({ holder, key }: Place): void {
    if (Array.isArray(holder)) {
      holder.splice(indexOf(key, holder.length), 1);
      return;
    }
    if (!Object.hasOwn(holder, key)) throw new PatchError(`Unable to remove nonexistent key: ${key}: missing value`);
    delete holder[key];
  }

  /** A key of an object need not be there. */
  #replace(operation: Readonly<Record<string, unknown>>): void {
    const path = pathIn(operation, 'path');
    const value = structuredClone(operation['value'] ?? null);
    if (path === '') {
      if (!isHolder(value)) throw new PatchError('replace operation value must be object or array');
      this.#root = value;
      this.#touched.add(value);
      return;
    }
    const { holder, key } = this.#place(path);
    if (Array.isArray(holder)) holder[indexOf(key, holder.length)] = value;
    else setOwn(holder, key, value);
  }
}

const missing = (path: string): PatchError => new PatchError(`doc is missing path: "${path}": missing value`);

function pathIn(operation: Readonly<Record<string, unknown>>, member: 'path' | 'from'): string {
  const path = operation[member];
  if (typeof path !== 'string') throw new PatchError(`operation missing ${member} field: missing value`);
  return path;
}

/** A key that an object does not have reads as nothing. */
function read({ holder, key }: Place): unknown {
  if (Array.isArray(holder)) return holder[indexOf(key, holder.length)];
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** As Go reads it: signs and leading zeros are fine, and negative ones count from the end. */
function indexOf(key: string, size: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  const positive = index < 0 ? index + size : index;
  if (!(positive >= 0 && positive < size)) throw new PatchError(`Unable to access invalid index: ${key}: invalid index referenced`);
  return positive;
}

/** The object with its keys in order; the same one where they are. */
function reorder(object: Record<string, unknown>): void {
  const keys = Object.keys(object);
  const sorted = sortKeys([...keys]);
  if (keys.every((key, index) => key === sorted[index])) return;
  const values = sorted.map((key) => object[key]);
  for (const key of keys) delete object[key];
  for (const [index, key] of sorted.entries()) setOwn(object, key, values[index]);
}
