// A claim that asks for no class gets the default one, if there is one.
import type { ApiObject } from '@kaji/api';
import type { PersistentVolumeClaim } from '@kaji/api/core/v1';
import { storageclasses } from '@kaji/api/storage/v1';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { defaultClassOf } from './default-class.ts';

export const defaultStorageClass = (reader: Reader): AdmissionStep => ({
  name: 'DefaultStorageClass',
  mutate({ operation, resource, subresource, object }) {
    if (operation !== 'CREATE' || resource.group !== '' || resource.plural !== 'persistentvolumeclaims' || subresource !== '' || object === undefined) return;
    const { metadata, spec } = object as PersistentVolumeClaim & ApiObject; // the resource says so
    if (spec.storageClassName !== undefined || metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return;
    const found = defaultClassOf(reader.list(storageclasses), 'storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class');
    if (found?.metadata.name !== undefined) spec.storageClassName = found.metadata.name;
  },
});
