/** Which nodes of a DaemonSet lack a pod, which pods go, and how far it has come. Pure. */
import type { DaemonSet } from '@kaji/api/apps/v1';
import type { Node, Pod, PodSpec, Toleration } from '@kaji/api/core/v1';
import { isTolerated, requiredMatch } from '@kaji/api/placement';
import { isAvailable, isReady, isTerminating } from '../pods.ts';
import { revisionLabel } from '../revisions/plan.ts';
import { share } from '../share.ts';

export const templateGenerationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** What it is seen with in one round. */
export interface Scene {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  /** By the node they are on or meant for, pods that are ending too. */
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  /** Which state of the template is the current one. */
  readonly hash: string;
  readonly now: number;
}

export interface Failure {
  readonly pod: Pod;
  readonly node: string;
}

export interface Plan {
  /** Names of nodes that get a pod. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  /** Pods that failed, and go once their node's back-off is over. */
  readonly failed: readonly Failure[];
  readonly succeeded: readonly Failure[];
}

/** Kubernetes: what every daemon pod bears: it is there for nodes that have trouble, too. */
const borne: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const borneOnHostNetwork: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };

export function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): Toleration[] {
  const added = hostNetwork === true ? [...borne, borneOnHostNetwork] : borne;
  const isSame = (a: Toleration, b: Toleration): boolean => a.key === b.key && a.operator === b.operator && a.effect === b.effect && (a.value ?? '') === (b.value ?? '');
  return [...tolerations.filter((toleration) => !added.some((other) => isSame(other, toleration))), ...added];
}

export interface Fit {
  /** A pod is made there. */
  readonly shouldRun: boolean;
  /** A pod that is there may stay. */
  readonly mayStay: boolean;
}

export function fitOf({ spec }: DaemonSet, node: Node): Fit {
  const template = spec.template.spec ?? { containers: [] };
  const wants = requiredMatch({ metadata: {}, spec: template });
  if ((template.nodeName !== undefined && template.nodeName !== '' && template.nodeName !== node.metadata.name) || wants?.(node) === false) return { shouldRun: false, mayStay: false };
  const tolerations = tolerationsOf(template);
  const unborne = (node.spec?.taints ?? []).filter((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(tolerations, taint));
  return { shouldRun: unborne.length === 0, mayStay: unborne.every(({ effect }) => effect !== 'NoExecute') };
}

/** The node that a pod is on, or that its affinity binds it to. */
export function nodeOf({ spec }: Pod): string {
  if (spec.nodeName !== undefined && spec.nodeName !== '') return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields = [] }) => matchFields.filter(({ key }) => key === 'metadata.name').flatMap(({ values = [] }) => values))[0] ?? '';
}

