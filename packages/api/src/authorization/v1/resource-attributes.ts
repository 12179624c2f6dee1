import { list, message, ref, string } from '@kaji/schema';
import { FieldSelectorRequirement, LabelSelectorRequirement } from '../../meta/v1/label-selector.ts';

/** A field selector of a request. At most one of the two is set. */
export class FieldSelectorAttributes extends message('k8s.io.api.authorization.v1.FieldSelectorAttributes', {
  /** The selector as text. */
  rawSelector: string(1),
  /** Its conditions. */
  requirements: list(2, FieldSelectorRequirement).atomic(),
}) {}

/** A label selector of a request. At most one of the two is set. */
export class LabelSelectorAttributes extends message('k8s.io.api.authorization.v1.LabelSelectorAttributes', {
  /** The selector as text. */
  rawSelector: string(1),
  /** Its conditions. */
  requirements: list(2, LabelSelectorRequirement).atomic(),
}) {}

/** A request for a resource. */
export class ResourceAttributes extends message('k8s.io.api.authorization.v1.ResourceAttributes', {
  /** Its namespace. Empty for none, or for all in lists and in resources outside of namespaces. */
  namespace: string(1),
  /** Its verb, such as get, list or delete. A star means all. */
  verb: string(2),
  /** Its group. A star means all. */
  group: string(3),
  /** Its version. A star means all. */
  version: string(4),
  /** Its resource. A star means all. */
  resource: string(5),
  /** Its subresource. */
  subresource: string(6),
  /** Name of the object. Empty for all. */
  name: string(7),
  /** Field selector, which may make it narrower. */
  fieldSelector: ref(8, FieldSelectorAttributes),
  /** Label selector, which may make it narrower. */
  labelSelector: ref(9, LabelSelectorAttributes),
}) {}
