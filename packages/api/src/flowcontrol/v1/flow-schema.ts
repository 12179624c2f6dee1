import { bool, int32, list, message, ref, string, strings, time } from '@kaji/schema';
import { flowSchemaColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateFlowSchema, validateFlowSchemaStatus } from './flow-schema-rules.ts';

export class PriorityLevelConfigurationReference extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationReference', {
  name: string(1).required(),
}) {}

export class FlowDistinguisherMethod extends message('k8s.io.api.flowcontrol.v1.FlowDistinguisherMethod', {
  type: string(1).required(),
}) {}

export class UserSubject extends message('k8s.io.api.flowcontrol.v1.UserSubject', {
  name: string(1).required(),
}) {}

export class GroupSubject extends message('k8s.io.api.flowcontrol.v1.GroupSubject', {
  name: string(1).required(),
}) {}

export class ServiceAccountSubject extends message('k8s.io.api.flowcontrol.v1.ServiceAccountSubject', {
  namespace: string(1).required(),
  name: string(2).required(),
}) {}

export class Subject extends message('k8s.io.api.flowcontrol.v1.Subject', {
  kind: string(1).required(),
  user: ref(2, UserSubject),
  group: ref(3, GroupSubject),
  serviceAccount: ref(4, ServiceAccountSubject),
}) {}

export class ResourcePolicyRule extends message('k8s.io.api.flowcontrol.v1.ResourcePolicyRule', {
  verbs: strings(1).required().set(),
  apiGroups: strings(2).required().set(),
  resources: strings(3).required().set(),
  clusterScope: bool(4),
  namespaces: strings(5).always().set(),
}) {}

export class NonResourcePolicyRule extends message('k8s.io.api.flowcontrol.v1.NonResourcePolicyRule', {
  verbs: strings(1).required().set(),
  nonResourceURLs: strings(6).required().set(),
}) {}

export class PolicyRulesWithSubjects extends message('k8s.io.api.flowcontrol.v1.PolicyRulesWithSubjects', {
  subjects: list(1, Subject).required().atomic(),
  resourceRules: list(2, ResourcePolicyRule).atomic(),
  nonResourceRules: list(3, NonResourcePolicyRule).atomic(),
}) {}

export class FlowSchemaSpec extends message('k8s.io.api.flowcontrol.v1.FlowSchemaSpec', {
  priorityLevelConfiguration: ref(1, PriorityLevelConfigurationReference).required(),
  matchingPrecedence: int32(2).always().default(1000),
  distinguisherMethod: ref(3, FlowDistinguisherMethod),
  rules: list(4, PolicyRulesWithSubjects).atomic(),
}) {}

export class FlowSchemaCondition extends message('k8s.io.api.flowcontrol.v1.FlowSchemaCondition', {
  type: string(1),
  status: string(2),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class FlowSchemaStatus extends message('k8s.io.api.flowcontrol.v1.FlowSchemaStatus', {
  conditions: list(1, FlowSchemaCondition).mapBy('type').mergeBy('type'),
}) {}

export class FlowSchema extends message('k8s.io.api.flowcontrol.v1.FlowSchema', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, FlowSchemaSpec).present(),
  status: ref(3, FlowSchemaStatus).always(),
}) {}

export const flowschemas = resource({
  group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'flowschemas', singular: 'flowschema', kind: 'FlowSchema', isNamespaced: false, type: FlowSchema,
  columns: flowSchemaColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] } },
  validate: validateFlowSchema,
  validateStatus: validateFlowSchemaStatus,
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
