import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** Puts a pod on a node. It is created as a subresource of the pod. */
export class Binding extends message('k8s.io.api.core.v1.Binding', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Where to put it: a Node. */
  target: ref(2, ObjectReference).required(),
}) {}

export const bindings = resource({
  group: '', version: 'v1', plural: 'bindings', singular: 'binding', kind: 'Binding', isNamespaced: true, type: Binding,
  verbs: ['create'],
});
