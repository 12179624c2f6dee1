import { list, message, oneOf, ref, string } from '@kaji/schema';
import { mutatingAdmissionPolicyColumns } from '../../columns/server.ts';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { MatchCondition } from './match-condition.ts';
import { MatchResources } from './match-resources.ts';
import { ParamKind } from './param-kind.ts';
import { Variable } from './variable.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateMutatingPolicy } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

/** A change that is applied as server-side apply would. */
export class ApplyConfiguration extends message('k8s.io.api.admissionregistration.v1.ApplyConfiguration', {
  /** CEL that gives the fields to apply. */
  expression: string(1),
}) {}

/** A change by JSON patch. */
export class JSONPatch extends message('k8s.io.api.admissionregistration.v1.JSONPatch', {
  /** CEL that gives the list of operations. */
  expression: string(1),
}) {}

/** One change of a policy. */
export class Mutation extends message('k8s.io.api.admissionregistration.v1.Mutation', {
  /** How it is told, and which of the others is set. */
  patchType: oneOf(2, 'ApplyConfiguration', 'JSONPatch').required().named('v1.PatchType'),
  /** The change as fields to apply. */
  applyConfiguration: ref(3, ApplyConfiguration),
  /** The change as a JSON patch. */
  jsonPatch: ref(4, JSONPatch),
}) {}

/** What a policy changes, and when. */
export class MutatingAdmissionPolicySpec extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicySpec', {
  /** Kind of the objects that parameterise it. Absent: none. */
  paramKind: ref(1, ParamKind),
  /** Which requests it looks at. Required. */
  matchConstraints: ref(2, MatchResources),
  /** Expressions that others may refer to. */
  variables: list(3, Variable).atomic(),
  /** The changes, in order. */
  mutations: list(4, Mutation).atomic(),
  /** What becomes of a request when the policy itself fails. Defaults to Fail. */
  failurePolicy: oneOf(5, 'Ignore', 'Fail').explicit().default('Fail').named('v1.FailurePolicyType'),
  /** Further conditions on requests, at most 64. */
  matchConditions: list(6, MatchCondition).mapBy('name').mergeBy('name'),
  /** Whether it is run again when others changed the object after it. */
  reinvocationPolicy: oneOf(7, 'Never', 'IfNeeded').named('v1.ReinvocationPolicyType'),
}) {}

/** Changes objects on their way in, by expressions. */
export class MutatingAdmissionPolicy extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicy', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What it changes, and when. */
  spec: ref(2, MutatingAdmissionPolicySpec).present(),
}) {}

export const mutatingadmissionpolicies = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicies', singular: 'mutatingadmissionpolicy', kind: 'MutatingAdmissionPolicy', isNamespaced: false, type: MutatingAdmissionPolicy,
  columns: mutatingAdmissionPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  needs: [cel],
  validate: validateMutatingPolicy,
  warnings: (object) => reservedNameWarnings(object),
  categories: ['api-extensions'],
});
