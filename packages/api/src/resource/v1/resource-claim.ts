import { list, message, ref } from '@kaji/schema';
import { resourceClaimColumns } from '../../columns/devices.ts';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { validateResourceClaim, validateResourceClaimStatus } from './resource-claim-rules.ts';
import { defaultDeviceCounts, ResourceClaimSpec } from './resource-claim-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { AllocatedDeviceStatus, AllocationResult, ResourceClaimConsumerReference } from './device-allocation.ts';

/** What a claim was given, and who uses it. */
export class ResourceClaimStatus extends message('k8s.io.api.resource.v1.ResourceClaimStatus', {
  /** What it was given. Absent: nothing yet. */
  allocation: ref(1, AllocationResult),
  /** Who may use it now, at most 256. While there is anybody, it is not taken back. */
  reservedFor: list(2, ResourceClaimConsumerReference).mapBy('uid').mergeBy('uid'),
  /** What drivers say of the devices. */
  devices: list(4, AllocatedDeviceStatus).mapBy('driver', 'device', 'pool', 'shareID'),
}) {}

/** A wish for devices, and then a hold on those that fulfil it. */
export class ResourceClaim extends message('k8s.io.api.resource.v1.ResourceClaim', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is asked for. */
  spec: ref(2, ResourceClaimSpec).required(),
  /** What it was given, and who uses it. */
  status: ref(3, ResourceClaimStatus).always(),
}) {}

export const resourceclaims = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaims', singular: 'resourceclaim', kind: 'ResourceClaim', isNamespaced: true, type: ResourceClaim,
  returnsDeleted: true,
  needs: [cel],
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
