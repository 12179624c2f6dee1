// Pods stay five minutes on a node that fell silent, unless they say otherwise.
import type { ApiObject } from '@kaji/api';
import type { Pod, Toleration } from '@kaji/api/core/v1';
import type { AdmissionStep } from './admission.ts';

const seconds = 300;

export const defaultTolerationSeconds: AdmissionStep = {
  name: 'DefaultTolerationSeconds',
  mutate({ operation, resource, subresource, object }) {
    if (resource.group !== '' || resource.plural !== 'pods' || subresource !== '' || object === undefined || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    const pod = object as Pod & ApiObject; // the resource says so
    if (pod.spec === undefined) return;
    const tolerations = pod.spec.tolerations ?? [];
    const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter((key) => !tolerations.some((one) => tolerates(one, key)));
    if (missing.length === 0) return;
    pod.spec.tolerations = [...tolerations, ...missing.map((key): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }))];
  },
};

/** An empty key or effect stands for all; objects from outside may hold the empty text, whatever their type says. */
const tolerates = ({ key, effect }: Toleration, taint: string): boolean => [undefined, '', taint].includes(key) && [undefined, '', 'NoExecute'].includes(effect);
