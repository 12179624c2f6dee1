import { int32, message, ref, string } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class ScaleSpec extends message('k8s.io.api.autoscaling.v1.ScaleSpec', {
  replicas: int32(1).default(0),
}) {}

export class ScaleStatus extends message('k8s.io.api.autoscaling.v1.ScaleStatus', {
  replicas: int32(1).required(),
  selector: string(2),
}) {}

export class Scale extends message('k8s.io.api.autoscaling.v1.Scale', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ScaleSpec).present(),
  status: ref(3, ScaleStatus).always(),
}) {}
