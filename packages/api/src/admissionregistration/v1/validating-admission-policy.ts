import { int64, list, message, oneOf, ref, string } from '@kaji/schema';
import { validatingAdmissionPolicyColumns } from '../../columns/server.ts';
import { cel } from '../../expression-language.ts';
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

/** One condition of a policy. */
export class Validation extends message('k8s.io.api.admissionregistration.v1.Validation', {
  /** The condition, in CEL. It sees object, oldObject, request, params, namespaceObject, variables and authorizer. */
  expression: string(1).required(),
  /** What is said when it does not hold. Needed where the expression has line breaks. */
  message: string(2),
  /** Reason of the answer when it does not hold. Defaults to Invalid. */
  reason: string(3).explicit().named('v1.StatusReason'),
  /** CEL that gives what is said. It wins over message where it can be evaluated. */
  messageExpression: string(4),
}) {}

/** An annotation of the audit event of a request. */
export class AuditAnnotation extends message('k8s.io.api.admissionregistration.v1.AuditAnnotation', {
  /** Second half of the annotation's key; the first is the policy's name. */
  key: string(1).required(),
  /** CEL that gives its value. With null there is none. */
  valueExpression: string(2).required(),
}) {}

/** What a policy demands, and when. */
export class ValidatingAdmissionPolicySpec extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicySpec', {
  /** Kind of the objects that parameterise it. Absent: none. */
  paramKind: ref(1, ParamKind),
  /** Which requests it looks at. Required. */
  matchConstraints: ref(2, MatchResources),
  /** The conditions. There may be none where auditAnnotations has some. */
  validations: list(3, Validation).atomic(),
  /** What becomes of a request when the policy itself fails. Defaults to Fail. */
  failurePolicy: oneOf(4, 'Ignore', 'Fail').explicit().default('Fail').named('v1.FailurePolicyType'),
  /** Annotations of audit events. */
  auditAnnotations: list(5, AuditAnnotation).atomic(),
  /** Further conditions on requests, at most 64. */
  matchConditions: list(6, MatchCondition).mapBy('name').mergeBy('name'),
  /** Expressions that others may refer to, each seeing those before it. */
  variables: list(7, Variable).mapBy('name').mergeBy('name'),
}) {}

/** Something that may be wrong with an expression. */
export class ExpressionWarning extends message('k8s.io.api.admissionregistration.v1.ExpressionWarning', {
  /** Path of the expression. */
  fieldRef: string(2).required(),
  /** What may be wrong, kind by kind. */
  warning: string(3).required(),
}) {}

/** What checking the types of the expressions found. */
export class TypeChecking extends message('k8s.io.api.admissionregistration.v1.TypeChecking', {
  /** What may be wrong. */
  expressionWarnings: list(1, ExpressionWarning).atomic(),
}) {}

/** What is known of a policy. */
export class ValidatingAdmissionPolicyStatus extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1),
  /** What checking the types found. Present once they have been checked. */
  typeChecking: ref(2, TypeChecking),
  /** What holds of it now. */
  conditions: list(3, Condition).mapBy('type'),
}) {}

/** Refuses or remarks on objects on their way in, by expressions. */
export class ValidatingAdmissionPolicy extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicy', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What it demands, and when. */
  spec: ref(2, ValidatingAdmissionPolicySpec).present(),
  /** What is known of it. */
  status: ref(3, ValidatingAdmissionPolicyStatus).always(),
}) {}

export const validatingadmissionpolicies = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicies', singular: 'validatingadmissionpolicy', kind: 'ValidatingAdmissionPolicy', isNamespaced: false, type: ValidatingAdmissionPolicy,
  columns: validatingAdmissionPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] }, areFinalizersFree: true },
  needs: [cel],
  validate: validateValidatingPolicy,
  validateStatus: validateValidatingPolicyStatus,
  warnings: (object) => reservedNameWarnings(object),
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
