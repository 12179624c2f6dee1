/** A driver of volumes on a node. */
import { int32, message, ref, string, strings } from '@kaji/schema';

/** How much a driver can do on a node. */
export class VolumeNodeResources extends message('k8s.io.api.storage.v1.VolumeNodeResources', {
  /** How many volumes it can have there. Absent: no limit. */
  count: int32(1).explicit(),
}) {}

/** A driver on a node. */
export class CSINodeDriver extends message('k8s.io.api.storage.v1.CSINodeDriver', {
  /** Name of the driver. */
  name: string(1).required(),
  /** Name that the driver knows the node by. */
  nodeID: string(2).required(),
  /** Labels of the node that the driver goes by. */
  topologyKeys: strings(3).always().atomic(),
  /** How much it can do there. */
  allocatable: ref(4, VolumeNodeResources),
}) {}
