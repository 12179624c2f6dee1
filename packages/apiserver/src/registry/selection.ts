/** Which objects a list or watch shows: label and field selectors, and what can be looked up instead of scanned. */
import { type AnyResource, badRequest } from '@kaji/api';
import { DecodeError, matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from '@kaji/schema';
import type { Item } from '../watch-cache/item.ts';

export interface Filter {
  readonly isEmpty: boolean;
  /** The only name that can match, where the selector says so. */
  readonly name: string | undefined;
  matches(item: Item): boolean;
}

/** A kind as it is served, and as it is stored. */
interface Kinds {
  readonly resource: AnyResource;
  readonly stored: AnyResource;
}

const everything: Filter = { isEmpty: true, name: undefined, matches: () => true };

/** Throws BadRequest with upstream's texts. */
export function selectorOf({ resource, stored }: Kinds, { labelSelector, fieldSelector }: { readonly labelSelector: string; readonly fieldSelector: string }): Filter {
  if (labelSelector === '' && fieldSelector === '') return everything;
  const labels = labelSelector === '' ? undefined : reading(() => parseLabelSelector(labelSelector));
  // Kubernetes: a term without a field and without a value holds for all.
  const fields = fieldSelector === '' ? undefined : reading(() => parseFieldSelector(fieldSelector)).filter(({ path, value }) => path !== '' || value !== '');
  if (fields !== undefined) for (const { path } of fields) requireKnown(resource, stored, path);
  const name = fields?.find(({ path, isEqual }) => path === 'metadata.name' && isEqual)?.value;
  return {
    isEmpty: (labels === undefined || labels.requirements.length === 0) && (fields === undefined || fields.length === 0),
    name,
    matches: (item) => (labels === undefined || matchesLabels(labels, item.labels)) && (fields === undefined || matchesFields(fields, (path) => item.field(resource.storedFields?.[path] ?? path))),
  };
}

function reading<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

function requireKnown({ isNamespaced, storedFields }: AnyResource, { selectableFields, refusedField }: AnyResource, field: string): void {
  if (field === 'metadata.name' || (field === 'metadata.namespace' && isNamespaced)) return;
  const known = storedFields ?? selectableFields;
  if (known?.[field] !== undefined) return;
  // Kubernetes: kinds with fields of their own refuse others in other words than kinds without.
  if (known !== undefined) throw badRequest(refusedField?.(field) ?? `field label not supported: ${field}`);
  throw badRequest(`${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
