import { list, message, ref, string, time } from '@kaji/schema';
import { priorityLevelColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validatePriorityLevel, validatePriorityLevelStatus } from './priority-level-rules.ts';
import { PriorityLevelConfigurationSpec } from './priority-level-spec.ts';

/** Something that holds of a level. */
export class PriorityLevelConfigurationCondition extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationCondition', {
  /** What is said. */
  type: string(1).named('v1.PriorityLevelConfigurationConditionType'),
  /** True, False or Unknown. */
  status: string(2).named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** What is known of a level. */
export class PriorityLevelConfigurationStatus extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationStatus', {
  /** What holds of it now. */
  conditions: list(1, PriorityLevelConfigurationCondition).mapBy('type').mergeBy('type'),
}) {}

/** A level of priority that requests are served with. */
export class PriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfiguration', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** How they are served. */
  spec: ref(2, PriorityLevelConfigurationSpec).present(),
  /** What is known of it. */
  status: ref(3, PriorityLevelConfigurationStatus).always(),
}) {}

export const prioritylevelconfigurations = resource({
  group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'prioritylevelconfigurations', singular: 'prioritylevelconfiguration', kind: 'PriorityLevelConfiguration', isNamespaced: false, type: PriorityLevelConfiguration,
  columns: priorityLevelColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] } },
  validate: validatePriorityLevel,
  validateStatus: validatePriorityLevelStatus,
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
