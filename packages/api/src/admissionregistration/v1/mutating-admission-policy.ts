import { list, message, oneOf, ref, string } from '@kaji/schema';
import { mutatingAdmissionPolicyColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchCondition } from './match-condition.ts';
import { MatchResources } from './match-resources.ts';
import { ParamKind } from './param-kind.ts';
import { Variable } from './variable.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateMutatingPolicy } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

export class ApplyConfiguration extends message('k8s.io.api.admissionregistration.v1.ApplyConfiguration', {
  expression: string(1),
}) {}

export class JSONPatch extends message('k8s.io.api.admissionregistration.v1.JSONPatch', {
  expression: string(1),
}) {}

export class Mutation extends message('k8s.io.api.admissionregistration.v1.Mutation', {
  patchType: oneOf(2, 'ApplyConfiguration', 'JSONPatch').required(),
  applyConfiguration: ref(3, ApplyConfiguration),
  jsonPatch: ref(4, JSONPatch),
}) {}

export class MutatingAdmissionPolicySpec extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicySpec', {
  paramKind: ref(1, ParamKind),
  matchConstraints: ref(2, MatchResources),
  variables: list(3, Variable).atomic(),
  mutations: list(4, Mutation).atomic(),
  failurePolicy: oneOf(5, 'Ignore', 'Fail').explicit().default('Fail'),
  matchConditions: list(6, MatchCondition).mapBy('name').mergeBy('name'),
  reinvocationPolicy: oneOf(7, 'Never', 'IfNeeded'),
}) {}

export class MutatingAdmissionPolicy extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicy', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, MutatingAdmissionPolicySpec).present(),
}) {}

export const mutatingadmissionpolicies = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicies', singular: 'mutatingadmissionpolicy', kind: 'MutatingAdmissionPolicy', isNamespaced: false, type: MutatingAdmissionPolicy,
  columns: mutatingAdmissionPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateMutatingPolicy,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
