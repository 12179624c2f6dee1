/** Volumes and claims: held until nothing uses them. */
import type { ApiObject } from '@kaji/api';
import type { PersistentVolume, PersistentVolumeClaim } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';

/** Adds what the protection controllers take away again. */
function protect({ metadata }: ApiObject, finalizer: string): void {
  if (metadata.finalizers?.includes(finalizer) !== true) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}

export const persistentVolumeStrategy: Strategy<PersistentVolume & ApiObject> = {
  returnsDeleted: true,
  prepareForCreate(volume, { nowMs }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(nowMs) };
    protect(volume, 'kubernetes.io/pv-protection');
  },
  warnings: ({ spec }) => (spec?.persistentVolumeReclaimPolicy === 'Recycle' ? ['spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.'] : []),
};

export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim & ApiObject> = {
  returnsDeleted: true,
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    protect(claim, 'kubernetes.io/pvc-protection');
  },
};
