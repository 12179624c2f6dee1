/** Metadata that a write of the status does not change, for the kinds that say so. */
import type { ApiObject } from '@kaji/api';

const kept = ['deletionTimestamp', 'generation', 'selfLink', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Takes everything but the identity from the old object. Kubernetes: newer kinds do so, older ones change labels and annotations, too. */
export function keepMetadata({ metadata }: ApiObject, { metadata: old }: ApiObject): void {
  for (const name of kept) delete metadata[name];
  Object.assign(metadata, Object.fromEntries(kept.filter((name) => old[name] !== undefined).map((name) => [name, old[name]])));
}
