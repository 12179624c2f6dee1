/** Rules of projected volumes: files out of several sources, each path once. */
import { append } from '@kaji/base';
import { forbidden, invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { downwardErrors, itemErrors, modeErrors, ownPathErrors } from './volume-file-rules.ts';
import type { ProjectedVolumeSource, ServiceAccountTokenProjection, VolumeProjection } from './volume.ts';

const leastSeconds = 600;
const mostSeconds = 2 ** 32;

// Kubernetes: the path of a token is called a field of the volume.
function tokenErrors({ expirationSeconds = 0, path: filePath }: ServiceAccountTokenProjection, at: string, path: string, keepsPath: boolean): FieldError[] {
  const seconds = `${at}.serviceAccountToken.expirationSeconds`;
  return [
    ...(expirationSeconds < leastSeconds ? [invalid(seconds, expirationSeconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(expirationSeconds > mostSeconds ? [invalid(seconds, expirationSeconds, 'may not specify a duration larger than 2^32 seconds')] : []),
    ...(filePath === '' ? [required(`${path}.path`)] : keepsPath ? [] : ownPathErrors(filePath, `${path}.path`)),
  ];
}

/** `paths` are the files that earlier sources make. */
function sourceErrors(source: VolumeProjection, at: string, path: string, { paths, keepsPath }: { readonly paths: Set<string>; readonly keepsPath: boolean }): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const errors: FieldError[] = [];
  const claim = (filePath: string, named: string): void => {
    if (filePath === '') return;
    if (paths.has(filePath)) errors.push(invalid(path, named, 'conflicting duplicate paths'));
    paths.add(filePath);
  };
  for (const [name, from] of [['secret', secret], ['configMap', configMap]] as const) {
    if (from === undefined) continue;
    if ((from.name ?? '') === '') errors.push(required(`${at}.${name}.name`));
    (from.items ?? []).forEach((item, index) => {
      append(errors, itemErrors(item, `${at}.${name}.items[${index}]`));
      claim(item.path, from.name ?? '');
    });
  }
  for (const file of downwardAPI?.items ?? []) {
    append(errors, downwardErrors(file, `${at}.downwardAPI`));
    claim(file.path, file.path);
  }
  if (serviceAccountToken !== undefined) append(errors, tokenErrors(serviceAccountToken, at, path, keepsPath));
  const count = [secret, configMap, downwardAPI, serviceAccountToken].filter((from) => from !== undefined).length;
  if (count > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
  return errors;
}

export function projectedErrors({ sources, defaultMode }: ProjectedVolumeSource, path: string, keepsPath: boolean): FieldError[] {
  const paths = new Set<string>();
  return [...modeErrors(defaultMode, `${path}.defaultMode`), ...(sources ?? []).flatMap((source, index) => sourceErrors(source, `${path}.sources[${index}]`, path, { paths, keepsPath }))];
}
