/** When a volume, a claim or a class of attributes that is to be deleted may go: once nobody uses it. */
import type { ApiObject } from '@kaji/api';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@kaji/api/core/v1';

/** What to do about the finalizer that holds an object. */
export type Step = 'add' | 'remove-if-unused' | 'none';

export function stepFor({ metadata }: ApiObject, finalizer: string): Step {
  const isHeld = metadata.finalizers?.includes(finalizer) === true;
  if (metadata.deletionTimestamp !== undefined) return isHeld ? 'remove-if-unused' : 'none';
  return isHeld ? 'none' : 'add'; // made before admission added it
}

export const withFinalizer = <T extends ApiObject>(object: T, finalizer: string): T => ({ ...object, metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), finalizer] } });
export const withoutFinalizer = <T extends ApiObject>(object: T, finalizer: string): T => ({ ...object, metadata: { ...object.metadata, finalizers: (object.metadata.finalizers ?? []).filter((name) => name !== finalizer) } });

/** Kubernetes: a claim for an ephemeral volume is named after the pod and the volume. */
const ephemeralName = (pod: Pod, volume: { readonly name: string }): string => `${pod.metadata.name ?? ''}-${volume.name}`;

/** The names of the claims that a pod's volumes are. */
export const claimNames = (pod: Pod): readonly string[] => (pod.spec?.volumes ?? []).flatMap((volume) => (volume.persistentVolumeClaim === undefined ? (volume.ephemeral === undefined ? [] : [ephemeralName(pod, volume)]) : [volume.persistentVolumeClaim.claimName]));

/** A pod that no kubelet will let start any more does not keep its claim. */
const isShutDown = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Whether a change of this pod can set a claim free. */
export const canFreeClaims = (pod: Pod, isDeleted: boolean): boolean => isDeleted || isOver(pod) || (pod.spec?.nodeName ?? '') === '';

/** Only scheduled pods count: a kubelet does not start a pod whose claim is being deleted. */
export function usesClaim(pod: Pod, { metadata: { name, ownerReferences = [] } }: PersistentVolumeClaim): boolean {
  if ((pod.spec?.nodeName ?? '') === '') return false;
  const isOwner = ownerReferences.some(({ controller, uid }) => controller === true && uid === pod.metadata.uid);
  return (pod.spec?.volumes ?? []).some((volume) =>
    volume.persistentVolumeClaim?.claimName === name || (!isShutDown(pod) && volume.ephemeral !== undefined && ephemeralName(pod, volume) === name && isOwner));
}

const present = (names: readonly (string | undefined)[]): readonly string[] => [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[]; // what is left is text

/** The classes of attributes that a claim has, wants or had. */
export const classesOfClaim = ({ spec, status }: PersistentVolumeClaim): readonly string[] =>
  present([spec.volumeAttributesClassName, status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName]);

export const classesOfVolume = ({ spec }: PersistentVolume): readonly string[] => present([spec.volumeAttributesClassName]);
