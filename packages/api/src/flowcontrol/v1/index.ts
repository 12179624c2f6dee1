export { FlowSchema, FlowSchemaCondition, flowschemas, FlowSchemaStatus } from './flow-schema.ts';
export { FlowDistinguisherMethod, FlowSchemaSpec, GroupSubject, NonResourcePolicyRule, PolicyRulesWithSubjects, PriorityLevelConfigurationReference, ResourcePolicyRule, ServiceAccountSubject, Subject, UserSubject } from './flow-schema-spec.ts';
export { PriorityLevelConfiguration, PriorityLevelConfigurationCondition, prioritylevelconfigurations, PriorityLevelConfigurationStatus } from './priority-level-configuration.ts';
export { ExemptPriorityLevelConfiguration, LimitedPriorityLevelConfiguration, LimitResponse, PriorityLevelConfigurationSpec, QueuingConfiguration } from './priority-level-spec.ts';
export { everythingOf, groupSubject, mandatoryFlowSchemas, mandatoryPriorityLevels } from './mandatory.ts';
