/** DELETE of a collection: lists as a list would, then deletes one by one, a few at a time. */
import { ApiError } from '@kaji/api';
import type { Reply } from '../../pipeline/request.ts';
import type { Call } from '../call.ts';
import { deleteOptions, listOptions } from '../options.ts';
import { formOf, noSingleObject } from '../respond.ts';
import { deleteObject, warnOfOrphans } from './delete.ts';
import { pageOf, showPage } from './list.ts';

/** Writes of one collection that wait together: few enough for one slice of the loop. */
const width = 16;

export async function deleteCollection(call: Call): Promise<Reply> {
  const { served, request } = call;
  const form = formOf(call);
  const listing = listOptions(request, false);
  const options = await deleteOptions(request, call.parts.yaml);
  warnOfOrphans(call, options);
  const page = await pageOf(call, listing);
  for (let at = 0; at < page.items.length; at += width) {
    await Promise.all(page.items.slice(at, at + width).map(async (item) => {
      const { name, namespace } = item.object.metadata;
      try {
        await deleteObject(inNamespace(call, namespace ?? ''), name ?? '', { ...options });
      } catch (error) {
        if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error; // gone already: what was wanted
      }
    }));
    await call.parts.turns.next();
  }
  // Kubernetes: what cannot be shown is deleted nevertheless.
  if (form.as === 'metadata') throw noSingleObject(call);
  return showPage({ ...call, served }, form, page);
}

/** One object's share of a collection of all namespaces. */
function inNamespace(call: Call, namespace: string): Call {
  const { request } = call;
  return request.target.namespace === namespace ? call : { ...call, request: { ...request, target: { ...request.target, namespace } } };
}
