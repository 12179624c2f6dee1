/** Rules of the kinds that provide volumes. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123SubdomainErrors, givenValue, isDeepEqual, qualifiedNameErrors, rangeMessage } from '@kaji/schema';
import { deprecatedNodeLabels } from '../../core/v1/deprecated-labels.ts';
import { validatePersistentVolumeSpec } from '../../core/v1/persistent-volume-rules.ts';
import { driverNameErrors } from '../../core/v1/volume-source-rules.ts';
import { duplicate, forbidden, immutable, immutableObject, invalid, invalidAll, nonNegative, notSupported, required, tooLong } from '../../field-error.ts';
import { immutableSelector, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CSIDriver } from './csi-driver.ts';
import type { CSINode } from './csi-node.ts';
import { CSINodeDriver } from './csi-node-driver.ts';
import type { CSIStorageCapacity } from './csi-storage-capacity.ts';
import type { StorageClass } from './storage-class.ts';
import type { VolumeAttachment } from './volume-attachment.ts';
import { VolumeAttachmentSpec } from './volume-attachment-spec.ts';
import type { VolumeAttributesClass } from './volume-attributes-class.ts';

const mostParameters = 512;
const mostParameterBytes = 256 * 1024;
const mostMetadataBytes = 256 * 1024;
const longestMessage = 1024;
const longestNodeId = 256;
const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
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
  const errors = [
    ...provisionerErrors(provisioner, 'provisioner'), ...parameterErrors(parameters, 'parameters'),
    ...(reclaimPolicy === undefined || reclaimPolicy as string === '' || reclaimPolicies.includes(reclaimPolicy) ? [] : [notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies)]), // clients may send any text
    ...(volumeBindingMode === undefined ? [required('volumeBindingMode')] : bindingModes.includes(volumeBindingMode) ? [] : [notSupported('volumeBindingMode', volumeBindingMode, bindingModes)]),
    ...topologyErrors(storage),
  ];
  if (old === undefined) return errors;
  return [
    ...errors, ...(isDeepEqual(parameters, old.parameters ?? {}) ? [] : [invalid('parameters', sorted(givenValue(storage, 'parameters')), 'field is immutable')]), ...immutable('provisioner', provisioner, old.provisioner),
    ...immutable('reclaimPolicy', reclaimPolicy, old.reclaimPolicy), ...immutable('volumeBindingMode', volumeBindingMode, old.volumeBindingMode),
  ];
}

/** As Go prints a map. */
const sorted = (map: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined =>
  (map === undefined ? undefined : Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))));

function topologyErrors({ allowedTopologies = [] }: StorageClass): FieldError[] {
  const seen: string[] = [];
  return allowedTopologies.flatMap(({ matchLabelExpressions: expressions = [] }, index) => {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const errors = expressions.flatMap(({ key, values }, at) => [
      ...(values.length === 0 ? [required(`${path}[${at}].values`)] : []), ...values.flatMap((value, position) => (values.indexOf(value) < position ? [duplicate(`${path}[${at}].values[${position}]`, value)] : [])),
      ...invalidAll(`${path}[${at}].key`, key, qualifiedNameErrors(key)), ...(expressions.findIndex((other) => other.key === key) < at ? [duplicate(`${path}[${at}].key`, key)] : []),
    ]);
    const term = new Map(expressions.map(({ key, values }) => [key, [...new Set(values)].sort()]));
    const text = JSON.stringify([...term].sort(([a], [b]) => (a < b ? -1 : 1)));
    // Kubernetes: an empty term counts as the repetition of as many terms as there are.
    const repeated = seen.filter((other) => other === text).length + (term.size === 0 ? allowedTopologies.length : 0);
    seen.push(text);
    return [...errors, ...Array.from({ length: repeated }, () => duplicate(path, ''))];
  });
}

export const storageClassWarnings = ({ allowedTopologies = [] }: StorageClass): readonly string[] => allowedTopologies.flatMap(({ matchLabelExpressions: expressions = [] }, index) => expressions.flatMap(({ key }, at) => {
  const why = deprecatedNodeLabels[key];
  return why === undefined ? [] : [`allowedTopologies[${index}].matchLabelExpressions[${at}].key: ${why}`];
}));

