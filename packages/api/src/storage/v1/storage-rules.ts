/** Rules of the kinds that provide volumes. */
import { compareQuantities, dns1123SubdomainErrors, isDeepEqual, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, immutable, invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CSIDriver } from './csi-driver.ts';
import type { CSINode } from './csi-node.ts';
import type { CSIStorageCapacity } from './csi-storage-capacity.ts';
import type { StorageClass } from './storage-class.ts';
import type { VolumeAttachment } from './volume-attachment.ts';
import type { VolumeAttributesClass } from './volume-attributes-class.ts';

const mostParameters = 512;
const mostParameterBytes = 256 * 1024;
const encoder = new TextEncoder();

const provisionerErrors = (name: string, path: string): FieldError[] => (name === '' ? [required(path)] : invalidAll(path, name.toLowerCase(), qualifiedNameErrors(name.toLowerCase())));

function parameterErrors(parameters: Readonly<Record<string, string>>, path: string): FieldError[] {
  const entries = Object.entries(parameters);
  // Kubernetes: too many are told as too long.
  if (entries.length > mostParameters) return [tooLong(path, mostParameters)];
  const bytes = entries.reduce((total, [name, value]) => total + encoder.encode(name).length + encoder.encode(value).length, 0);
  return [...(entries.some(([name]) => name === '') ? [invalid(path, '', 'field can not be empty.')] : []), ...(bytes > mostParameterBytes ? [tooLong(path, mostParameterBytes)] : [])];
}

export function validateStorageClass(storage: StorageClass, old: StorageClass | undefined): FieldError[] {
  const { provisioner, parameters = {}, reclaimPolicy, volumeBindingMode } = storage;
  if (old !== undefined) return (['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const).flatMap((name) => immutable(name, storage[name], old[name]));
  return [
    ...provisionerErrors(provisioner, 'provisioner'), ...parameterErrors(parameters, 'parameters'),
    ...(reclaimPolicy === undefined || reclaimPolicy === 'Delete' || reclaimPolicy === 'Retain' ? [] : [notSupported('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain'])]),
    ...(volumeBindingMode === 'Immediate' || volumeBindingMode === 'WaitForFirstConsumer' ? [] : volumeBindingMode === undefined ? [required('volumeBindingMode')] : [notSupported('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'])]),
    ...topologyErrors(storage),
  ];
}

function topologyErrors({ allowedTopologies = [] }: StorageClass): FieldError[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions: expressions = [] }, index) => {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const isRepeated = allowedTopologies.slice(0, index).some((before) => isDeepEqual(before.matchLabelExpressions ?? [], expressions));
    const errors = expressions.flatMap(({ key, values }, at) => [
      ...(values.length === 0 ? [required(`${path}[${at}].values`)] : []), ...values.flatMap((value, position) => (values.indexOf(value) < position ? [duplicate(`${path}[${at}].values[${position}]`, value)] : [])),
      ...invalidAll(`${path}[${at}].key`, key, qualifiedNameErrors(key)), ...(expressions.findIndex((other) => other.key === key) < at ? [duplicate(`${path}[${at}].key`, key)] : []),
    ]);
    return [...errors, ...(isRepeated ? [duplicate(path, '')] : [])];
  });
}

export function validateVolumeAttributesClass(attributes: VolumeAttributesClass, old: VolumeAttributesClass | undefined): FieldError[] {
  const { driverName, parameters = {} } = attributes;
  if (old !== undefined) return [...immutable('driverName', driverName, old.driverName), ...immutable('parameters', attributes.parameters, old.parameters)];
  return [...provisionerErrors(driverName, 'driverName'), ...(Object.keys(parameters).length === 0 ? [required('parameters', 'must contain at least one key/value pair')] : parameterErrors(parameters, 'parameters'))];
}

