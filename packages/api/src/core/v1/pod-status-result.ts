import { message, ref } from '@kaji/schema';
import { PodStatus } from './pod-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class PodStatusResult extends message('k8s.io.api.core.v1.PodStatusResult', {
  metadata: ref(1, ObjectMeta).present(),
  status: ref(2, PodStatus).always(),
}) {}
