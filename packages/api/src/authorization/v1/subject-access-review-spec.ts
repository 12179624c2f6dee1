import { message, ref, string, strings, stringsMap } from '@kaji/schema';
import { NonResourceAttributes } from './non-resource-attributes.ts';
import { ResourceAttributes } from './resource-attributes.ts';

export class SubjectAccessReviewSpec extends message('k8s.io.api.authorization.v1.SubjectAccessReviewSpec', {
  resourceAttributes: ref(1, ResourceAttributes),
  nonResourceAttributes: ref(2, NonResourceAttributes),
  user: string(3),
  groups: strings(4).atomic(),
  extra: stringsMap(5),
  uid: string(6),
}) {}
