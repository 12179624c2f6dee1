import { bool, list, message, quantity, quantityMap, ref, string } from '@kaji/schema';

/** What is needed to find an object. */
export class ObjectReference extends message('k8s.io.api.core.v1.ObjectReference', {
  /** Kind of the object. */
  kind: string(1),
  /** Namespace of the object. */
  namespace: string(2),
  /** Name of the object. */
  name: string(3),
  /** Id of the object. */
  uid: string(4).named('types.UID'),
  /** Group and version of the object. */
  apiVersion: string(5),
  /** The version of it that is meant. */
  resourceVersion: string(6),
  /** The part of it that is meant, such as spec.containers with a name in braces. */
  fieldPath: string(7),
}) {
  static readonly isAtomic = true;
}

/** How much storage is wanted. */
export class VolumeResourceRequirements extends message('k8s.io.api.core.v1.VolumeResourceRequirements', {
  /** The most that may be given. */
  limits: quantityMap(1),
  /** The least that must be given. */
  requests: quantityMap(2),
}) {}

/** An object of the same namespace, of any kind. */
export class TypedLocalObjectReference extends message('k8s.io.api.core.v1.TypedLocalObjectReference', {
  /** Group of its kind. Absent for core kinds. */
  apiGroup: string(1).explicit().nullable(),
  /** Its kind. */
  kind: string(2).required(),
  /** Its name. */
  name: string(3).required(),
}) {
  static readonly isAtomic = true;
}

/** An object of any kind, perhaps of another namespace. */
export class TypedObjectReference extends message('k8s.io.api.core.v1.TypedObjectReference', {
  /** Group of its kind. Absent for core kinds. */
  apiGroup: string(1).explicit().nullable(),
  /** Its kind. */
  kind: string(2).required(),
  /** Its name. */
  name: string(3).required(),
  /** Its namespace, which must allow the reference. Absent: the same one. */
  namespace: string(4).explicit(),
}) {}

/** An object of the same namespace, by its name. */
export class LocalObjectReference extends message('k8s.io.api.core.v1.LocalObjectReference', {
  /** Name of the object. */
  name: string(1).default(''),
}) {
  static readonly isAtomic = true;
}

/** A field of an object. */
export class ObjectFieldSelector extends message('k8s.io.api.core.v1.ObjectFieldSelector', {
  /** Version that the path is written for. Defaults to v1. */
  apiVersion: string(1).default('v1'),
  /** Path of the field. */
  fieldPath: string(2).required(),
}) {
  static readonly isAtomic = true;
}

/** A limit or request of a container. */
export class ResourceFieldSelector extends message('k8s.io.api.core.v1.ResourceFieldSelector', {
  /** Name of the container. Needed in volumes, and of no use in variables. */
  containerName: string(1),
  /** Which one, such as limits.cpu. */
  resource: string(2).required(),
  /** Unit in which it is given. Defaults to 1. */
  divisor: quantity(3).always(),
}) {
  static readonly isAtomic = true;
}

/** An entry of a ConfigMap. */
export class ConfigMapKeySelector extends message('k8s.io.api.core.v1.ConfigMapKeySelector', {
  /** Which object. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Name of the entry. */
  key: string(2).required(),
  /** Whether the container may start while the object or the entry is not there. */
  optional: bool(3).explicit(),
}) {
  static readonly isAtomic = true;
}

/** An entry of a Secret. */
export class SecretKeySelector extends message('k8s.io.api.core.v1.SecretKeySelector', {
  /** Which object. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Name of the entry. */
  key: string(2).required(),
  /** Whether the container may start while the object or the entry is not there. */
  optional: bool(3).explicit(),
}) {
  static readonly isAtomic = true;
}

/** An entry of a file of variables. */
export class FileKeySelector extends message('k8s.io.api.core.v1.FileKeySelector', {
  /** Name of the volume with the file. */
  volumeName: string(1).required(),
  /** Path of the file within the volume. */
  path: string(2).required(),
  /** Name of the entry. */
  key: string(3).required(),
  /** Whether the container may start while the file or the entry is not there. Defaults to false. */
  optional: bool(4).explicit().default(false),
}) {
  static readonly isAtomic = true;
}

/** A claim of the pod that a container uses. */
export class ResourceClaim extends message('k8s.io.api.core.v1.ResourceClaim', {
  /** Name of the claim, as it stands in the pod's resourceClaims. */
  name: string(1).required(),
  /** Name of one request of the claim. Absent for all of them. */
  request: string(2),
}) {}

/** What is needed, and what may be used. */
export class ResourceRequirements extends message('k8s.io.api.core.v1.ResourceRequirements', {
  /** The most that may be used. */
  limits: quantityMap(1),
  /** The least that is needed, which a node must have free. Defaults to the limits. */
  requests: quantityMap(2),
  /** Claims of devices that are used. They cannot be changed. */
  claims: list(3, ResourceClaim).mapBy('name'),
}) {}

/** Whether a device is well. */
export class ResourceHealth extends message('k8s.io.api.core.v1.ResourceHealth', {
  /** Id of the device, unique within its kind. */
  resourceID: string(1).required().named('v1.ResourceID'),
  /** Healthy, Unhealthy or Unknown. */
  health: string(2).named('v1.ResourceHealthStatus'),
  /** More of it, for people. */
  message: string(6).explicit(),
}) {}

/** How the devices of one resource are. */
export class ResourceStatus extends message('k8s.io.api.core.v1.ResourceStatus', {
  /** Name of the resource; for a claim it begins with claim, a colon and the claim's name. */
  name: string(1).required().named('v1.ResourceName'),
  /** The devices. */
  resources: list(2, ResourceHealth).mapBy('resourceID'),
}) {}
