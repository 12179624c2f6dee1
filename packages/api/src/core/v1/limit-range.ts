import { list, message, quantityMap, ref, string } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { validateLimitRange } from './limit-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Limits for one kind of things. */
export class LimitRangeItem extends message('k8s.io.api.core.v1.LimitRangeItem', {
  /** What is limited: Pod, Container or PersistentVolumeClaim. */
  type: string(1).required().named('v1.LimitType'),
  /** The most of each resource. */
  max: quantityMap(2),
  /** The least of each resource. */
  min: quantityMap(3),
  /** Limits of containers that set none. */
  default: quantityMap(4),
  /** Requests of containers that set none. */
  defaultRequest: quantityMap(5),
  /** By how much a limit may exceed its request at most, as a factor. */
  maxLimitRequestRatio: quantityMap(6),
}) {}

/** Limits that hold in a namespace. */
export class LimitRangeSpec extends message('k8s.io.api.core.v1.LimitRangeSpec', {
  /** The limits. */
  limits: list(1, LimitRangeItem).required().atomic(),
}) {}

/** What single pods, containers and claims of a namespace may ask for. */
export class LimitRange extends message('k8s.io.api.core.v1.LimitRange', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The limits. */
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
