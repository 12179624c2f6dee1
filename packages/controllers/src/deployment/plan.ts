/** How a Deployment's ReplicaSets are sized: rolling update, recreation, and scaling in the middle of either. Pure. */
import { share } from '../share.ts';
import { byCreation, desiredAnnotation, activeOf, availableOf, type DeploymentObject, type Family, maximumAnnotation, type ReplicaSetObject, revisionOf, sizeOf, totalOf, wantedOf } from './replica-sets.ts';

export interface Sizing {
  readonly set: ReplicaSetObject;
  readonly to: number;
}

export interface Limits {
  readonly surge: number;
  readonly unavailable: number;
}

export const isRolling = (deployment: DeploymentObject): boolean => deployment.spec.strategy?.type !== 'Recreate';

/** How many more than wanted there may be, and how many fewer available. Kubernetes: not both nothing, or nothing could move. */
export function limitsOf(deployment: DeploymentObject): Limits {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const wanted = wantedOf(deployment);
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = share(maxSurge, wanted, Math.ceil);
  const unavailable = share(maxUnavailable, wanted, Math.floor);
  return { surge, unavailable: Math.min(wanted, surge === 0 && unavailable === 0 ? 1 : unavailable) };
}

export const maximumOf = (deployment: DeploymentObject): number => wantedOf(deployment) + limitsOf(deployment).surge;

/** The size that the new set may have now. */
export function sizeOfNewest(deployment: DeploymentObject, size: number, total: number): number {
  const wanted = wantedOf(deployment);
  if (!isRolling(deployment)) return wanted;
  const room = maximumOf(deployment) - total;
  return room <= 0 ? size : size + Math.min(room, wanted - size);
}

/** One step of a rolling update: the new set up, or, when it is as large as it may be, the old ones down. */
export function planRolling(deployment: DeploymentObject, newest: ReplicaSetObject, old: readonly ReplicaSetObject[]): readonly Sizing[] {
  const wanted = wantedOf(deployment);
  const size = sizeOf(newest);
  const to = size > wanted ? wanted : size === wanted ? size : sizeOfNewest(deployment, size, totalOf([newest, ...old]));
  if (to !== size) return [{ set: newest, to }];
  return planOldDown(deployment, newest, old);
}

function planOldDown(deployment: DeploymentObject, newest: ReplicaSetObject, old: readonly ReplicaSetObject[]): readonly Sizing[] {
  if (totalOf(old) === 0) return [];
  const minimum = wantedOf(deployment) - limitsOf(deployment).unavailable;
  const newestUnavailable = sizeOf(newest) - (newest.status?.availableReplicas ?? 0);
  const most = totalOf([newest, ...old]) - minimum - newestUnavailable;
  if (most <= 0) return [];
  const sizes = new Map(old.map((set) => [set, sizeOf(set)]));
  const sorted = old.toSorted(byCreation);
  // What is not available is no loss: it goes first.
  let cleaned = 0;
  for (const set of sorted) {
    const size = sizeOf(set);
    const down = Math.min(most - cleaned, size - (set.status?.availableReplicas ?? 0));
    if (cleaned >= most || size === 0 || down <= 0) continue;
    sizes.set(set, size - down);
    cleaned += down;
  }
  let spare = availableOf([newest, ...old]) - minimum;
  for (const set of sorted) {
    const size = sizes.get(set) ?? 0;
    const down = Math.min(size, spare);
    if (down <= 0) continue;
    sizes.set(set, size - down);
    spare -= down;
  }
  return changes(sizes);
}

const changes = (sizes: ReadonlyMap<ReplicaSetObject, number>): readonly Sizing[] => [...sizes].filter(([set, to]) => to !== sizeOf(set)).map(([set, to]) => ({ set, to }));

/** Sizes after the Deployment's own size was changed, or while it is paused: in proportion, so that a rollout keeps its stage. */
export function planScaling(deployment: DeploymentObject, { newest, old }: Family): readonly Sizing[] {
  const wanted = wantedOf(deployment);
  const only = activeOrLatest(newest, old);
  if (only !== undefined) return [{ set: only, to: wanted }];
  if (isSaturated(wanted, newest)) return activeOf(old).map((set) => ({ set, to: 0 }));
  return isRolling(deployment) ? proportional(deployment, activeOf(newest === undefined ? old : [...old, newest])) : [];
}

function activeOrLatest(newest: ReplicaSetObject | undefined, old: readonly ReplicaSetObject[]): ReplicaSetObject | undefined {
  const active = activeOf(newest === undefined ? old : [...old, newest]);
  if (active.length === 0) return newest ?? old.toSorted(byCreation).at(-1);
  return active.length === 1 ? active[0] : undefined;
}

const isSaturated = (wanted: number, newest: ReplicaSetObject | undefined): boolean =>
  newest !== undefined && Number(newest.metadata.annotations?.[desiredAnnotation]) === wanted && sizeOf(newest) === wanted && (newest.status?.availableReplicas ?? 0) === wanted;

function proportional(deployment: DeploymentObject, active: readonly ReplicaSetObject[]): readonly Sizing[] {
  const allowed = wantedOf(deployment) > 0 ? maximumOf(deployment) : 0;
  const toAdd = allowed - totalOf(active);
  // The largest first, since it gets the rest; among equals the newer grows and the older shrinks.
  const sorted = active.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)));
  const sizings: Sizing[] = [];
  let added = 0;
  for (const set of sorted) {
    const part = toAdd === 0 || toAdd === added ? 0 : fraction(deployment, set);
    const bounded = part === 0 ? 0 : toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added);
    added += bounded;
    sizings.push({ set, to: sizeOf(set) + bounded });
  }
  const [first, ...others] = sizings;
  return first === undefined ? [] : [{ set: first.set, to: Math.max(0, first.to + toAdd - added) }, ...others];
}

function fraction(deployment: DeploymentObject, set: ReplicaSetObject): number {
  const size = sizeOf(set);
  if (wantedOf(deployment) === 0) return -size;
  const before = Number(set.metadata.annotations?.[maximumAnnotation] ?? deployment.status?.replicas ?? 0);
  return before > 0 ? Math.round((size * maximumOf(deployment)) / before) - size : 0;
}

/** True when the Deployment's size changed since its sets were last sized. */
export const isScaled = (deployment: DeploymentObject, sets: readonly ReplicaSetObject[]): boolean => activeOf(sets).some((set) => {
  const desired = set.metadata.annotations?.[desiredAnnotation];
  return desired !== undefined && Number(desired) !== wantedOf(deployment);
});

/** Old sets that history need not keep: the lowest revisions beyond the limit, as far as nothing of them runs. */
export function planCleanup(deployment: DeploymentObject, old: readonly ReplicaSetObject[]): readonly ReplicaSetObject[] {
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined || limit === 2 ** 31 - 1) return [];
  const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined);
  return alive
    .toSorted((a, b) => Number(revisionOf(a) - revisionOf(b)) || byCreation(a, b))
    .slice(0, Math.max(0, alive.length - limit))
    .filter((set) => (set.status?.replicas ?? 0) === 0 && sizeOf(set) === 0 && (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0));
}
