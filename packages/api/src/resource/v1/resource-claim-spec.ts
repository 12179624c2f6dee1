import { bool, int64, list, message, oneOf, quantityMap, ref, string, strings } from '@kaji/schema';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceSelector } from './device-selector.ts';
import { DeviceToleration } from './device-toleration.ts';

/** How much of a device is wanted. */
export class CapacityRequirements extends message('k8s.io.api.resource.v1.CapacityRequirements', {
  /** How much of each capacity. Absent ones: as the device has it. */
  requests: quantityMap(1).exact().named('map[v1.QualifiedName]resource.Quantity'),
}) {}

/** Devices of one kind. */
export class ExactDeviceRequest extends message('k8s.io.api.resource.v1.ExactDeviceRequest', {
  /** Name of the DeviceClass. Required. */
  deviceClassName: string(1).required(),
  /** Further conditions that each device must fulfil. */
  selectors: list(2, DeviceSelector).atomic(),
  /** ExactCount for as many as count says, All for every one there is. Defaults to ExactCount. */
  allocationMode: oneOf(3, 'ExactCount', 'All').default('ExactCount').named('v1.DeviceAllocationMode'),
  /** How many. Only for ExactCount; defaults to 1. */
  count: int64(4),
  /** Whether devices are wanted that others use, to look after them. The namespace must allow it. */
  adminAccess: bool(5).explicit(),
  /** Taints that do not keep the claim away. */
  tolerations: list(6, DeviceToleration).atomic(),
  /** How much of each device is wanted. */
  capacity: ref(7, CapacityRequirements),
}) {}

/** Devices of one kind, as one of several choices. */
export class DeviceSubRequest extends message('k8s.io.api.resource.v1.DeviceSubRequest', {
  /** Name of the choice. A DNS label. */
  name: string(1).required(),
  /** Name of the DeviceClass. Required. */
  deviceClassName: string(2).required(),
  /** Further conditions that each device must fulfil. */
  selectors: list(3, DeviceSelector).atomic(),
  /** ExactCount for as many as count says, All for every one there is. Defaults to ExactCount. */
  allocationMode: oneOf(4, 'ExactCount', 'All').default('ExactCount').named('v1.DeviceAllocationMode'),
  /** How many. Only for ExactCount; defaults to 1. */
  count: int64(5),
  /** Taints that do not keep the claim away. */
  tolerations: list(6, DeviceToleration).atomic(),
  /** How much of each device is wanted. */
  capacity: ref(7, CapacityRequirements),
}) {}

/** Devices that are asked for. Exactly one of exactly and firstAvailable is set. */
export class DeviceRequest extends message('k8s.io.api.resource.v1.DeviceRequest', {
  /** Name of the request. A DNS label. */
  name: string(1).required(),
  /** Devices of one kind. */
  exactly: ref(2, ExactDeviceRequest),
  /** Choices, the best first, of which one is taken; at most 8. */
  firstAvailable: list(3, DeviceSubRequest).atomic(),
}) {}

/** What devices must have in common, or must not. One of the two attributes is set. */
export class DeviceConstraint extends message('k8s.io.api.resource.v1.DeviceConstraint', {
  /** Requests that it is about. Absent: all of the claim. */
  requests: strings(1).atomic(),
  /** An attribute that must be the same. */
  matchAttribute: string(2).explicit().named('v1.FullyQualifiedName'),
  /** An attribute that must differ. */
  distinctAttribute: string(3).explicit().named('v1.FullyQualifiedName'),
}) {}

/** Settings of the devices of a claim. */
export class DeviceClaimConfiguration extends message('k8s.io.api.resource.v1.DeviceClaimConfiguration', {
  /** Requests that they are for. Absent: all of the claim. */
  requests: strings(1).atomic(),
  /** The settings. */
  deviceConfiguration: ref(2, DeviceConfiguration).inline(),
}) {}

/** Devices that are asked for. */
export class DeviceClaim extends message('k8s.io.api.resource.v1.DeviceClaim', {
  /** Each kind of them, at most 32. */
  requests: list(1, DeviceRequest).always().atomic(),
  /** What they must have in common, or must not. */
  constraints: list(2, DeviceConstraint).atomic(),
  /** Settings for drivers. */
  config: list(3, DeviceClaimConfiguration).atomic(),
}) {}

/** What is asked for. It cannot be changed. */
export class ResourceClaimSpec extends message('k8s.io.api.resource.v1.ResourceClaimSpec', {
  /** Devices that are asked for. */
  devices: ref(1, DeviceClaim).always(),
}) {}

/** Kubernetes: a request of an exact count that names none asks for one. */
export function defaultDeviceCounts({ devices }: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices?.requests ?? []) {
    for (const request of [...(exactly === undefined ? [] : [exactly]), ...firstAvailable]) {
      if (request.allocationMode === 'ExactCount' && (request.count ?? 0) === 0) request.count = 1;
    }
  }
}
