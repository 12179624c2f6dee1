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

export class Overhead extends message('k8s.io.api.node.v1.Overhead', {
  podFixed: quantityMap(1),
}) {}

export class Scheduling extends message('k8s.io.api.node.v1.Scheduling', {
  nodeSelector: stringMap(1).atomic(),
  tolerations: list(2, Toleration).atomic(),
}) {}

export class RuntimeClass extends message('k8s.io.api.node.v1.RuntimeClass', {
  metadata: ref(1, ObjectMeta).present(),
  handler: string(2).required(),
  overhead: ref(3, Overhead),
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
  metadataChecks: { areFinalizersFree: true },
});
