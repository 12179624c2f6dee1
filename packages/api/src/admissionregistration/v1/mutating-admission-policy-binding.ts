import { message, ref, string } from '@kaji/schema';
import { admissionPolicyBindingColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchResources } from './match-resources.ts';
import { ParamRef } from './param-ref.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateMutatingBinding } from './policy-rules.ts';
import { reservedNameWarnings } from './webhook-rules.ts';

export class MutatingAdmissionPolicyBindingSpec extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec', {
  policyName: string(1),
  paramRef: ref(2, ParamRef),
  matchResources: ref(3, MatchResources),
}) {}

export class MutatingAdmissionPolicyBinding extends message('k8s.io.api.admissionregistration.v1.MutatingAdmissionPolicyBinding', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, MutatingAdmissionPolicyBindingSpec).present(),
}) {}

export const mutatingadmissionpolicybindings = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingadmissionpolicybindings', singular: 'mutatingadmissionpolicybinding', kind: 'MutatingAdmissionPolicyBinding', isNamespaced: false, type: MutatingAdmissionPolicyBinding,
  columns: admissionPolicyBindingColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateMutatingBinding,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
