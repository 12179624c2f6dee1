import { message, ref } from '@kaji/schema';
import { PodStatus } from './pod-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** A pod's status by itself. */
export class PodStatusResult extends message('k8s.io.api.core.v1.PodStatusResult', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The status. */
  status: ref(2, PodStatus).always(),
}) {}
