import { message, rawExtension, ref, string } from '@kaji/schema';

/** Settings that only a driver understands. */
export class OpaqueDeviceConfiguration extends message('k8s.io.api.resource.v1.OpaqueDeviceConfiguration', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** The settings, at most 10 KiB. */
  parameters: rawExtension(2).required(),
}) {}

/** Settings of devices. Exactly one of them is set. */
export class DeviceConfiguration extends message('k8s.io.api.resource.v1.DeviceConfiguration', {
  /** Settings that only a driver understands. */
  opaque: ref(1, OpaqueDeviceConfiguration),
}) {}
