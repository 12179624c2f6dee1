import { bool, list, message, ref, string, strings } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class SelfSubjectRulesReviewSpec extends message('k8s.io.api.authorization.v1.SelfSubjectRulesReviewSpec', {
  namespace: string(1),
}) {}

export class ResourceRule extends message('k8s.io.api.authorization.v1.ResourceRule', {
  verbs: strings(1).required().atomic(),
  apiGroups: strings(2).atomic(),
  resources: strings(3).atomic(),
  resourceNames: strings(4).atomic(),
}) {}

export class NonResourceRule extends message('k8s.io.api.authorization.v1.NonResourceRule', {
  verbs: strings(1).required().atomic(),
  nonResourceURLs: strings(2).atomic(),
}) {}

export class SubjectRulesReviewStatus extends message('k8s.io.api.authorization.v1.SubjectRulesReviewStatus', {
  resourceRules: list(1, ResourceRule).required().atomic(),
  nonResourceRules: list(2, NonResourceRule).required().atomic(),
  incomplete: bool(3).required(),
  evaluationError: string(4),
}) {}

export class SelfSubjectRulesReview extends message('k8s.io.api.authorization.v1.SelfSubjectRulesReview', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, SelfSubjectRulesReviewSpec).required(),
  status: ref(3, SubjectRulesReviewStatus).always(),
}) {}

export const selfsubjectrulesreviews = resource({
  group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews', singular: 'selfsubjectrulesreview', kind: 'SelfSubjectRulesReview', isNamespaced: false, type: SelfSubjectRulesReview,
  verbs: ['create'],
});
