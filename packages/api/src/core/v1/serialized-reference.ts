import { message, ref } from '@kaji/schema';
import { ObjectReference } from './references.ts';

export class SerializedReference extends message('k8s.io.api.core.v1.SerializedReference', {
  reference: ref(1, ObjectReference).always(),
}) {}
