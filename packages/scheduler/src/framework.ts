/** What a plugin is, and what it sees of the cluster while one pod is scheduled. */
import type { Pod } from '@kaji/api/core/v1';
import type { NodeInfo } from './node-info.ts';

/** The cluster as one cycle sees it. It does not change under the cycle. */
export interface Snapshot {
  readonly nodes: readonly NodeInfo[];
  /** How many nodes have an image, by its normalised name. */
  readonly imageNodes: ReadonlyMap<string, number>;
  /** Pods for which room is being made, by the node where. */
  readonly nominated: ReadonlyMap<string, readonly Pod[]>;
}

export interface Rejection {
  /** Upstream's texts, which end in the pod's events and condition. */
  readonly reasons: readonly string[];
  /** True when evicting other pods from the node could help. */
  readonly preemptionHelps: boolean;
}

export type Verdict = 'fits' | Rejection;

/** `skip`: the plugin's filter (or score) has nothing to say about this pod. Named nodes are the only ones worth a look. */
export type PreFilterResult = 'continue' | 'skip' | Rejection | { readonly nodeNames: ReadonlySet<string> };

/** A typed slot for what a plugin keeps during one pod's cycle. */
export class StateKey<T> {
  declare readonly type: T;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class Cycle {
  readonly pod: Pod;
  readonly snapshot: Snapshot;
  readonly #state = new Map<StateKey<unknown>, unknown>();

  constructor(pod: Pod, snapshot: Snapshot) {
    this.pod = pod;
    this.snapshot = snapshot;
  }

  get<T>(key: StateKey<T>): T | undefined {
    return this.#state.get(key) as T | undefined; // set() took a T for this key
  }

  set<T>(key: StateKey<T>, value: T): void {
    this.#state.set(key, value);
  }
}

/** What happens in the cluster that may make a pod schedulable. */
export type ClusterEvent = 'node/add' | 'node/allocatable' | 'node/labels' | 'node/taints' | 'node/unschedulable' | 'pod/add' | 'pod/delete' | 'pod/scale-down';

export interface NodeScore {
  readonly node: NodeInfo;
  score: number;
}

/** What a failed pod may be told by a post filter: a text for its message, and where room is being made for it. */
export interface PostFilterResult {
  readonly message: string;
  readonly nominatedNode?: string;
  readonly victims?: readonly Pod[];
}

/** Undoes a reservation. */
export type Unreserve = () => void;

/** A plugin implements what it needs; an absent method is an extension point it does not use. */
export interface Plugin {
  readonly name: string;
  /** Changes in the cluster that may make a pod this plugin refused schedulable. */
  readonly unblockedBy?: readonly ClusterEvent[];
  /** A text says why the pod may not enter the queue yet. */
  preEnqueue?(pod: Pod): string | undefined;
  /** Negative when `left` goes first. Exactly one plugin sorts. */
  compare?(left: Queued, right: Queued): number;
  preFilter?(cycle: Cycle): PreFilterResult;
  filter?(cycle: Cycle, node: NodeInfo): Verdict;
  /** Called when no node fits. The first that makes room is the last; the messages of those before it are joined. */
  postFilter?(cycle: Cycle, rejections: ReadonlyMap<string, Rejection>, filters: readonly Plugin[]): PostFilterResult | undefined;
  preScore?(cycle: Cycle, nodes: readonly NodeInfo[]): 'continue' | 'skip';
  score?(cycle: Cycle, node: NodeInfo): number;
  /** Brings the scores of all nodes to 0..100, in place. */
  normalize?(cycle: Cycle, scores: readonly NodeScore[]): void;
  reserve?(cycle: Cycle, node: string): Unreserve;
  permit?(cycle: Cycle, node: string, signal: AbortSignal): Promise<'allow' | { readonly deny: string }>;
  preBind?(cycle: Cycle, node: string, signal: AbortSignal): Promise<void>;
  bind?(cycle: Cycle, node: string, signal: AbortSignal): Promise<void>;
  postBind?(cycle: Cycle, node: string): void;
}

/** A pod that waits, as sorting sees it. */
export interface Queued {
  readonly pod: Pod;
  /** When it came into the queue, by the clock. */
  readonly enqueuedAtMs: number;
}

export interface WeightedPlugin {
  readonly plugin: Plugin;
  readonly weight: number;
}

/** The plugins of one scheduler name, by extension point, each list in the order it runs. */
export interface Profile {
  readonly schedulerName: string;
  readonly all: readonly Plugin[];
  readonly preEnqueue: readonly Plugin[];
  readonly preFilter: readonly Plugin[];
  readonly filter: readonly Plugin[];
  readonly postFilter: readonly Plugin[];
  readonly preScore: readonly Plugin[];
  readonly score: readonly WeightedPlugin[];
  readonly reserve: readonly Plugin[];
  readonly permit: readonly Plugin[];
  readonly preBind: readonly Plugin[];
  readonly bind: readonly Plugin[];
  readonly postBind: readonly Plugin[];
  readonly percentageOfNodesToScore: number;
}

export const maxNodeScore = 100;

/** Rejects for good: evicting pods would not help. */
export const unresolvable = (reason: string): Rejection => ({ reasons: [reason], preemptionHelps: false });
/** Rejects while the pods there are there. */
export const unschedulable = (...reasons: string[]): Rejection => ({ reasons, preemptionHelps: true });
