// A claim grows only where it is bound and its class allows it.
import type { ApiObject } from '@kaji/api';
import type { PersistentVolumeClaim } from '@kaji/api/core/v1';
import { storageclasses } from '@kaji/api/storage/v1';
import { compareQuantities } from '@kaji/schema';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { deny } from './deny.ts';

export const persistentVolumeClaimResize = (reader: Reader): AdmissionStep => ({
  name: 'PersistentVolumeClaimResize',
  validate(attempt) {
    const { operation, resource, subresource, object, old } = attempt;
    if (operation !== 'UPDATE' || resource.group !== '' || resource.plural !== 'persistentvolumeclaims' || subresource !== '' || object === undefined || old === undefined) return;
    const [claim, before] = [object, old] as [Claim, Claim]; // the resource says so
    if (compareQuantities(sizeOf(claim), sizeOf(before)) <= 0) return;
    if (before.status?.phase !== 'Bound') throw deny(attempt, 'Only bound persistent volume claims can be expanded');
    const name = classOf(claim);
    const allowsExpansion = name !== '' && name === classOf(before) && reader.get(storageclasses, '', name)?.allowVolumeExpansion === true;
    if (!allowsExpansion) throw deny(attempt, 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  },
});

type Claim = PersistentVolumeClaim & ApiObject;

const sizeOf = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0';
const classOf = ({ metadata, spec }: Claim): string => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';
