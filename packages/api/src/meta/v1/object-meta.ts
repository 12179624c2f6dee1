import { bool, fieldsV1, int64, list, message, string, stringMap, strings, time } from '@kaji/schema';

/** An object that owns this one. When the last of its owners is gone, so is the object. */
export class OwnerReference extends message('k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference', {
  /** Group and version of the owner. */
  apiVersion: string(5).required(),
  /** Kind of the owner. */
  kind: string(1).required(),
  /** Name of the owner. */
  name: string(3).required(),
  /** Id of the owner. */
  uid: string(4).required().named('types.UID'),
  /** Whether the owner is what controls the object. One owner at most is. */
  controller: bool(6).explicit(),
  /**
   * Whether an owner that is deleted in the foreground waits for the object to be gone. It takes the right to update the owner's finalizers. Defaults to false.
   */
  blockOwnerDeletion: bool(7).explicit(),
}) {
  static readonly isAtomic = true;
}

/** Which fields somebody has set. */
export class ManagedFieldsEntry extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry', {
  /** Who it is. */
  manager: string(1),
  /** How they were set: Apply or Update. */
  operation: string(2).named('v1.ManagedFieldsOperationType'),
  /** Version that the fields are written in. */
  apiVersion: string(3),
  /** When they were last changed. */
  time: time(4).explicit(),
  /** Form of fieldsV1; FieldsV1 is the only one. */
  fieldsType: string(6),
  /** The fields. */
  fieldsV1: fieldsV1(7).explicit(),
  /** Subresource through which they were set. Empty for the object itself. */
  subresource: string(8),
}) {}

/** What every object has. */
export class ObjectMeta extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta', {
  /** Name of the object, unique among those of its kind in its namespace. It cannot be changed. */
  name: string(1),
  /** Beginning of a name that the server completes where name is absent. */
  generateName: string(2),
  /** Namespace of the object. Empty for objects outside of namespaces. It cannot be changed. */
  namespace: string(3),
  /** Not set any more. */
  selfLink: string(4),
  /** Id of the object, which no other ever has. The server sets it. */
  uid: string(5).named('types.UID'),
  /** Version of the object. Given back with a write, it keeps that from overwriting somebody else's. Its form is the server's own. */
  resourceVersion: string(6),
  /** Counts the changes of what is wanted. The server sets it. */
  generation: int64(7),
  /** When the object was created. The server sets it. */
  creationTimestamp: time(8),
  /** When the object is to be gone. Set by deleting it, and never taken back. */
  deletionTimestamp: time(9).explicit(),
  /** Seconds that it gets to end in. Set with deletionTimestamp, and can only become less. */
  deletionGracePeriodSeconds: int64(10).explicit(),
  /** Names and values to find and group objects by. */
  labels: stringMap(11),
  /** Names and values for whatever tools want to keep. They cannot be searched. */
  annotations: stringMap(12),
  /** Objects that own this one. With none of them left it is collected. */
  ownerReferences: list(13, OwnerReference).mapBy('uid').mergeBy('uid'),
  /** Who has to act before the object may go. Each takes away its own entry. */
  finalizers: strings(14).set().mergeBy(),
  // An empty list is not none: it asks the server to forget who managed what.
  /** Who has set which fields. The server keeps it. */
  managedFields: list(17, ManagedFieldsEntry).atomic(),
}) {}
