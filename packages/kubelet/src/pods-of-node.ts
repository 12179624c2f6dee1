/** All pods of this node: which workers there are, and who hears of what. */
import type { Pod } from '@kaji/api/core/v1';
import type { Log } from '@kaji/base';
import type { ContainerRuntime, RuntimeEvent } from '@kaji/cri';
import { labels } from './containers/labels.ts';
import { nothingObserved, type Observed } from './pod-worker/observed.ts';
import { fullName, isMirror, isStatic, uidOf } from './pod-worker/pod-view.ts';
import { orphan, PodWorker, type WorkerParts } from './pod-worker/pod-worker.ts';
import type { Ending } from './pod-worker/state.ts';

export interface PodsOfNodeParts {
  readonly cri: ContainerRuntime;
  readonly log: Log;
  readonly worker: WorkerParts;
  /** Why a pod that was bound here cannot be taken. */
  refuse(pod: Pod, others: readonly Pod[]): Ending | undefined;
  /** A static pod came, changed, went, or its mirror did. */
  mirror(pod: Pod | undefined, mirror: Pod | undefined): void;
}

export class PodsOfNode {
  readonly #parts: PodsOfNodeParts;
  readonly #workers = new Map<string, PodWorker>();
  /** Containers and sandboxes to the uid of their pod. */
  readonly #owners = new Map<string, string>();
  readonly #static = new Map<string, Pod>();
  /** By full name. */
  readonly #mirrors = new Map<string, Pod>();
  #isComplete = false;

  constructor(parts: PodsOfNodeParts) {
    this.#parts = parts;
  }

