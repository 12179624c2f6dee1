import { bool, list, message, ref } from '@kaji/schema';
import { serviceAccountColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { LocalObjectReference, ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Who pods are when they speak to the API. */
export class ServiceAccount extends message('k8s.io.api.core.v1.ServiceAccount', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Secrets that pods of this account may use, where that is enforced. Not where its tokens come from. */
  secrets: list(2, ObjectReference).mapBy('name').mergeBy('name'),
  /** Secrets with credentials for images, given to its pods that name none. */
  imagePullSecrets: list(3, LocalObjectReference).atomic(),
  /** Whether its pods get a token. A pod may say otherwise. */
  automountServiceAccountToken: bool(4).explicit(),
}) {}

const enforceSecrets = 'kubernetes.io/enforce-mountable-secrets';

export const serviceaccounts = resource({
  group: '', version: 'v1', plural: 'serviceaccounts', singular: 'serviceaccount', kind: 'ServiceAccount', isNamespaced: true, type: ServiceAccount,
  returnsDeleted: true,
  warnings: ({ metadata }, old) => (metadata.annotations?.[enforceSecrets] === undefined || old?.metadata.annotations?.[enforceSecrets] !== undefined ? [] : [`metadata.annotations[${enforceSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`]),
  columns: serviceAccountColumns,
  nameErrors: subdomainName,
  shortNames: ['sa'],
  subresources: [
    { name: 'token', verbs: ['create'], kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
  ],
});
