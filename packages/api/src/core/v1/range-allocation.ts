import { bytes, message, ref, string } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What of a range is taken. It is not served. */
export class RangeAllocation extends message('k8s.io.api.core.v1.RangeAllocation', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The range. */
  range: string(2).always(),
  /** One bit for each part that is taken. */
  data: bytes(3).always(),
}) {}
