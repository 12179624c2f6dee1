import { message, ref, string } from '@kaji/schema';

/** A condition on a device, in CEL. */
export class CELDeviceSelector extends message('k8s.io.api.resource.v1.CELDeviceSelector', {
  /** The condition. It sees device, with its driver, attributes and capacity. */
  expression: string(1).required(),
}) {}

/** A condition on a device. Exactly one of them is set. */
export class DeviceSelector extends message('k8s.io.api.resource.v1.DeviceSelector', {
  /** The condition in CEL. */
  cel: ref(1, CELDeviceSelector),
}) {}
