import { sortKeys } from './json-encode.ts';
import { setOwn } from './json-parse.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Told of each object or list that was made, and of the part of the patch that it was made with. */
type Made = (merged: object, from: object) => void;

/**
 * JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces. Neither argument is changed. Whatever the patch
 * touched or brought has its keys sorted, as upstream's library leaves them.
 */
export function mergePatch(target: unknown, patch: unknown, made?: Made): unknown {
  if (!isObject(target)) return brought(patch, made);
  if (!isObject(patch)) return patch;
  const members = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key), value, made));
  }
  return sortedObject(members, patch, made);
}

/** What a patch brings where nothing was to merge with: without nulls, in lists, too. */
function brought(patch: unknown, made?: Made): unknown {
  if (Array.isArray(patch)) {
    const list = patch.map((item) => brought(item, made));
    made?.(list, patch);
    return list;
  }
  if (!isObject(patch)) return patch;
  return sortedObject(new Map(Object.entries(patch).filter(([, value]) => value !== null).map(([key, value]) => [key, brought(value, made)])), patch, made);
}

function sortedObject(members: ReadonlyMap<string, unknown>, from: object, made?: Made): object {
  const merged: Record<string, unknown> = {};
  for (const key of sortKeys([...members.keys()])) setOwn(merged, key, members.get(key));
  made?.(merged, from);
  return merged;
}