const byAge = (a: Pod, b: Pod): number => {
  const [placedA, placedB] = [a.spec.nodeName ?? '', b.spec.nodeName ?? ''];
  if ((placedA === '') !== (placedB === '')) return placedA === '' ? 1 : -1;
  const [createdA, createdB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  return createdA < createdB ? -1 : createdA > createdB ? 1 : (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
};

const rolling = ({ spec }: DaemonSet) => (spec.updateStrategy?.type === 'OnDelete' ? undefined : spec.updateStrategy?.rollingUpdate ?? {});
const surgeOf = (set: DaemonSet, desired: number): number => share(rolling(set)?.maxSurge ?? 0, desired, Math.ceil);
const unavailableOf = (set: DaemonSet, desired: number): number => share(rolling(set)?.maxUnavailable ?? 1, desired, Math.ceil);

export function isCurrent({ metadata }: Pod, { set, hash }: Pick<Scene, 'set' | 'hash'>): boolean {
  const generation = set.metadata.annotations?.[generationAnnotation];
  return metadata.labels?.[revisionLabel] === hash || (generation !== undefined && metadata.labels?.[templateGenerationLabel] === generation);
}

export const generationOf = (set: DaemonSet): string | undefined => set.metadata.annotations?.[generationAnnotation];

/** One pod on each node that should have one; two only while a new one takes over. */
export function manage(scene: Scene): Plan {
  const plan = { create: [] as string[], remove: [] as Pod[], failed: [] as Failure[], succeeded: [] as Failure[] };
  const known = new Set(scene.nodes.map(({ metadata }) => metadata.name ?? ''));
  for (const node of scene.nodes) manageNode(scene, node, plan);
  // A pod that waits for a node that is gone waits for ever.
  for (const [name, pods] of scene.pods) if (!known.has(name)) plan.remove.push(...pods.filter((pod) => (pod.spec.nodeName ?? '') === '' && !isTerminating(pod)));
  return plan;
}

function manageNode(scene: Scene, node: Node, plan: { create: string[]; remove: Pod[]; failed: Failure[]; succeeded: Failure[] }): void {
  const { set } = scene;
  const name = node.metadata.name ?? '';
  const { shouldRun, mayStay } = fitOf(set, node);
  const there = scene.pods.get(name) ?? [];
  const live = there.filter((pod) => !isTerminating(pod));
  if (shouldRun && there.length === 0) {
    plan.create.push(name);
    return;
  }
  if (!mayStay) {
    plan.remove.push(...live);
    return;
  }
  plan.failed.push(...live.filter(({ status }) => status?.phase === 'Failed').map((pod) => ({ pod, node: name })));
  plan.succeeded.push(...live.filter(({ status }) => status?.phase === 'Succeeded').map((pod) => ({ pod, node: name })));
  const running = live.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded').sort(byAge);
  if (surgeOf(set, 1) === 0) plan.remove.push(...running.slice(1));
  else if (running.length === 0 && shouldRun) plan.create.push(name);
  else plan.remove.push(...supplanted(scene, running));
}

/** Of the old and the new pod of a node the old goes once it is not ready or the new one is available. */
function supplanted({ set, hash, now }: Scene, running: readonly Pod[]): readonly Pod[] {
  if (running.length < 2) return [];
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[revisionLabel] === hash;
  const [newest, oldest] = [running.find(isNew), running.find((pod) => !isNew(pod))];
  const surplus = running.filter((pod) => pod !== newest && pod !== oldest);
  if (newest === undefined || oldest === undefined) return surplus;
  return !isReady(oldest) || isAvailable(newest, set.spec.minReadySeconds ?? 0, now) ? [...surplus, oldest] : surplus;
}

/** The part of a rolling update that can be done now. Nothing when pods are replaced by hand. */
export function roll(scene: Scene): Pick<Plan, 'create' | 'remove'> {
  const { set, nodes } = scene;
  if (rolling(set) === undefined) return { create: [], remove: [] };
  const fitting = new Set(nodes.filter((node) => fitOf(set, node).shouldRun).map(({ metadata }) => metadata.name ?? ''));
  const surge = surgeOf(set, fitting.size);
  const unavailable = unavailableOf(set, fitting.size);
  const all = new Map([...[...fitting].map((name) => [name, [] as readonly Pod[]] as const), ...scene.pods]);
  return surge === 0 ? replace(scene, all, fitting.size > 0 && unavailable === 0 ? 1 : unavailable) : supplant(scene, all, { fitting, surge });
}

interface Pair {
  readonly isClear: boolean;
  readonly newest: Pod | undefined;
  readonly oldest: Pod | undefined;
}

function pairOf(scene: Scene, pods: readonly Pod[]): Pair {
  const live = pods.filter((pod) => !isTerminating(pod));
  const current = live.filter((pod) => isCurrent(pod, scene));
  const old = live.filter((pod) => !isCurrent(pod, scene));
  return { isClear: current.length <= 1 && old.length <= 1, newest: current[0], oldest: old[0] };
}

/** Old pods go, as many as may be missing; new ones are made where none is left. */
function replace(scene: Scene, all: ReadonlyMap<string, readonly Pod[]>, maxUnavailable: number): Pick<Plan, 'create' | 'remove'> {
  const isUp = (pod: Pod): boolean => isAvailable(pod, scene.set.spec.minReadySeconds ?? 0, scene.now);
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  let missing = 0;
  for (const pods of all.values()) {
    const { isClear, newest, oldest } = pairOf(scene, pods);
    if (!isClear || (newest === undefined) === (oldest === undefined)) missing++;
    else if (newest !== undefined) missing += isUp(newest) ? 0 : 1;
    else if (oldest !== undefined && !isUp(oldest)) {
      broken.push(oldest);
      missing++;
    } else if (oldest !== undefined) candidates.push(oldest);
  }
  return { create: [], remove: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - missing))] };
}

/** New pods are made beside old ones, as many as there may be too many; an old one goes when its successor is up. */
function supplant(scene: Scene, all: ReadonlyMap<string, readonly Pod[]>, { fitting, surge }: { readonly fitting: ReadonlySet<string>; readonly surge: number }): Pick<Plan, 'create' | 'remove'> {
  const isUp = (pod: Pod): boolean => isAvailable(pod, scene.set.spec.minReadySeconds ?? 0, scene.now);
  const plan = { create: [] as string[], remove: [] as Pod[] };
  const [candidates, leaving]: [string[], Pod[]] = [[], []];
  let [surging, available] = [0, 0];
  for (const [name, pods] of all) {
    const { isClear, newest, oldest } = pairOf(scene, pods);
    if (!isClear) {
      surging++;
      continue;
    }
    const shown = oldest ?? newest;
    if (shown !== undefined && isUp(shown)) available++;
    if (oldest === undefined) continue;
    if (newest !== undefined) {
      if (isUp(newest)) plan.remove.push(oldest);
      else surging++;
    } else if (!fitting.has(name)) (isUp(oldest) ? leaving : plan.remove).push(oldest);
    else (isUp(oldest) ? candidates : plan.create).push(name);
  }
  // A node that is left is left only for as many as are up elsewhere.
  plan.remove.push(...leaving.slice(0, Math.max(0, available - fitting.size)));
  plan.create.push(...candidates.slice(0, Math.max(0, surge - surging)));
  return plan;
}

type Status = NonNullable<DaemonSet['status']>;

export function statusOf(scene: Scene): Status {
  const { set, nodes, now } = scene;
  const counts = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const [pod] = (scene.pods.get(node.metadata.name ?? '') ?? []).toSorted(byAge);
    if (!fitOf(set, node).shouldRun) {
      if (pod !== undefined) counts.numberMisscheduled++;
      continue;
    }
    counts.desiredNumberScheduled++;
    if (pod === undefined) continue;
    counts.currentNumberScheduled++;
    if (isReady(pod)) counts.numberReady++;
    if (isAvailable(pod, set.spec.minReadySeconds ?? 0, now)) counts.available++;
    if (isCurrent(pod, scene)) counts.updated++;
  }
  const { updated, available, ...shown } = counts;
  const optional = (value: number): number | undefined => (value === 0 ? undefined : value);
  return {
    ...set.status, ...shown, observedGeneration: set.metadata.generation, updatedNumberScheduled: optional(updated), numberAvailable: optional(available),
    numberUnavailable: optional(counts.desiredNumberScheduled - available),
  };
}
