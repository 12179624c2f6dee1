/** Volumes and claims on them. */
import type { ApiObject } from '@kaji/api';
import { type PersistentVolume, type PersistentVolumeClaim, settleDataSources } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';

export const persistentVolumeStrategy: Strategy<PersistentVolume & ApiObject> = {
  prepareForCreate(volume, { nowMs }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(nowMs) };
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
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    settleDataSources(claim.spec, undefined);
  },
  prepareForUpdate(claim, old) {
    settleDataSources(claim.spec, old.spec);
  },
};