export function validateCsiDriver({ spec }: CSIDriver, old: CSIDriver | undefined): FieldError[] {
  const errors: FieldError[] = [];
  for (const mode of spec.volumeLifecycleModes ?? []) if (mode !== 'Persistent' && mode !== 'Ephemeral') errors.push(notSupported('spec.volumeLifecycleModes', mode, ['Persistent', 'Ephemeral']));
  const policies = ['ReadWriteOnceWithFSType', 'File', 'None'];
  if (spec.fsGroupPolicy !== undefined && !policies.includes(spec.fsGroupPolicy)) errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, policies));
  const requests = spec.tokenRequests ?? [];
  requests.forEach(({ audience, expirationSeconds: lifetime }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    if (requests.findIndex((request) => request.audience === audience) < index) errors.push(duplicate(`${path}.audience`, audience));
    if (lifetime !== undefined && lifetime < 600) errors.push(invalid(`${path}.expirationSeconds`, lifetime, 'may not specify a duration less than 10 minutes'));
    if (lifetime !== undefined && lifetime > 2 ** 32) errors.push(invalid(`${path}.expirationSeconds`, lifetime, 'may not specify a duration larger than 2^32 seconds'));
  });
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < 10) errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds'));
  if (spec.serviceAccountTokenInSecrets === true && requests.length === 0) errors.push(invalid('spec.serviceAccountTokenInSecrets', true, 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'));
  if (old !== undefined) errors.push(...immutable('spec.attachRequired', spec.attachRequired, old.spec.attachRequired), ...immutable('spec.volumeLifecycleModes', spec.volumeLifecycleModes, old.spec.volumeLifecycleModes));
  return errors;
}

export function validateCsiNode({ spec }: CSINode, old: CSINode | undefined): FieldError[] {
  const names = spec.drivers.map(({ name }) => name);
  const errors = spec.drivers.flatMap(({ name, nodeID, topologyKeys = [], allocatable }, index) => {
    const path = `spec.drivers[${index}]`;
    return [
      ...(name === '' ? [required(`${path}.name`)] : name.length > 63 ? [tooLong(`${path}.name`, 63)] : invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name.toLowerCase()))),
      ...(nodeID === '' ? [required(`${path}.nodeID`)] : nodeID.length > 256 ? [invalid(`${path}.nodeID`, nodeID, 'must be 256 characters or less')] : []),
      ...((allocatable?.count ?? 0) < 0 ? [invalid(`${path}.allocatable.count`, allocatable?.count, 'must be greater than or equal to 0')] : []),
      ...(names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
      ...topologyKeys.flatMap((key, at) => [...(topologyKeys.indexOf(key) < at ? [duplicate(path, key)] : []), ...invalidAll(path, key, qualifiedNameErrors(key))]),
    ];
  });
  for (const driver of old?.spec.drivers ?? []) {
    const index = names.indexOf(driver.name);
    const now = spec.drivers[index];
    if (now !== undefined && !isDeepEqual({ ...now, allocatable: undefined }, { ...driver, allocatable: undefined })) errors.push(invalid(`spec.drivers[${index}]`, now, 'field is immutable'));
  }
  return errors;
}

export function validateCsiStorageCapacity(storage: CSIStorageCapacity, old: CSIStorageCapacity | undefined): FieldError[] {
  const { nodeTopology, storageClassName, capacity } = storage;
  return [
    ...validateLabelSelector(nodeTopology, 'nodeTopology'), ...invalidAll('storageClassName', storageClassName, dns1123SubdomainErrors(storageClassName)), ...(capacity !== undefined && compareQuantities(capacity, '0') < 0 ? [invalid('capacity', capacity, 'must be greater than or equal to 0')] : []),
    ...(old === undefined ? [] : [...immutable('nodeTopology', nodeTopology, old.nodeTopology), ...immutable('storageClassName', storageClassName, old.storageClassName)]),
  ];
}

export function validateVolumeAttachment({ spec }: VolumeAttachment, old: VolumeAttachment | undefined): FieldError[] {
  const { attacher, nodeName, source } = spec;
  const volume = source.persistentVolumeName;
  const errors = attacher === '' ? [required('spec.attacher')] : attacher.length > 63 ? [tooLong('spec.attacher', 63)] : invalidAll('spec.attacher', attacher, dns1123SubdomainErrors(attacher.toLowerCase()));
  if (source.inlineVolumeSpec === undefined && volume === undefined) errors.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  if (source.inlineVolumeSpec !== undefined && volume !== undefined) errors.push(forbidden('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  if (volume === '') errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  errors.push(...invalidAll('spec.nodeName', nodeName, dns1123SubdomainErrors(nodeName)));
  if (volume !== undefined) errors.push(...invalidAll('spec.source.persistentVolumeName', volume, dns1123SubdomainErrors(volume)));
  return old === undefined ? errors : [...errors, ...immutable('spec', spec, old.spec)];
}
