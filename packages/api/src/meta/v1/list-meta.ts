import { int64, message, ref, string } from '@kaji/schema';
import { ShardInfo } from './discovery.ts';

/** What is known of a list as a whole. */
export class ListMeta extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta', {
  /** Not set any more. */
  selfLink: string(1),
  /** The state of the cluster that the list shows. A watch may go on from there. */
  resourceVersion: string(2),
  /** Set where there is more: a token that asks for the next part. */
  continue: string(3),
  /** How many objects follow, as far as that is known. */
  remainingItemCount: int64(4).explicit(),
  /** Which part of the whole list this is. */
  shardInfo: ref(5, ShardInfo),
}) {}
