import { bool, int64, list, map, message, oneOf, quantity, ref, scalars, string, strings, time } from '@kaji/schema';
import { resourceSliceColumns } from '../../columns/devices.ts';
import { resource } from '../../resource.ts';
import { resourceSliceWarnings, validateResourceSlice } from './resource-slice-rules.ts';
import { NodeSelector } from '../../core/v1/scheduling.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ResourcePool extends message('k8s.io.api.resource.v1.ResourcePool', {
  name: string(1).required(),
  generation: int64(2).required(),
  resourceSliceCount: int64(3).required(),
}) {}

export class DeviceAttribute extends message('k8s.io.api.resource.v1.DeviceAttribute', {
  int: int64(2).explicit().with({ goName: 'IntValue' }),
  bool: bool(3).explicit().with({ goName: 'BoolValue' }),
  string: string(4).explicit().with({ goName: 'StringValue' }),
  version: string(5).explicit().with({ goName: 'VersionValue' }),
  ints: scalars<number>(6, 'int64').atomic().with({ goName: 'IntValues' }),
  bools: scalars<string>(7, 'bool').atomic().with({ goName: 'BoolValues' }),
  strings: strings(8).atomic().with({ goName: 'StringValues' }),
  versions: strings(9).atomic().with({ goName: 'VersionValues' }),
}) {}

export class CapacityRequestPolicyRange extends message('k8s.io.api.resource.v1.CapacityRequestPolicyRange', {
  min: quantity(1).explicit().required(),
  max: quantity(2).explicit(),
  step: quantity(3).explicit(),
}) {}

export class CapacityRequestPolicy extends message('k8s.io.api.resource.v1.CapacityRequestPolicy', {
  default: quantity(1).explicit(),
  validValues: scalars<string>(3, 'quantity').atomic(),
  validRange: ref(4, CapacityRequestPolicyRange),
}) {}

export class DeviceCapacity extends message('k8s.io.api.resource.v1.DeviceCapacity', {
  value: quantity(1).required(),
  requestPolicy: ref(2, CapacityRequestPolicy),
}) {}

export class Counter extends message('k8s.io.api.resource.v1.Counter', {
  value: quantity(1).required(),
}) {}

export class DeviceCounterConsumption extends message('k8s.io.api.resource.v1.DeviceCounterConsumption', {
  counterSet: string(1).required(),
  counters: map(2, Counter).required(),
}) {}

export class DeviceTaint extends message('k8s.io.api.resource.v1.DeviceTaint', {
  key: string(1).required(),
  value: string(2),
  effect: oneOf(3, 'None', 'NoSchedule', 'NoExecute').required(),
  timeAdded: time(4).explicit(),
}) {}

export class NodeAllocatableResourceMapping extends message('k8s.io.api.resource.v1.NodeAllocatableResourceMapping', {
  capacityKey: string(1).explicit(),
  allocationMultiplier: quantity(2).explicit(),
}) {}

export class Device extends message('k8s.io.api.resource.v1.Device', {
  name: string(1).required(),
  attributes: map(2, DeviceAttribute),
  capacity: map(3, DeviceCapacity),
  consumesCounters: list(4, DeviceCounterConsumption).atomic(),
  nodeName: string(5).explicit(),
  nodeSelector: ref(6, NodeSelector),
  allNodes: bool(7).explicit(),
  taints: list(8, DeviceTaint).atomic(),
  bindsToNode: bool(9).explicit(),
  bindingConditions: strings(10).atomic(),
  bindingFailureConditions: strings(11).atomic(),
  allowMultipleAllocations: bool(12).explicit(),
  nodeAllocatableResourceMappings: map(13, NodeAllocatableResourceMapping),
}) {}

export class CounterSet extends message('k8s.io.api.resource.v1.CounterSet', {
  name: string(1).required(),
  counters: map(2, Counter).required(),
}) {}

export class ResourceSliceSpec extends message('k8s.io.api.resource.v1.ResourceSliceSpec', {
  driver: string(1).required(),
  pool: ref(2, ResourcePool).required(),
  nodeName: string(3).explicit(),
  nodeSelector: ref(4, NodeSelector),
  allNodes: bool(5).explicit(),
  devices: list(6, Device).atomic(),
  perDeviceNodeSelection: bool(7).explicit(),
  sharedCounters: list(8, CounterSet).atomic(),
}) {}

export class ResourceSlice extends message('k8s.io.api.resource.v1.ResourceSlice', {
  metadata: ref(1, ObjectMeta).present(),
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
});
