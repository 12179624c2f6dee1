/** Which volume a claim is given, and what becomes of both. Pure. */
import type { ApiObject } from '@kaji/api';
import type { PersistentVolume, PersistentVolumeClaim } from '@kaji/api/core/v1';
import type { StorageClass } from '@kaji/api/storage/v1';
import { compareQuantities, isDeepEqual, matchesLabels, quantityValue, selectorOf } from '@kaji/schema';

export type Volume = PersistentVolume & ApiObject;
export type Claim = PersistentVolumeClaim & ApiObject;

const boundByController = 'pv.kubernetes.io/bound-by-controller';
const bindCompleted = 'pv.kubernetes.io/bind-completed';
const selectedNode = 'volume.kubernetes.io/selected-node';
const provisionerAnnotations = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'];
/** Kubernetes: older than the field, and it wins. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export const classOf = ({ metadata, spec }: Volume | Claim): string => metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '';
const modeOf = ({ spec }: Volume | Claim): string => spec.volumeMode ?? 'Filesystem';
const wantedSize = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0';
const sizeOf = ({ spec }: Volume): string => spec.capacity?.['storage'] ?? '0';
const hasModes = (volume: Volume, claim: Claim): boolean => (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));
const sameAttributes = ({ spec }: Volume, claim: Claim): boolean => (spec.volumeAttributesClassName ?? '') === (claim.spec.volumeAttributesClassName ?? '');

/** Whether a volume is a claim's, or kept for one of its name. */
export function isOf({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  return claimRef?.name === metadata.name && claimRef?.namespace === metadata.namespace && ((claimRef?.uid ?? '') === '' || claimRef?.uid === metadata.uid);
}

/** The volume that was kept for a claim, or else the one with the fewest modes, and of those the smallest, that will do. */
export function bestVolume(claim: Claim, volumes: Iterable<Volume>, waitsForPod: boolean): Volume | undefined {
  const selector = claim.spec.selector === undefined ? undefined : selectorOf(claim.spec.selector);
  let best: Volume | undefined;
  for (const volume of volumes) {
    const isKept = isOf(volume, claim);
    if ((volume.spec.claimRef !== undefined && !isKept) || volume.metadata.deletionTimestamp !== undefined || !hasModes(volume, claim)) continue;
    if (compareQuantities(sizeOf(volume), wantedSize(claim)) < 0 || modeOf(volume) !== modeOf(claim) || !sameAttributes(volume, claim)) continue;
    if (isKept) return volume;
    if (waitsForPod || volume.status?.phase !== 'Available' || classOf(volume) !== classOf(claim)) continue;
    if (selector !== undefined && !matchesLabels(selector, volume.metadata.labels ?? {})) continue;
    if (best === undefined || isCloser(volume, best)) best = volume;
  }
  return best;
}

function isCloser(volume: Volume, best: Volume): boolean {
  const [modes, fewest] = [volume.spec.accessModes?.length ?? 0, best.spec.accessModes?.length ?? 0];
  return modes === fewest ? compareQuantities(sizeOf(volume), sizeOf(best)) < 0 : modes < fewest;
}

/** Why a volume that a claim names will not do. */
export function misfit(volume: Volume, claim: Claim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`;
  if (quantityValue(sizeOf(volume)) < quantityValue(wantedSize(claim))) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!sameAttributes(volume, claim)) return 'volumeAttributesClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  return hasModes(volume, claim) ? undefined : 'incompatible accessMode';
}

export interface Note {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export type ClaimStep =
  | { readonly kind: 'bind'; readonly volume: Volume }
  | { readonly kind: 'pending'; readonly note?: Note }
  | { readonly kind: 'lost'; readonly note: Note }
  /** Whoever makes volumes of the class is told by annotations. */
  | { readonly kind: 'provision'; readonly provisioner: string };

const lost = (reason: string, message: string): ClaimStep => ({ kind: 'lost', note: { type: 'Warning', reason, message } });
const pending = (type: Note['type'], reason: string, message: string): ClaimStep => ({ kind: 'pending', note: { type, reason, message } });

export interface Known {
  volume(name: string): Volume | undefined;
  volumes(): Iterable<Volume>;
  storageClass(name: string): StorageClass | undefined;
}

export function claimStep(claim: Claim, known: Known): ClaimStep {
  const name = claim.spec.volumeName ?? '';
  if (claim.metadata.annotations?.[bindCompleted] !== undefined) return boundClaimStep(claim, name === '' ? '' : known.volume(name));
  if (name === '') return freeClaimStep(claim, known);
  const volume = known.volume(name);
  if (volume === undefined) return { kind: 'pending' };
  if (volume.spec.claimRef === undefined) {
    const why = misfit(volume, claim);
    return why === undefined ? { kind: 'bind', volume } : pending('Warning', 'VolumeMismatch', `Cannot bind to requested volume ${JSON.stringify(name)}: ${why}`);
  }
  return isOf(volume, claim) ? { kind: 'bind', volume } : pending('Warning', 'FailedBinding', `volume ${JSON.stringify(name)} already bound to a different claim.`);
}

function boundClaimStep(claim: Claim, volume: Volume | '' | undefined): ClaimStep {
  if (volume === '') return lost('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  if (volume === undefined) return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  const { claimRef } = volume.spec;
  return claimRef === undefined || claimRef.uid === claim.metadata.uid ? { kind: 'bind', volume } : lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

function freeClaimStep(claim: Claim, known: Known): ClaimStep {
  const className = classOf(claim);
  const storageClass = className === '' ? undefined : known.storageClass(className);
  const waitsForPod = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  const volume = bestVolume(claim, known.volumes(), waitsForPod);
  if (volume !== undefined) return { kind: 'bind', volume };
  if (waitsForPod && claim.metadata.annotations?.[selectedNode] === undefined) return pending('Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  if (className === '') return pending('Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  if (storageClass === undefined) return pending('Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`);
  return { kind: 'provision', provisioner: storageClass.provisioner };
}

