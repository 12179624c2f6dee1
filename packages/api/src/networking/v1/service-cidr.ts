import { list, message, ref, strings } from '@kaji/schema';
import { serviceCidrColumns } from '../../columns/network.ts';
import { validateServiceCidr } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Ranges of addresses. */
export class ServiceCIDRSpec extends message('k8s.io.api.networking.v1.ServiceCIDRSpec', {
  /** The ranges, at most one of each family. One of the other family can be added later; nothing else changes. */
  cidrs: strings(1).atomic(),
}) {}

/** What is known of the ranges. */
export class ServiceCIDRStatus extends message('k8s.io.api.networking.v1.ServiceCIDRStatus', {
  /** What holds of them, such as Ready. */
  conditions: list(1, Condition).mapBy('type').mergeBy('type'),
}) {}

/** Ranges that Services take their addresses from. */
export class ServiceCIDR extends message('k8s.io.api.networking.v1.ServiceCIDR', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The ranges. */
  spec: ref(2, ServiceCIDRSpec).present(),
  /** What is known of them. */
  status: ref(3, ServiceCIDRStatus).always(),
}) {}

export const servicecidrs = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'servicecidrs', singular: 'servicecidr', kind: 'ServiceCIDR', isNamespaced: false, type: ServiceCIDR,
  validate: validateServiceCidr,
  columns: serviceCidrColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
