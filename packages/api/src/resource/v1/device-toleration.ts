import { int64, message, oneOf, string } from '@kaji/schema';

export class DeviceToleration extends message('k8s.io.api.resource.v1.DeviceToleration', {
  key: string(1),
  operator: oneOf(2, 'Exists', 'Equal').default('Equal'),
  value: string(3),
  effect: oneOf(4, 'None', 'NoSchedule', 'NoExecute'),
  tolerationSeconds: int64(5).explicit(),
}) {}
