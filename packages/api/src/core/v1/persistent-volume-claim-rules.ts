import { compareQuantities, dns1123SubdomainErrors } from '@kaji/schema';
import { invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { PersistentVolumeClaimSpec } from './volume.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function accessModeErrors(modes: readonly string[], path: string): FieldError[] {
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(path, mode, accessModes));
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) errors.push({ field: path, reason: 'FieldValueForbidden', message: 'Forbidden: may not use ReadWriteOncePod with other access modes' });
  return errors;
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  errors.push(...validateLabelSelector(spec.selector, `${path}.selector`), ...accessModeErrors(modes, `${path}.accessModes`));
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else if (compareQuantities(storage, '0') <= 0) errors.push(invalid(`${path}.resources[storage]`, storage, 'must be greater than zero'));
  const { storageClassName = '', volumeMode } = spec;
  if (storageClassName !== '') errors.push(...invalidAll(`${path}.storageClassName`, storageClassName, dns1123SubdomainErrors(storageClassName)));
  if (volumeMode !== undefined && volumeMode !== 'Block' && volumeMode !== 'Filesystem') errors.push(notSupported(`${path}.volumeMode`, volumeMode, ['Block', 'Filesystem']));
  return errors;
}
