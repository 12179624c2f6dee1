import { int64, message, string, time } from '@kaji/schema';

/** Something that holds of an object, or not. */
export class Condition extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Condition', {
  /** What is said. */
  type: string(1).required(),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** The generation of the object that it is about. */
  observedGeneration: int64(3),
  /** When the status last changed. */
  lastTransitionTime: time(4).required(),
  /** Why, as one word that programs can read. It is required. */
  reason: string(5).required(),
  /** Why, for people. */
  message: string(6).required(),
}) {}
