// A new node is not ready until its controller says so: no pod may land on it in between.
import type { ApiObject } from '@kaji/api';
import type { Node } from '@kaji/api/core/v1';
import type { AdmissionStep } from './admission.ts';

const notReady = 'node.kubernetes.io/not-ready';

export const taintNodesByCondition: AdmissionStep = {
  name: 'TaintNodesByCondition',
  mutate({ operation, resource, subresource, object }) {
    if (operation !== 'CREATE' || resource.group !== '' || resource.plural !== 'nodes' || subresource !== '' || object === undefined) return;
    const node = object as Node & ApiObject; // the resource says so
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady && effect === 'NoSchedule')) return;
    node.spec = { ...node.spec, taints: [...taints, { key: notReady, effect: 'NoSchedule' }] };
  },
};
