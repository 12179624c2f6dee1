import { message, ref, string, strings, stringsMap } from '@kaji/schema';
import { NonResourceAttributes } from './non-resource-attributes.ts';
import { ResourceAttributes } from './resource-attributes.ts';

/** Who wants to do what. Exactly one of the two attributes is set. */
export class SubjectAccessReviewSpec extends message('k8s.io.api.authorization.v1.SubjectAccessReviewSpec', {
  /** Something with a resource. */
  resourceAttributes: ref(1, ResourceAttributes),
  /** Something else. */
  nonResourceAttributes: ref(2, NonResourceAttributes),
  /** Name of the user. */
  user: string(3),
  /** Groups of the user. */
  groups: strings(4).atomic(),
  /** What else is known of the user. */
  extra: stringsMap(5),
  /** Id of the user. */
  uid: string(6),
}) {}
