import { bool, int64, list, message, oneOf, quantityMap, ref, string, strings } from '@kaji/schema';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceSelector } from './device-selector.ts';
import { DeviceToleration } from './device-toleration.ts';

export class CapacityRequirements extends message('k8s.io.api.resource.v1.CapacityRequirements', {
  requests: quantityMap(1),
}) {}

export class ExactDeviceRequest extends message('k8s.io.api.resource.v1.ExactDeviceRequest', {
  deviceClassName: string(1).required(),
  selectors: list(2, DeviceSelector).atomic(),
  allocationMode: oneOf(3, 'ExactCount', 'All').default('ExactCount'),
  count: int64(4),
  adminAccess: bool(5).explicit(),
  tolerations: list(6, DeviceToleration).atomic(),
  capacity: ref(7, CapacityRequirements),
}) {}

export class DeviceSubRequest extends message('k8s.io.api.resource.v1.DeviceSubRequest', {
  name: string(1).required(),
  deviceClassName: string(2).required(),
  selectors: list(3, DeviceSelector).atomic(),
  allocationMode: oneOf(4, 'ExactCount', 'All').default('ExactCount'),
  count: int64(5),
  tolerations: list(6, DeviceToleration).atomic(),
  capacity: ref(7, CapacityRequirements),
}) {}

export class DeviceRequest extends message('k8s.io.api.resource.v1.DeviceRequest', {
  name: string(1).required(),
  exactly: ref(2, ExactDeviceRequest),
  firstAvailable: list(3, DeviceSubRequest).atomic(),
}) {}

export class DeviceConstraint extends message('k8s.io.api.resource.v1.DeviceConstraint', {
  requests: strings(1).atomic(),
  matchAttribute: string(2).explicit(),
  distinctAttribute: string(3).explicit(),
}) {}

export class DeviceClaimConfiguration extends message('k8s.io.api.resource.v1.DeviceClaimConfiguration', {
  requests: strings(1).atomic(),
  deviceConfiguration: ref(2, DeviceConfiguration).inline(),
}) {}

export class DeviceClaim extends message('k8s.io.api.resource.v1.DeviceClaim', {
  requests: list(1, DeviceRequest).always().atomic(),
  constraints: list(2, DeviceConstraint).atomic(),
  config: list(3, DeviceClaimConfiguration).atomic(),
}) {}

export class ResourceClaimSpec extends message('k8s.io.api.resource.v1.ResourceClaimSpec', {
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
