// Which objects belong to which node: followed from pods and persistent volumes, counted, so that a look-up costs nothing.
import { type PersistentVolume, persistentvolumes, type Pod, pods } from '@kaji/api/core/v1';
import { resourceslices } from '@kaji/api/resource/v1';
import { volumeattachments } from '@kaji/api/storage/v1';
import type { Reader } from '../registry/reader.ts';
import { podReferences } from './pod-references.ts';

export class NodeGraph {
  readonly #reader: Reader;
  /** Reference (`secrets/default/a`) to how many pods of each node make it. */
  readonly #references = new Map<string, Map<string, number>>();
  /** Secrets that volumes name, to the names of those volumes. */
  readonly #volumesBySecret = new Map<string, Set<string>>();

  constructor(reader: Reader, signal: AbortSignal) {
    this.#reader = reader;
    for (const pod of reader.list(pods)) this.#count(pod, 1);
    reader.subscribe(pods, ({ object, previous }) => {
      if (previous !== undefined) this.#count(previous, -1);
      if (object !== undefined) this.#count(object, 1);
    }, signal);
    for (const volume of reader.list(persistentvolumes)) this.#link(volume, true);
    reader.subscribe(persistentvolumes, ({ object, previous }) => {
      if (previous !== undefined) this.#link(previous, false);
      if (object !== undefined) this.#link(object, true);
    }, signal);
  }

  /** Whether an object, by its resource's name, has to do with the node. */
  isRelated(node: string, plural: string, namespace: string, name: string): boolean {
    switch (plural) {
      case 'pods': return this.#reader.get(pods, namespace, name)?.spec?.nodeName === node;
      case 'persistentvolumes': return this.#isVolumeOf(node, name);
      case 'volumeattachments': return this.#reader.get(volumeattachments, '', name)?.spec?.nodeName === node;
      case 'resourceslices': return this.#reader.get(resourceslices, '', name)?.spec?.nodeName === node;
      default: {
        const reference = `${plural}/${namespace}/${name}`;
        if (this.#references.get(reference)?.has(node) === true) return true;
        return plural === 'secrets' && [...(this.#volumesBySecret.get(reference) ?? [])].some((volume) => this.#isVolumeOf(node, volume));
      }
    }
  }

  #isVolumeOf(node: string, name: string): boolean {
    const claim = this.#reader.get(persistentvolumes, '', name)?.spec?.claimRef;
    return claim !== undefined && this.#references.get(`persistentvolumeclaims/${claim.namespace ?? ''}/${claim.name ?? ''}`)?.has(node) === true;
  }

  #count(pod: Pod, by: 1 | -1): void {
    const node = pod.spec?.nodeName;
    if (node === undefined || node === '') return;
    for (const reference of podReferences(pod)) {
      const nodes = this.#references.get(reference) ?? new Map<string, number>();
      const count = (nodes.get(node) ?? 0) + by;
      if (count > 0) nodes.set(node, count);
      else nodes.delete(node);
      if (nodes.size > 0) this.#references.set(reference, nodes);
      else this.#references.delete(reference);
    }
  }

  #link(volume: PersistentVolume, isThere: boolean): void {
    const name = volume.metadata.name ?? '';
    for (const secret of volumeSecrets(volume)) {
      const volumes = this.#volumesBySecret.get(secret) ?? new Set<string>();
      if (isThere) volumes.add(name);
      else volumes.delete(name);
      if (volumes.size > 0) this.#volumesBySecret.set(secret, volumes);
      else this.#volumesBySecret.delete(secret);
    }
  }
}

/** The Secrets of a volume that a node needs to mount it. */
function volumeSecrets({ spec }: PersistentVolume): readonly string[] {
  if (spec === undefined) return [];
  const { azureFile, cephfs, csi, flexVolume, iscsi, rbd, scaleIO, storageos } = spec;
  const claimNamespace = spec.claimRef?.namespace ?? '';
  const found: { readonly name?: string | undefined; readonly namespace?: string | undefined }[] = [];
  for (const one of [cephfs?.secretRef, csi?.nodePublishSecretRef, csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef, flexVolume?.secretRef, iscsi?.secretRef, rbd?.secretRef, scaleIO?.secretRef, storageos?.secretRef]) if (one !== undefined) found.push(one);
  if (azureFile !== undefined) found.push({ name: azureFile.secretName, namespace: azureFile.secretNamespace });
  return found.filter(({ name }) => name !== undefined && name !== '').map(({ name, namespace }) => `secrets/${namespace === undefined || namespace === '' ? claimNamespace : namespace}/${name ?? ''}`);
}
