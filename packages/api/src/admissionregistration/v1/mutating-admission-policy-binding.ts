import { message, ref, string } from '@kaji/schema';
import { admissionPolicyBindingColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchResources } from './match-resources.ts';
import { ParamRef } from './param-ref.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateMutatingBinding } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

/** Where a policy is in force, and with what. */
export class MutatingAdmissionPolicyBindingSpec extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec', {
  /** Name of the MutatingAdmissionPolicy. */
  policyName: string(1),
  /** The object, or objects, that parameterise it. */
  paramRef: ref(2, ParamRef),
  /** Which requests it is in force for, of those that the policy looks at. */
  matchResources: ref(3, MatchResources),
}) {}

/** Puts a MutatingAdmissionPolicy in force. */
export class MutatingAdmissionPolicyBinding extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBinding', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Where it is in force, and with what. */
  spec: ref(2, MutatingAdmissionPolicyBindingSpec).present(),
}) {}

export const mutatingadmissionpolicybindings = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicybindings', singular: 'mutatingadmissionpolicybinding', kind: 'MutatingAdmissionPolicyBinding', isNamespaced: false, type: MutatingAdmissionPolicyBinding,
  columns: admissionPolicyBindingColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateMutatingBinding,
  warnings: (object) => reservedNameWarnings(object),
  categories: ['api-extensions'],
});
