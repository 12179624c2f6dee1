/** Namespaces: held by their own finalizers until the controller has emptied them. */
import type { ApiObject } from '@kaji/api';
import type { Namespace } from '@kaji/api/core/v1';
import type { Strategy } from '../strategy.ts';

type NamespaceObject = Namespace & ApiObject;
const kubernetes = 'kubernetes';

export const namespaceStrategy: Strategy<NamespaceObject> = {
  returnsDeleted: true,
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec.finalizers ?? [];
    if (!finalizers.includes(kubernetes)) namespace.spec.finalizers = [...finalizers, kubernetes];
  },
  prepareForUpdate(namespace, old, { subresource }) {
    if (subresource !== 'finalize') namespace.spec.finalizers = old.spec.finalizers;
    if (old.status !== undefined) namespace.status = old.status;
  },
  // Kubernetes: after the rules have seen the labels, for a name that was made up is not known when defaults are set.
  canonicalize: labelName,
  prepareForStatus(namespace, old) {
    namespace.spec = old.spec;
  },
  isHeld: ({ metadata, spec }) => metadata.deletionTimestamp !== undefined && (spec.finalizers ?? []).length > 0,
  beginDelete(namespace) {
    namespace.status = { ...namespace.status, phase: 'Terminating' };
  },
};

/** Kubernetes: every namespace carries its name as a label, for selectors. */
function labelName({ metadata }: NamespaceObject): void {
  if (metadata.name !== undefined) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}
