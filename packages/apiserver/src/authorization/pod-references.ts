// What a pod makes its node read: Secrets, ConfigMaps, claims, its service account. Pure.
import type { Container, Pod, Volume } from '@kaji/api/core/v1';

export type ReferenceKind = 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims';

/** `secrets/default/token`, each once. */
export function podReferences(pod: Pod & { metadata: { namespace?: string | undefined; name?: string | undefined; annotations?: Record<string, string> | undefined } }): ReadonlySet<string> {
  const references = new Set<string>();
  // A mirror pod speaks for a file on the node: it must not open Secrets to the one who wrote it.
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return references;
  const namespace = pod.metadata.namespace ?? '';
  const add = (kind: ReferenceKind, name: string | undefined): void => {
    if (name !== undefined && name !== '') references.add(`${kind}/${namespace}/${name}`);
  };
  const { spec } = pod;
  if (spec === undefined) return references;
  add('serviceaccounts', spec.serviceAccountName);
  for (const secret of spec.imagePullSecrets ?? []) add('secrets', secret.name);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]) addEnvironment(container as Container, add); // an ephemeral container has a container's fields
  for (const volume of spec.volumes ?? []) addVolume(volume, add, pod.metadata.name ?? '');
  for (const claim of spec.resourceClaims ?? []) add('resourceclaims', claim.resourceClaimName);
  for (const claim of pod.status?.resourceClaimStatuses ?? []) add('resourceclaims', claim.resourceClaimName);
  return references;
}

type Add = (kind: ReferenceKind, name: string | undefined) => void;

function addEnvironment(container: Container, add: Add): void {
  for (const source of container.envFrom ?? []) {
    add('configmaps', source.configMapRef?.name);
    add('secrets', source.secretRef?.name);
  }
  for (const { valueFrom } of container.env ?? []) {
    add('configmaps', valueFrom?.configMapKeyRef?.name);
    add('secrets', valueFrom?.secretKeyRef?.name);
  }
}

function addVolume(volume: Volume, add: Add, podName: string): void {
  add('secrets', volume.secret?.secretName);
  add('configmaps', volume.configMap?.name);
  add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
  if (volume.ephemeral !== undefined) add('persistentvolumeclaims', `${podName}-${volume.name}`);
  for (const source of volume.projected?.sources ?? []) {
    add('secrets', source.secret?.name);
    add('configmaps', source.configMap?.name);
  }
  add('secrets', volume.azureFile?.secretName);
  for (const reference of [volume.cephfs?.secretRef, volume.cinder?.secretRef, volume.csi?.nodePublishSecretRef, volume.flexVolume?.secretRef, volume.iscsi?.secretRef, volume.rbd?.secretRef, volume.scaleIO?.secretRef, volume.storageos?.secretRef]) add('secrets', reference?.name);
}
