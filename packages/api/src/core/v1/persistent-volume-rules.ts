/** Rules of PersistentVolumes, also of those that are written into a VolumeAttachment. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123LabelErrors, dns1123SubdomainErrors, givenValue, goForm, indentedText, isDeepEqual, isSemanticallyEqual, unifiedDiff } from '@kaji/schema';
import { forbidden, immutable, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { deprecatedNodeLabels } from './deprecated-labels.ts';
import { accessModeErrors } from './persistent-volume-claim-rules.ts';
import type { PersistentVolume } from './persistent-volume.ts';
import { type CSIPersistentVolumeSource, type GlusterfsPersistentVolumeSource, type LocalVolumeSource, PersistentVolumeSource, type PersistentVolumeSpec, type SecretReference, VolumeNodeAffinity } from './persistent-volume-source.ts';
import { negativeErrors } from './resource-rules.ts';
import { comparesImpossibleValues, validateNodeSelector } from './scheduling-rules.ts';
import { backstepErrors } from './environment-rules.ts';
import {
  azureDiskErrors, driverNameErrors, elasticBlockErrors, fibreChannelErrors, flexErrors, flockerErrors, googleDiskErrors, hostPathErrors, iscsiErrors, nfsErrors, quobyteErrors, requiredAll, secretReferenceErrors, storageOsErrors,
} from './volume-source-rules.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const volumeModes = ['Block', 'Filesystem'];
const mountOptions = 'volume.beta.kubernetes.io/mount-options';

interface SpecRules {
  readonly volumeName: string;
  /** Written into another object, where it may say less. */
  readonly isInline: boolean;
  /** Label values that the affinity may have. */
  readonly allowsAnyLabelValue: boolean;
}

