import { message, ref, string } from '@kaji/schema';

export class CELDeviceSelector extends message('k8s.io.api.resource.v1.CELDeviceSelector', {
  expression: string(1).required(),
}) {}

export class DeviceSelector extends message('k8s.io.api.resource.v1.DeviceSelector', {
  cel: ref(1, CELDeviceSelector),
}) {}
