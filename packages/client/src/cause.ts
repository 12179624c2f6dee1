/**
 * What a write was caused by, as text for the `kaji-cause` header: the revisions of the objects a reconcile had been
 * woken by, `deployments.apps/default/web@1042`, several parted by commas. The store keeps it beside the write, so a
 * chain of causes can be followed backwards from any revision to the request of a user.
 */
import { type ApiObject, type Named, qualified } from '@kaji/api';

export interface CauseReference {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** More than this many say no more: the newest are kept. */
const causesLimit = 8;

export const causeOf = (of: Named, object: ApiObject): string => {
  const { namespace, name = '', resourceVersion = '' } = object.metadata;
  return `${qualified(of)}/${namespace === undefined || namespace === '' ? '' : `${namespace}/`}${name}@${resourceVersion}`;
};

/** Adds one cause to a list, each once, bounded. */
export function addCause(causes: readonly string[], cause: string): readonly string[] {
  if (causes.includes(cause)) return causes;
  return causes.length < causesLimit ? [...causes, cause] : [...causes.slice(1), cause];
}

const revisionOf = (cause: string): number => Number(cause.slice(cause.lastIndexOf('@') + 1));

/** The newest first: where several led to a write, the last change before it most likely did. */
export const causeText = (causes: readonly string[]): string => causes.toSorted((a, b) => revisionOf(b) - revisionOf(a)).join(',');

/** Reads the header's text; what is not of its form (another client's) is left out. */
export function parseCause(text: string): readonly CauseReference[] {
  const references: CauseReference[] = [];
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('@');
    const names = part.slice(0, Math.max(at, 0)).split('/');
    const [resource = '', first = '', second] = names;
    if (at < 0 || resource === '' || first === '' || names.length > 3) continue;
    references.push({ resource, namespace: second === undefined ? '' : first, name: second ?? first, resourceVersion: part.slice(at + 1) });
  }
  return references;
}
