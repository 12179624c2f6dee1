import { bool, list, message, quantity, quantityMap, ref, string } from '@kaji/schema';

export class ObjectReference extends message('k8s.io.api.core.v1.ObjectReference', {
  kind: string(1),
  namespace: string(2),
  name: string(3),
  uid: string(4),
  apiVersion: string(5),
  resourceVersion: string(6),
  fieldPath: string(7),
}) {
  static readonly isAtomic = true;
}

export class VolumeResourceRequirements extends message('k8s.io.api.core.v1.VolumeResourceRequirements', {
  limits: quantityMap(1),
  requests: quantityMap(2),
}) {}

export class TypedLocalObjectReference extends message('k8s.io.api.core.v1.TypedLocalObjectReference', {
  apiGroup: string(1).explicit().nullable(),
  kind: string(2).required(),
  name: string(3).required(),
}) {
  static readonly isAtomic = true;
}

export class TypedObjectReference extends message('k8s.io.api.core.v1.TypedObjectReference', {
  apiGroup: string(1).explicit().nullable(),
  kind: string(2).required(),
  name: string(3).required(),
  namespace: string(4).explicit(),
}) {}

export class LocalObjectReference extends message('k8s.io.api.core.v1.LocalObjectReference', {
  name: string(1).default(''),
}) {
  static readonly isAtomic = true;
}

export class ObjectFieldSelector extends message('k8s.io.api.core.v1.ObjectFieldSelector', {
  apiVersion: string(1).default('v1'),
  fieldPath: string(2).required(),
}) {
  static readonly isAtomic = true;
}

export class ResourceFieldSelector extends message('k8s.io.api.core.v1.ResourceFieldSelector', {
  containerName: string(1),
  resource: string(2).required(),
  divisor: quantity(3).always(),
}) {
  static readonly isAtomic = true;
}

export class ConfigMapKeySelector extends message('k8s.io.api.core.v1.ConfigMapKeySelector', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  key: string(2).required(),
  optional: bool(3).explicit(),
}) {
  static readonly isAtomic = true;
}

export class SecretKeySelector extends message('k8s.io.api.core.v1.SecretKeySelector', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  key: string(2).required(),
  optional: bool(3).explicit(),
}) {
  static readonly isAtomic = true;
}

export class FileKeySelector extends message('k8s.io.api.core.v1.FileKeySelector', {
  volumeName: string(1).required(),
  path: string(2).required(),
  key: string(3).required(),
  optional: bool(4).explicit().default(false),
}) {
  static readonly isAtomic = true;
}

export class ResourceClaim extends message('k8s.io.api.core.v1.ResourceClaim', {
  name: string(1).required(),
  request: string(2),
}) {}

export class ResourceRequirements extends message('k8s.io.api.core.v1.ResourceRequirements', {
  limits: quantityMap(1),
  requests: quantityMap(2),
  claims: list(3, ResourceClaim).mapBy('name'),
}) {}

export class ResourceHealth extends message('k8s.io.api.core.v1.ResourceHealth', {
  resourceID: string(1).required(),
  health: string(2),
  message: string(6).explicit(),
}) {}

export class ResourceStatus extends message('k8s.io.api.core.v1.ResourceStatus', {
  name: string(1).required(),
  resources: list(2, ResourceHealth).mapBy('resourceID'),
}) {}
