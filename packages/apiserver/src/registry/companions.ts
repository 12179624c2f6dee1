/** Objects that are written together with another, at the same revision: either all of them are stored or none. */
import { type AnyResource, type ApiObject } from '@kaji/api';
import { defined } from '@kaji/base';
import type { Call } from './call.ts';
import { keyOf } from './keys.ts';
import { manageFields } from './managed-fields.ts';
import type { CompanionWrite } from './object-store.ts';
import { fillSystemFields } from './system-fields.ts';

/** One to create, or one to delete, if it is there. */
export type Companion =
  | { readonly resource: AnyResource; readonly object: ApiObject }
  | { readonly resource: AnyResource; readonly namespace?: string; readonly name: string };

export const companionWrites = (call: Call, companions: readonly Companion[]): readonly CompanionWrite[] => companions.map((companion) => {
  const { parts, pace } = call;
  const served = defined(parts.servedFor(companion.resource), companion.resource.plural);
  if (!('object' in companion)) return { served, key: keyOf(served.prefix, companion.namespace ?? '', companion.name), object: undefined };
  const object = structuredClone(companion.object);
  const { name = '', namespace = '' } = object.metadata;
  // The server's own doing, whoever asked for the object that needs it.
  const request = { ...call.request, target: { ...call.request.target, resource: companion.resource, namespace, name, subresource: '' }, headers: { 'user-agent': 'kube-apiserver' } };
  const own: Call = { parts, served, request, warnings: [], pace };
  fillSystemFields(own, object);
  manageFields(own, undefined, object, '');
  return { served, key: keyOf(served.prefix, namespace, name), object };
});