export function validatePersistentVolumeSpec(spec: PersistentVolumeSpec, path: string, rules: SpecRules): FieldError[] {
  const { accessModes = [], hostPath, persistentVolumeReclaimPolicy: policy } = spec;
  const errors = [...(rules.isInline ? inlineErrors(spec, path) : []), ...(accessModes.length === 0 ? [required(`${path}.accessModes`)] : []), ...accessModeErrors(accessModes, `${path}.accessModes`)];
  if (!rules.isInline) append(errors, capacityErrors(givenValue(spec, 'capacity'), `${path}.capacity`));
  append(errors, policyErrors(policy, `${path}.persistentVolumeReclaimPolicy`, rules.isInline), affinityErrors(spec, `${path}.nodeAffinity`, rules));
  append(errors, sourceErrors(spec, path, rules.volumeName));
  if (hostPath !== undefined && isRoot(hostPath.path) && policy === 'Recycle') errors.push(forbidden(`${path}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'"));
  return [...errors, ...classErrors(spec, path, rules.isInline)];
}

function inlineErrors({ claimRef, capacity = {}, csi }: PersistentVolumeSpec, path: string): FieldError[] {
  const where = 'in the context of inline volumes';
  return [
    ...(claimRef === undefined ? [] : [forbidden(`${path}.claimRef`, `may not be specified ${where}`)]), ...(Object.keys(capacity).length === 0 ? [] : [forbidden(`${path}.capacity`, `may not be specified ${where}`)]),
    ...(csi === undefined ? [required(`${path}.csi`, `has to be specified ${where}`)] : []),
  ];
}

function capacityErrors(capacity: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const entries = Object.entries(capacity ?? {});
  const errors: FieldError[] = entries.length === 0 ? [required(path)] : [];
  if (capacity?.['storage'] === undefined || entries.length > 1) errors.push(notSupported(path, capacity === undefined ? null : Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))), ['storage']));
  for (const [name, amount] of entries) append(errors, negativeErrors(amount, `${path}[${name}]`), (compareQuantities(amount, '0') <= 0 ? [invalid(`${path}[${name}]`, amount, 'must be greater than zero')] : []));
  return errors;
}

function policyErrors(policy: string | undefined, path: string, isInline: boolean): FieldError[] {
  if (policy === undefined || policy === '') return [];
  if (isInline) return policy === 'Retain' ? [] : [forbidden(path, 'may only be Retain in the context of inline volumes')];
  return reclaimPolicies.includes(policy) ? [] : [notSupported(path, policy, reclaimPolicies)];
}

function affinityErrors({ nodeAffinity }: PersistentVolumeSpec, path: string, { isInline, allowsAnyLabelValue }: SpecRules): FieldError[] {
  if (nodeAffinity === undefined) return [];
  if (isInline) return [forbidden(path, 'may not be specified in the context of inline volumes')];
  return nodeAffinity.required === undefined ? [required(`${path}.required`, 'must specify required node constraints')] : validateNodeSelector(nodeAffinity.required, `${path}.required`, !allowsAnyLabelValue);
}

type Check = (path: string) => FieldError[];

/** In upstream's order: the first source there is is checked, every other one is one too many. */
function checksOf(spec: PersistentVolumeSpec, volumeName: string): readonly (readonly [name: string, check: Check, shownName?: string])[] {
  const { hostPath, gcePersistentDisk, awsElasticBlockStore, glusterfs, flocker, nfs, rbd, quobyte, cephfs, iscsi, cinder, fc, flexVolume, azureFile, vsphereVolume, photonPersistentDisk, portworxVolume, azureDisk, scaleIO, local, storageos, csi } = spec;
  const checks: (readonly [string, Check | undefined, string?])[] = [
    ['hostPath', hostPath && ((path) => hostPathErrors(hostPath, path))],
    ['gcePersistentDisk', gcePersistentDisk && ((path) => googleDiskErrors(gcePersistentDisk, path)), 'persistentDisk'],
    ['awsElasticBlockStore', awsElasticBlockStore && ((path) => elasticBlockErrors(awsElasticBlockStore, path))],
    ['glusterfs', glusterfs && ((path) => glusterErrors(glusterfs, path))],
    ['flocker', flocker && ((path) => flockerErrors(flocker, path))],
    ['nfs', nfs && ((path) => nfsErrors(nfs, path))],
    ['rbd', rbd && ((path) => requiredAll(rbd, path, 'monitors', 'image'))],
    ['quobyte', quobyte && ((path) => quobyteErrors(quobyte, path))],
    ['cephFS', cephfs && ((path) => requiredAll(cephfs, path, 'monitors')), 'cephfs'],
    ['iscsi', iscsi && ((path) => iscsiErrors(iscsi, path, { volumeName, unknownStart: 'must be valid format', secretErrors: (at) => secretReferenceErrors(iscsi.secretRef, at, 'name') }))],
    ['cinder', cinder && ((path) => [...requiredAll(cinder, path, 'volumeID'), ...secretReferenceErrors(cinder.secretRef, `${path}.secretRef`, 'name', 'namespace')])],
    ['fc', fc && ((path) => fibreChannelErrors(fc, path))],
    ['flexVolume', flexVolume && ((path) => flexErrors(flexVolume, path))],
    ['azureFile', azureFile && ((path) => [...requiredAll(azureFile, path, 'secretName', 'shareName'), ...(azureFile.secretNamespace === '' ? [required(`${path}.secretNamespace`)] : [])])],
    ['vsphereVolume', vsphereVolume && ((path) => requiredAll(vsphereVolume, path, 'volumePath'))],
    ['photonPersistentDisk', photonPersistentDisk && ((path) => requiredAll(photonPersistentDisk, path, 'pdID'))],
    ['portworxVolume', portworxVolume && ((path) => requiredAll(portworxVolume, path, 'volumeID'))],
    ['azureDisk', azureDisk && ((path) => azureDiskErrors(azureDisk, path))],
    ['scaleIO', scaleIO && ((path) => requiredAll(scaleIO, path, 'gateway', 'system', 'volumeName'))],
    ['local', local && ((path) => localErrors(local, path, spec.nodeAffinity !== undefined))],
    ['storageos', storageos && ((path) => [...storageOsErrors(storageos, path), ...secretReferenceErrors(storageos.secretRef, `${path}.secretRef`, 'name', 'namespace')])],
    ['csi', csi && ((path) => csiErrors(csi, path))],
  ];
  return checks.filter((entry): entry is readonly [string, Check, string?] => entry[1] !== undefined);
}

function sourceErrors(spec: PersistentVolumeSpec, path: string, volumeName: string): FieldError[] {
  const checks = checksOf(spec, volumeName);
  if (checks.length === 0) return [required(path, 'must specify a volume type')];
  // Kubernetes: a FlexVolume is checked even beside another source.
  return checks.flatMap(([name, check, shownName = name], index) => (index > 0 && name !== 'flexVolume' ? [forbidden(`${path}.${name}`, 'may not specify more than 1 volume type')] : check(`${path}.${shownName}`)));
}

function glusterErrors(glusterfs: GlusterfsPersistentVolumeSource, path: string): FieldError[] {
  const { endpointsNamespace: namespace } = glusterfs;
  const errors = requiredAll(glusterfs, path, 'endpoints', 'path');
  if (namespace === '') errors.push(invalid(`${path}.endpointsNamespace`, namespace, 'if the endpointnamespace is set, it must be a valid namespace name'));
  else if (namespace !== undefined) append(errors, invalidAll(`${path}.endpointsNamespace`, namespace, dns1123LabelErrors(namespace)));
  return errors;
}

const localErrors = ({ path: filePath }: LocalVolumeSource, path: string, hasAffinity: boolean): FieldError[] => [
  ...(filePath === '' ? [required(`${path}.path`)] : backstepErrors(filePath, `${path}.path`)),
  ...(hasAffinity ? [] : [required(`${path.slice(0, -'.local'.length)}.nodeAffinity`, 'Local volume requires node affinity')]),
];

const secretOrder = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const;

const csiErrors = (csi: CSIPersistentVolumeSource, path: string): FieldError[] => [
  ...driverNameErrors(csi.driver, `${path}.driver`), ...requiredAll(csi, path, 'volumeHandle'),
  ...secretOrder.flatMap((name) => secretErrors(csi[name], `${path}.${name}`)),
];

function secretErrors(secret: SecretReference | undefined, path: string): FieldError[] {
  if (secret === undefined) return [];
  const { name = '', namespace = '' } = secret;
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name))),
    ...(namespace === '' ? [required(`${path}.namespace`)] : invalidAll(`${path}.namespace`, namespace, dns1123LabelErrors(namespace))),
  ];
}

/** Whether a path leads to `/` once its dots are cleaned. */
function isRoot(path: string): boolean {
  if (!path.startsWith('/')) return false;
  let depth = 0;
  for (const part of path.split('/')) if (part === '..') depth = Math.max(0, depth - 1); else if (part !== '' && part !== '.') depth++;
  return depth === 0;
}

function classErrors({ storageClassName = '', volumeMode, volumeAttributesClassName: attributes, csi }: PersistentVolumeSpec, path: string, isInline: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (storageClassName !== '') append(errors, isInline ? [forbidden(`${path}.storageClassName`, 'may not be specified in the context of inline volumes')] : invalidAll(`${path}.storageClassName`, storageClassName, dns1123SubdomainErrors(storageClassName)));
  if (volumeMode !== undefined && isInline && volumeMode !== 'Filesystem') errors.push(forbidden(`${path}.volumeMode`, 'may not specify volumeMode other than Filesystem in the context of inline volumes'));
  if (volumeMode !== undefined && !isInline && !volumeModes.includes(volumeMode)) errors.push(notSupported(`${path}.volumeMode`, volumeMode, volumeModes));
  // Kubernetes: nobody looks at it where the volume is written into another object.
  if (attributes === undefined || isInline) return errors;
  const at = `${path}.volumeAttributesClassName`;
  append(errors, attributes === '' ? [required(at, 'an empty string is disallowed')] : invalidAll(at, attributes, dns1123SubdomainErrors(attributes)));
  return csi === undefined ? [...errors, required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName')] : errors;
}

/** The kinds of volumes that take mount options from the old annotation. */
const mountable = ['gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'cinder', 'cephfs', 'azureFile', 'vsphereVolume', 'azureDisk', 'photonPersistentDisk'] as const;

function mountOptionErrors({ metadata, spec }: PersistentVolume): FieldError[] {
  if (metadata.annotations?.[mountOptions] === undefined || mountable.some((name) => spec[name] !== undefined)) return [];
  return [forbidden(`metadata.annotations.${mountOptions}`, 'may not specify mount options for this volume type')];
}

export function validatePersistentVolume(volume: PersistentVolume, old: PersistentVolume | undefined): FieldError[] {
  const { metadata: { name = '' }, spec } = volume;
  const rules = { volumeName: name, isInline: false, allowsAnyLabelValue: comparesImpossibleValues(old?.spec.nodeAffinity?.required) };
  const errors = validatePersistentVolumeSpec(spec, 'spec', rules);
  // Kubernetes: an update is checked as a creation first, and then with its creation's rules again.
  return old === undefined ? [...errors, ...mountOptionErrors(volume)] : [...errors, ...mountOptionErrors(volume), ...errors, ...changeErrors(spec, old.spec)];
}

function changeErrors(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): FieldError[] {
  const errors: FieldError[] = [];
  const [now, before] = [withoutNewExpandSecret(spec, old), old];
  if (!isSemanticallyEqual(PersistentVolumeSource, now, before)) errors.push(forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${unifiedDiff(sourceText(before), sourceText(now))}`));
  append(errors, immutable('volumeMode', spec.volumeMode, old.volumeMode));
  if (old.nodeAffinity !== undefined) append(errors, affinityChangeErrors(spec, old));
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  return errors;
}

