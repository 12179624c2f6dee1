/** Brings volumes and claims together, and says what became of each. */
import { isReason } from '@kaji/api';
import { persistentvolumeclaims, persistentvolumes } from '@kaji/api/core/v1';
import { storageclasses } from '@kaji/api/storage/v1';
import { type Key, keyOf } from '@kaji/client';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { asked, boundClaim, boundVolume, type Claim, claimStatus, claimStep, freedVolume, type Note, provisioningNote, type Volume, volumeStep } from './plan.ts';

/** Kubernetes: claims that wait are looked at so often; a new volume wakes none of them. */
const resyncMs = 15_000;

const claimKeyOf = ({ spec: { claimRef } }: Volume): Key[] => (claimRef?.name === undefined ? [] : [{ namespace: claimRef.namespace ?? '', name: claimRef.name }]);
const volumeKeyOf = ({ spec: { volumeName = '' } }: Claim): Key[] => (volumeName === '' ? [] : [{ namespace: '', name: volumeName }]);

/** Volumes have keys without a namespace. */
export function volumeBinder(): Controller {
  return {
    name: 'persistentvolume-binder-controller',
    component: 'persistentvolume-controller',
    watches: [
      watch(persistentvolumes, ({ object, previous, type }) => [...(type === 'deleted' ? [] : [keyOf(object)]), ...claimKeyOf(object), ...(previous === undefined ? [] : claimKeyOf(previous))]),
      watch(persistentvolumeclaims, ({ object, type }, caches) => [...(type === 'deleted' ? [] : [keyOf(object)]), ...volumeKeyOf(object), ...(type === 'deleted' ? volumesOf(caches, object) : [])]),
      watch(storageclasses, () => []), // read where a claim waits
    ],
    async reconcile(key, context) {
      try {
        return await (key.namespace === '' ? syncVolume(key, context) : syncClaim(key, context));
      } catch (error) {
        if (isReason(error, 'NotFound')) return 'done'; // gone meanwhile
        throw error;
      }
    },
  };
}

/** A claim that was deleted before it named its volume may be named by one. */
function volumesOf(caches: Caches, { metadata }: Claim): Key[] {
  const keys: Key[] = [];
  for (const volume of caches.of(persistentvolumes).all()) if (volume.spec.claimRef?.uid === metadata.uid) keys.push(keyOf(volume));
  return keys;
}

async function syncVolume(key: Key, context: ReconcileContext): Promise<Outcome> {
  const volume = context.caches.of(persistentvolumes).get(key);
  if (volume === undefined) return 'done';
  const step = volumeStep(volume, await claimOf(volume, context));
  if (step === 'none') return 'done';
  const current = step === 'unbind' ? await context.client.update(persistentvolumes, freedVolume(volume)) : volume;
  await setPhase(current, step === 'unbind' ? 'Available' : step, context);
  return 'done';
}

/** The claim that a volume names. Before a volume counts as released the server is asked: the cache may not have the claim yet. */
async function claimOf({ spec: { claimRef } }: Volume, { caches, client }: ReconcileContext): Promise<Claim | undefined> {
  if (claimRef?.name === undefined || (claimRef.uid ?? '') === '') return undefined;
  const key = { namespace: claimRef.namespace ?? '', name: claimRef.name };
  const cached = caches.of(persistentvolumeclaims).get(key);
  if (cached?.metadata.uid === claimRef.uid) return cached;
  try {
    const claim = await client.get(persistentvolumeclaims, key);
    return claim.metadata.uid === claimRef.uid ? claim : undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function setPhase(volume: Volume, phase: 'Available' | 'Bound' | 'Released', { client }: ReconcileContext): Promise<Volume> {
  if (volume.status?.phase === phase) return volume;
  const { message: _, ...status } = volume.status ?? {};
  return client.updateStatus(persistentvolumes, { ...volume, status: { ...status, phase } });
}

async function syncClaim(key: Key, context: ReconcileContext): Promise<Outcome> {
  const { caches, client, events } = context;
  const claim = caches.of(persistentvolumeclaims).get(key);
  if (claim === undefined) return 'done';
  const tell = ({ type, reason, message }: Note): void => { events.event(claim, type, reason, message); };
  const step = claimStep(claim, {
    volume: (name) => caches.of(persistentvolumes).get({ namespace: '', name }),
    volumes: () => caches.of(persistentvolumes).all(),
    storageClass: (name) => caches.of(storageclasses).get({ namespace: '', name }),
  });
  switch (step.kind) {
    case 'bind': await bind(claim, step.volume, context); return 'done';
    case 'lost':
      if (claim.status?.phase !== 'Lost') {
        await setStatus(claim, claimStatus(claim, 'Lost', undefined), context);
        tell(step.note);
      }
      return 'done';
    case 'pending':
      if (step.note !== undefined) tell(step.note);
      await setStatus(claim, claimStatus(claim, 'Pending', undefined), context);
      return { retryAfterMs: resyncMs };
    case 'provision': {
      const wanted = asked(claim, step.provisioner);
      if (wanted !== claim) await client.update(persistentvolumeclaims, wanted);
      tell(provisioningNote(step.provisioner));
      return { retryAfterMs: resyncMs };
    }
  }
}

/** In this order: a crash between leaves what the next reconcile goes on with. */
async function bind(claim: Claim, volume: Volume, context: ReconcileContext): Promise<void> {
  const { client } = context;
  const taken = boundVolume(volume, claim);
  const saved = taken === volume ? volume : await client.update(persistentvolumes, taken);
  const bound = await setPhase(saved, 'Bound', context);
  const named = boundClaim(claim, bound);
  const current = named === claim ? claim : await client.update(persistentvolumeclaims, named);
  await setStatus(current, claimStatus(current, 'Bound', bound), context);
}

async function setStatus(claim: Claim, status: NonNullable<Claim['status']>, { client }: ReconcileContext): Promise<void> {
  if (status !== claim.status) await client.updateStatus(persistentvolumeclaims, { ...claim, status });
}
