/** Makes sure that an image is here, as the container's policy wants it. */
import type { Pod, Secret } from '@kaji/api/core/v1';
import type { Clock } from '@kaji/base';
import { type AuthConfig, type ContainerRuntime, type Image, type PodSandboxConfig, RuntimeError } from '@kaji/cri';
import { formatDuration } from '@kaji/schema';
import { containerSubject, type Recorder } from '../events.ts';
import { type RoledContainer, uidOf } from '../pod-worker/pod-view.ts';
import { credentialsFor } from './credentials.ts';
import { type ImageName, parseImageName } from './image-reference.ts';

export interface PulledImage {
  readonly id: string;
  /** What the image says it runs as. */
  readonly uid: number | undefined;
  readonly username: string;
}

/** Why a container waits for its image, and from when on it is worth to try again. */
export interface PullProblem {
  readonly reason: 'ErrImagePull' | 'ImagePullBackOff' | 'ErrImageNeverPull' | 'InvalidImageName' | 'ImageInspectError';
  readonly message: string;
  readonly retryAt: number;
}

export interface ImagePullerParts {
  readonly cri: ContainerRuntime;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly isSerial: boolean;
}

interface Failing {
  delayMs: number;
  until: number;
  message: string;
}

const initialBackoffMs = 10_000;
const maxBackoffMs = 300_000;

export class ImagePuller {
  readonly #parts: ImagePullerParts;
  readonly #failing = new Map<string, Failing>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ImagePullerParts) {
    this.#parts = parts;
  }

  async ensure(pod: Pod, entry: RoledContainer, options: { readonly secrets: readonly Secret[]; readonly sandbox: PodSandboxConfig; readonly signal: AbortSignal }): Promise<PulledImage | PullProblem> {
    const { cri, clock, recorder } = this.#parts;
    const { container, role } = entry;
    const image = container.image ?? '';
    const record = (type: 'Normal' | 'Warning', reason: string, message: string): void => { recorder.record(containerSubject(pod, container, role), type, reason, message); };
    const name = parseImageName(image);
    if ('problem' in name) {
      const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${name.problem}`;
      record('Warning', 'InspectFailed', message);
      return { reason: 'InvalidImageName', message, retryAt: clock.now() + initialBackoffMs };
    }
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    if (policy !== 'Always') {
      const present = await cri.imageStatus(name.full);
      if (present !== undefined) {
        record('Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`);
        return pulled(present);
      }
      if (policy === 'Never') {
        const message = `Container image "${image}" is not present with pull policy of Never`;
        record('Warning', 'ErrImageNeverPull', message);
        return { reason: 'ErrImageNeverPull', message, retryAt: clock.now() + initialBackoffMs };
      }
    }
    return this.#pull(pod, image, name, record, options);
  }

  /** Forgets the failures of a pod that is gone. */
  forget(uid: string): void {
    for (const key of this.#failing.keys()) if (key.startsWith(`${uid}_`)) this.#failing.delete(key);
  }

  async #pull(pod: Pod, image: string, name: ImageName, record: (type: 'Normal' | 'Warning', reason: string, message: string) => void, options: { readonly secrets: readonly Secret[]; readonly sandbox: PodSandboxConfig; readonly signal: AbortSignal }): Promise<PulledImage | PullProblem> {
    const { cri, clock } = this.#parts;
    const key = `${uidOf(pod)}_${image}`;
    const failing = this.#failing.get(key);
    if (failing !== undefined && clock.now() < failing.until) {
      const message = `Back-off pulling image "${image}"`;
      record('Normal', 'BackOff', message);
      return { reason: 'ImagePullBackOff', message: `${message}: ErrImagePull: ${failing.message}`, retryAt: failing.until };
    }
    record('Normal', 'Pulling', `Pulling image "${image}"`);
    const askedAt = clock.monotonic();
    try {
      const { id, tookMs } = await this.#inTurn(async () => {
        const startedAt = clock.monotonic();
        const id = await this.#pullWithCredentials(name, options);
        return { id, tookMs: clock.monotonic() - startedAt };
      });
      const found = await cri.imageStatus(id);
      const text = (ms: number): string => formatDuration(Math.round(ms));
      record('Normal', 'Pulled', `Successfully pulled image "${image}" in ${text(tookMs)} (${text(clock.monotonic() - askedAt)} including waiting). Image size: ${found?.size ?? 0} bytes.`);
      this.#failing.delete(key);
      return found === undefined ? { id, uid: undefined, username: '' } : pulled(found);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      const delayMs = failing === undefined ? initialBackoffMs : Math.min(maxBackoffMs, failing.delayMs * 2);
      this.#failing.set(key, { delayMs, until: clock.now() + delayMs, message: error.message });
      record('Warning', 'Failed', `Failed to pull image "${image}": ${error.message}`);
      // Kubernetes: the next look shows the back-off, and says when it ends
      return { reason: 'ErrImagePull', message: error.message, retryAt: clock.now() + 1000 };
    }
  }

  async #pullWithCredentials(name: ImageName, { secrets, sandbox, signal }: { readonly secrets: readonly Secret[]; readonly sandbox: PodSandboxConfig; readonly signal: AbortSignal }): Promise<string> {
    const candidates: readonly (AuthConfig | undefined)[] = credentialsFor(name, secrets);
    let failure: unknown;
    for (const auth of candidates.length === 0 ? [undefined] : candidates) {
      try {
        return await this.#parts.cri.pullImage(name.full, { sandbox, signal, ...(auth === undefined ? {} : { auth }) });
      } catch (error) {
        failure = error; // another secret may be the one that fits
      }
    }
    throw failure;
  }

  /** Kubernetes: one pull at a time, unless told otherwise. */
  #inTurn<T>(pull: () => Promise<T>): Promise<T> {
    if (!this.#parts.isSerial) return pull();
    const mine = this.#last.then(pull, pull);
    this.#last = mine.catch(() => undefined); // its owner sees the failure
    return mine;
  }
}

const pulled = (image: Image): PulledImage => ({ id: image.id, uid: image.uid?.value, username: image.username });