  workers(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  find(namespace: string, name: string): PodWorker | undefined {
    let found: PodWorker | undefined;
    for (const worker of this.#workers.values()) {
      const { pod, phase } = worker.state;
      // of two with one name the one that is not over
      if (pod.metadata.namespace === namespace && pod.metadata.name === name && (found === undefined || phase !== 'terminated')) found = worker;
    }
    return found;
  }

  get(uid: string): PodWorker | undefined {
    return this.#workers.get(uid);
  }

  mirrorFor(pod: Pod): Pod | undefined {
    return this.#mirrors.get(fullName(pod));
  }

  /** From now on what is in the runtime and belongs to nobody is ended. */
  complete(): void {
    this.#isComplete = true;
  }

  /** The API has a pod. */
  desired(pod: Pod): void {
    if (isMirror(pod)) {
      this.#mirrors.set(fullName(pod), pod);
      this.#parts.mirror(this.#staticNamed(fullName(pod)), pod);
      return;
    }
    this.#desire(pod);
  }

  removed(pod: Pod): void {
    if (isMirror(pod)) {
      if (this.#mirrors.get(fullName(pod))?.metadata.uid === pod.metadata.uid) this.#mirrors.delete(fullName(pod));
      this.#parts.mirror(this.#staticNamed(fullName(pod)), undefined);
      return;
    }
    this.#workers.get(uidOf(pod))?.offer({ type: 'removed' });
  }

  /** All static pods there are. */
  setStatic(pods: readonly Pod[]): void {
    const wanted = new Set(pods.map(uidOf));
    for (const [uid, pod] of [...this.#static]) {
      if (wanted.has(uid)) continue;
      this.#static.delete(uid);
      this.#workers.get(uid)?.offer({ type: 'removed' });
      if (this.#staticNamed(fullName(pod)) === undefined) this.#parts.mirror(undefined, this.#mirrors.get(fullName(pod)));
    }
    for (const pod of pods) {
      const isNew = !this.#static.has(uidOf(pod));
      this.#static.set(uidOf(pod), pod);
      if (isNew) this.#desire(pod);
      this.#parts.mirror(pod, this.#mirrors.get(fullName(pod)));
    }
  }

  /** Looks at every mirror again, also at those of manifests that went while nobody was here. */
  mirrorAll(): void {
    for (const pod of this.#static.values()) this.#parts.mirror(pod, this.#mirrors.get(fullName(pod)));
    for (const [name, mirror] of this.#mirrors) if (this.#staticNamed(name) === undefined) this.#parts.mirror(undefined, mirror);
  }

  drop(uid: string): void {
    this.#workers.get(uid)?.close();
    this.#workers.delete(uid);
    for (const [id, owner] of this.#owners) if (owner === uid) this.#owners.delete(id);
    // a static pod that came back under the same uid while the old one was ending
    const again = this.#static.get(uid);
    if (again !== undefined) this.#desire(again);
  }

  close(): void {
    for (const worker of this.#workers.values()) worker.close();
  }

  /** Whoever observes a pod tells whose ids it saw. */
  learn(uid: string, observed: Observed): void {
    for (const { id } of observed.sandboxes) this.#owners.set(id, uid);
    for (const { id } of observed.containers) this.#owners.set(id, uid);
  }

  async hear(event: RuntimeEvent): Promise<void> {
    if (event.type === 'resync') return this.relist();
    // whoever starts something looks at it; only what others end is news
    if (event.type === 'created' || event.type === 'started') return;
    // what ends at once is heard of before the call that started it has answered
    if (event.type === 'stopped' && this.#workerOf(event.id) === undefined) await this.relist();
    const worker = this.#workerOf(event.id);
    if (event.type === 'deleted') this.#owners.delete(event.id);
    if (event.type === 'stopped') worker?.expectEnd(event.id);
    else worker?.look();
  }

  #workerOf(id: string): PodWorker | undefined {
    const owner = this.#owners.get(id);
    return owner === undefined ? undefined : this.#workers.get(owner);
  }

  /** Looks at the whole runtime: pods that differ from what is known look again, what belongs to nobody is ended. */
  async relist(): Promise<void> {
    const [sandboxes, containers] = await Promise.all([this.#parts.cri.listSandboxes(), this.#parts.cri.listContainers()]);
    const seen = new Map<string, { readonly states: Map<string, string>; readonly labels: Readonly<Record<string, string>> }>();
    const note = (item: { readonly id: string; readonly labels: Readonly<Record<string, string>> }, state: string): void => {
      const uid = item.labels[labels.podUid];
      if (uid === undefined) return; // not made by a kubelet
      const entry = seen.get(uid) ?? { states: new Map<string, string>(), labels: item.labels };
      entry.states.set(item.id, state);
      seen.set(uid, entry);
      this.#owners.set(item.id, uid);
    };
    for (const sandbox of sandboxes) note(sandbox, sandbox.state);
    for (const container of containers) note(container, container.state);
    for (const worker of this.#workers.values()) {
      const now = seen.get(worker.uid)?.states ?? new Map<string, string>();
      if (differs(worker.state.observed, now)) worker.look();
    }
    if (!this.#isComplete) return;
    for (const [uid, { labels: found }] of seen) if (!this.#workers.has(uid)) this.#adopt(orphan(uid, found));
  }

  #staticNamed(name: string): Pod | undefined {
    for (const pod of this.#static.values()) if (fullName(pod) === name) return pod;
    return undefined;
  }

  #desire(pod: Pod): void {
    const known = this.#workers.get(uidOf(pod));
    if (known !== undefined) {
      known.offer({ type: 'desired', pod });
      return;
    }
    const worker = this.#add(pod);
    const hasRun = pod.status?.startTime !== undefined;
    const refused = isStatic(pod) || hasRun || pod.metadata.deletionTimestamp !== undefined ? undefined : this.#parts.refuse(pod, this.#active(worker.uid));
    if (refused !== undefined) worker.offer({ type: 'ended', ending: refused });
    // what is in the runtime decides what comes next: a kubelet that was restarted starts nothing twice
    else if (hasRun || !this.#isComplete) worker.look();
    else worker.offer({ type: 'observed', observed: nothingObserved });
  }

  #adopt(pod: Pod): void {
    this.#parts.log.info('ending a pod that nobody knows', { pod: pod.metadata.name, namespace: pod.metadata.namespace, uid: uidOf(pod) });
    const worker = this.#add(pod);
    worker.offer({ type: 'removed' });
  }

  #add(pod: Pod): PodWorker {
    const worker = new PodWorker(this.#parts.worker, pod);
    this.#workers.set(worker.uid, worker);
    return worker;
  }

  #active(except: string): readonly Pod[] {
    return [...this.#workers.values()].filter((worker) => worker.uid !== except && worker.state.phase !== 'terminated' && worker.state.ending === undefined).map((worker) => worker.state.pod);
  }
}

function differs(observed: Observed, now: ReadonlyMap<string, string>): boolean {
  const known = new Map<string, string>();
  for (const sandbox of observed.sandboxes) known.set(sandbox.id, sandbox.isReady ? 'ready' : 'notReady');
  for (const container of observed.containers) known.set(container.id, container.state);
  return known.size !== now.size || [...now].some(([id, state]) => known.get(id) !== state);
}
