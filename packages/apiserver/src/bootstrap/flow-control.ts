// The flow schemas and priority levels that every server starts with. Pure data, but for the time of their status.
import {
  everythingOf, type FlowSchema, flowschemas, type FlowSchemaSpec, groupSubject, mandatoryFlowSchemas, mandatoryPriorityLevels, type PolicyRulesWithSubjects, type PriorityLevelConfiguration,
  prioritylevelconfigurations, type PriorityLevelConfigurationSpec, type ResourcePolicyRule, type Subject,
} from '@kaji/api/flowcontrol/v1';
import type { AnyResource, ApiObject } from '@kaji/api';
import type { Seed } from '../registry/parts.ts';
import { danglingCondition } from '../upkeep/flow-schema-status.ts';

const group = 'flowcontrol.apiserver.k8s.io';

/** Says whether the server may bring the spec up to date; written on all that it made. */
export const specAnnotation = 'apf.kubernetes.io/autoupdate-spec';

interface Level {
  readonly shares: number;
  readonly lendable: number;
  readonly queues: number;
  readonly hand: number;
}

const queued = ({ shares, lendable, queues, hand }: Level): PriorityLevelConfigurationSpec => ({
  type: 'Limited',
  limited: { nominalConcurrencyShares: shares, lendablePercent: lendable, limitResponse: { type: 'Queue', queuing: { queues, handSize: hand, queueLengthLimit: 50 } } },
});

const suggestedLevels: readonly (readonly [name: string, spec: PriorityLevelConfigurationSpec])[] = [
  ['system', queued({ shares: 30, lendable: 33, queues: 64, hand: 6 })],
  ['node-high', queued({ shares: 40, lendable: 25, queues: 64, hand: 6 })],
  ['leader-election', queued({ shares: 10, lendable: 0, queues: 16, hand: 4 })],
  ['workload-high', queued({ shares: 40, lendable: 50, queues: 128, hand: 6 })],
  ['workload-low', queued({ shares: 100, lendable: 90, queues: 128, hand: 6 })],
  ['global-default', queued({ shares: 20, lendable: 50, queues: 128, hand: 6 })],
];

const userSubject = (name: string): Subject => ({ kind: 'User', user: { name } });
const systemAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } };
const anybody = [groupSubject('system:unauthenticated'), groupSubject('system:authenticated')];
const nodes = groupSubject('system:nodes');

const leases = (...verbs: string[]): ResourcePolicyRule => ({ verbs, apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] });

const schema = (level: string, precedence: number, distinguisher: 'ByUser' | 'ByNamespace' | undefined, rule: PolicyRulesWithSubjects): FlowSchemaSpec => ({
  priorityLevelConfiguration: { name: level }, matchingPrecedence: precedence, ...(distinguisher === undefined ? {} : { distinguisherMethod: { type: distinguisher } }), rules: [rule],
});

const suggestedSchemas: readonly (readonly [name: string, spec: FlowSchemaSpec])[] = [
  ['system-nodes', schema('system', 500, 'ByUser', everythingOf(nodes))],
  ['system-node-high', schema('node-high', 400, 'ByUser', {
    subjects: [nodes], resourceRules: [{ verbs: ['*'], apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: ['*'] }, leases('*')],
  })],
  ['probes', schema('exempt', 2, undefined, { subjects: anybody, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] })],
  ['system-leader-election', schema('leader-election', 100, 'ByUser', {
    subjects: [userSubject('system:kube-controller-manager'), userSubject('system:kube-scheduler'), systemAccounts], resourceRules: [leases('get', 'create', 'update')],
  })],
  ['kube-controller-manager', schema('workload-high', 800, 'ByNamespace', everythingOf(userSubject('system:kube-controller-manager')))],
  ['kube-scheduler', schema('workload-high', 800, 'ByNamespace', everythingOf(userSubject('system:kube-scheduler')))],
  ['kube-system-service-accounts', schema('workload-high', 900, 'ByNamespace', everythingOf(systemAccounts))],
  ['service-accounts', schema('workload-low', 9000, 'ByUser', everythingOf(groupSubject('system:serviceaccounts')))],
  ['global-default', schema('global-default', 9900, 'ByUser', everythingOf(...anybody))],
];

const apiVersion = `${group}/v1`;
const metadata = (name: string): ApiObject['metadata'] => ({ name, annotations: { [specAnnotation]: 'true' } });

function levelSeed(name: string, spec: PriorityLevelConfigurationSpec): Seed {
  const object: PriorityLevelConfiguration & ApiObject = { apiVersion, kind: 'PriorityLevelConfiguration', metadata: metadata(name), spec, status: {} };
  return { resource: prioritylevelconfigurations as AnyResource, object };
}

function schemaSeed(name: string, spec: FlowSchemaSpec, nowMs: number): Seed {
  const status = { conditions: [danglingCondition(spec.priorityLevelConfiguration.name, true, nowMs)] };
  const object: FlowSchema & ApiObject = { apiVersion, kind: 'FlowSchema', metadata: metadata(name), spec, status };
  return { resource: flowschemas as AnyResource, object };
}

/** Their statuses say that the levels exist, as of this time. */
export const flowControlObjects = (nowMs: number): readonly Seed[] => [
  ...[...mandatoryPriorityLevels, ...suggestedLevels].map(([name, spec]) => levelSeed(name, spec)),
  ...[...mandatoryFlowSchemas, ...suggestedSchemas].map(([name, spec]) => schemaSeed(name, spec, nowMs)),
];
