/** Rules of the places that volumes come from, where a pod's volumes and PersistentVolumes share them. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, rangeMessage } from '@kaji/schema';
import { invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { backstepErrors } from './environment-rules.ts';
import type { AWSElasticBlockStoreVolumeSource, AzureDiskVolumeSource, FCVolumeSource, FlockerVolumeSource, GCEPersistentDiskVolumeSource, HostPathVolumeSource, NFSVolumeSource, QuobyteVolumeSource } from './volume.ts';

/** One error for each of these fields that is empty. */
export function requiredAll<T extends object>(source: T, path: string, ...names: readonly (keyof T & string)[]): FieldError[] {
  return names.flatMap((name) => {
    const value = source[name];
    return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? [required(`${path}.${name}`)] : [];
  });
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function hostPathErrors({ path: filePath, type }: HostPathVolumeSource, path: string): FieldError[] {
  if (filePath === '') return [required(`${path}.path`)];
  return [...backstepErrors(filePath, `${path}.path`), ...(type !== undefined && !hostPathTypes.includes(type) ? [notSupported(`${path}.type`, type, hostPathTypes)] : [])];
}

export const nfsErrors = (nfs: NFSVolumeSource, path: string): FieldError[] => [
  ...requiredAll(nfs, path, 'server', 'path'), ...(nfs.path.startsWith('/') ? [] : [invalid(`${path}.path`, nfs.path, 'must be an absolute path')]),
];

// Kubernetes: the message starts at 1, though 0 is fine.
const partitionErrors = (partition: number | undefined, path: string): FieldError[] => ((partition ?? 0) < 0 || (partition ?? 0) > 255 ? [invalid(`${path}.partition`, partition, rangeMessage(1, 255))] : []);

export const googleDiskErrors = (disk: GCEPersistentDiskVolumeSource, path: string): FieldError[] => [...requiredAll(disk, path, 'pdName'), ...partitionErrors(disk.partition, path)];
export const elasticBlockErrors = (disk: AWSElasticBlockStoreVolumeSource, path: string): FieldError[] => [...requiredAll(disk, path, 'volumeID'), ...partitionErrors(disk.partition, path)];

export function flockerErrors({ datasetName = '', datasetUUID = '' }: FlockerVolumeSource, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (datasetName === '' && datasetUUID === '') errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (datasetName !== '' && datasetUUID !== '') errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  if (datasetName.includes('/')) errors.push(invalid(`${path}.datasetName`, datasetName, "must not contain '/'"));
  return errors;
}

const hostPortMessage = 'must be a host:port pair or multiple pairs separated by commas';

export function quobyteErrors({ registry, tenant = '', volume }: QuobyteVolumeSource, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (registry === '') errors.push(required(`${path}.registry`, hostPortMessage));
  else if (tenant.length >= 65) errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  else for (const pair of registry.split(',')) if (!isHostPort(pair)) errors.push(invalid(`${path}.registry`, registry, hostPortMessage));
  if (volume === '') errors.push(required(`${path}.volume`));
  return errors;
}

/** Whether a text is `host:port`, `[host]:port` or one of them with an empty part, as Go splits them. */
function isHostPort(text: string): boolean {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return false;
  if (!text.startsWith('[')) return !text.slice(0, colon).includes(':') && !/[[\]]/.test(text);
  const end = text.indexOf(']');
  return end >= 0 && end + 1 === colon && !text.slice(1).includes('[') && !text.slice(end + 1).includes(']');
}

interface Iscsi {
  readonly targetPortal: string;
  readonly iqn: string;
  readonly lun: number;
  readonly chapAuthDiscovery?: boolean | undefined;
  readonly chapAuthSession?: boolean | undefined;
  readonly secretRef?: object | undefined;
  readonly initiatorName?: string | undefined;
}

/** The three ways to name an end of iSCSI. Kubernetes: only the first may have something before it. */
const iscsiNames: Readonly<Record<string, RegExp>> = { iqn: /iqn\.\d{4}-\d{2}\.([0-9A-Za-z.-]+)(:[^,;*&$|\t\n\f\r ]+)$/, eui: /^eui.[0-9A-Za-z]{16}$/, naa: /^naa.[0-9A-Za-z]{32}$/ };

function iscsiNameErrors(name: string, path: string, unknownStart: string): FieldError[] {
  const format = iscsiNames[name.slice(0, 3)];
  if (format === undefined) return [invalid(path, name, unknownStart)];
  return format.test(name) ? [] : [invalid(path, name, 'must be valid format')];
}

interface IscsiRules {
  /** Of the volume; undefined where its length is checked elsewhere. */
  readonly volumeName: string | undefined;
  readonly unknownStart: string;
  secretErrors(path: string): readonly FieldError[];
}

export const longInitiatorMessage = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
export const isInitiatorTooLong = (volumeName: string, { initiatorName, targetPortal }: Pick<Iscsi, 'initiatorName' | 'targetPortal'>): boolean => initiatorName !== undefined && `${volumeName}:${targetPortal}`.length > 64;

/** What both kinds of volumes check; they differ in a few words. */
export function iscsiErrors(iscsi: Iscsi, path: string, { volumeName, unknownStart, secretErrors }: IscsiRules): FieldError[] {
  const { targetPortal, iqn, lun, initiatorName, secretRef } = iscsi;
  const errors: FieldError[] = [];
  if (targetPortal === '') errors.push(required(`${path}.targetPortal`));
  if (volumeName !== undefined && isInitiatorTooLong(volumeName, iscsi)) errors.push(invalid(`${path}.targetportal`, targetPortal, longInitiatorMessage));
  append(errors, iqn === '' ? [required(`${path}.iqn`)] : iscsiNameErrors(iqn, `${path}.iqn`, unknownStart));
  if (lun < 0 || lun > 255) errors.push(invalid(`${path}.lun`, lun, rangeMessage(0, 255)));
  if ((iscsi.chapAuthDiscovery === true || iscsi.chapAuthSession === true) && secretRef === undefined) errors.push(required(`${path}.secretRef`));
  if (secretRef !== undefined) append(errors, secretErrors(`${path}.secretRef`));
  if (initiatorName !== undefined) append(errors, iscsiNameErrors(initiatorName, `${path}.initiatorname`, unknownStart));
  return errors;
}

export const startMessage = 'must be valid format starting with iqn, eui, or naa';

export function fibreChannelErrors({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (targetWWNs.length === 0 && wwids.length === 0) errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
  if (targetWWNs.length > 0 && wwids.length > 0) errors.push(invalid(`${path}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  if (targetWWNs.length > 0 && lun === undefined) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  if (targetWWNs.length > 0 && lun !== undefined && (lun < 0 || lun > 255)) errors.push(invalid(`${path}.lun`, lun, rangeMessage(0, 255)));
  return errors;
}

/** Options may not look like Kubernetes' own. */
export function flexErrors(flex: { readonly driver: string; readonly options?: Readonly<Record<string, string>> | undefined }, path: string): FieldError[] {
  const reserved = Object.keys(flex.options ?? {}).filter((name) => {
    const domain = name.includes('/') ? name.slice(0, name.indexOf('/')) : name;
    return /\.(kubernetes|k8s)\.io$/.test(`.${domain.toLowerCase()}`);
  });
  return [...requiredAll(flex, path, 'driver'), ...reserved.map((name) => invalid(`${path}.options[${name}]`, name, 'kubernetes.io and k8s.io namespaces are reserved'))];
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const diskKinds = ['Dedicated', 'Managed', 'Shared'];

export function azureDiskErrors(disk: AzureDiskVolumeSource, path: string): FieldError[] {
  const { diskURI, cachingMode, kind } = disk;
  const errors = requiredAll(disk, path, 'diskName', 'diskURI');
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode)) errors.push(notSupported(`${path}.cachingMode`, cachingMode, cachingModes));
  if (kind !== undefined && !diskKinds.includes(kind)) errors.push(notSupported(`${path}.kind`, kind, diskKinds));
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) errors.push(notSupported(`${path}.diskURI`, diskURI, ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']));
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://')) errors.push(notSupported(`${path}.diskURI`, diskURI, ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']));
  return errors;
}

/** A reference to a Secret: the name, and the namespace where it has one. */
export const secretReferenceErrors = (secretRef: { readonly name?: string | undefined; readonly namespace?: string | undefined } | undefined, path: string, ...names: readonly ('name' | 'namespace')[]): FieldError[] =>
  (secretRef === undefined ? [] : requiredAll(secretRef, path, ...names));

export function storageOsErrors({ volumeName = '', volumeNamespace = '' }: { readonly volumeName?: string | undefined; readonly volumeNamespace?: string | undefined }, path: string): FieldError[] {
  return [
    ...(volumeName === '' ? [required(`${path}.volumeName`)] : invalidAll(`${path}.volumeName`, volumeName, dns1123LabelErrors(volumeName))),
    ...(volumeNamespace === '' ? [] : invalidAll(`${path}.volumeNamespace`, volumeNamespace, dns1123LabelErrors(volumeNamespace))),
  ];
}

/** A driver's name: of a CSI driver, or of one that gives out devices. */
export function driverNameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  return [...(new TextEncoder().encode(name).length > 63 ? [tooLong(path, 63)] : []), ...invalidAll(path, name, dns1123SubdomainErrors(name.toLowerCase()))];
}
