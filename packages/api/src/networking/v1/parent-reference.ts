/** Whose an address is. */
import { message, string } from '@kaji/schema';

/** The object that an address belongs to. */
export class ParentReference extends message('k8s.io.api.networking.v1.ParentReference', {
  /** Group of its resource. */
  group: string(1),
  /** Its resource. */
  resource: string(2).required().omittable(),
  /** Its namespace. */
  namespace: string(3),
  /** Its name. */
  name: string(4).required().omittable(),
}) {}
