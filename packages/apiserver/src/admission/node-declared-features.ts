/** A pod that runs may only be changed in ways that its node says it can follow. */
import type { ApiObject } from '@kaji/api';
import { nodes, type Pod, type PodSpec } from '@kaji/api/core/v1';
import { isSidecar } from '@kaji/api/quota';
import { isDeepEqual } from '@kaji/schema';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { deny } from './deny.ts';

/** What a node must be able to do for a change, in the order of the messages. */
const features: readonly { readonly name: string; readonly isNeeded: (spec: PodSpec, old: PodSpec) => boolean }[] = [
  { name: 'InPlacePodLevelResourcesVerticalScaling', isNeeded: (spec, old) => !isDeepEqual(spec.resources, old.resources) },
  {
    name: 'InPlacePodVerticalScalingInitContainers',
    isNeeded: (spec, old) => (old.initContainers ?? []).some((container, index) => !isSidecar(container) && !isDeepEqual(container.resources ?? {}, spec.initContainers?.[index]?.resources ?? {})),
  },
];

export const nodeDeclaredFeatures = (reader: Reader): AdmissionStep => ({
  name: 'NodeDeclaredFeatureValidator',
  validate(attempt) {
    const { operation, resource: { group, plural }, subresource, object, old } = attempt;
    if (operation !== 'UPDATE' || group !== '' || plural !== 'pods' || (subresource !== '' && subresource !== 'resize') || object === undefined || old === undefined) return;
    const { metadata: { generation }, spec } = object as Pod & ApiObject; // the resource says so
    const nodeName = spec.nodeName ?? '';
    if (nodeName === '' || generation === old.metadata.generation) return;
    const needed = features.filter(({ isNeeded }) => isNeeded(spec, (old as Pod & ApiObject).spec)); // likewise
    if (needed.length === 0) return;
    const node = reader.get(nodes, '', nodeName);
    if (node === undefined) throw deny(attempt, `node ${JSON.stringify(nodeName)} not found`);
    const missing = needed.filter(({ name }) => node.status?.declaredFeatures?.includes(name) !== true).map(({ name }) => name);
    if (missing.length > 0) throw deny(attempt, `pod update requires features ${missing.join(', ')} which are not available on node ${JSON.stringify(nodeName)}`);
  },
});
