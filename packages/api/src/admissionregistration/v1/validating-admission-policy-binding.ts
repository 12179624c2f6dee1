import { message, ref, someOf, string } from '@kaji/schema';
import { admissionPolicyBindingColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchResources } from './match-resources.ts';
import { ParamRef } from './param-ref.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateValidatingBinding } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

export class ValidatingAdmissionPolicyBindingSpec extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec', {
  policyName: string(1).required().omittable(),
  paramRef: ref(2, ParamRef),
  matchResources: ref(3, MatchResources),
  validationActions: someOf(4, 'Deny', 'Warn', 'Audit').required().set(),
}) {}

export class ValidatingAdmissionPolicyBinding extends message('k8s.io.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ValidatingAdmissionPolicyBindingSpec).required(),
}) {}

export const validatingadmissionpolicybindings = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingadmissionpolicybindings', singular: 'validatingadmissionpolicybinding', kind: 'ValidatingAdmissionPolicyBinding', isNamespaced: false, type: ValidatingAdmissionPolicyBinding,
  columns: admissionPolicyBindingColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateValidatingBinding,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
