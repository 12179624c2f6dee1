/** Metadata that a write of the status does not change, for the kinds that say so. */
import type { ApiObject } from '@kaji/api';

const kept = ['deletionTimestamp', 'generation', 'selfLink', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Takes everything but the identity from the old object. Kubernetes: newer kinds do so, older ones change labels and annotations, too. */
export function keepMetadata(object: ApiObject, old: ApiObject): void {
  keep(object, old, kept);
}

/** As keepMetadata, but for what only the server sets. */
export function keepGivenMetadata(object: ApiObject, old: ApiObject): void {
  keep(object, old, ['labels', 'annotations', 'finalizers', 'ownerReferences']);
}

/** Takes all from the old object but who manages what. */
export function keepAllMetadata(object: ApiObject, { metadata: old }: ApiObject): void {
  const { managedFields } = object.metadata;
  object.metadata = { ...old, managedFields };
}

function keep({ metadata }: ApiObject, { metadata: old }: ApiObject, names: readonly (typeof kept)[number][]): void {
  for (const name of names) delete metadata[name];
  Object.assign(metadata, Object.fromEntries(names.filter((name) => old[name] !== undefined).map((name) => [name, old[name]])));
}
