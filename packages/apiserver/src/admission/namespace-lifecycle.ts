// Nothing is made in a namespace that is not there or is going away, and three namespaces never go.
import { ApiError, notFound } from '@kaji/api';
import { namespaces } from '@kaji/api/core/v1';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle = (reader: Reader): AdmissionStep => ({
  name: 'NamespaceLifecycle',
  mutate(attempt) {
    const { operation, resource, namespace, name } = attempt;
    if (resource.group === '' && resource.plural === 'namespaces') {
      if (operation === 'DELETE' && attempt.subresource === '' && immortal.has(name)) throw deny(attempt, 'this namespace may not be deleted');
      return;
    }
    if (namespace === '' || operation === 'DELETE' || operation === 'CONNECT') return;
    // Asking for one's permissions must not tell which namespaces exist.
    if (resource.plural === 'localsubjectaccessreviews') return;
    const found = reader.get(namespaces, '', namespace);
    if (found === undefined) throw notFound(namespaces, namespace);
    if (operation === 'CREATE' && found.status?.phase === 'Terminating') throw terminating(attempt);
  },
});

function terminating(attempt: Attempt): ApiError {
  const { namespace } = attempt;
  const refusal = deny(attempt, `unable to create new content in namespace ${namespace} because it is being terminated`);
  return new ApiError('Forbidden', refusal.message, {
    details: { ...refusal.details, causes: [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }] },
  });
}
