import { bytes, message, ref, string } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class RangeAllocation extends message('k8s.io.api.core.v1.RangeAllocation', {
  metadata: ref(1, ObjectMeta).present(),
  range: string(2).always(),
  data: bytes(3).always(),
}) {}
