/** Devices as a driver tells of them. */
import { bool, int64, list, map, message, oneOf, quantity, ref, scalars, string, strings, time } from '@kaji/schema';
import { NodeSelector } from '../../core/v1/scheduling.ts';

/** A pool of devices, told in one or more slices. */
export class ResourcePool extends message('k8s.io.api.resource.v1.ResourcePool', {
  /** Name of the pool, unique for the driver; mostly that of a node. */
  name: string(1).required(),
  /** Counts the changes of the pool. Slices of an older one are not heeded. */
  generation: int64(2).required(),
  /** How many slices the pool has in this generation. With fewer it is not complete. */
  resourceSliceCount: int64(3).required(),
}) {}

/** A value of an attribute. Exactly one of them is set. */
export class DeviceAttribute extends message('k8s.io.api.resource.v1.DeviceAttribute', {
  /** A whole number. */
  int: int64(2).explicit().with({ goName: 'IntValue' }),
  /** True or false. */
  bool: bool(3).explicit().with({ goName: 'BoolValue' }),
  /** Text, at most 64 characters. */
  string: string(4).explicit().with({ goName: 'StringValue' }),
  /** A version in the form of semver 2.0.0, at most 64 characters. */
  version: string(5).explicit().with({ goName: 'VersionValue' }),
  /** Whole numbers. */
  ints: scalars<number>(6, 'int64').atomic().with({ goName: 'IntValues' }),
  /** Values true or false. */
  bools: scalars<string>(7, 'bool').atomic().with({ goName: 'BoolValues' }),
  /** Texts. */
  strings: strings(8).atomic().with({ goName: 'StringValues' }),
  /** Versions. */
  versions: strings(9).atomic().with({ goName: 'VersionValues' }),
}) {}

/** Amounts that may be asked for. */
export class CapacityRequestPolicyRange extends message('k8s.io.api.resource.v1.CapacityRequestPolicyRange', {
  /** The least amount. */
  min: quantity(1).explicit().required().omittable(),
  /** The greatest amount. Absent: all there is. */
  max: quantity(2).explicit(),
  /** Amounts lie so far apart, counted from min. Absent: any. */
  step: quantity(3).explicit(),
}) {}

/** How much of a capacity may be asked for. */
export class CapacityRequestPolicy extends message('k8s.io.api.resource.v1.CapacityRequestPolicy', {
  /** How much is given where nothing is asked for. */
  default: quantity(1).explicit().nullable(),
  /** Amounts that may be asked for; others are rounded up to one. Not together with validRange. */
  validValues: scalars<string>(3, 'quantity').atomic(),
  /** Range of amounts that may be asked for. */
  validRange: ref(4, CapacityRequestPolicyRange),
}) {}

/** How much a device has of something. */
export class DeviceCapacity extends message('k8s.io.api.resource.v1.DeviceCapacity', {
  /** How much. */
  value: quantity(1).required(),
  /** How much of it may be asked for, where the device is shared. */
  requestPolicy: ref(2, CapacityRequestPolicy),
}) {}

/** How much there is of something shared. */
export class Counter extends message('k8s.io.api.resource.v1.Counter', {
  /** How much. */
  value: quantity(1).required(),
}) {}

/** What a device takes of a set of counters. */
export class DeviceCounterConsumption extends message('k8s.io.api.resource.v1.DeviceCounterConsumption', {
  /** Name of the set. */
  counterSet: string(1).required(),
  /** How much of each counter. */
  counters: map(2, Counter).required().omittable(),
}) {}

/** Something about a device that keeps claims away which do not tolerate it. */
export class DeviceTaint extends message('k8s.io.api.resource.v1.DeviceTaint', {
  /** Key of the taint. */
  key: string(1).required(),
  /** Value of the taint. */
  value: string(2),
  /** What becomes of claims and pods that do not tolerate it. */
  effect: oneOf(3, 'None', 'NoSchedule', 'NoExecute').required().named('v1.DeviceTaintEffect'),
  /** When it was added. */
  timeAdded: time(4).explicit(),
}) {}

/** How a device takes of the node's own resources. */
export class NodeAllocatableResourceMapping extends message('k8s.io.api.resource.v1.NodeAllocatableResourceMapping', {
  /** Capacity that decides how much. Absent: the number of devices. */
  capacityKey: string(1).explicit().named('v1.QualifiedName'),
  /** How much for one of it. Defaults to 1. */
  allocationMultiplier: quantity(2).explicit(),
}) {}

/** One device. */
export class Device extends message('k8s.io.api.resource.v1.Device', {
  /** Name of the device, unique in its pool. A DNS label. */
  name: string(1).required(),
  /** What it is like. */
  attributes: map(2, DeviceAttribute).named('map[v1.QualifiedName]v1.DeviceAttribute'),
  /** How much it has. */
  capacity: map(3, DeviceCapacity).named('map[v1.QualifiedName]v1.DeviceCapacity'),
  /** What it takes of what devices share. */
  consumesCounters: list(4, DeviceCounterConsumption).atomic(),
  /** Node from which it can be reached. Only with perDeviceNodeSelection. */
  nodeName: string(5).explicit(),
  /** Nodes from which it can be reached. Only with perDeviceNodeSelection. */
  nodeSelector: ref(6, NodeSelector),
  /** Whether it can be reached from all nodes. Only with perDeviceNodeSelection. */
  allNodes: bool(7).explicit(),
  /** Its taints. */
  taints: list(8, DeviceTaint).atomic(),
  /** Whether, once it is given, it can be reached from that node alone. */
  bindsToNode: bool(9).explicit(),
  /** Conditions that must hold before a pod that uses it is bound. */
  bindingConditions: strings(10).atomic(),
  /** Conditions that keep a pod that uses it from being bound. */
  bindingFailureConditions: strings(11).atomic(),
  /** Whether several claims may be given parts of it. */
  allowMultipleAllocations: bool(12).explicit(),
  /** What it takes of the node's own resources, by resource. */
  nodeAllocatableResourceMappings: map(13, NodeAllocatableResourceMapping).named('map[v1.ResourceName]v1.NodeAllocatableResourceMapping'),
}) {}

/** Counters that devices of a pool share. */
export class CounterSet extends message('k8s.io.api.resource.v1.CounterSet', {
  /** Name of the set, unique in the pool. A DNS label. */
  name: string(1).required(),
  /** How much there is of each. */
  counters: map(2, Counter).required().omittable(),
}) {}
