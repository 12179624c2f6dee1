/** Devices that a claim was given. */
import { bool, list, message, oneOf, quantityMap, rawExtension, ref, string, strings, time } from '@kaji/schema';
import { NodeSelector } from '../../core/v1/scheduling.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceToleration } from './device-toleration.ts';
import { Condition } from '../../meta/v1/condition.ts';

/** A device that was given. */
export class DeviceRequestAllocationResult extends message('k8s.io.api.resource.v1.DeviceRequestAllocationResult', {
  /** Name of the request, and of the choice behind a slash. */
  request: string(1).required(),
  /** Name of the driver. */
  driver: string(2).required(),
  /** Pool that the device is in. */
  pool: string(3).required(),
  /** Name of the device. */
  device: string(4).required(),
  /** Whether it is given although others use it. */
  adminAccess: bool(5).explicit(),
  /** Taints that were tolerated. */
  tolerations: list(6, DeviceToleration).atomic(),
  /** Conditions of the device that must hold before the pod is bound. */
  bindingConditions: strings(7).atomic(),
  /** Conditions of the device that keep the pod from being bound. */
  bindingFailureConditions: strings(8).atomic(),
  /** Id of the part, where devices are shared. */
  shareID: string(9).explicit().named('types.UID'),
  /** How much of the device was given. */
  consumedCapacity: quantityMap(10).exact().named('map[v1.QualifiedName]resource.Quantity'),
}) {}

/** Settings that go with a device. */
export class DeviceAllocationConfiguration extends message('k8s.io.api.resource.v1.DeviceAllocationConfiguration', {
  /** Whether they come from the class or from the claim. */
  source: oneOf(1, 'FromClass', 'FromClaim').required().named('v1.AllocationConfigSource'),
  /** Requests that they are for. Absent: all of the claim. */
  requests: strings(2).atomic(),
  /** The settings. */
  deviceConfiguration: ref(3, DeviceConfiguration).inline(),
}) {}

/** Devices that were given. */
export class DeviceAllocationResult extends message('k8s.io.api.resource.v1.DeviceAllocationResult', {
  /** The devices. */
  results: list(1, DeviceRequestAllocationResult).atomic(),
  /** Settings that go with them. */
  config: list(2, DeviceAllocationConfiguration).atomic(),
}) {}

/** What a claim was given. */
export class AllocationResult extends message('k8s.io.api.resource.v1.AllocationResult', {
  /** The devices. */
  devices: ref(1, DeviceAllocationResult).always(),
  /** From which nodes they can be reached. Absent: from all. */
  nodeSelector: ref(3, NodeSelector),
  /** When they were given. */
  allocationTimestamp: time(5).explicit(),
}) {}

/** Who may use what a claim was given. */
export class ResourceClaimConsumerReference extends message('k8s.io.api.resource.v1.ResourceClaimConsumerReference', {
  /** Group of its resource. Absent for core resources. */
  apiGroup: string(1),
  /** Its resource, such as pods. */
  resource: string(3).required(),
  /** Its name. */
  name: string(4).required(),
  /** Its id. */
  uid: string(5).required().named('types.UID'),
}) {}

/** A network interface. */
export class NetworkDeviceData extends message('k8s.io.api.resource.v1.NetworkDeviceData', {
  /** Name of the interface. */
  interfaceName: string(1),
  /** Addresses of it, each with the length of its prefix. */
  ips: strings(2).atomic(),
  /** Hardware address of it. */
  hardwareAddress: string(3),
}) {}

/** What a driver says of a device that was given. */
export class AllocatedDeviceStatus extends message('k8s.io.api.resource.v1.AllocatedDeviceStatus', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** Pool that the device is in. */
  pool: string(2).required(),
  /** Name of the device. */
  device: string(3).required(),
  /** Id of the part, where devices are shared. */
  shareID: string(7).explicit(),
  /** What holds of it now, at most 8. */
  conditions: list(4, Condition).always().mapBy('type'),
  /** Whatever the driver wants to tell, at most 10 KiB. */
  data: rawExtension(5).explicit(),
  /** The network interface, where it is one. */
  networkData: ref(6, NetworkDeviceData),
}) {}
