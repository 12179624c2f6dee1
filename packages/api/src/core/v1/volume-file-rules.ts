/** Rules of the files that volumes are made of. */
import { append } from '@kaji/base';
import { invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { descendingErrors, fieldSelectorErrors, resourceSelectorErrors } from './environment-rules.ts';
import type { DownwardAPIVolumeFile, KeyToPath } from './volume.ts';

export const modeErrors = (mode: number | undefined, path: string): FieldError[] => (mode !== undefined && (mode > 0o777 || mode < 0) ? [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')] : []);

/** A path that stays within its volume and is not kept for the kubelet. */
export function ownPathErrors(filePath: string, path: string): FieldError[] {
  return [...descendingErrors(filePath, path), ...(filePath.startsWith('..') && !filePath.startsWith('../') ? [invalid(path, filePath, "must not start with '..'")] : [])];
}

export const itemErrors = ({ key, path: filePath, mode }: KeyToPath, path: string): FieldError[] => [
  ...(key === '' ? [required(`${path}.key`)] : []), ...(filePath === '' ? [required(`${path}.path`)] : []), ...ownPathErrors(filePath, `${path}.path`), ...modeErrors(mode, `${path}.mode`),
];

export const itemsErrors = (items: readonly KeyToPath[] | undefined, path: string): FieldError[] => (items ?? []).flatMap((item, index) => itemErrors(item, `${path}.items[${index}]`));

export function downwardErrors({ path: filePath, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors = [...(filePath === '' ? [required(`${path}.path`)] : []), ...ownPathErrors(filePath, `${path}.path`)];
  if (fieldRef !== undefined) {
    append(errors, fieldSelectorErrors(fieldRef, `${path}.fieldRef`, 'volume'));
    if (resourceFieldRef !== undefined) errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (resourceFieldRef !== undefined) append(errors, resourceSelectorErrors(resourceFieldRef, `${path}.resourceFieldRef`, 'volume'));
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...modeErrors(mode, `${path}.mode`)];
}
