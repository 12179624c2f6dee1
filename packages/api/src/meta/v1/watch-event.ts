import { message, rawExtension, string } from '@kaji/schema';

/** One thing that happened to an object that is watched. */
export class WatchEvent extends message('k8s.io.apimachinery.pkg.apis.meta.v1.WatchEvent', {
  /** ADDED, MODIFIED, DELETED, BOOKMARK or ERROR. */
  type: string(1).required(),
  /** The object as it is now, or as it was last when it is deleted; of a bookmark, only its kind and resourceVersion; of an error, a Status. */
  object: rawExtension(2).required(),
}) {}
