/** Objects for tests of rules. */
import { applyDefaults, fromJson } from '@kaji/schema';
import { kinds } from './kinds.ts';
import type { AnyResource, ApiObject } from './resource.ts';

/** The kind that an object says it is of. */
export const resourceOf = (object: { readonly apiVersion: string; readonly kind: string } | undefined): AnyResource | undefined =>
  kinds.find(({ group, version, kind }) => kind === object?.kind && object.apiVersion === (group === '' ? version : `${group}/${version}`));

/** An object as a server has it when it judges it: decoded, with its defaults. */
export function decoded(resource: AnyResource, value: unknown): ApiObject {
  const { object } = fromJson<ApiObject>(resource.type, value);
  applyDefaults(resource.type, object);
  resource.defaults?.(object);
  return object;
}

/** A copy with another value at a path of names and places, or without what is there. */
export function changed(object: object, path: string, isGone: boolean, value: unknown): object {
  const made = structuredClone(object);
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], made) as Record<string, unknown>; // the rows' paths lead to where they say
  if (isGone) delete parent[last];
  else parent[last] = value;
  return made;
}
