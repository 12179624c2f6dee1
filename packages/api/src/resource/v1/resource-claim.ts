import { bool, list, message, oneOf, quantityMap, rawExtension, ref, string, strings, time } from '@kaji/schema';
import { resourceClaimColumns } from '../../columns/devices.ts';
import { resource } from '../../resource.ts';
import { validateResourceClaim, validateResourceClaimStatus } from './resource-claim-rules.ts';
import { NodeSelector } from '../../core/v1/scheduling.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceToleration } from './device-toleration.ts';
import { defaultDeviceCounts, ResourceClaimSpec } from './resource-claim-spec.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class DeviceRequestAllocationResult extends message('k8s.io.api.resource.v1.DeviceRequestAllocationResult', {
  request: string(1).required(),
  driver: string(2).required(),
  pool: string(3).required(),
  device: string(4).required(),
  adminAccess: bool(5).explicit(),
  tolerations: list(6, DeviceToleration).atomic(),
  bindingConditions: strings(7).atomic(),
  bindingFailureConditions: strings(8).atomic(),
  shareID: string(9).explicit(),
  consumedCapacity: quantityMap(10),
}) {}

export class DeviceAllocationConfiguration extends message('k8s.io.api.resource.v1.DeviceAllocationConfiguration', {
  source: oneOf(1, 'FromClass', 'FromClaim').required(),
  requests: strings(2).atomic(),
  deviceConfiguration: ref(3, DeviceConfiguration).inline(),
}) {}

export class DeviceAllocationResult extends message('k8s.io.api.resource.v1.DeviceAllocationResult', {
  results: list(1, DeviceRequestAllocationResult).atomic(),
  config: list(2, DeviceAllocationConfiguration).atomic(),
}) {}

export class AllocationResult extends message('k8s.io.api.resource.v1.AllocationResult', {
  devices: ref(1, DeviceAllocationResult).always(),
  nodeSelector: ref(3, NodeSelector),
  allocationTimestamp: time(5).explicit(),
}) {}

export class ResourceClaimConsumerReference extends message('k8s.io.api.resource.v1.ResourceClaimConsumerReference', {
  apiGroup: string(1),
  resource: string(3).required(),
  name: string(4).required(),
  uid: string(5).required(),
}) {}

export class NetworkDeviceData extends message('k8s.io.api.resource.v1.NetworkDeviceData', {
  interfaceName: string(1),
  ips: strings(2).atomic(),
  hardwareAddress: string(3),
}) {}

export class AllocatedDeviceStatus extends message('k8s.io.api.resource.v1.AllocatedDeviceStatus', {
  driver: string(1).required(),
  pool: string(2).required(),
  device: string(3).required(),
  shareID: string(7).explicit(),
  conditions: list(4, Condition).always().mapBy('type'),
  data: rawExtension(5).explicit(),
  networkData: ref(6, NetworkDeviceData),
}) {}

export class ResourceClaimStatus extends message('k8s.io.api.resource.v1.ResourceClaimStatus', {
  allocation: ref(1, AllocationResult),
  reservedFor: list(2, ResourceClaimConsumerReference).mapBy('uid').mergeBy('uid'),
  devices: list(4, AllocatedDeviceStatus).mapBy('driver', 'device', 'pool', 'shareID'),
}) {}

export class ResourceClaim extends message('k8s.io.api.resource.v1.ResourceClaim', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ResourceClaimSpec).required(),
  status: ref(3, ResourceClaimStatus).always(),
}) {}

export const resourceclaims = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaims', singular: 'resourceclaim', kind: 'ResourceClaim', isNamespaced: true, type: ResourceClaim,
  returnsDeleted: true,
  validate: validateResourceClaim,
  validateStatus: validateResourceClaimStatus,
  columns: resourceClaimColumns,
  defaults: ({ spec }) => defaultDeviceCounts(spec),
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
