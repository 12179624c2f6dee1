import { sortKeys } from './json-encode.ts';
import { setOwn } from './json-parse.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces. Neither argument is changed. What was merged has
 * its keys sorted, as upstream's library leaves them; `made` hears of each such object and the part of the patch it was made with.
 */
export function mergePatch(target: unknown, patch: unknown, made?: (merged: object, from: object) => void): unknown {
  if (!isObject(patch)) return patch;
  const members = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key), value, made));
  }
  const merged: Record<string, unknown> = {};
  for (const key of isObject(target) ? sortKeys([...members.keys()]) : members.keys()) setOwn(merged, key, members.get(key));
  made?.(merged, patch);
  return merged;
}