export function validateVolumeAttributesClass(attributes: VolumeAttributesClass, old: VolumeAttributesClass | undefined): FieldError[] {
  const { driverName, parameters = {} } = attributes;
  const errors = [...provisionerErrors(driverName, 'driverName'), ...parameterErrors(parameters, 'parameters'), ...(Object.keys(parameters).length === 0 ? [required('parameters', 'must contain at least one key/value pair')] : [])];
  if (old === undefined) return errors;
  return [
    ...(driverName === old.driverName ? [] : [forbidden('driverName', 'updates to driverName are forbidden.')]),
    ...(isDeepEqual(givenValue(attributes, 'parameters'), old.parameters) ? [] : [forbidden('parameters', 'updates to parameters are forbidden.')]), ...errors,
  ];
}

export function validateCsiDriver({ spec }: CSIDriver, old: CSIDriver | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.fsGroupPolicy !== undefined && !groupPolicies.includes(spec.fsGroupPolicy)) errors.push(notSupported('spec.fsGroupPolicy', spec.fsGroupPolicy, groupPolicies));
  const requests = spec.tokenRequests ?? [];
  append(errors, requests.flatMap(({ audience, expirationSeconds: lifetime }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    if (requests.findIndex((request) => request.audience === audience) < index) return [duplicate(`${path}.audience`, audience)];
    return [
      ...(lifetime !== undefined && lifetime < 600 ? [invalid(`${path}.expirationSeconds`, lifetime, 'may not specify a duration less than 10 minutes')] : []),
      ...(lifetime !== undefined && lifetime > 2 ** 32 ? [invalid(`${path}.expirationSeconds`, lifetime, 'may not specify a duration larger than 2^32 seconds')] : []),
    ];
  }));
  for (const mode of spec.volumeLifecycleModes ?? []) if (mode !== 'Persistent' && mode !== 'Ephemeral') errors.push(notSupported('spec.volumeLifecycleModes', mode, ['Persistent', 'Ephemeral']));
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < 10) errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds'));
  if (spec.serviceAccountTokenInSecrets !== undefined && requests.length === 0) errors.push(invalid('spec.serviceAccountTokenInSecrets', spec.serviceAccountTokenInSecrets, 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'));
  // Kubernetes: the first path is spelt as no field is.
  if (old !== undefined) append(errors, immutable('spec.attachedRequired', spec.attachRequired, old.spec.attachRequired), immutable('spec.volumeLifecycleModes', spec.volumeLifecycleModes, old.spec.volumeLifecycleModes));
  return errors;
}

export const csiDriverWarnings = ({ spec: { tokenRequests = [], serviceAccountTokenInSecrets } }: CSIDriver, old: CSIDriver | undefined): readonly string[] =>
  (tokenRequests.length > 0 && serviceAccountTokenInSecrets === undefined && !isDeepEqual(tokenRequests, old?.spec.tokenRequests ?? [])
    ? ['spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes'] : []);

export function validateCsiNode({ spec }: CSINode, old: CSINode | undefined): FieldError[] {
  const names = spec.drivers.map(({ name }) => name);
  const errors = spec.drivers.flatMap(({ name, nodeID, topologyKeys = [], allocatable }, index) => {
    const path = `spec.drivers[${index}]`;
    return [
      ...driverNameErrors(name, `${path}.name`), ...(nodeID === '' ? [required(`${path}.nodeID`)] : []), ...(encoder.encode(nodeID).length > longestNodeId ? [invalid(`${path}.nodeID`, nodeID, `must be ${longestNodeId} characters or less`)] : []),
      ...nonNegative(`${path}.allocatable.count`, allocatable?.count), ...(names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
      ...topologyKeys.flatMap((key, at) => [...(key === '' ? [required(path)] : []), ...(topologyKeys.indexOf(key) < at ? [duplicate(path, key)] : []), ...invalidAll(path, key, qualifiedNameErrors(key))]),
    ];
  });
  // How many volumes a node takes may change.
  const compared = ({ allocatable: _, ...driver }: CSINodeDriver): CSINodeDriver => driver;
  const changed = (old?.spec.drivers ?? []).flatMap((before) => spec.drivers.filter(({ name }) => name === before.name).flatMap((driver) => immutableObject('spec.drivers', CSINodeDriver, compared(driver), compared(before))));
  return [...errors, ...changed];
}

export function validateCsiStorageCapacity({ nodeTopology, storageClassName, capacity }: CSIStorageCapacity, old: CSIStorageCapacity | undefined): FieldError[] {
  const areValuesChecked = old === undefined || validateLabelSelector(old.nodeTopology, '').length === 0;
  return [
    ...validateLabelSelector(nodeTopology, 'nodeTopology', { areValuesChecked }), ...invalidAll('storageClassName', storageClassName, dns1123SubdomainErrors(storageClassName)), ...(capacity !== undefined && compareQuantities(capacity, '0') < 0 ? [invalid('capacity', capacity, 'must be greater than or equal to 0')] : []),
    ...(old === undefined ? [] : [...immutableSelector('nodeTopology', nodeTopology, old.nodeTopology), ...immutable('storageClassName', storageClassName, old.storageClassName)]),
  ];
}

export const csiStorageCapacityWarnings = ({ nodeTopology }: CSIStorageCapacity): readonly string[] => [
  ...(nodeTopology?.matchExpressions ?? []).flatMap(({ key }, index) => (deprecatedNodeLabels[key] === undefined ? [] : [`nodeTopology.matchExpressions[${index}].key: ${key} is ${deprecatedNodeLabels[key]}`])),
  ...Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((key) => (deprecatedNodeLabels[key] === undefined ? [] : [`nodeTopology.matchLabels.${key}: ${deprecatedNodeLabels[key]}`])),
];

export function validateVolumeAttachment({ spec, status }: VolumeAttachment, old: VolumeAttachment | undefined): FieldError[] {
  const { attacher, nodeName, source } = spec;
  const { inlineVolumeSpec: inline, persistentVolumeName: volume } = source;
  const why = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const errors = driverNameErrors(attacher, 'spec.attacher');
  if (inline === undefined && volume === undefined) errors.push(required('spec.source', why));
  else if (inline !== undefined && volume !== undefined) errors.push(forbidden('spec.source', why));
  else if (volume === '') errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  else if (inline !== undefined) append(errors, validatePersistentVolumeSpec(inline, 'spec.source.inlineVolumeSpec', { volumeName: '', isInline: true, allowsAnyLabelValue: false }));
  append(errors, invalidAll('spec.nodeName', nodeName, dns1123SubdomainErrors(nodeName)), attachmentErrors(status));
  if (volume !== undefined) append(errors, invalidAll('spec.source.persistentVolumeName', volume, dns1123SubdomainErrors(volume)));
  return old === undefined ? errors : [...errors, ...immutableObject('spec', VolumeAttachmentSpec, spec, old.spec)];
}

function attachmentErrors(status: VolumeAttachment['status']): FieldError[] {
  const bytes = Object.entries(status?.attachmentMetadata ?? {}).reduce((total, [name, value]) => total + encoder.encode(name).length + encoder.encode(value).length, 0);
  const errors: FieldError[] = bytes > mostMetadataBytes ? [tooLong('status.attachmentMetadata', mostMetadataBytes)] : [];
  for (const name of ['attachError', 'detachError'] as const) {
    const { message = '', errorCode = 0 } = status?.[name] ?? {};
    // Kubernetes: the message may be of 1,024 bytes; the text speaks of another limit.
    if (encoder.encode(message).length > longestMessage) errors.push(tooLong(`status.${name}.message`, mostMetadataBytes));
    if (errorCode < 0) errors.push(invalid(`status.${name}.errorCode`, errorCode, rangeMessage(0, 2 ** 31 - 1)));
  }
  return errors;
}
