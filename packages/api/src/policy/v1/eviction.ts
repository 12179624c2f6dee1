import { message, ref } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { DeleteOptions } from '../../meta/v1/options.ts';

/** Asks a pod to leave. It is created as a subresource of the pod, and refused where a budget does not allow it. */
export class Eviction extends message('k8s.io.api.policy.v1.Eviction', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** How to delete it. */
  deleteOptions: ref(2, DeleteOptions).with({ isObject: true }),
}) {}
