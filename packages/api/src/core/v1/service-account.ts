import { bool, list, message, ref } from '@kaji/schema';
import { serviceAccountColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { LocalObjectReference, ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ServiceAccount extends message('k8s.io.api.core.v1.ServiceAccount', {
  metadata: ref(1, ObjectMeta).present(),
  secrets: list(2, ObjectReference).mapBy('name').mergeBy('name'),
  imagePullSecrets: list(3, LocalObjectReference).atomic(),
  automountServiceAccountToken: bool(4).explicit(),
}) {}

export const serviceaccounts = resource({
  group: '', version: 'v1', plural: 'serviceaccounts', singular: 'serviceaccount', kind: 'ServiceAccount', isNamespaced: true, type: ServiceAccount,
  columns: serviceAccountColumns,
  nameErrors: subdomainName,
  shortNames: ['sa'],
  subresources: [
    { name: 'token', verbs: ['create'], kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
  returnsDeleted: true,
  ],
});
