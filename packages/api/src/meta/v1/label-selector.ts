import { list, message, string, stringMap, strings } from '@kaji/schema';

/** A condition on one label. */
export class LabelSelectorRequirement extends message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement', {
  /** Name of the label. */
  key: string(1).required(),
  /** In, NotIn, Exists or DoesNotExist. */
  operator: string(2).required().named('v1.LabelSelectorOperator'),
  /** What its value is compared with. Only for In and NotIn, which need some. */
  values: strings(3).atomic(),
}) {}

/** Conditions on labels, all of which must hold. An empty one matches everything. */
export class LabelSelector extends message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector', {
  /** Values that labels must have. */
  matchLabels: stringMap(1),
  /** Further conditions. */
  matchExpressions: list(2, LabelSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}

/** A condition on one field. */
export class FieldSelectorRequirement extends message('k8s.io.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement', {
  /** Path of the field. */
  key: string(1).required(),
  /** In, NotIn, Exists or DoesNotExist. */
  operator: string(2).required().named('v1.FieldSelectorOperator'),
  /** What its value is compared with. Only for In and NotIn, which need some. */
  values: strings(3).atomic(),
}) {}
