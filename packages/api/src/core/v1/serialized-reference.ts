import { message, ref } from '@kaji/schema';
import { ObjectReference } from './references.ts';

/** A reference in a form that can be written down. */
export class SerializedReference extends message('k8s.io.api.core.v1.SerializedReference', {
  /** The reference. */
  reference: ref(1, ObjectReference).always(),
}) {}
