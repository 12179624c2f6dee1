import { int64, list, message, oneOf, ref, string } from '@kaji/schema';
import { validatingAdmissionPolicyColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchCondition } from './match-condition.ts';
import { MatchResources } from './match-resources.ts';
import { ParamKind } from './param-kind.ts';
import { Variable } from './variable.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateValidatingPolicy, validateValidatingPolicyStatus } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

export class Validation extends message('k8s.io.api.admissionregistration.v1.Validation', {
  expression: string(1).required(),
  message: string(2),
  reason: string(3).explicit(),
  messageExpression: string(4),
}) {}

export class AuditAnnotation extends message('k8s.io.api.admissionregistration.v1.AuditAnnotation', {
  key: string(1).required(),
  valueExpression: string(2).required(),
}) {}

export class ValidatingAdmissionPolicySpec extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicySpec', {
  paramKind: ref(1, ParamKind),
  matchConstraints: ref(2, MatchResources),
  validations: list(3, Validation).atomic(),
  failurePolicy: oneOf(4, 'Ignore', 'Fail').explicit().default('Fail'),
  auditAnnotations: list(5, AuditAnnotation).atomic(),
  matchConditions: list(6, MatchCondition).mapBy('name').mergeBy('name'),
  variables: list(7, Variable).mapBy('name').mergeBy('name'),
}) {}

export class ExpressionWarning extends message('k8s.io.api.admissionregistration.v1.ExpressionWarning', {
  fieldRef: string(2).required(),
  warning: string(3).required(),
}) {}

export class TypeChecking extends message('k8s.io.api.admissionregistration.v1.TypeChecking', {
  expressionWarnings: list(1, ExpressionWarning).atomic(),
}) {}

export class ValidatingAdmissionPolicyStatus extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus', {
  observedGeneration: int64(1),
  typeChecking: ref(2, TypeChecking),
  conditions: list(3, Condition).mapBy('type'),
}) {}

export class ValidatingAdmissionPolicy extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicy', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ValidatingAdmissionPolicySpec).present(),
  status: ref(3, ValidatingAdmissionPolicyStatus).always(),
}) {}

export const validatingadmissionpolicies = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicies', singular: 'validatingadmissionpolicy', kind: 'ValidatingAdmissionPolicy', isNamespaced: false, type: ValidatingAdmissionPolicy,
  columns: validatingAdmissionPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] }, areFinalizersFree: true },
  validate: validateValidatingPolicy,
  validateStatus: validateValidatingPolicyStatus,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
