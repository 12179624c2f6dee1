import { dns1123LabelErrors, list, message, quantityMap, ref, string, stringMap } from '@kaji/schema';
import { runtimeClassColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateRequirements } from '../../core/v1/resource-rules.ts';
import { validateTolerations } from '../../core/v1/scheduling-rules.ts';
import { invalid, invalidAll, required } from '../../field-error.ts';
import { validateLabels } from '../../meta/v1/object-meta-rules.ts';
import { Toleration } from '../../core/v1/scheduling.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What running a pod costs beside its containers. */
export class Overhead extends message('k8s.io.api.node.v1.Overhead', {
  /** How much of each resource. */
  podFixed: quantityMap(1).exact(),
}) {}

/** On which nodes pods of a class can run. */
export class Scheduling extends message('k8s.io.api.node.v1.Scheduling', {
  /** Labels that nodes must have. They are added to the pod's; what contradicts them is refused. */
  nodeSelector: stringMap(1).atomic(),
  /** Tolerations that are added to the pod's. */
  tolerations: list(2, Toleration).atomic(),
}) {}

/** A way in which nodes run containers. */
export class RuntimeClass extends message('k8s.io.api.node.v1.RuntimeClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Name of it in the configuration of the runtime. It cannot be changed. */
  handler: string(2).required(),
  /** What running a pod costs beside its containers. */
  overhead: ref(3, Overhead),
  /** On which nodes its pods can run. Absent: on all. */
  scheduling: ref(4, Scheduling),
}) {}

export const runtimeclasses = resource({
  group: 'node.k8s.io', version: 'v1', plural: 'runtimeclasses', singular: 'runtimeclass', kind: 'RuntimeClass', isNamespaced: false, type: RuntimeClass,
  validate({ handler, overhead, scheduling }, old) {
    const fixed = overhead?.podFixed ?? {};
    return [
      ...(handler === '' ? [required('handler')] : invalidAll('handler', handler, dns1123LabelErrors(handler))),
      ...validateRequirements({ limits: fixed }, 'overhead', { claimNames: [] }),
      ...(scheduling === undefined ? [] : [...validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector'), ...validateTolerations(scheduling.tolerations ?? [], 'scheduling.tolerations')]),
      ...(old !== undefined && old.handler !== handler ? [invalid('handler', handler, 'field is immutable')] : []),
    ];
  },
  columns: runtimeClassColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] }, areFinalizersFree: true },
});
