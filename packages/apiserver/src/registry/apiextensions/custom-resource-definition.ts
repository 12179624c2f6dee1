/** How CustomResourceDefinitions are written: which versions are stored is remembered; a deleted one waits until its objects are gone. */
import type { ApiObject } from '@kaji/api';
import type { CustomResourceDefinition } from '@kaji/api/apiextensions/v1';
import type { Strategy } from '../strategy.ts';

type Definition = CustomResourceDefinition & ApiObject;

/** Taken away by whoever has deleted the objects of the kind. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export const customResourceDefinitionStrategy: Strategy<Definition> = {
  hasGeneration: true,
  requiresVersion: true,
  prepareForCreate: rememberStored,
  prepareForUpdate: rememberStored,
  beginDelete(definition) {
    const { metadata } = definition;
    metadata.finalizers = [...new Set([...metadata.finalizers ?? [], cleanupFinalizer])];
    const terminating = {
      type: 'Terminating', status: 'True', lastTransitionTime: metadata.deletionTimestamp, reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    const status = definition.status ?? {};
    definition.status = { ...status, conditions: [...(status.conditions ?? []).filter(({ type }) => type !== 'Terminating'), terminating] };
  },
};

function rememberStored(definition: Definition): void {
  const name = definition.spec.versions.find(({ storage }) => storage)?.name;
  const stored = definition.status?.storedVersions ?? [];
  if (name !== undefined && !stored.includes(name)) definition.status = { ...definition.status, storedVersions: [...stored, name] };
}
