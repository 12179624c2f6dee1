/** Looks at what the runtime has of pods. */
import type { Clock } from '@kaji/base';
import { type Container, type ContainerRuntime, type ContainerStatus, isNotFound, type PodSandbox, type PodSandboxStatus } from '@kaji/cri';
import type { Files } from '@kaji/host';
import { labels } from '../containers/labels.ts';
import { lastOutput } from '../containers/log-reader.ts';
import type { Observed, ObservedContainer, ObservedSandbox } from './observed.ts';

/** Kubernetes: what a termination message may be. */
const maxMessageBytes = 4096;
const maxMessageLogBytes = 2048;
const maxMessageLogLines = 80;

const toMs = (nanoseconds: number): number => Math.floor(nanoseconds / 1e6);

export class Observer {
  readonly #cri: ContainerRuntime;
  readonly #files: Files;
  readonly #clock: Clock;
  /** What was seen last, by id. As long as the state in a list is the same, so is the rest. */
  readonly #containers = new Map<string, ObservedContainer>();
  readonly #sandboxes = new Map<string, ObservedSandbox>();

  constructor(cri: ContainerRuntime, files: Files, clock: Clock) {
    this.#cri = cri;
    this.#files = files;
    this.#clock = clock;
  }

  async observe(uid: string): Promise<Observed> {
    const labelSelector = { [labels.podUid]: uid };
    const [sandboxes, containers] = await Promise.all([this.#cri.listSandboxes({ labelSelector }), this.#cri.listContainers({ labelSelector })]);
    const [seenSandboxes, seenContainers] = await Promise.all([
      Promise.all(sandboxes.map((sandbox) => existing(() => this.#sandbox(sandbox)))),
      Promise.all(containers.map((container) => existing(() => this.#container(container)))),
    ]);
    return {
      sandboxes: seenSandboxes.filter((sandbox) => sandbox !== undefined).sort((a, b) => b.createdAtMs - a.createdAtMs || b.attempt - a.attempt),
      containers: seenContainers.filter((container) => container !== undefined).sort((a, b) => b.createdAtMs - a.createdAtMs || b.restartCount - a.restartCount),
    };
  }

  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#containers.delete(id);
      this.#sandboxes.delete(id);
    }
  }

  /** Of a sandbox that has ended nothing more is to be learnt; its network may be half gone, and asking would fail. Kubernetes: a pod that is over shows the address it had. */
  async #sandbox(sandbox: PodSandbox): Promise<ObservedSandbox> {
    const known = this.#sandboxes.get(sandbox.id);
    if (sandbox.state === 'ready') {
      if (known !== undefined) return known;
      const seen = observedSandbox(await this.#cri.sandboxStatus(sandbox.id));
      if (seen.isReady && (seen.isHostNetwork || seen.addresses.length > 0)) this.#sandboxes.set(seen.id, seen);
      return seen;
    }
    const { addresses = [], isHostNetwork = false } = known ?? {};
    return { id: sandbox.id, attempt: sandbox.metadata.attempt, isReady: false, createdAtMs: toMs(sandbox.createdAt), addresses, isHostNetwork };
  }

  async #container({ id, podSandboxId, state }: Container): Promise<ObservedContainer> {
    const known = this.#containers.get(id);
    if (known?.state === state) return known;
    const status = await this.#cri.containerStatus(id);
    const container = observedContainer(status, podSandboxId, await this.#message(status));
    this.#containers.set(id, container);
    return container;
  }

  /** What the container left to say, behind what the runtime says. */
  async #message(status: ContainerStatus): Promise<string> {
    if (status.state !== 'exited') return status.message;
    const path = status.annotations[labels.terminationMessagePath] ?? '';
    const usesLog = status.annotations[labels.terminationMessagePolicy] === 'FallbackToLogsOnError' && status.exitCode !== 0 && status.reason !== 'ContainerCannotRun';
    const mount = path === '' ? undefined : status.mounts.find((candidate) => candidate.containerPath === path);
    const written = mount?.hostPath === undefined ? undefined : await this.#files.read(mount.hostPath);
    let text = written === undefined ? '' : Buffer.from(written.subarray(Math.max(0, written.length - maxMessageBytes))).toString('utf8');
    if (text === '' && usesLog) text = await lastOutput(this.#files, status.logPath, maxMessageLogLines, maxMessageLogBytes, this.#clock);
    return [status.message, text].filter((part) => part !== '').join(': ');
  }
}

/** Gone since it was listed: as if it had not been. */
async function existing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function observedSandbox(status: PodSandboxStatus): ObservedSandbox {
  const { ip = '', additionalIps = [] } = status.network ?? {};
  return {
    id: status.id,
    attempt: status.metadata.attempt,
    isReady: status.state === 'ready',
    createdAtMs: toMs(status.createdAt),
    addresses: [ip, ...additionalIps.map((other) => other.ip)].filter((address) => address !== ''),
    isHostNetwork: status.linux?.namespaces?.options?.network === 'node',
  };
}

function observedContainer(status: ContainerStatus, sandboxId: string, message: string): ObservedContainer {
  const { id, state, exitCode, reason, logPath } = status;
  const user = status.user?.linux;
  return {
    id, sandboxId, state, exitCode, logPath, message,
    name: status.labels[labels.containerName] ?? status.metadata.name,
    // the runtime may give an image's id where it was asked for by name
    image: status.image.userSpecifiedImage === undefined || status.image.userSpecifiedImage === '' ? (status.image.image ?? '') : status.image.userSpecifiedImage,
    imageId: status.imageRef,
    restartCount: Number(status.annotations[labels.restartCount] ?? status.metadata.attempt),
    hash: status.annotations[labels.hash] ?? '',
    createdAtMs: toMs(status.createdAt),
    startedAtMs: toMs(status.startedAt),
    finishedAtMs: toMs(status.finishedAt),
    reason: reason === '' && state === 'exited' ? (exitCode === 0 ? 'Completed' : 'Error') : reason,
    ...(user === undefined ? {} : { user }),
  };
}
