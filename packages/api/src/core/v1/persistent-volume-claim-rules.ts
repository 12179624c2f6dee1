/** Rules of PersistentVolumeClaims, also of those that are made out of templates. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123LabelErrors, dns1123SubdomainErrors, goForm, indentedText, jsonText, qualifiedNameErrors, quantityMilliValue, unifiedDiff } from '@kaji/schema';
import { forbidden, immutable, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import { negativeErrors } from './resource-rules.ts';
import { PersistentVolumeClaimSpec } from './volume.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];
const resizeStatuses = ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'];
/** Where claims once named their class. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function accessModeErrors(modes: readonly string[], path: string): FieldError[] {
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(path, mode, accessModes));
  const others = modes.filter((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others.length > 0) errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

/** What an older object had, it may keep. */
interface Leniency {
  readonly allowsAnySelector?: boolean;
  readonly allowsAnyGroup?: boolean;
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, { allowsAnySelector = false, allowsAnyGroup = false }: Leniency = {}): FieldError[] {
  const errors: FieldError[] = [];
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  append(errors, validateLabelSelector(spec.selector, `${path}.selector`, { areValuesChecked: !allowsAnySelector }), accessModeErrors(modes, `${path}.accessModes`));
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) errors.push(required(`${path}.resources[storage]`));
  else if (compareQuantities(storage, '0') <= 0) errors.push(invalid(`${path}.resources[storage]`, storage, 'must be greater than zero'));
  append(errors, classNameErrors(spec.storageClassName, `${path}.storageClassName`));
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode)) errors.push(notSupported(`${path}.volumeMode`, spec.volumeMode, volumeModes));
  return [...errors, ...sourceErrors(spec, path, allowsAnyGroup), ...classNameErrors(spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`)];
}

const classNameErrors = (name: string | undefined, path: string): FieldError[] => (name === undefined || name === '' ? [] : invalidAll(path, name, dns1123SubdomainErrors(name)));

interface Source {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

function sourceErrors({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec, path: string, allowsAnyGroup: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (dataSource !== undefined) append(errors, referenceErrors(dataSource, `${path}.dataSource`, allowsAnyGroup));
  if (dataSourceRef !== undefined) append(errors, referenceErrors(dataSourceRef, `${path}.dataSourceRef`, allowsAnyGroup));
  if (dataSource === undefined || dataSourceRef === undefined) return errors;
  const isSame = dataSource.apiGroup === dataSourceRef.apiGroup && dataSource.kind === dataSourceRef.kind && dataSource.name === dataSourceRef.name;
  // Kubernetes: the value that is shown is of a type that prints nothing of itself.
  if ((dataSourceRef.namespace ?? '') !== '') errors.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
  else if (!isSame) errors.push(invalid(path, {}, 'must match dataSourceRef'));
  return errors;
}

function referenceErrors({ apiGroup = '', kind, name, namespace = '' }: Source, path: string, allowsAnyGroup: boolean): FieldError[] {
  return [
    ...(name === '' ? [required(`${path}.name`)] : []), ...(kind === '' ? [required(`${path}.kind`)] : []),
    ...(apiGroup === '' && kind !== 'PersistentVolumeClaim' ? [invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")] : []),
    ...(apiGroup === '' || allowsAnyGroup ? [] : invalidAll(`${path}.apiGroup`, apiGroup, dns1123SubdomainErrors(apiGroup))),
    ...(namespace === '' ? [] : invalidAll(`${path}.namespace`, namespace, dns1123LabelErrors(namespace))),
  ];
}

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim, old: PersistentVolumeClaim | undefined): FieldError[] {
  if (old === undefined) return validateClaimSpec(claim.spec, 'spec');
  const hadGroup = old.spec.dataSource?.apiGroup !== undefined || old.spec.dataSourceRef?.apiGroup !== undefined;
  const leniency = { allowsAnySelector: validateLabelSelector(old.spec.selector, '').length > 0, allowsAnyGroup: hadGroup };
  return [...validateClaimSpec(claim.spec, 'spec', leniency), ...changeErrors(claim, old)];
}

function changeErrors(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const { spec } = claim;
  const errors: FieldError[] = [];
  const isUpgrade = isClassMoved(claim, old);
  const [annotation, oldAnnotation] = [claim.metadata.annotations?.[classAnnotation] ?? '', old.metadata.annotations?.[classAnnotation] ?? ''];
  if (!isUpgrade) append(errors, immutable(`metadata.annotations.${classAnnotation}`, annotation, oldAnnotation));
  const [now, before] = [comparableSpec(claim, old, isUpgrade), { ...old.spec, ...copiedSource(old.spec), ...((old.spec.volumeName ?? '') === '' ? { volumeName: spec.volumeName } : {}) }];
  if (jsonText(PersistentVolumeClaimSpec, now) !== jsonText(PersistentVolumeClaimSpec, before)) {
    const difference = unifiedDiff(specText(before), specText(now));
    errors.push(forbidden('spec', `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${difference}`));
  }
  const [size, oldSize] = [spec.resources?.requests?.['storage'] ?? '0', old.spec.resources?.requests?.['storage'] ?? '0'];
  // An expansion that failed can be taken back, as far as what there is.
  if (compareQuantities(size, oldSize) < 0 && compareQuantities(size, old.status?.capacity?.['storage'] ?? '0') <= 0) errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  append(errors, immutable('volumeMode', spec.volumeMode, old.spec.volumeMode));
  return [...errors, ...attributesChangeErrors(spec.volumeAttributesClassName, old)];
}

const specText = (spec: PersistentVolumeClaimSpec): string => indentedText(goForm(PersistentVolumeClaimSpec, spec));

/** The class that the old annotation named, moved into its field. */
function isClassMoved({ metadata, spec }: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const [annotation, oldAnnotation] = [metadata.annotations?.[classAnnotation], old.metadata.annotations?.[classAnnotation]];
  return oldAnnotation !== undefined && old.spec.storageClassName === undefined && spec.storageClassName === oldAnnotation && (annotation === undefined || annotation === oldAnnotation);
}

/** The spec without what may change: a class that was not chosen, and the size and the attributes of a bound claim. */
function comparableSpec({ spec, status }: PersistentVolumeClaim, old: PersistentVolumeClaim, isUpgrade: boolean): PersistentVolumeClaimSpec {
  const comparable = { ...spec };
  const oldAnnotation = old.metadata.annotations?.[classAnnotation];
  const isChosenNow = spec.storageClassName !== undefined && old.spec.storageClassName === undefined && (oldAnnotation === undefined || spec.storageClassName === oldAnnotation);
  if (isUpgrade || isChosenNow) delete comparable.storageClassName;
  if (status?.phase !== 'Bound') return comparable;
  const oldSize = old.spec.resources?.requests?.['storage'];
  if (spec.resources?.requests !== undefined) comparable.resources = { ...spec.resources, requests: { ...spec.resources.requests, ...(oldSize === undefined ? {} : { storage: oldSize }) } };
  comparable.volumeAttributesClassName = old.spec.volumeAttributesClassName;
  return comparable;
}

function attributesChangeErrors(name: string | undefined, { spec, status }: PersistentVolumeClaim): FieldError[] {
  const path = 'spec.volumeAttributesClassName';
  if (name === spec.volumeAttributesClassName || status?.currentVolumeAttributesClassName === undefined) return [];
  if (name === undefined) return [forbidden(path, 'update to nil is forbidden when status.currentVolumeAttributesClassName is not nil')];
  return name === '' ? [forbidden(path, 'update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil')] : [];
}

export function validatePersistentVolumeClaimStatus({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = (spec.accessModes ?? []).length === 0 ? [required('Spec.accessModes')] : []; // Kubernetes: spelt with a capital
  for (const [name, amount] of Object.entries(status?.capacity ?? {})) append(errors, negativeErrors(amount, `status.capacity[${name}]`));
  for (const [name, state] of Object.entries(status?.allocatedResourceStatuses ?? {})) {
    append(errors, resourceErrors(name, 'status.allocatedResourceStatuses'));
    // Kubernetes: it shows the name, not what is wrong.
    if (!resizeStatuses.includes(state)) errors.push(notSupported('status.allocatedResourceStatuses', name, resizeStatuses));
  }
  for (const [name, amount] of Object.entries(status?.allocatedResources ?? {})) {
    const wrongName = resourceErrors(name, 'status.allocatedResources');
    append(errors, wrongName.length > 0 ? wrongName : negativeErrors(amount, `status.allocatedResources[${name}]`));
  }
  return errors;
}

/** Of what has no domain, or Kubernetes' own, only storage can be allocated. */
function resourceErrors(name: string, path: string): FieldError[] {
  const errors = invalidAll(path, name, qualifiedNameErrors(name));
  if (errors.length > 0 || name === 'storage') return errors;
  return !name.includes('/') || name.includes('kubernetes.io/') ? [notSupported(path, name, ['storage'])] : [];
}

export function persistentVolumeClaimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  return [
    ...(metadata.annotations?.[classAnnotation] === undefined ? [] : [`metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...claimSpecWarnings(spec, 'spec'),
  ];
}

