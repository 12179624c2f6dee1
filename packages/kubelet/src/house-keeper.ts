/** Takes away what nobody needs any more: dead containers, images, directories of pods that are gone; rotates logs. */
import type { Pod } from '@kaji/api/core/v1';
import { type Runtime, sleep } from '@kaji/base';
import { type ContainerRuntime, RuntimeError } from '@kaji/cri';
import type { Host } from '@kaji/host';
import { parseDuration, quantityValue } from '@kaji/schema';
import type { KubeletConfiguration } from './configuration.ts';
import { podLogDirectory } from './containers/container-config.ts';
import { rotateLog } from './containers/log-rotation.ts';
import { imagesToRemove, type ImageUse } from './images/image-garbage.ts';
import { isMachineError } from './machine-error.ts';
import type { Observer } from './pod-worker/observe.ts';
import type { Observed, ObservedContainer } from './pod-worker/observed.ts';
import { fullName } from './pod-worker/pod-view.ts';
import type { PodsOfNode } from './pods-of-node.ts';
import type { PodVolumes } from './volumes/pod-volumes.ts';

export interface HouseKeeperParts {
  readonly runtime: Runtime;
  readonly cri: ContainerRuntime;
  readonly host: Host;
  readonly pods: PodsOfNode;
  readonly observer: Observer;
  readonly volumes: PodVolumes;
  readonly configuration: KubeletConfiguration;
  readonly podLogsDirectory: string;
}

/** Kubernetes: how often containers and images are looked at. */
const containersEveryMs = 60_000;
const imagesEveryMs = 300_000;

export class HouseKeeper {
  readonly #parts: HouseKeeperParts;
  readonly #images = new Map<string, { firstSeenAt: number; lastUsedAt: number }>();

  constructor(parts: HouseKeeperParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { configuration } = this.#parts;
    await Promise.all([
      this.#every(parseDuration(configuration.containerLogMonitorInterval ?? '10s'), signal, () => this.#rotateLogs()),
      this.#every(containersEveryMs, signal, () => this.#removeContainers()),
      this.#every(imagesEveryMs, signal, () => this.#removeImages()),
    ]);
  }

  /** Directories of pods that were here before the kubelet was, and are no more. */
  async removeLeftovers(): Promise<void> {
    const { pods, volumes, host, podLogsDirectory } = this.#parts;
    for (const uid of await volumes.known()) if (pods.get(uid) === undefined) await volumes.tearDown(uid);
    for (const name of await host.files.list(podLogsDirectory)) {
      const uid = name.slice(name.lastIndexOf('_') + 1);
      if (name.includes('_') && pods.get(uid) === undefined) await host.files.remove(`${podLogsDirectory}/${name}`);
    }
  }

  async removeLogs(pod: Pod): Promise<void> {
    if (fullName(pod) !== '_') await this.#parts.host.files.remove(podLogDirectory(this.#parts.podLogsDirectory, pod));
  }

  async #every(periodMs: number, signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#parts.runtime;
    while (!signal.aborted) {
      await sleep(clock, periodMs, signal).catch(() => undefined); // an abort ends the loop
      if (signal.aborted) return;
      try {
        await task();
      } catch (error) {
        if (!(error instanceof RuntimeError) && !isMachineError(error)) throw error;
        log.warn('house keeping was put off', { reason: error.message });
      }
    }
  }

  async #rotateLogs(): Promise<void> {
    const { cri, host, pods, configuration, runtime } = this.#parts;
    const settings = { maxBytes: Number(quantityValue(configuration.containerLogMaxSize ?? '10Mi')), maxFiles: configuration.containerLogMaxFiles ?? 5 };
    for (const worker of pods.workers()) {
      for (const container of worker.state.observed.containers) if (container.state === 'running') await rotateLog(host.files, cri, container, settings, runtime.clock.now());
    }
  }

  async #removeContainers(): Promise<void> {
    const { cri, host, pods, observer } = this.#parts;
    for (const worker of pods.workers()) {
      if (worker.state.isSyncing) continue;
      const { containers, sandboxes } = superfluous(worker.state.observed);
      for (const container of containers) {
        await cri.removeContainer(container.id);
        await host.files.remove(container.logPath);
      }
      for (const id of sandboxes) await cri.removeSandbox(id);
      if (containers.length === 0 && sandboxes.length === 0) continue;
      observer.forget(containers.map((container) => container.id));
      worker.look();
    }
  }

  async #removeImages(): Promise<void> {
    const { cri, host, configuration, runtime } = this.#parts;
    const now = runtime.clock.now();
    const [images, containers, [filesystem]] = await Promise.all([cri.listImages(), cri.listContainers(), cri.imageFilesystems()]);
    const used = new Set(containers.flatMap((container) => [container.imageRef, container.image.image ?? '']));
    const uses = images.map((image): ImageUse => {
      const isInUse = [image.id, ...image.repoTags, ...image.repoDigests].some((name) => used.has(name));
      const seen = this.#images.get(image.id) ?? { firstSeenAt: now, lastUsedAt: 0 };
      if (isInUse) seen.lastUsedAt = now;
      this.#images.set(image.id, seen);
      return { image, isInUse, ...seen };
    });
    for (const id of this.#images.keys()) if (!images.some((image) => image.id === id)) this.#images.delete(id);
    const mountpoint = filesystem?.fsId?.mountpoint;
    if (mountpoint === undefined || mountpoint === '') return;
    const thresholds = {
      highPercent: configuration.imageGCHighThresholdPercent ?? 85, lowPercent: configuration.imageGCLowThresholdPercent ?? 80, minAgeMs: parseDuration(configuration.imageMinimumGCAge ?? '2m0s'),
    };
    for (const image of imagesToRemove(uses, await host.files.usage(mountpoint), thresholds, now)) await cri.removeImage(image.id);
  }
}

/** Kubernetes: of each container the run before the last is kept for `kubectl logs --previous`; sandboxes go once nothing is left in them. */
export function superfluous(observed: Observed): { readonly containers: readonly ObservedContainer[]; readonly sandboxes: readonly string[] } {
  const seen = new Map<string, number>();
  const containers = observed.containers.filter((container) => {
    const count = seen.get(container.name) ?? 0;
    seen.set(container.name, count + 1);
    return count > 1 && container.state === 'exited';
  });
  const left = observed.containers.filter((container) => !containers.includes(container));
  const sandboxes = observed.sandboxes.slice(1).filter((sandbox) => !sandbox.isReady && !left.some((container) => container.sandboxId === sandbox.id)).map((sandbox) => sandbox.id);
  return { containers, sandboxes };
}
