/** Rules of volumes and of where containers mount them. */
import { compareQuantities, dns1123LabelErrors, dns1123SubdomainErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notFoundField, notSupported, required, tooLong } from '../../field-error.ts';
import { validateAnnotations, validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { Container } from './container.ts';
import { backstepErrors, fieldSelectorErrors, resourceSelectorErrors } from './environment-rules.ts';
import { validateClaimSpec } from './persistent-volume-claim-rules.ts';
import type { CSIVolumeSource, DownwardAPIVolumeFile, EphemeralVolumeSource, HostPathVolumeSource, KeyToPath, ProjectedVolumeSource, Volume, VolumeProjection } from './volume.ts';

const modeMessage = 'must be a number between 0 and 0777 (octal), both inclusive';
const modeErrors = (mode: number | undefined, path: string): FieldError[] => (mode !== undefined && (mode > 0o777 || mode < 0) ? [invalid(path, mode, modeMessage)] : []);

const descendingErrors = (filePath: string, path: string): FieldError[] => [...(filePath.startsWith('/') ? [invalid(path, filePath, 'must be a relative path')] : []), ...backstepErrors(filePath, path)];

function ownPathErrors(filePath: string, path: string): FieldError[] {
  return [...descendingErrors(filePath, path), ...(filePath.startsWith('..') && !filePath.startsWith('../') ? [invalid(path, filePath, "must not start with '..'")] : [])];
}

const itemErrors = ({ key, path: filePath, mode }: KeyToPath, path: string): FieldError[] => [
  ...(key === '' ? [required(`${path}.key`)] : []), ...(filePath === '' ? [required(`${path}.path`)] : []), ...ownPathErrors(filePath, `${path}.path`), ...modeErrors(mode, `${path}.mode`),
];

const itemsErrors = (items: readonly KeyToPath[] | undefined, path: string): FieldError[] => (items ?? []).flatMap((item, index) => itemErrors(item, `${path}.items[${index}]`));

function downwardErrors({ path: filePath, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors = [...(filePath === '' ? [required(`${path}.path`)] : []), ...ownPathErrors(filePath, `${path}.path`)];
  if (fieldRef !== undefined) {
    errors.push(...fieldSelectorErrors(fieldRef, `${path}.fieldRef`, 'volume'));
    if (resourceFieldRef !== undefined) errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (resourceFieldRef !== undefined) errors.push(...resourceSelectorErrors(resourceFieldRef, `${path}.resourceFieldRef`, 'volume'));
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...modeErrors(mode, `${path}.mode`)];
}

/** Checks one source of a projected volume; `paths` are the files that earlier ones make. */
function projectionErrors({ secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate }: VolumeProjection, at: string, path: string, paths: Set<string>): FieldError[] {
  const errors: FieldError[] = [];
  const claim = (filePath: string, named: string): void => {
    if (filePath === '') return;
    if (paths.has(filePath)) errors.push(invalid(path, named, 'conflicting duplicate paths'));
    paths.add(filePath);
  };
  for (const [name, source] of [['secret', secret], ['configMap', configMap]] as const) {
    if (source === undefined) continue;
    if ((source.name ?? '') === '') errors.push(required(`${at}.${name}.name`));
    (source.items ?? []).forEach((item, index) => {
      errors.push(...itemErrors(item, `${at}.${name}.items[${index}]`));
      claim(item.path, source.name ?? '');
    });
  }
  for (const file of downwardAPI?.items ?? []) {
    errors.push(...downwardErrors(file, `${at}.downwardAPI`));
    claim(file.path, file.path);
  }
  if (serviceAccountToken !== undefined) {
    const { expirationSeconds = 0, path: filePath } = serviceAccountToken;
    if (expirationSeconds < 600) errors.push(invalid(`${at}.serviceAccountToken.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (expirationSeconds > 2 ** 32) errors.push(invalid(`${at}.serviceAccountToken.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
    errors.push(...(filePath === '' ? [required(`${path}.path`)] : ownPathErrors(filePath, `${path}.path`)));
  }
  const count = [secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate].filter((source) => source !== undefined).length;
  if (count > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
  return errors;
}

function projectedErrors({ sources, defaultMode }: ProjectedVolumeSource, path: string): FieldError[] {
  const paths = new Set<string>();
  return [...modeErrors(defaultMode, `${path}.defaultMode`), ...(sources ?? []).flatMap((source, index) => projectionErrors(source, `${path}.sources[${index}]`, path, paths))];
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function hostPathErrors({ path: filePath, type }: HostPathVolumeSource, path: string): FieldError[] {
  if (filePath === '') return [required(`${path}.path`)];
  return [...backstepErrors(filePath, `${path}.path`), ...(type !== undefined && !hostPathTypes.includes(type) ? [notSupported(`${path}.type`, type, hostPathTypes)] : [])];
}

function csiErrors({ driver, nodePublishSecretRef }: CSIVolumeSource, path: string): FieldError[] {
  const errors: FieldError[] = driver === '' ? [required(`${path}.driver`)] : invalidAll(`${path}.driver`, driver, dns1123SubdomainErrors(driver.toLowerCase()));
  if (driver.length > 63) errors.unshift(tooLong(`${path}.driver`, 63));
  if (nodePublishSecretRef !== undefined) {
    const name = nodePublishSecretRef.name ?? '';
    errors.push(...(name === '' ? [required(`${path}.nodePublishSecretRef.name`)] : invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name))));
  }
  return errors;
}

function ephemeralErrors({ volumeClaimTemplate }: EphemeralVolumeSource, path: string): FieldError[] {
  if (volumeClaimTemplate === undefined) return [required(`${path}.volumeClaimTemplate`)];
  const at = `${path}.volumeClaimTemplate`;
  const { metadata = {}, spec } = volumeClaimTemplate;
  const unset = Object.entries(metadata).filter(([name, value]) => name !== 'labels' && name !== 'annotations' && value !== undefined);
  return [
    ...validateAnnotations(metadata.annotations, `${at}.metadata.annotations`), ...validateLabels(metadata.labels, `${at}.metadata.labels`),
    ...unset.map(([name]) => forbidden(`${at}.metadata.${name}`, 'cannot be set')), ...validateClaimSpec(spec, `${at}.spec`),
  ];
}

type Check = (path: string) => FieldError[];

function checksOf(volume: Volume): readonly (readonly [name: string, check: Check])[] {
  const { emptyDir, hostPath, secret, nfs, persistentVolumeClaim, configMap, downwardAPI, projected, csi, ephemeral, image, gitRepo } = volume;
  const checks: [string, Check | undefined][] = [
    ['emptyDir', emptyDir && ((path) => (emptyDir.sizeLimit !== undefined && compareQuantities(emptyDir.sizeLimit, '0') < 0 ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : []))],
    ['hostPath', hostPath && ((path) => hostPathErrors(hostPath, path))],
    ['gitRepo', gitRepo && ((path) => [...(gitRepo.repository === '' ? [required(`${path}.repository`)] : []), ...descendingErrors(gitRepo.directory ?? '', `${path}.directory`)])],
    ['secret', secret && ((path) => [...((secret.secretName ?? '') === '' ? [required(`${path}.secretName`)] : []), ...modeErrors(secret.defaultMode, `${path}.defaultMode`), ...itemsErrors(secret.items, path)])],
    ['nfs', nfs && ((path) => [...(nfs.server === '' ? [required(`${path}.server`)] : []), ...(nfs.path === '' ? [required(`${path}.path`)] : []), ...(nfs.path.startsWith('/') ? [] : [invalid(`${path}.path`, nfs.path, 'must be an absolute path')])])],
    ['persistentVolumeClaim', persistentVolumeClaim && ((path) => (persistentVolumeClaim.claimName === '' ? [required(`${path}.claimName`)] : []))],
    ['downwardAPI', downwardAPI && ((path) => [...modeErrors(downwardAPI.defaultMode, `${path}.defaultMode`), ...(downwardAPI.items ?? []).flatMap((file) => downwardErrors(file, path))])],
    ['configMap', configMap && ((path) => [...((configMap.name ?? '') === '' ? [required(`${path}.name`)] : []), ...modeErrors(configMap.defaultMode, `${path}.defaultMode`), ...itemsErrors(configMap.items, path)])],
    ['projected', projected && ((path) => projectedErrors(projected, path))],
    ['csi', csi && ((path) => csiErrors(csi, path))],
    ['ephemeral', ephemeral && ((path) => ephemeralErrors(ephemeral, path))],
    ['image', image && ((path) => [...((image.reference ?? '') === '' ? [required(`${path}.reference`)] : []), ...(['Always', 'IfNotPresent', 'Never'].includes(image.pullPolicy ?? '') ? [] : [notSupported(`${path}.pullPolicy`, image.pullPolicy ?? '', ['Always', 'IfNotPresent', 'Never'])])])],
  ];
  return checks.filter((entry): entry is [string, Check] => entry[1] !== undefined);
}

function sourceErrors(volume: Volume, path: string): FieldError[] {
  const others = Object.keys(volume).filter((key) => key !== 'name');
  if (others.length === 0) return [required(path, 'must specify a volume type')];
  return checksOf(volume).flatMap(([name, check], index) => (index > 0 ? [forbidden(`${path}.${name}`, 'may not specify more than 1 volume type')] : check(`${path}.${name}`)));
}

export interface CheckedVolumes {
  readonly errors: FieldError[];
  /** Those that containers may mount. */
  readonly usable: ReadonlyMap<string, Volume>;
}

export function validateVolumes(volumes: readonly Volume[], path: string): CheckedVolumes {
  const errors: FieldError[] = [];
  const usable = new Map<string, Volume>();
  volumes.forEach((volume, index) => {
    const at = `${path}[${index}]`;
    const { name } = volume;
    const own = [...sourceErrors(volume, at), ...(name === '' ? [required(`${at}.name`)] : invalidAll(`${at}.name`, name, dns1123LabelErrors(name))), ...(usable.has(name) ? [duplicate(`${at}.name`, name)] : [])];
    if (own.length === 0) usable.set(name, volume);
    else errors.push(...own);
  });
  return { errors, usable };
}

export function validateMounts({ volumeMounts = [], volumeDevices = [], securityContext }: Container, usable: ReadonlyMap<string, Volume>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  volumeMounts.forEach((mount, index) => {
    const at = `${path}[${index}]`;
    const { name, mountPath, subPath = '', subPathExpr = '', mountPropagation, recursiveReadOnly, readOnly } = mount;
    if (name === '') errors.push(required(`${at}.name`));
    if (!usable.has(name)) errors.push(notFoundField(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (seen.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    seen.add(mountPath);
    if (volumeDevices.some((device) => device.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    if (volumeDevices.some((device) => device.devicePath === mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    if (subPath !== '') errors.push(...descendingErrors(subPath, `${path}.subPath`));
    if (subPathExpr !== '') {
      if (subPath !== '') errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      errors.push(...descendingErrors(subPathExpr, `${path}.subPathExpr`));
    }
    if (mountPropagation !== undefined) {
      const modes = ['Bidirectional', 'HostToContainer', 'None'];
      if (!modes.includes(mountPropagation)) errors.push(notSupported(`${path}.mountPropagation`, mountPropagation, modes));
      if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true) errors.push(forbidden(`${path}.mountPropagation`, 'Bidirectional mount propagation is available only to privileged containers'));
    }
    errors.push(...recursiveErrors(recursiveReadOnly, readOnly === true, mountPropagation, `${path}.recursiveReadOnly`));
  });
  return errors;
}

function recursiveErrors(mode: string | undefined, isReadOnly: boolean, propagation: string | undefined, path: string): FieldError[] {
  switch (mode) {
    case undefined: case 'Disabled': return [];
    case 'Enabled': case 'IfPossible': return [
      ...(isReadOnly ? [] : [forbidden(path, 'may only be specified when readOnly is true')]),
      ...(propagation !== undefined && propagation !== 'None' ? [forbidden(path, 'may only be specified when mountPropagation is None or not specified')] : []),
    ];
    default: return [notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  }
}

export function validateDevices({ volumeDevices = [], volumeMounts = [] }: Container, usable: ReadonlyMap<string, Volume>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [names, paths] = [new Set<string>(), new Set<string>()];
  volumeDevices.forEach(({ name, devicePath }, index) => {
    const at = `${path}[${index}]`;
    const volume = usable.get(name);
    if (name === '') errors.push(required(`${at}.name`));
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'));
    if (volume !== undefined && volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) errors.push(invalid(`${at}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    if (volume === undefined) errors.push(notFoundField(`${at}.name`, name));
    if (devicePath === '') errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'));
    if (devicePath !== '' && backstepErrors(devicePath, '').length > 0) errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'));
    if (volumeMounts.some((mount) => mount.mountPath === devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
  });
  return errors;
}
