import { list, message, quantityMap, ref, string, stringMap } from '@kaji/schema';
import { runtimeClassColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
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
  columns: runtimeClassColumns,
  nameErrors: subdomainName,
});
