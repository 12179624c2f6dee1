/** Rules of a pod's volumes. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123LabelErrors, dns1123SubdomainErrors, givenValue } from '@kaji/schema';
import { duplicate, errorsOf, forbidden, invalid, invalidAll, oneOfValues, required } from '../../field-error.ts';
import { validateTemplateMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import { descendingErrors } from './environment-rules.ts';
import { validateClaimSpec } from './persistent-volume-claim-rules.ts';
import type { PodRatchets } from './pod-ratchets.ts';
import { projectedErrors } from './projected-volume-rules.ts';
import {
  azureDiskErrors, driverNameErrors, elasticBlockErrors, fibreChannelErrors, flexErrors, flockerErrors, googleDiskErrors, hostPathErrors, isInitiatorTooLong, iscsiErrors, longInitiatorMessage, nfsErrors, quobyteErrors,
  requiredAll, secretReferenceErrors, startMessage, storageOsErrors,
} from './volume-source-rules.ts';
import { downwardErrors, itemsErrors, modeErrors } from './volume-file-rules.ts';
import type { CSIVolumeSource, EphemeralVolumeSource, Volume } from './volume.ts';

function csiErrors({ driver, nodePublishSecretRef }: CSIVolumeSource, path: string): FieldError[] {
  const errors = driverNameErrors(driver, `${path}.driver`);
  if (nodePublishSecretRef === undefined) return errors;
  const { name = '' } = nodePublishSecretRef;
  return [...errors, ...(name === '' ? [required(`${path}.nodePublishSecretRef.name`)] : invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name)))];
}

function ephemeralErrors({ volumeClaimTemplate }: EphemeralVolumeSource, path: string): FieldError[] {
  if (volumeClaimTemplate === undefined) return [required(`${path}.volumeClaimTemplate`)];
  const at = `${path}.volumeClaimTemplate`;
  return [...validateTemplateMeta(givenValue(volumeClaimTemplate, 'metadata'), `${at}.metadata`), ...validateClaimSpec(volumeClaimTemplate.spec, `${at}.spec`)];
}

/** What the rules of a volume need of its pod. */
export interface VolumeFacts {
  /** Templates may leave out what a pod must say. */
  readonly isPod: boolean;
  /** Of the pod; empty in templates. */
  readonly podName: string;
  readonly keeps: Pick<PodRatchets, 'tokenPaths'>;
}

type Checks = { readonly [S in keyof Volume]?: (source: NonNullable<Volume[S]>, path: string, facts: VolumeFacts) => FieldError[] };

/** By source, in the order in which they are tried: the first that is there is the volume's, the others are too many. */
const checks: Checks = {
  emptyDir: ({ sizeLimit }, path) => (sizeLimit !== undefined && compareQuantities(sizeLimit, '0') < 0 ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : []),
  hostPath: hostPathErrors,
  gitRepo: (git, path) => [...requiredAll(git, path, 'repository'), ...descendingErrors(git.directory ?? '', `${path}.directory`)],
  gcePersistentDisk: googleDiskErrors,
  awsElasticBlockStore: elasticBlockErrors,
  secret: (secret, path) => [...((secret.secretName ?? '') === '' ? [required(`${path}.secretName`)] : []), ...modeErrors(secret.defaultMode, `${path}.defaultMode`), ...itemsErrors(secret.items, path)],
  nfs: nfsErrors,
  iscsi: (iscsi, path) => iscsiErrors(iscsi, path, { volumeName: undefined, unknownStart: startMessage, secretErrors: () => [] }),
  glusterfs: (glusterfs, path) => requiredAll(glusterfs, path, 'endpoints', 'path'),
  flocker: flockerErrors,
  persistentVolumeClaim: (claim, path) => requiredAll(claim, path, 'claimName'),
  rbd: (rbd, path) => requiredAll(rbd, path, 'monitors', 'image'),
  cinder: (cinder, path) => [...requiredAll(cinder, path, 'volumeID'), ...secretReferenceErrors(cinder.secretRef, `${path}.secretRef`, 'name')],
  cephfs: (cephfs, path) => requiredAll(cephfs, path, 'monitors'),
  quobyte: quobyteErrors,
  downwardAPI: ({ defaultMode, items }, path) => [...modeErrors(defaultMode, `${path}.defaultMode`), ...(items ?? []).flatMap((file) => downwardErrors(file, path))],
  fc: fibreChannelErrors,
  flexVolume: flexErrors,
  configMap: (config, path) => [...((config.name ?? '') === '' ? [required(`${path}.name`)] : []), ...modeErrors(config.defaultMode, `${path}.defaultMode`), ...itemsErrors(config.items, path)],
  azureFile: (file, path) => requiredAll(file, path, 'secretName', 'shareName'),
  vsphereVolume: (disk, path) => requiredAll(disk, path, 'volumePath'),
  photonPersistentDisk: (disk, path) => requiredAll(disk, path, 'pdID'),
  portworxVolume: (disk, path) => requiredAll(disk, path, 'volumeID'),
  azureDisk: azureDiskErrors,
  storageos: (storage, path) => [...storageOsErrors(storage, path), ...secretReferenceErrors(storage.secretRef, `${path}.secretRef`, 'name')],
  projected: (projected, path, { keeps }) => projectedErrors(projected, path, keeps.tokenPaths),
  scaleIO: (storage, path) => requiredAll(storage, path, 'gateway', 'system', 'volumeName'),
  csi: csiErrors,
  ephemeral: ephemeralErrors,
  image: ({ reference = '', pullPolicy }, path, { isPod }) => [...(isPod && reference === '' ? [required(`${path}.reference`)] : []), ...oneOfValues(`${path}.pullPolicy`, pullPolicy, ['Always', 'IfNotPresent', 'Never'])],
};

