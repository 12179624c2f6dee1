import { message, rawExtension, ref, string } from '@kaji/schema';

export class OpaqueDeviceConfiguration extends message('k8s.io.api.resource.v1.OpaqueDeviceConfiguration', {
  driver: string(1).required(),
  parameters: rawExtension(2).required(),
}) {}

export class DeviceConfiguration extends message('k8s.io.api.resource.v1.DeviceConfiguration', {
  opaque: ref(1, OpaqueDeviceConfiguration),
}) {}
