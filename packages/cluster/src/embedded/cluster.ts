/** What a test holds of a control plane inside its own process. */
import type { ApiObject, Resource } from '@kaji/api';
import type { ApiServerConfig, CausalStep, ObjectRevision, User } from '@kaji/apiserver';
import type { Clock, Log } from '@kaji/base';
import type { Client, Key, Selection, Transport, WaitOptions } from '@kaji/client';
import type { HistoryStore } from '@kaji/store';

export interface StartOptions {
  /** What time it is in the cluster. The process's own when absent; a `VirtualClock` stands still until the test, or a wait, moves it. */
  readonly clock?: Clock;
  /** Makes chance repeat: uids, generated names, jitter. */
  readonly seed?: number;
  /** Runs the controllers: what you create then gets its ReplicaSets, its Pods, its end. Without them the API stores what it is told and nothing moves. */
  readonly controllers?: boolean;
  /** Runs the scheduler: `true`, or a KubeSchedulerConfiguration. */
  readonly scheduler?: boolean | Readonly<Record<string, unknown>>;
  /** Keeps the objects; whoever made it closes it. In memory when absent. */
  readonly store?: HistoryStore;
  /** Silent when absent. */
  readonly log?: Log;
  /** Overrides of the API server's configuration. */
  readonly server?: Partial<ApiServerConfig>;
}

export interface ListenOptions {
  /** The loopback address when absent. */
  readonly address?: string;
  /** A free one when absent. */
  readonly port?: number;
}

/** Where the API is served, and what its certificate is checked with. */
export interface Endpoint {
  readonly url: string;
  readonly port: number;
  readonly authorityPem: string;
}

/**
 * A cluster's control plane, in memory, of this process. It ends with its block:
 *
 *     await using cluster = await startCluster();
 */
export interface Cluster extends AsyncDisposable {
  /** The typed client of an administrator, without a wire. */
  readonly client: Client;
  readonly clock: Clock;
  /** The log under it all. */
  readonly store: HistoryStore;
  /** A client that is somebody else: RBAC decides what it may. */
  clientAs(user: User): Client;
  /** The API as requests and replies, for clients of your own; an administrator's when no user is named. */
  transport(user?: User): Transport;

  /** Resolves with the object once it is there and as claimed. By a virtual clock, time moves for as long as somebody waits. Throws WaitTimeout. */
  waitFor<T extends ApiObject>(resource: Resource<T>, key: Key, claim?: (object: T) => boolean, options?: WaitOptions): Promise<T>;
  /** Resolves once the object is not there. */
  waitForGone(resource: Resource, key: Key, options?: WaitOptions): Promise<void>;
  /** Resolves with the objects chosen, in no order, once they are as claimed together. */
  waitForAll<T extends ApiObject>(selection: Selection<T>, claim: (objects: readonly T[]) => boolean, options?: WaitOptions): Promise<readonly T[]>;

  /** Serves HTTPS. Asked again, gives the same endpoint. */
  listen(options?: ListenOptions): Promise<Endpoint>;
  /** A kubeconfig as text; an administrator's when no user is named. Listens when nothing does yet. */
  kubeconfig(user?: User): Promise<string>;
  /** The same in a file that goes with the cluster: its path, for `KUBECONFIG`. */
  kubeconfigFile(user?: User): Promise<string>;

  /** Every revision of an object, oldest first: who wrote it, with which request, and what it then was. */
  history<T extends ApiObject>(resource: Resource<T>, key: Key): Promise<readonly ObjectRevision<T>[]>;
  /** From this revision of an object back to the request that began it, nearest first: a pod, its ReplicaSet, your PATCH. */
  causes(resource: Resource, object: ApiObject): Promise<readonly CausalStep[]>;

  /** Ends everything; throws what a component failed with. Leaving the block does the same. */
  close(): Promise<void>;
}
