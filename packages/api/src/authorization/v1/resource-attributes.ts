import { list, message, ref, string } from '@kaji/schema';
import { FieldSelectorRequirement, LabelSelectorRequirement } from '../../meta/v1/label-selector.ts';

export class FieldSelectorAttributes extends message('k8s.io.api.authorization.v1.FieldSelectorAttributes', {
  rawSelector: string(1),
  requirements: list(2, FieldSelectorRequirement).atomic(),
}) {}

export class LabelSelectorAttributes extends message('k8s.io.api.authorization.v1.LabelSelectorAttributes', {
  rawSelector: string(1),
  requirements: list(2, LabelSelectorRequirement).atomic(),
}) {}

export class ResourceAttributes extends message('k8s.io.api.authorization.v1.ResourceAttributes', {
  namespace: string(1),
  verb: string(2),
  group: string(3),
  version: string(4),
  resource: string(5),
  subresource: string(6),
  name: string(7),
  fieldSelector: ref(8, FieldSelectorAttributes),
  labelSelector: ref(9, LabelSelectorAttributes),
}) {}
