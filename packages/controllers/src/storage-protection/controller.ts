/** Holds volumes, claims and classes of volume attributes by a finalizer until nobody uses them. */
import { type ApiObject, isReason, type Resource } from '@kaji/api';
import { persistentvolumeclaims, persistentvolumes, pods } from '@kaji/api/core/v1';
import { volumeattributesclasses } from '@kaji/api/storage/v1';
import type { Key } from '@kaji/client';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { canFreeClaims, claimNames, classesOfClaim, classesOfVolume, stepFor, usesClaim, withFinalizer, withoutFinalizer } from './plan.ts';

interface Protection<T extends ApiObject> {
  readonly resource: Resource<T>;
  readonly finalizer: string;
  isUsed(object: T, context: ReconcileContext): Promise<boolean> | boolean;
}

async function protect<T extends ApiObject>({ resource, finalizer, isUsed }: Protection<T>, key: Key, context: ReconcileContext): Promise<Outcome> {
  const object = context.caches.of(resource).get(key);
  if (object === undefined) return 'done';
  const step = stepFor(object, finalizer);
  if (step === 'none' || (step === 'remove-if-unused' && await isUsed(object, context))) return 'done';
  try {
    await context.client.update(resource, step === 'add' ? withFinalizer(object, finalizer) : withoutFinalizer(object, finalizer));
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // gone meanwhile
  }
  return 'done';
}

export function persistentVolumeClaimProtection(): Controller {
  const protection: Protection<PersistentVolumeClaimObject> = {
    resource: persistentvolumeclaims,
    finalizer: 'kubernetes.io/pvc-protection',
    async isUsed(claim, { client, caches }) {
      const namespace = claim.metadata.namespace ?? '';
      for (const pod of caches.of(pods).all()) if (pod.metadata.namespace === namespace && usesClaim(pod, claim)) return true;
      // A pod may be there that the cache does not show yet.
      const { items } = await client.list(pods, { namespace });
      return items.some((pod) => usesClaim(pod, claim));
    },
  };
  return {
    name: 'persistentvolumeclaim-protection-controller',
    watches: [
      watch(persistentvolumeclaims, 'self'),
      watch(pods, ({ object: pod, type }) => (canFreeClaims(pod, type === 'deleted') ? claimNames(pod).map((name) => ({ namespace: pod.metadata.namespace ?? '', name })) : [])),
    ],
    reconcile: (key, context) => protect(protection, key, context),
  };
}

type PersistentVolumeClaimObject = typeof persistentvolumeclaims extends Resource<infer T> ? T : never;
type PersistentVolumeObject = typeof persistentvolumes extends Resource<infer T> ? T : never;
type VolumeAttributesClassObject = typeof volumeattributesclasses extends Resource<infer T> ? T : never;

export function persistentVolumeProtection(): Controller {
  const protection: Protection<PersistentVolumeObject> = { resource: persistentvolumes, finalizer: 'kubernetes.io/pv-protection', isUsed: ({ status }) => status?.phase === 'Bound' };
  return { name: 'persistentvolume-protection-controller', watches: [watch(persistentvolumes, 'self')], reconcile: (key, context) => protect(protection, key, context) };
}

export function volumeAttributesClassProtection(): Controller {
  const protection: Protection<VolumeAttributesClassObject> = {
    resource: volumeattributesclasses,
    finalizer: 'kubernetes.io/vac-protection',
    isUsed({ metadata: { name = '' } }, { caches }) {
      for (const volume of caches.of(persistentvolumes).all()) if (classesOfVolume(volume).includes(name)) return true;
      for (const claim of caches.of(persistentvolumeclaims).all()) if (classesOfClaim(claim).includes(name)) return true;
      return false;
    },
  };
  const keysOf = (names: readonly string[]): readonly Key[] => names.map((name) => ({ namespace: '', name }));
  return {
    name: 'volumeattributesclass-protection-controller',
    watches: [
      watch(volumeattributesclasses, 'self'),
      watch(persistentvolumes, ({ object, previous }) => keysOf([...classesOfVolume(object), ...(previous === undefined ? [] : classesOfVolume(previous))])),
      watch(persistentvolumeclaims, ({ object, previous }) => keysOf([...classesOfClaim(object), ...(previous === undefined ? [] : classesOfClaim(previous))])),
    ],
    reconcile: (key, context) => protect(protection, key, context),
  };
}
