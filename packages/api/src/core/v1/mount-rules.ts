/** Rules of where containers mount volumes. */
import { append } from '@kaji/base';
import { forbidden, invalid, notFoundField, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Container } from './container.ts';
import { backstepErrors, descendingErrors } from './environment-rules.ts';
import type { Volume } from './volume.ts';

export function validateMounts({ volumeMounts = [], volumeDevices = [], securityContext }: Container, usable: ReadonlyMap<string, Volume>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  // Kubernetes: of devices with the same name the last counts.
  const devicePaths = [...new Map(volumeDevices.map((device) => [device.name, device.devicePath])).values()];
  volumeMounts.forEach((mount, index) => {
    const at = `${path}[${index}]`;
    const { name, mountPath, subPath = '', subPathExpr = '', mountPropagation, recursiveReadOnly, readOnly } = mount;
    if (name === '') errors.push(required(`${at}.name`));
    if (!usable.has(name)) errors.push(notFoundField(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (seen.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    seen.add(mountPath);
    if (volumeDevices.some((device) => device.name === name)) errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    if (devicePaths.includes(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    if (subPath !== '') append(errors, descendingErrors(subPath, `${path}.subPath`));
    if (subPathExpr !== '') {
      if (subPath !== '') errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      append(errors, descendingErrors(subPathExpr, `${path}.subPathExpr`));
    }
    if (mountPropagation !== undefined) {
      const modes = ['Bidirectional', 'HostToContainer', 'None'];
      if (!modes.includes(mountPropagation)) errors.push(notSupported(`${path}.mountPropagation`, mountPropagation, modes));
      if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true) errors.push(forbidden(`${path}.mountPropagation`, 'Bidirectional mount propagation is available only to privileged containers'));
    }
    append(errors, recursiveErrors(recursiveReadOnly, readOnly === true, mountPropagation, `${path}.recursiveReadOnly`));
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
