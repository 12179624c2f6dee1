import { bool, int32, message, ref, string } from '@kaji/schema';
import { priorityClassColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class PriorityClass extends message('k8s.io.api.scheduling.v1.PriorityClass', {
  metadata: ref(1, ObjectMeta).present(),
  value: int32(2).always(),
  globalDefault: bool(3),
  description: string(4),
  preemptionPolicy: string(5).explicit().default('PreemptLowerPriority'),
}) {}

export const priorityclasses = resource({
  group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', singular: 'priorityclass', kind: 'PriorityClass', isNamespaced: false, type: PriorityClass,
  columns: priorityClassColumns,
  nameErrors: subdomainName,
  shortNames: ['pc'],
});
