import { bool, int64, message, ref, string, strings } from '@kaji/schema';

export class Preconditions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Preconditions', {
  uid: string(1).explicit(),
  resourceVersion: string(2).explicit(),
}) {}

export class DeleteOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions', {
  gracePeriodSeconds: int64(1).explicit(),
  preconditions: ref(2, Preconditions),
  orphanDependents: bool(3).explicit(),
  propagationPolicy: string(4).explicit(),
  dryRun: strings(5).atomic(),
  ignoreStoreReadErrorWithClusterBreakingPotential: bool(6).explicit(),
}) {}

export class GetOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GetOptions', {
  resourceVersion: string(1),
}) {}

export class ListOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ListOptions', {
  labelSelector: string(1),
  fieldSelector: string(2),
  watch: bool(3),
  allowWatchBookmarks: bool(9),
  resourceVersion: string(4),
  resourceVersionMatch: string(10),
  timeoutSeconds: int64(5).explicit(),
  limit: int64(7),
  continue: string(8),
  sendInitialEvents: bool(11).explicit(),
  shardSelector: string(15),
}) {}

export class CreateOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.CreateOptions', {
  dryRun: strings(1),
  fieldManager: string(3),
  fieldValidation: string(4),
}) {}

export class PatchOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.PatchOptions', {
  dryRun: strings(1),
  force: bool(2).explicit(),
  fieldManager: string(3),
  fieldValidation: string(4),
}) {}

export class UpdateOptions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.UpdateOptions', {
  dryRun: strings(1),
  fieldManager: string(2),
  fieldValidation: string(3),
}) {}
