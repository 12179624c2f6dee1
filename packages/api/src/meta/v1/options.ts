import { bool, int64, message, ref, string, strings } from '@kaji/schema';

/** What must hold of an object for it to be deleted. */
export class Preconditions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Preconditions', {
  /** Id that it must have. */
  uid: string(1).explicit(),
  /** Version that it must have. */
  resourceVersion: string(2).explicit(),
}) {}

/** How to delete an object. */
export class DeleteOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions', {
  /** Seconds that it gets to end in; 0 for none. Absent: as its kind has it. */
  gracePeriodSeconds: int64(1).explicit(),
  /** What must hold of it. Otherwise the answer is 409. */
  preconditions: ref(2, Preconditions),
  /** Whether what it owns stays. Deprecated: use propagationPolicy. */
  orphanDependents: bool(3).explicit(),
  /** What becomes of what it owns: Orphan, Background or Foreground. Absent: as its kind and its finalizers have it. */
  propagationPolicy: string(4).explicit(),
  /** All, to do nothing but answer as if it were done. */
  dryRun: strings(5).atomic(),
  /** Whether to delete the object even though it cannot be read. It can break the cluster. */
  ignoreStoreReadErrorWithClusterBreakingPotential: bool(6).explicit(),
}) {}

/** How to read an object. */
export class GetOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GetOptions', {
  /** How fresh it must be. Absent: the newest; 0: whatever is at hand. */
  resourceVersion: string(1),
}) {}

/** How to list or watch objects. */
export class ListOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ListOptions', {
  /** Conditions on labels. Absent: all objects. */
  labelSelector: string(1),
  /** Conditions on fields. Absent: all objects. */
  fieldSelector: string(2),
  /** Whether to follow changes instead of listing. */
  watch: bool(3),
  /** Whether a watch may say now and then how far it has come. */
  allowWatchBookmarks: bool(9),
  /** The state to list, or to watch from. */
  resourceVersion: string(4),
  /** How resourceVersion is meant: Exact or NotOlderThan. */
  resourceVersionMatch: string(10),
  /** After how many seconds it ends, whether it is done or not. */
  timeoutSeconds: int64(5).explicit(),
  /** How many objects at most. The answer says where the next part begins. */
  limit: int64(7),
  /** Where the next part begins, as the last answer said. */
  continue: string(8),
  /** Whether a watch begins with all objects there are, and a bookmark behind them. */
  sendInitialEvents: bool(11).explicit(),
  /** Which part of the list is wanted. */
  shardSelector: string(15),
}) {}

/** How to create an object. */
export class CreateOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.CreateOptions', {
  /** All, to do nothing but answer as if it were done. */
  dryRun: strings(1),
  /** Who sets the fields. Absent: the beginning of the client's name. */
  fieldManager: string(3),
  /** What becomes of fields that are not known or stand twice: Ignore, Warn or Strict. Defaults to Warn. */
  fieldValidation: string(4),
}) {}

/** How to patch an object. */
export class PatchOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.PatchOptions', {
  /** All, to do nothing but answer as if it were done. */
  dryRun: strings(1),
  /** Whether an apply takes fields that others have set. Only for applying. */
  force: bool(2).explicit(),
  /** Who sets the fields. Absent: the beginning of the client's name. */
  fieldManager: string(3),
  /** What becomes of fields that are not known or stand twice: Ignore, Warn or Strict. Defaults to Warn. */
  fieldValidation: string(4),
}) {}

/** How to update an object. */
export class UpdateOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.UpdateOptions', {
  /** All, to do nothing but answer as if it were done. */
  dryRun: strings(1),
  /** Who sets the fields. Absent: the beginning of the client's name. */
  fieldManager: string(2),
  /** What becomes of fields that are not known or stand twice: Ignore, Warn or Strict. Defaults to Warn. */
  fieldValidation: string(3),
}) {}
