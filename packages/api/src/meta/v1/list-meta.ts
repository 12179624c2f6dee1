import { int64, message, ref, string } from '@kaji/schema';
import { ShardInfo } from './discovery.ts';

export class ListMeta extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta', {
  selfLink: string(1),
  resourceVersion: string(2),
  continue: string(3),
  remainingItemCount: int64(4).explicit(),
  shardInfo: ref(5, ShardInfo),
}) {}
