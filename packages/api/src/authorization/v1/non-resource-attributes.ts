import { message, string } from '@kaji/schema';

/** A request that is not for a resource. */
export class NonResourceAttributes extends message('k8s.io.api.authorization.v1.NonResourceAttributes', {
  /** Its path. */
  path: string(1),
  /** Its verb, such as get. */
  verb: string(2),
}) {}
