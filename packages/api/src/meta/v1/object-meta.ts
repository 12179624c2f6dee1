import { bool, fieldsV1, int64, list, message, string, stringMap, strings, time } from '@kaji/schema';

export class OwnerReference extends message('k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference', {
  apiVersion: string(5).required(),
  kind: string(1).required(),
  name: string(3).required(),
  uid: string(4).required(),
  controller: bool(6).explicit(),
  blockOwnerDeletion: bool(7).explicit(),
}) {
  static readonly isAtomic = true;
}

export class ManagedFieldsEntry extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry', {
  manager: string(1),
  operation: string(2),
  apiVersion: string(3),
  time: time(4).explicit(),
  fieldsType: string(6),
  fieldsV1: fieldsV1(7).explicit(),
  subresource: string(8),
}) {}

export class ObjectMeta extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta', {
  name: string(1),
  generateName: string(2),
  namespace: string(3),
  selfLink: string(4),
  uid: string(5),
  resourceVersion: string(6),
  generation: int64(7),
  creationTimestamp: time(8),
  deletionTimestamp: time(9).explicit(),
  deletionGracePeriodSeconds: int64(10).explicit(),
  labels: stringMap(11),
  annotations: stringMap(12),
  ownerReferences: list(13, OwnerReference).mapBy('uid').mergeBy('uid'),
  finalizers: strings(14).set().mergeBy(),
  // An empty list is not none: it asks the server to forget who managed what.
  managedFields: list(17, ManagedFieldsEntry).atomic().explicit(),
}) {}
