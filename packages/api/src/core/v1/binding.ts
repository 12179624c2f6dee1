import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class Binding extends message('k8s.io.api.core.v1.Binding', {
  metadata: ref(1, ObjectMeta).present(),
  target: ref(2, ObjectReference).required(),
}) {}

export const bindings = resource({
  group: '', version: 'v1', plural: 'bindings', singular: 'binding', kind: 'Binding', isNamespaced: true, type: Binding,
  verbs: ['create'],
});
