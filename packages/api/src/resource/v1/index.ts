export { DeviceClass, DeviceClassConfiguration, deviceclasses, DeviceClassSpec } from './device-class.ts';
export { DeviceConfiguration, OpaqueDeviceConfiguration } from './device-configuration.ts';
export { CELDeviceSelector, DeviceSelector } from './device-selector.ts';
export { DeviceToleration } from './device-toleration.ts';
export { AllocatedDeviceStatus, AllocationResult, DeviceAllocationConfiguration, DeviceAllocationResult, DeviceRequestAllocationResult, NetworkDeviceData, ResourceClaim, ResourceClaimConsumerReference, resourceclaims, ResourceClaimStatus } from './resource-claim.ts';
export { CapacityRequirements, DeviceClaim, DeviceClaimConfiguration, DeviceConstraint, DeviceRequest, DeviceSubRequest, ExactDeviceRequest, ResourceClaimSpec } from './resource-claim-spec.ts';
export { ResourceClaimTemplate, resourceclaimtemplates, ResourceClaimTemplateSpec } from './resource-claim-template.ts';
export { CapacityRequestPolicy, CapacityRequestPolicyRange, Counter, CounterSet, Device, DeviceAttribute, DeviceCapacity, DeviceCounterConsumption, DeviceTaint, NodeAllocatableResourceMapping, ResourcePool, ResourceSlice, resourceslices, ResourceSliceSpec } from './resource-slice.ts';
