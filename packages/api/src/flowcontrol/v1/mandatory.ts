/** The flow schemas and priority levels that no cluster is without: what everything else falls through to, and what is never held back. */
import type { FlowSchemaSpec, PolicyRulesWithSubjects, Subject } from './flow-schema-spec.ts';
import type { PriorityLevelConfigurationSpec } from './priority-level-spec.ts';

/** Every request of these subjects. */
export const everythingOf = (...subjects: readonly Subject[]): PolicyRulesWithSubjects => ({
  subjects: [...subjects],
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
});

export const groupSubject = (name: string): Subject => ({ kind: 'Group', group: { name } });

export const mandatoryFlowSchemas: ReadonlyMap<string, FlowSchemaSpec> = new Map<string, FlowSchemaSpec>([
  ['exempt', { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 1, rules: [everythingOf(groupSubject('system:masters'))] }],
  ['catch-all', {
    priorityLevelConfiguration: { name: 'catch-all' }, matchingPrecedence: 10_000, distinguisherMethod: { type: 'ByUser' },
    rules: [everythingOf(groupSubject('system:unauthenticated'), groupSubject('system:authenticated'))],
  }],
]);

export const mandatoryPriorityLevels: ReadonlyMap<string, PriorityLevelConfigurationSpec> = new Map<string, PriorityLevelConfigurationSpec>([
  ['exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }],
  ['catch-all', { type: 'Limited', limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } } }],
]);