export const provisioningNote = (provisioner: string): Note => ({
  type: 'Normal', reason: 'ExternalProvisioning',
  message: `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
});

/** The claim with the annotations by which its volume is asked for; the same one if it has them. */
export function asked(claim: Claim, provisioner: string): Claim {
  const { annotations = {} } = claim.metadata;
  if (provisionerAnnotations.every((name) => annotations[name] === provisioner)) return claim;
  return { ...claim, metadata: { ...claim.metadata, annotations: { ...annotations, ...Object.fromEntries(provisionerAnnotations.map((name) => [name, provisioner])) } } };
}

/** What a volume's phase is to be; `unbind` where its claim has another volume by now. */
export type VolumeStep = 'Available' | 'Bound' | 'Released' | 'unbind' | 'none';

/** `claim` is the one that the volume names, if it is still the same object. */
export function volumeStep(volume: Volume, claim: Claim | undefined): VolumeStep {
  const { claimRef } = volume.spec;
  const phase = volume.status?.phase;
  if (claimRef === undefined || (claimRef.uid ?? '') === '') return phase === 'Available' ? 'none' : 'Available';
  if (claim === undefined) return phase === 'Released' || phase === 'Failed' ? 'none' : 'Released';
  const name = claim.spec.volumeName ?? '';
  if (name === '') return 'none'; // the claim is on its way to it
  if (name === volume.metadata.name) return phase === 'Bound' ? 'none' : 'Bound';
  return 'unbind';
}

/** The volume with its claim; the same one if it has it. */
export function boundVolume(volume: Volume, { metadata }: Claim): Volume {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  const { claimRef } = volume.spec;
  if (claimRef?.uid === uid && claimRef.name === name && claimRef.namespace === namespace) return volume;
  const isKept = claimRef?.name === name && claimRef.namespace === namespace;
  const annotations = isKept ? volume.metadata.annotations : { ...volume.metadata.annotations, [boundByController]: 'yes' };
  return {
    ...volume, metadata: { ...volume.metadata, ...(annotations === undefined ? {} : { annotations }) },
    spec: { ...volume.spec, claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion } },
  };
}

/** The claim with its volume; the same one if it has it. */
export function boundClaim(claim: Claim, { metadata: { name = '' } }: Volume): Claim {
  const { annotations = {} } = claim.metadata;
  const isNamed = claim.spec.volumeName === name;
  if (isNamed && annotations[bindCompleted] !== undefined) return claim;
  return {
    ...claim, metadata: { ...claim.metadata, annotations: { ...annotations, ...(isNamed ? {} : { [boundByController]: 'yes' }), [bindCompleted]: 'yes' } },
    spec: { ...claim.spec, volumeName: name },
  };
}

/** Kubernetes: a volume that somebody kept for the claim stays kept for claims of that name. */
export function freedVolume(volume: Volume): Volume {
  const { claimRef, ...spec } = volume.spec;
  const { [boundByController]: byController, ...annotations } = volume.metadata.annotations ?? {};
  if (byController !== undefined || claimRef === undefined) return { ...volume, metadata: { ...volume.metadata, annotations }, spec };
  const { uid: _, resourceVersion: __, ...kept } = claimRef;
  return { ...volume, spec: { ...spec, claimRef: kept } };
}

/** The status of a claim; the same one if nothing changes. The size is the volume's when they are bound, and the resizer's later. */
export function claimStatus(claim: Claim, phase: 'Pending' | 'Bound' | 'Lost', volume: Volume | undefined): NonNullable<Claim['status']> {
  const { accessModes: _, capacity, currentVolumeAttributesClassName, ...rest } = claim.status ?? {};
  if (volume === undefined) return settled(claim, { ...rest, phase });
  const isNew = claim.status?.phase !== phase;
  const attributes = isNew && claim.status?.phase === 'Pending' ? volume.spec.volumeAttributesClassName : currentVolumeAttributesClassName;
  return settled(claim, {
    ...rest, phase, ...(volume.spec.accessModes === undefined ? {} : { accessModes: volume.spec.accessModes }),
    ...((isNew ? volume.spec.capacity : capacity) === undefined ? {} : { capacity: isNew ? volume.spec.capacity : capacity }),
    ...(attributes === undefined ? {} : { currentVolumeAttributesClassName: attributes }),
  });
}

const settled = ({ status }: Claim, wanted: NonNullable<Claim['status']>): NonNullable<Claim['status']> => (status !== undefined && isDeepEqual(status, wanted) ? status : wanted);