const sourceText = (source: PersistentVolumeSource): string => indentedText(goForm(PersistentVolumeSource, source));

/** The secret that expands the volume may be named later. */
function withoutNewExpandSecret(spec: PersistentVolumeSpec, { csi: old }: PersistentVolumeSpec): PersistentVolumeSpec {
  if (old === undefined || old.controllerExpandSecretRef !== undefined || spec.csi?.controllerExpandSecretRef === undefined) return spec;
  const { controllerExpandSecretRef: _, ...csi } = spec.csi;
  return { ...spec, csi };
}

/** Labels of nodes by the names they had before they were settled. */
const settledLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os', 'beta.kubernetes.io/arch': 'kubernetes.io/arch', 'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

/** The affinity stays as it is, but for old names of labels that may be replaced by the new ones. */
function affinityChangeErrors({ nodeAffinity }: PersistentVolumeSpec, { nodeAffinity: old }: PersistentVolumeSpec): FieldError[] {
  const terms = nodeAffinity?.required?.nodeSelectorTerms;
  const renamed = (old?.required?.nodeSelectorTerms ?? []).map((term, index) => ({
    ...term,
    ...(term.matchExpressions === undefined ? {} : {
      matchExpressions: term.matchExpressions.map((expression, at) => {
        const settled = settledLabels[expression.key];
        return settled !== undefined && terms?.[index]?.matchExpressions?.[at]?.key === settled ? { ...expression, key: settled } : expression;
      }),
    }),
  }));
  if (isDeepEqual(nodeAffinity, old?.required === undefined ? old : { ...old, required: { ...old.required, nodeSelectorTerms: renamed } })) return [];
  return [invalid('nodeAffinity', nodeAffinity === undefined ? null : goForm(VolumeNodeAffinity, nodeAffinity), 'field is immutable, except for updating from beta label to GA')];
}

