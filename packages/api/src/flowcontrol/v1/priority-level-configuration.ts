import { int32, list, message, ref, string, time } from '@kaji/schema';
import { priorityLevelColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validatePriorityLevel, validatePriorityLevelStatus } from './priority-level-rules.ts';

export class QueuingConfiguration extends message('k8s.io.api.flowcontrol.v1.QueuingConfiguration', {
  queues: int32(1).always().default(64),
  handSize: int32(2).always().default(8),
  queueLengthLimit: int32(3).always().default(50),
}) {}

export class LimitResponse extends message('k8s.io.api.flowcontrol.v1.LimitResponse', {
  type: string(1).required(),
  queuing: ref(2, QueuingConfiguration),
}) {}

export class LimitedPriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.LimitedPriorityLevelConfiguration', {
  nominalConcurrencyShares: int32(1).explicit().default(30),
  limitResponse: ref(2, LimitResponse).always(),
  lendablePercent: int32(3).explicit().default(0),
  borrowingLimitPercent: int32(4).explicit(),
}) {}

export class ExemptPriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.ExemptPriorityLevelConfiguration', {
  nominalConcurrencyShares: int32(1).explicit().default(0),
  lendablePercent: int32(2).explicit().default(0),
}) {}

export class PriorityLevelConfigurationSpec extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec', {
  type: string(1).required(),
  limited: ref(2, LimitedPriorityLevelConfiguration),
  exempt: ref(3, ExemptPriorityLevelConfiguration),
}) {}

export class PriorityLevelConfigurationCondition extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationCondition', {
  type: string(1),
  status: string(2),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class PriorityLevelConfigurationStatus extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationStatus', {
  conditions: list(1, PriorityLevelConfigurationCondition).mapBy('type').mergeBy('type'),
}) {}

export class PriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfiguration', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, PriorityLevelConfigurationSpec).present(),
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
