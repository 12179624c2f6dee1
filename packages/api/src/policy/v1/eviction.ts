import { message, ref } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { DeleteOptions } from '../../meta/v1/options.ts';

export class Eviction extends message('k8s.io.api.policy.v1.Eviction', {
  metadata: ref(1, ObjectMeta).present(),
  deleteOptions: ref(2, DeleteOptions).with({ isObject: true }),
}) {}
