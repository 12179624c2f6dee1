import { int32, list, message, ref, string } from '@kaji/schema';
import { ListMeta } from './list-meta.ts';

/** One thing that is wrong. */
export class StatusCause extends message('k8s.io.apimachinery.pkg.apis.meta.v1.StatusCause', {
  /** What kind of thing, as one word. */
  reason: string(1),
  /** What is wrong, for people. */
  message: string(2),
  /** Path of the field that it is about. */
  field: string(3),
}) {}

/** More of what went wrong. */
export class StatusDetails extends message('k8s.io.apimachinery.pkg.apis.meta.v1.StatusDetails', {
  /** Name of the object. */
  name: string(1),
  /** Group of the object. */
  group: string(2),
  /** Kind of the object, or name of the resource. */
  kind: string(3),
  /** Id of the object. */
  uid: string(6),
  /** What is wrong, each thing by itself. */
  causes: list(4, StatusCause).atomic(),
  /** After how many seconds it may be tried again. */
  retryAfterSeconds: int32(5),
}) {}

/** What became of a request that answers with nothing else. */
export class Status extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Status', {
  /** The object's metadata. */
  metadata: ref(1, ListMeta).present(),
  /** Success or Failure. */
  status: string(2),
  /** What happened, for people. */
  message: string(3),
  /** Why it failed, as one word that programs can read. */
  reason: string(4),
  /** More of it. */
  details: ref(5, StatusDetails),
  /** The HTTP status. */
  code: int32(6),
}) {}