const deprecatedAnnotations: readonly (readonly [key: string, replacement: string])[] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  [mountOptions, 'deprecated since v1.31; use "mountOptions" attribute instead'],
];

const deprecatedSources = [
  ['cephfs', 'cephfs', 'v1.28', 'v1.31'], ['photonPersistentDisk', 'photonPersistentDisk', 'v1.11', 'v1.16'], ['scaleIO', 'scaleIO', 'v1.16', 'v1.22'], ['storageos', 'storageOS', 'v1.22', 'v1.25'],
  ['glusterfs', 'glusterfs', 'v1.25', 'v1.26'], ['rbd', 'rbd', 'v1.28', 'v1.31'],
] as const;

export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...deprecatedAnnotations.filter(([key]) => metadata.annotations?.[key] !== undefined).map(([key, replacement]) => `metadata.annotations[${key}]: ${replacement}`),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle' ? ['spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.'] : []),
    ...terms.flatMap(({ matchExpressions = [] }, index) => matchExpressions.flatMap(({ key }, at) => {
      const why = deprecatedNodeLabels[key];
      return why === undefined ? [] : [`spec.nodeAffinity.required.nodeSelectorTerms[${index}].matchExpressions[${at}].key: ${key} is ${why}`];
    })),
    ...deprecatedSources.filter(([name]) => spec[name] !== undefined).map(([, shown, since, gone]) => `spec.${shown}: deprecated in ${since}, non-functional in ${gone}+`),
  ];
}
