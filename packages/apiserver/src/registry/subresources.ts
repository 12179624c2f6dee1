/** Which function serves which subresource. Streaming ones (exec, log, proxy, ...) are served elsewhere. */
import { type AnyResource, ApiError } from '@kaji/api';
import type { Verb } from './call.ts';
import { bind } from './core/binding.ts';
import { evict } from './core/eviction.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { get } from './verbs/get.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';

const table: Readonly<Record<string, Readonly<Record<string, Verb>>>> = {
  status: { get, patch, update },
  approval: { get, patch, update },
  ephemeralcontainers: { get, patch, update },
  resize: { get, patch, update },
  scale: { get: getScale, patch: patchScale, update: updateScale },
  binding: { create: bind },
  eviction: { create: evict },
  finalize: { update },
};

export function subresourceVerb(resource: AnyResource, subresource: string, verb: string): Verb {
  const declared = resource.subresources.find(({ name }) => name === subresource);
  if (declared === undefined) throw new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });
  const run = table[subresource]?.[verb === 'watch' ? 'get' : verb];
  if (run === undefined) throw new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', { details: {} });
  return run;
}
