import { list, message, ref, strings } from '@kaji/schema';
import { serviceCidrColumns } from '../../columns/network.ts';
import { validateServiceCidr } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ServiceCIDRSpec extends message('k8s.io.api.networking.v1.ServiceCIDRSpec', {
  cidrs: strings(1).atomic(),
}) {}

export class ServiceCIDRStatus extends message('k8s.io.api.networking.v1.ServiceCIDRStatus', {
  conditions: list(1, Condition).mapBy('type').mergeBy('type'),
}) {}

export class ServiceCIDR extends message('k8s.io.api.networking.v1.ServiceCIDR', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ServiceCIDRSpec).present(),
  status: ref(3, ServiceCIDRStatus).always(),
}) {}

export const servicecidrs = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'servicecidrs', singular: 'servicecidr', kind: 'ServiceCIDR', isNamespaced: false, type: ServiceCIDR,
  validate: validateServiceCidr,
  columns: serviceCidrColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'], status: [] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
