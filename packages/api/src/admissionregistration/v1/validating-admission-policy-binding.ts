import { message, ref, someOf, string } from '@kaji/schema';
import { admissionPolicyBindingColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchResources } from './match-resources.ts';
import { ParamRef } from './param-ref.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateValidatingBinding } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

/** Where a policy is in force, with what, and what follows. */
export class ValidatingAdmissionPolicyBindingSpec extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec', {
  /** Name of the ValidatingAdmissionPolicy. */
  policyName: string(1).required().omittable(),
  /** The object, or objects, that parameterise it. */
  paramRef: ref(2, ParamRef),
  /** Which requests it is in force for, of those that the policy looks at. */
  matchResources: ref(3, MatchResources),
  /** What follows when it is not fulfilled: Deny, Warn and Audit. Deny and Warn do not go together. */
  validationActions: someOf(4, 'Deny', 'Warn', 'Audit').required().omittable().set().named('v1.ValidationAction'),
}) {}

/** Puts a ValidatingAdmissionPolicy in force. */
export class ValidatingAdmissionPolicyBinding extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Where it is in force, with what, and what follows. */
  spec: ref(2, ValidatingAdmissionPolicyBindingSpec).required(),
}) {}

export const validatingadmissionpolicybindings = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicybindings', singular: 'validatingadmissionpolicybinding', kind: 'ValidatingAdmissionPolicyBinding', isNamespaced: false, type: ValidatingAdmissionPolicyBinding,
  columns: admissionPolicyBindingColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateValidatingBinding,
  warnings: (object) => reservedNameWarnings(object),
  categories: ['api-extensions'],
});
