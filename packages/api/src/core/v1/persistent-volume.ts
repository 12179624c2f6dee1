import { message, oneOf, ref, string, time } from '@kaji/schema';
import { persistentVolumeColumns } from '../../columns/storage.ts';
import { resource } from '../../resource.ts';
import { persistentVolumeWarnings, validatePersistentVolume } from './persistent-volume-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { PersistentVolumeSpec } from './persistent-volume-source.ts';

/** What has become of a volume. */
export class PersistentVolumeStatus extends message('k8s.io.api.core.v1.PersistentVolumeStatus', {
  /** Whether it is free, bound to a claim, released by it, or failed. */
  phase: oneOf(1, 'Pending', 'Available', 'Bound', 'Released', 'Failed').default('Pending').named('v1.PersistentVolumePhase'),
  /** Why, for people. */
  message: string(2),
  /** Why, as one word that programs can read. */
  reason: string(3),
  /** When the phase last changed. */
  lastPhaseTransitionTime: time(4).explicit(),
}) {}

/** A piece of storage of the cluster, which lives apart from the pods that use it. */
export class PersistentVolume extends message('k8s.io.api.core.v1.PersistentVolume', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What the volume is. It is set when the volume is made. */
  spec: ref(2, PersistentVolumeSpec).present(),
  /** What has become of it. */
  status: ref(3, PersistentVolumeStatus).always(),
}) {}

export const persistentvolumes = resource({
  group: '', version: 'v1', plural: 'persistentvolumes', singular: 'persistentvolume', kind: 'PersistentVolume', isNamespaced: false, type: PersistentVolume,
  returnsDeleted: true,
  validate: validatePersistentVolume,
  validateStatus: () => [],
  warnings: persistentVolumeWarnings,
  columns: persistentVolumeColumns,
  nameErrors: subdomainName,
  // Kubernetes: the spec of a volume within an attachment has no defaults.
  defaults({ spec }) {
    spec.persistentVolumeReclaimPolicy ??= 'Retain';
    spec.volumeMode ??= 'Filesystem';
  },
  metadataChecks: { on: { update: ['whole', 'whole'] } },
  shortNames: ['pv'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
