/** Volumes and claims on them. */
import type { ApiObject } from '@kaji/api';
import { type PersistentVolume, type PersistentVolumeClaim, settleDataSources } from '@kaji/api/core/v1';
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
  prepareForStatus({ status = {} }, { status: old = {} }, { nowMs }) {
    const isChanged = status.phase !== old.phase;
    const { lastPhaseTransitionTime: since } = status;
    if (!isChanged && since === undefined && old.lastPhaseTransitionTime !== undefined) status.lastPhaseTransitionTime = old.lastPhaseTransitionTime;
    // Whoever changes the phase may say since when it is so.
    if (isChanged && (since === undefined || since === old.lastPhaseTransitionTime)) status.lastPhaseTransitionTime = formatTime(nowMs);
  },
};

export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim & ApiObject> = {
  returnsDeleted: true,
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    settleDataSources(claim.spec, undefined);
    protect(claim, 'kubernetes.io/pvc-protection');
  },
  prepareForUpdate(claim, old) {
    settleDataSources(claim.spec, old.spec);
  },
};
