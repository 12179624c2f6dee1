/** Says of each PodDisruptionBudget how many of its pods may be evicted now. Evictions themselves count it down. */
import { type ApiObject, isReason } from '@kaji/api';
import { deployments, replicasets, statefulsets } from '@kaji/api/apps/v1';
import { type Pod, pods, replicationcontrollers } from '@kaji/api/core/v1';
import type { LabelSelector, OwnerReference } from '@kaji/api/meta/v1';
import { type PodDisruptionBudget, poddisruptionbudgets } from '@kaji/api/policy/v1';
import { type Change, type Key, keyOf } from '@kaji/client';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { failed, isSame, judge, needsScales, podsOf, type Scales, type Status } from './plan.ts';

/** The pods have a controller whose size nobody here can tell. */
class UnknownController extends Error {
  override readonly name = 'UnknownController';
}

export const disruptionController = (): Controller => ({
  name: 'disruption-controller',
  component: 'controllermanager',
  watches: [
    watch(poddisruptionbudgets, 'self'),
    watch(pods, budgetsOf),
    // Only looked up: a change of size comes with changes of pods.
    ...[watch(deployments, () => []), watch(replicasets, () => []), watch(statefulsets, () => []), watch(replicationcontrollers, () => [])],
  ],
  async reconcile(key, context) {
    const budget = context.caches.of(poddisruptionbudgets).get(key);
    return budget === undefined ? 'done' : keep(budget, key, context);
  },
});

/** The budgets of a pod, by the labels it has and those it had. */
function* budgetsOf({ object, previous }: Change<Pod>, caches: Caches): Iterable<Key> {
  for (const budget of caches.of(poddisruptionbudgets).inNamespace(object.metadata.namespace ?? '')) {
    if (podsOf(budget, previous === undefined ? [object] : [object, previous]).length > 0) yield keyOf(budget);
  }
}

async function keep(budget: PodDisruptionBudget, { namespace }: Key, context: ReconcileContext): Promise<Outcome> {
  const { caches, clock, events } = context;
  const now = clock.now();
  const selected = podsOf(budget, caches.of(pods).inNamespace(namespace));
  if (selected.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  let scales: Scales;
  try {
    scales = needsScales(budget) ? scalesOf(selected, caches) : { expected: 0, hasUnmanaged: false };
  } catch (error) {
    if (!(error instanceof UnknownController)) throw error;
    events.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${error.message}`);
    await write(budget, failed(budget, error.message, now), context);
    throw error;
  }
  if (scales.hasUnmanaged) {
    events.event(budget, 'Warning', 'UnmanagedPods', `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`);
  }
  const { status, notDeleted, recheckAtMs } = judge(budget, selected, scales, now);
  for (const pod of notDeleted) events.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${namespace}/${budget.metadata.name ?? ''} to be deleted but it wasn't`);
  await write(budget, status, context);
  return recheckAtMs === undefined ? 'done' : { retryAfterMs: Math.max(1, recheckAtMs - now) };
}

async function write(budget: PodDisruptionBudget, status: Status, { client }: ReconcileContext): Promise<void> {
  if (isSame(budget.status, status)) return;
  try {
    await client.updateStatus(poddisruptionbudgets, { ...budget, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', status });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // it is gone
  }
}

/** Each controller counts once, however many of the pods it has. Throws UnknownController. */
function scalesOf(selected: readonly Pod[], caches: Caches): Scales {
  const sizes = new Map<string, number>();
  let hasUnmanaged = false;
  for (const pod of selected) {
    const owner = controllerOf(pod);
    if (owner === undefined) hasUnmanaged = true;
    else if (!sizes.has(owner.uid)) {
      const size = sizeOf(owner, pod.metadata.namespace ?? '', caches);
      if (size === undefined) throw new UnknownController(`found no controllers for pod "${pod.metadata.name ?? ''}"`);
      sizes.set(size.uid, size.replicas);
    }
  }
  return { expected: [...sizes.values()].reduce((sum, size) => sum + size, 0), hasUnmanaged };
}

interface Size {
  readonly uid: string;
  readonly replicas: number;
}

const controllerOf = ({ metadata }: ApiObject): OwnerReference | undefined => metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Of the one at the top: a ReplicaSet of a Deployment is as large as that wants it to be. */
function sizeOf({ kind, name, uid }: OwnerReference, namespace: string, caches: Caches): Size | undefined {
  const key = { namespace, name };
  const same = <T extends ApiObject>(found: T | undefined): T | undefined => (found?.metadata.uid === uid ? found : undefined);
  switch (kind) {
    case 'ReplicaSet': {
      const set = same(caches.of(replicasets).get(key));
      const owner = set === undefined ? undefined : controllerOf(set);
      if (owner?.kind === 'Deployment') return sizeOf(owner, namespace, caches);
      return set === undefined ? undefined : { uid, replicas: set.spec.replicas ?? 1 };
    }
    case 'Deployment': return sized(uid, same(caches.of(deployments).get(key)));
    case 'StatefulSet': return sized(uid, same(caches.of(statefulsets).get(key)));
    case 'ReplicationController': return sized(uid, same(caches.of(replicationcontrollers).get(key)));
    default: return undefined;
  }
}

/** As Go prints one. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels).sort().map((label) => `${label}: ${matchLabels[label] ?? ''},`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

const sized = (uid: string, found: { readonly spec: { readonly replicas?: number | undefined } } | undefined): Size | undefined => (found === undefined ? undefined : { uid, replicas: found.spec.replicas ?? 1 });
