/** GET of one object: bytes from the cache. */
import { badRequest, notFound } from '@kaji/api';
import type { Reply } from '../../pipeline/request.ts';
import { type Call, keyOfCall } from '../call.ts';
import { isTrue } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import { revisionOf } from '../versions.ts';
import { plainError } from '../invalid.ts';

export async function get(call: Call): Promise<Reply> {
  const { request, served, parts } = call;
  const form = formOf(call);
  const isExport = request.query.get('export');
  if (isExport !== null && isTrue(isExport)) throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  const asked = revisionOf(request.query.get('resourceVersion') ?? '');
  // Kubernetes: a garbage version of a GET is a plain 500.
  if (typeof asked === 'string') throw plainError(asked);
  if (asked === undefined) {
    const waiting = parts.caches.fresh();
    if (waiting !== undefined) await waiting;
  } else if (asked > parts.caches.revision) {
    await parts.caches.reach(asked);
  }
  const item = served.cache.get(keyOfCall(call));
  if (item === undefined) throw notFound(served.resource, request.target.name);
  return respondItem(call, form, item, 200);
}
