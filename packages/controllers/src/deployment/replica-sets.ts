/** The ReplicaSets of a Deployment: which is the new one, their revisions, and what a Deployment writes on them. */
import type { ApiObject } from '@kaji/api';
import type { Deployment, ReplicaSet } from '@kaji/api/apps/v1';
import type { PodTemplateSpec } from '@kaji/api/core/v1';
import { isDeepEqual } from '@kaji/schema';
import { hashLabel } from '../template-hash.ts';

export type DeploymentObject = Deployment & ApiObject;
export type ReplicaSetObject = ReplicaSet & ApiObject;

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const historyAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maximumAnnotation = 'deployment.kubernetes.io/max-replicas';
const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, historyAnnotation, desiredAnnotation, maximumAnnotation, 'deprecated.deployment.rollback.to',
]);
/** Kubernetes: the history annotation is cut from its old end beyond this. */
const historyLimit = 2000;

export const sizeOf = (set: ReplicaSetObject): number => set.spec.replicas ?? 1;
export const wantedOf = (deployment: DeploymentObject): number => deployment.spec.replicas ?? 1;
export const totalOf = (sets: readonly ReplicaSetObject[]): number => sets.reduce((sum, set) => sum + sizeOf(set), 0);
export const availableOf = (sets: readonly ReplicaSetObject[]): number => sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
export const activeOf = (sets: readonly ReplicaSetObject[]): readonly ReplicaSetObject[] => sets.filter((set) => sizeOf(set) > 0);

const creationOf = (set: ReplicaSetObject): string => set.metadata.creationTimestamp ?? '';
const nameOf = (set: ReplicaSetObject): string => set.metadata.name ?? '';
export const byCreation = (a: ReplicaSetObject, b: ReplicaSetObject): number => (creationOf(a) === creationOf(b) ? compare(nameOf(a), nameOf(b)) : compare(creationOf(a), creationOf(b)));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Kubernetes: a whole number of 64 bits. */
export const revisionOf = (object: ApiObject): bigint => {
  const text = object.metadata.annotations?.[revisionAnnotation] ?? '';
  return /^-?\d{1,18}$|^-?[1-8]\d{18}$/.test(text) ? BigInt(text) : 0n;
};
export const maxRevision = (sets: readonly ReplicaSetObject[]): bigint => sets.reduce((most, set) => (revisionOf(set) > most ? revisionOf(set) : most), 0n);

export interface Family {
  readonly newest: ReplicaSetObject | undefined;
  readonly old: readonly ReplicaSetObject[];
}

/** The oldest of the sets that have the Deployment's template, and all others. */
export function familyOf(deployment: DeploymentObject, sets: readonly ReplicaSetObject[]): Family {
  const wanted = withoutHash(deployment.spec.template);
  const sorted = sets.toSorted(byCreation);
  const newest = sorted.find((set) => set.spec.template !== undefined && isDeepEqual(withoutHash(set.spec.template), wanted));
  return { newest, old: sorted.filter((set) => set !== newest) };
}

export const hasSameTemplate = (deployment: DeploymentObject, set: ReplicaSetObject): boolean =>
  set.spec.template !== undefined && isDeepEqual(withoutHash(set.spec.template), withoutHash(deployment.spec.template));

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The annotations that the new set shall have; the same object when it has them. */
export function annotationsOfNewest(deployment: DeploymentObject, current: Readonly<Record<string, string>>, revision: bigint): Readonly<Record<string, string>> {
  const annotations: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!notCopied.has(name)) annotations[name] = value;
  const before = current[revisionAnnotation];
  if (revisionOf({ metadata: { annotations: current } }) < revision) {
    annotations[revisionAnnotation] = String(revision);
    if (before !== undefined) annotations[historyAnnotation] = withHistory(current[historyAnnotation], before);
  }
  return isDeepEqual(annotations, current) ? current : annotations;
}

function withHistory(history: string | undefined, revision: string): string {
  const entries = history === undefined || history === '' ? [] : history.split(',');
  entries.push(revision);
  while (entries.length > 1 && entries.join(',').length > historyLimit) entries.shift();
  return entries.join(',');
}

/** How large the Deployment is meant to be, noted on each set: a later change of it is told from a rollout by this. */
export const sizeAnnotations = (wanted: number, maximum: number): Readonly<Record<string, string>> => ({ [desiredAnnotation]: String(wanted), [maximumAnnotation]: String(maximum) });
