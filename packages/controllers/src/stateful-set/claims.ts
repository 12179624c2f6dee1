/** The claims of a StatefulSet's pods: their names, and who owns them by the set's policy. Pure. Source: KEP-1847. */
import type { StatefulSet } from '@kaji/api/apps/v1';
import type { PersistentVolumeClaim, Pod, Volume } from '@kaji/api/core/v1';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { isWanted } from './plan.ts';

export const claimName = (template: PersistentVolumeClaim, set: StatefulSet, ordinal: number): string => `${template.metadata.name ?? ''}-${set.metadata.name ?? ''}-${ordinal}`;

/** One for each template; each keeps its name for ever, and so its content. */
export const claimsOf = (set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] => (set.spec.volumeClaimTemplates ?? []).map((template) => ({
  apiVersion: 'v1', kind: 'PersistentVolumeClaim',
  metadata: { ...template.metadata, name: claimName(template, set, ordinal), namespace: set.metadata.namespace, labels: { ...template.metadata.labels, ...set.spec.selector?.matchLabels } },
  spec: template.spec,
}) as PersistentVolumeClaim);

/** Volumes of the claims, in place of those of the same names. */
export function volumesWith(set: StatefulSet, ordinal: number, volumes: readonly Volume[] = []): Volume[] {
  const own = (set.spec.volumeClaimTemplates ?? []).map((template) => ({ name: template.metadata.name ?? '', persistentVolumeClaim: { claimName: claimName(template, set, ordinal) } }));
  return [...own, ...volumes.filter(({ name }) => !own.some((other) => other.name === name))];
}

/** The owners that a claim should have. One that something else controls is left to that. */
export function ownersOf(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): readonly OwnerReference[] {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const isOwn = ({ kind, name }: OwnerReference): boolean => (kind === 'StatefulSet' && name === set.metadata.name) || (kind === 'Pod' && name === pod.metadata.name);
  const others = (claim.metadata.ownerReferences ?? []).filter((owner) => !isOwn(owner));
  if (others.some(({ controller }) => controller === true)) return others;
  const byPod: OwnerReference = { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
  const bySet: OwnerReference = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: set.metadata.name ?? '', uid: set.metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
  if (whenScaled === 'Delete' && !isWanted(set, pod)) return [...others, byPod];
  return whenDeleted === 'Delete' ? [...others, bySet] : others;
}
