import { bool, list, message, ref, string, strings } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What one may do where. */
export class SelfSubjectRulesReviewSpec extends message('k8s.io.api.authorization.v1.SelfSubjectRulesReviewSpec', {
  /** The namespace. It is required. */
  namespace: string(1),
}) {}

/** Something one may do with resources. */
export class ResourceRule extends message('k8s.io.api.authorization.v1.ResourceRule', {
  /** With which verbs. A star means all. */
  verbs: strings(1).required().atomic(),
  /** In which groups. A star means all. */
  apiGroups: strings(2).atomic(),
  /** With which resources. A star means all. */
  resources: strings(3).atomic(),
  /** With which objects, by name. Absent: all. */
  resourceNames: strings(4).atomic(),
}) {}

/** Something one may do with what is not a resource. */
export class NonResourceRule extends message('k8s.io.api.authorization.v1.NonResourceRule', {
  /** With which verbs. A star means all. */
  verbs: strings(1).required().atomic(),
  /** With which paths. A star at the end means everything below. */
  nonResourceURLs: strings(2).atomic(),
}) {}

/** What one may do. */
export class SubjectRulesReviewStatus extends message('k8s.io.api.authorization.v1.SubjectRulesReviewStatus', {
  /** With resources. The order means nothing, and there may be repeats. */
  resourceRules: list(1, ResourceRule).required().atomic(),
  /** With what is not a resource. */
  nonResourceRules: list(2, NonResourceRule).required().atomic(),
  /** Whether there may be more than is told, because not every authorizer can tell. */
  incomplete: bool(3).required(),
  /** What went wrong meanwhile. The rules may hold all the same. */
  evaluationError: string(4),
}) {}

/** Asks what one may do in a namespace. Meant for showing, not for deciding. */
export class SelfSubjectRulesReview extends message('k8s.io.api.authorization.v1.SelfSubjectRulesReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Where. */
  spec: ref(2, SelfSubjectRulesReviewSpec).required(),
  /** The answer. */
  status: ref(3, SubjectRulesReviewStatus).always(),
}) {}

export const selfsubjectrulesreviews = resource({
  group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectrulesreviews', singular: 'selfsubjectrulesreview', kind: 'SelfSubjectRulesReview', isNamespaced: false, type: SelfSubjectRulesReview,
  verbs: ['create'],
});
