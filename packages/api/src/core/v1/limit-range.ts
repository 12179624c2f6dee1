import { list, message, quantityMap, ref, string } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { validateLimitRange } from './limit-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class LimitRangeItem extends message('k8s.io.api.core.v1.LimitRangeItem', {
  type: string(1).required(),
  max: quantityMap(2),
  min: quantityMap(3),
  default: quantityMap(4),
  defaultRequest: quantityMap(5),
  maxLimitRequestRatio: quantityMap(6),
}) {}

export class LimitRangeSpec extends message('k8s.io.api.core.v1.LimitRangeSpec', {
  limits: list(1, LimitRangeItem).required().atomic(),
}) {}

export class LimitRange extends message('k8s.io.api.core.v1.LimitRange', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, LimitRangeSpec).present(),
}) {}

export const limitranges = resource({
  group: '', version: 'v1', plural: 'limitranges', singular: 'limitrange', kind: 'LimitRange', isNamespaced: true, type: LimitRange,
  validate: validateLimitRange,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] } },
  defaults({ spec }) {
    for (const item of spec.limits) {
      if (item.type !== 'Container') continue;
      const standard = { ...item.max, ...item.default };
      if (Object.keys(standard).length > 0) item.default = standard;
      const requests = { ...item.min, ...standard, ...item.defaultRequest };
      if (Object.keys(requests).length > 0) item.defaultRequest = requests;
    }
  },
  shortNames: ['limits'],
});
