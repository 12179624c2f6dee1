// Holds volumes, claims and classes of volume attributes from their creation on: controllers let them go when nobody uses them.
import { qualified } from '@kaji/api';
import type { AdmissionStep } from './admission.ts';

const finalizers: Readonly<Record<string, string>> = {
  'persistentvolumes': 'kubernetes.io/pv-protection',
  'persistentvolumeclaims': 'kubernetes.io/pvc-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
};

export const storageObjectInUseProtection: AdmissionStep = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, resource, subresource, object }) {
    const finalizer = finalizers[qualified(resource)];
    if (operation !== 'CREATE' || subresource !== '' || finalizer === undefined || object === undefined) return;
    const { metadata } = object;
    if (metadata.finalizers?.includes(finalizer) !== true) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
