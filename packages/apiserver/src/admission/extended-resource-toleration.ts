/** Pods that ask for devices tolerate the taints by which nodes with such devices keep other pods away. Off unless asked for. */
import type { ApiObject } from '@kaji/api';
import type { Pod, Toleration } from '@kaji/api/core/v1';
import { isExtendedResource } from '@kaji/api/quota';
import type { AdmissionStep } from './admission.ts';

export const extendedResourceToleration: AdmissionStep = {
  name: 'ExtendedResourceToleration',
  isOffByDefault: true,
  mutate({ operation, resource: { group, plural }, subresource, object }) {
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || group !== '' || plural !== 'pods' || subresource !== '' || object === undefined) return;
    const { spec } = object as Pod & ApiObject; // the resource says so
    const names = new Set([...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) => Object.keys(resources?.requests ?? {})).filter(isExtendedResource));
    for (const key of [...names].sort()) {
      const added = { key, operator: 'Exists', effect: 'NoSchedule' } as const;
      const own = spec.tolerations ?? [];
      const isSame = (one: Toleration): boolean => one.key === key && one.operator === added.operator && one.effect === added.effect && (one.value ?? '') === '';
      spec.tolerations = own.some(isSame) ? own.map((one) => (isSame(one) ? added : one)) : [...own, added];
    }
  },
};
