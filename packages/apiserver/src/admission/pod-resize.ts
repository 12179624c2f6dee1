/** A pod cannot grow beyond what its node has at all. */
import { ApiError, type ApiObject } from '@kaji/api';
import { nodes, type Pod } from '@kaji/api/core/v1';
import { type Amounts, podRequests } from '@kaji/api/quota';
import { compareQuantities, quantityMilliValue, quantityValue } from '@kaji/schema';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';

export const podResize = (reader: Reader): AdmissionStep => ({
  name: 'PodResizeValidator',
  validate(attempt) {
    const { operation, resource: { group, plural }, subresource, object, old } = attempt;
    if (operation !== 'UPDATE' || group !== '' || plural !== 'pods' || subresource !== 'resize' || object === undefined) return;
    const pod = object as Pod & ApiObject; // the resource says so
    const nodeName = pod.spec.nodeName ?? '';
    if (nodeName === '' || pod.metadata.generation === old?.metadata.generation) return;
    const node = reader.get(nodes, '', nodeName);
    if (node === undefined) throw deny(attempt, `node ${JSON.stringify(nodeName)} not found`);
    const system = node.metadata.labels?.['kubernetes.io/os'];
    if (system !== undefined && system !== 'linux') throw denyBecause(attempt, 'UnsupportedPlatform', `pod resize is only supported on linux nodes, node ${JSON.stringify(nodeName)} is ${JSON.stringify(system)}`);
    const problems = excess(podRequests(pod, { isStatusCounted: false }), node.status?.allocatable ?? {});
    if (problems.length > 0) throw denyBecause(attempt, 'NodeCapacity', `node didn't have enough allocatable resources: ${problems.join('; ')}`);
  },
});

function excess(requests: Amounts, allocatable: Amounts): readonly string[] {
  const isOver = (name: string): boolean => compareQuantities(requests[name] ?? '0', allocatable[name] ?? '0') > 0;
  const inThousandths = (amounts: Amounts): bigint => quantityMilliValue(amounts['cpu'] ?? '0');
  const inBytes = (amounts: Amounts): bigint => quantityValue(amounts['memory'] ?? '0');
  return [
    ...(isOver('cpu') ? [`cpu, requested: ${inThousandths(requests)}, allocatable: ${inThousandths(allocatable)}`] : []),
    ...(isOver('memory') ? [`memory, requested: ${inBytes(requests)}, allocatable: ${inBytes(allocatable)}`] : []),
  ];
}

/** Kubernetes: clients tell these apart by a cause that has a reason and nothing else. */
function denyBecause(attempt: Attempt, reason: string, why: string): ApiError {
  const refusal = deny(attempt, why);
  return new ApiError('Forbidden', refusal.message, { details: { ...refusal.details, causes: [...(refusal.details?.causes ?? []), { reason }] } });
}
