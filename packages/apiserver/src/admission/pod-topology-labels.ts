/** A pod carries its node's zone and region as labels: given with its binding, or when it is made for a node. */
import type { ApiObject } from '@kaji/api';
import { type Binding, nodes, type Pod } from '@kaji/api/core/v1';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export const podTopologyLabels = (reader: Reader): AdmissionStep => ({
  name: 'PodTopologyLabels',
  mutate({ operation, resource: { group, plural }, subresource, object }) {
    if (operation !== 'CREATE' || group !== '' || plural !== 'pods' || object === undefined || (subresource !== '' && subresource !== 'binding')) return;
    const { labels = {} } = reader.get(nodes, '', nodeOf(object, subresource === 'binding'))?.metadata ?? {};
    const found = copied.filter((key) => labels[key] !== undefined).map((key) => [key, labels[key]] as const);
    if (found.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(found) as Record<string, string> }; // those that are there
  },
});

function nodeOf(object: ApiObject, isBinding: boolean): string {
  if (!isBinding) return (object as Pod & ApiObject).spec.nodeName ?? ''; // the resource says so
  const { target } = object as Binding & ApiObject; // likewise
  // Kubernetes: schedulers name the kind of what they bind to; who does not gets no labels.
  return target.kind === 'Node' ? target.name ?? '' : '';
}
