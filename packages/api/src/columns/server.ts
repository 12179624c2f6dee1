/** Columns of what steers the API server itself: admission, flow control, certificates, API services. */
import { humanDuration } from '@kaji/schema';
import type { MutatingAdmissionPolicyBinding } from '../admissionregistration/v1/mutating-admission-policy-binding.ts';
import type { MutatingAdmissionPolicy } from '../admissionregistration/v1/mutating-admission-policy.ts';
import type { ParamKind } from '../admissionregistration/v1/param-kind.ts';
import type { ValidatingAdmissionPolicy } from '../admissionregistration/v1/validating-admission-policy.ts';
import type { APIService } from '../apiregistration/v1/api-service.ts';
import type { CertificateSigningRequest } from '../certificates/v1/certificate-signing-request.ts';
import type { FlowSchema } from '../flowcontrol/v1/flow-schema.ts';
import type { PriorityLevelConfiguration } from '../flowcontrol/v1/priority-level-configuration.ts';
import type { LabelSelector } from '../meta/v1/label-selector.ts';
import type { ObjectMeta } from '../meta/v1/object-meta.ts';
import type { Column } from '../resource.ts';
import { ageColumn, nameColumn } from './cells.ts';

/** Of both kinds of webhook configurations. */
export const webhookColumns: readonly Column<{ readonly metadata: ObjectMeta; readonly webhooks?: readonly unknown[] | undefined }>[] = [
  nameColumn,
  { name: 'Webhooks', type: 'integer', value: ({ webhooks }) => webhooks?.length ?? 0 },
  ageColumn,
];

export const validatingAdmissionPolicyColumns: readonly Column<ValidatingAdmissionPolicy>[] = [
  nameColumn,
  { name: 'Validations', type: 'integer', value: ({ spec }) => spec.validations?.length ?? 0 },
  { name: 'ParamKind', type: 'string', value: ({ spec }) => paramKindText(spec.paramKind) },
  ageColumn,
];

export const mutatingAdmissionPolicyColumns: readonly Column<MutatingAdmissionPolicy>[] = [
  nameColumn,
  { name: 'Mutations', type: 'integer', value: ({ spec }) => spec.mutations?.length ?? 0 },
  { name: 'ParamKind', type: 'string', value: ({ spec }) => paramKindText(spec.paramKind) },
  ageColumn,
];

/** Of the bindings of both kinds of policies. */
export const admissionPolicyBindingColumns: readonly Column<Pick<MutatingAdmissionPolicyBinding, 'metadata' | 'spec'>>[] = [
  nameColumn,
  { name: 'PolicyName', type: 'string', value: ({ spec }) => spec.policyName ?? '' },
  { name: 'ParamRef', type: 'string', value: paramRefText },
  ageColumn,
];

export const flowSchemaColumns: readonly Column<FlowSchema>[] = [
  nameColumn,
  { name: 'PriorityLevel', type: 'string', value: ({ spec }) => spec.priorityLevelConfiguration.name },
  { name: 'MatchingPrecedence', type: 'string', value: ({ spec }) => spec.matchingPrecedence ?? 0 },
  { name: 'DistinguisherMethod', type: 'string', value: ({ spec }) => spec.distinguisherMethod?.type ?? '<none>' },
  ageColumn,
  { name: 'MissingPL', type: 'string', value: ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?' },
];

export const priorityLevelColumns: readonly Column<PriorityLevelConfiguration>[] = [
  nameColumn,
  { name: 'Type', type: 'string', value: ({ spec }) => spec.type },
  { name: 'NominalConcurrencyShares', type: 'string', value: ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>' },
  { name: 'Queues', type: 'string', value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? '<none>' },
  { name: 'HandSize', type: 'string', value: ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? '<none>' },
  { name: 'QueueLengthLimit', type: 'string', value: ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? '<none>' },
  ageColumn,
];

export const certificateSigningRequestColumns: readonly Column<CertificateSigningRequest>[] = [
  nameColumn,
  ageColumn,
  { name: 'SignerName', type: 'string', value: ({ spec }) => (spec.signerName === '' ? '<none>' : spec.signerName) },
  { name: 'Requestor', type: 'string', value: ({ spec }) => spec.username ?? '' },
  { name: 'RequestedDuration', type: 'string', value: ({ spec }) => (spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000)) },
  { name: 'Condition', type: 'string', value: signingText },
];

export const apiServiceColumns: readonly Column<APIService>[] = [
  nameColumn,
  { name: 'Service', type: 'string', value: ({ spec: { service } }) => (service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`) },
  { name: 'Available', type: 'string', value: availableText },
  ageColumn,
];

const paramKindText = (kind: ParamKind | undefined): string => (kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`);

function paramRefText({ spec: { paramRef } }: Pick<MutatingAdmissionPolicyBinding, 'spec'>): string {
  if (paramRef === undefined) return '<unset>';
  if ((paramRef.name ?? '') !== '') return `${(paramRef.namespace ?? '') === '' ? '*' : (paramRef.namespace ?? '')}/${paramRef.name ?? ''}`;
  return paramRef.selector === undefined ? '<unset>' : goSelectorText(paramRef.selector);
}

/** Kubernetes: this column shows a selector as Go prints its struct. */
function goSelectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels).sort().map((name) => `${name}: ${matchLabels[name] ?? ''},`).join('');
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

function signingText({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => (status?.conditions ?? []).some((condition) => condition.type === type);
  const decided = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decided}${has('Failed') ? ',Failed' : ''}${(status?.certificate ?? '').length > 0 ? ',Issued' : ''}`;
}

function availableText({ status }: APIService): string {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  if (available === undefined) return 'Unknown';
  return available.status === 'True' ? 'True' : `${available.status} (${available.reason ?? ''})`;
}
