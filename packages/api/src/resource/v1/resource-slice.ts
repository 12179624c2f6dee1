import { bool, list, message, ref, string } from '@kaji/schema';
import { resourceSliceColumns } from '../../columns/devices.ts';
import { resource } from '../../resource.ts';
import { resourceSliceWarnings, validateResourceSlice } from './resource-slice-rules.ts';
import { NodeSelector } from '../../core/v1/scheduling.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { CounterSet, Device, ResourcePool } from './device.ts';

/** Devices of a part of a pool, and from where they can be reached. */
export class ResourceSliceSpec extends message('k8s.io.api.resource.v1.ResourceSliceSpec', {
  /** Name of the driver. It cannot be changed. */
  driver: string(1).required(),
  /** The pool. */
  pool: ref(2, ResourcePool).required(),
  /** Node from which they can be reached. It cannot be changed. */
  nodeName: string(3).explicit(),
  /** Nodes from which they can be reached. */
  nodeSelector: ref(4, NodeSelector),
  /** Whether they can be reached from all nodes. */
  allNodes: bool(5).explicit(),
  /** The devices, at most 128. */
  devices: list(6, Device).atomic(),
  /** Whether each device says itself from where it can be reached. */
  perDeviceNodeSelection: bool(7).explicit(),
  /** Counters that devices of the pool share. A slice has these or devices. */
  sharedCounters: list(8, CounterSet).atomic(),
}) {}

/** Devices that a driver offers. */
export class ResourceSlice extends message('k8s.io.api.resource.v1.ResourceSlice', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The devices. */
  spec: ref(2, ResourceSliceSpec).required(),
}) {}

export const resourceslices = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'resourceslices', singular: 'resourceslice', kind: 'ResourceSlice', isNamespaced: false, type: ResourceSlice,
  returnsDeleted: true,
  validate: validateResourceSlice,
  warnings: resourceSliceWarnings,
  columns: resourceSliceColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.driver': ({ spec }) => spec.driver,
  },
  refusedField: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
});