/** Kubernetes: one source goes by another name where it is checked, two where they are too many. */
const checkedName = (source: string): string => (source === 'gcePersistentDisk' ? 'persistentDisk' : source);
const surplusNames: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function sourceErrors(volume: Volume, path: string, facts: VolumeFacts): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const [source, check] of Object.entries(checks)) {
    const value = volume[source as keyof Volume]; // the table's keys are a volume's
    if (value === undefined) continue;
    if (count > 0) errors.push(forbidden(`${path}.${surplusNames[source] ?? source}`, 'may not specify more than 1 volume type'));
    else append(errors, (check as (value: unknown, path: string, facts: VolumeFacts) => FieldError[])(value, `${path}.${checkedName(source)}`, facts), (source === 'ephemeral' ? claimNameErrors(volume.name, path, facts) : [])); // a check of this source
    if (source === 'iscsi' && volume.iscsi !== undefined && isInitiatorTooLong(volume.name, volume.iscsi)) errors.push(invalid(`${path}.name`, volume.name, longInitiatorMessage));
    count++;
  }
  return count === 0 ? [required(path, 'must specify a volume type')] : errors;
}

/** The claim that is made for an ephemeral volume is named after the pod and the volume. */
function claimNameErrors(name: string, path: string, { podName }: VolumeFacts): FieldError[] {
  if (podName === '' || name === '') return [];
  const claim = `${podName}-${name}`;
  return dns1123SubdomainErrors(claim).map((why) => invalid(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${why}`));
}

export interface CheckedVolumes {
  readonly errors: FieldError[];
  /** Those that containers may mount. */
  readonly usable: ReadonlyMap<string, Volume>;
}

export function validateVolumes(volumes: readonly Volume[], path: string, facts: VolumeFacts): CheckedVolumes {
  const usable = new Map<string, Volume>();
  const made = new Set(facts.podName === '' ? [] : volumes.filter(({ ephemeral }) => ephemeral !== undefined).map(({ name }) => `${facts.podName}-${name}`));
  const errors = errorsOf(volumes, (volume, index) => {
    const at = `${path}[${index}]`;
    const { name, persistentVolumeClaim } = volume;
    const own = [...sourceErrors(volume, at, facts), ...(name === '' ? [required(`${at}.name`)] : invalidAll(`${at}.name`, name, dns1123LabelErrors(name))), ...(usable.has(name) ? [duplicate(`${at}.name`, name)] : [])];
    if (own.length === 0) usable.set(name, volume);
    if (persistentVolumeClaim !== undefined && made.has(persistentVolumeClaim.claimName)) own.push(invalid(`${at}.persistentVolumeClaim.claimName`, persistentVolumeClaim.claimName, 'must not reference a PVC that gets created for an ephemeral volume'));
    return own;
  });
  return { errors, usable };
}
