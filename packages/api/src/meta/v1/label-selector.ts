import { list, message, string, stringMap, strings } from '@kaji/schema';

export class LabelSelectorRequirement extends message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement', {
  key: string(1).required(),
  operator: string(2).required(),
  values: strings(3).atomic(),
}) {}

export class LabelSelector extends message('k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector', {
  matchLabels: stringMap(1),
  matchExpressions: list(2, LabelSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}

export class FieldSelectorRequirement extends message('k8s.io.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement', {
  key: string(1).required(),
  operator: string(2).required(),
  values: strings(3).atomic(),
}) {}
