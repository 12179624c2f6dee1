import { int64, message, string, time } from '@kaji/schema';

export class Condition extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Condition', {
  type: string(1).required(),
  status: string(2).required(),
  observedGeneration: int64(3),
  lastTransitionTime: time(4).required(),
  reason: string(5).required(),
  message: string(6).required(),
}) {}