/** Kubernetes: parts of bytes are accepted, with a warning. */
export const claimSpecWarnings = ({ resources }: PersistentVolumeClaimSpec, path: string): readonly string[] => (['requests', 'limits'] as const).flatMap((name) => {
  const amount = resources?.[name]?.['storage'];
  return amount === undefined || quantityMilliValue(amount) % 1000n === 0n ? [] : [`${path}.resources.${name}[storage]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
});

/**
 * Makes the older field of a claim's source and the newer one say the same. `old` is the spec before an update.
 * Kubernetes: the older one takes claims and snapshots only, and other namespaces need a feature that is off; both are dropped in silence.
 */
export function settleDataSources(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec | undefined): void {
  if ((spec.dataSourceRef?.namespace ?? '') !== '' && old?.dataSourceRef === undefined) delete spec.dataSourceRef;
  const hadSource = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  if (!hadSource && spec.dataSourceRef === undefined && spec.dataSource !== undefined && !isOldSource(spec.dataSource)) delete spec.dataSource;
  Object.assign(spec, copiedSource(spec));
}

/** What is missing of the two fields, out of the other. */
function copiedSource({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec): Pick<PersistentVolumeClaimSpec, 'dataSource' | 'dataSourceRef'> {
  if (dataSource !== undefined && dataSourceRef === undefined) return { dataSourceRef: { ...dataSource } };
  if (dataSource !== undefined || dataSourceRef === undefined || (dataSourceRef.namespace ?? '') !== '') return {};
  const { namespace: _, ...source } = dataSourceRef;
  return { dataSource: source };
}

const isOldSource = ({ apiGroup = '', kind }: Source): boolean => (apiGroup === '' && kind === 'PersistentVolumeClaim') || (apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot');
