import { int64, message, oneOf, string } from '@kaji/schema';

/** A kind of taints that does not keep a claim from a device. */
export class DeviceToleration extends message('k8s.io.api.resource.v1.DeviceToleration', {
  /** Key of the taints. Absent with Exists: all of them. */
  key: string(1),
  /** Exists for any value, Equal for one. Defaults to Equal. */
  operator: oneOf(2, 'Exists', 'Equal').default('Equal').named('v1.DeviceTolerationOperator'),
  /** Value of the taints. Empty with Exists. */
  value: string(3),
  /** Effect of the taints. Absent for all effects. */
  effect: oneOf(4, 'None', 'NoSchedule', 'NoExecute').named('v1.DeviceTaintEffect'),
  /** How long, in seconds, the device is kept once a NoExecute taint is there. Absent for ever. */
  tolerationSeconds: int64(5).explicit(),
}) {}
