import { int32, message, ref, string } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** How many are wanted. */
export class ScaleSpec extends message('k8s.io.api.autoscaling.v1.ScaleSpec', {
  /** How many are wanted. */
  replicas: int32(1).default(0),
}) {}

/** How many there are. */
export class ScaleStatus extends message('k8s.io.api.autoscaling.v1.ScaleStatus', {
  /** How many there are. */
  replicas: int32(1).required(),
  /** Labels of the pods that are counted, as text. */
  selector: string(2),
}) {}

/** The size of something that can be scaled. */
export class Scale extends message('k8s.io.api.autoscaling.v1.Scale', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** How many are wanted. */
  spec: ref(2, ScaleSpec).present(),
  /** How many there are. */
  status: ref(3, ScaleStatus).always(),
}) {}
