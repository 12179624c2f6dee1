import type { ApiObject } from '@kaji/api';
import { type CSIDriver, CSIDriverSpec } from '@kaji/api/storage/v1';
import { isSemanticallyEqual } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';

/** Kubernetes: its generation starts with its first change. A field of a feature that is off is dropped. */
export const csiDriverStrategy: Strategy<CSIDriver & ApiObject> = {
  requiresVersion: true,
  prepareForCreate: ({ spec }) => { delete spec.preventPodSchedulingIfMissing; },
  prepareForUpdate({ metadata, spec }, old) {
    if (old.spec.preventPodSchedulingIfMissing === undefined) delete spec.preventPodSchedulingIfMissing;
    if (!isSemanticallyEqual(CSIDriverSpec, spec, old.spec)) metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
};
