/** Looks every ten seconds whether pods keep to their limits of disk, and ends those that do not. */
import type { Pod } from '@kaji/api/core/v1';
import { type Runtime, sleep } from '@kaji/base';
import { type ContainerRuntime, RuntimeError } from '@kaji/cri';
import type { Files } from '@kaji/host';
import { podLogDirectory } from '../containers/container-config.ts';
import { labels } from '../containers/labels.ts';
import { podSubject, type Recorder } from '../events.ts';
import { isMachineError } from '../machine-error.ts';
import { uidOf } from '../pod-worker/pod-view.ts';
import type { PodsOfNode } from '../pods-of-node.ts';
import type { PodVolumes } from '../volumes/pod-volumes.ts';
import { hasStorageLimit, isCritical, storageEviction, type StorageUse } from './storage-limits.ts';

export interface StorageWatchParts {
  readonly runtime: Runtime;
  readonly cri: ContainerRuntime;
  readonly files: Files;
  readonly pods: PodsOfNode;
  readonly volumes: PodVolumes;
  readonly recorder: Recorder;
  readonly podLogsDirectory: string;
}

/** Kubernetes: how often the eviction manager looks. */
const lookEveryMs = 10_000;

export async function watchStorage(parts: StorageWatchParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts.runtime;
  while (!signal.aborted) {
    await sleep(clock, lookEveryMs, signal).catch(() => undefined); // an abort ends the loop
    if (signal.aborted) return;
    try {
      await evict(parts);
    } catch (error) {
      if (!(error instanceof RuntimeError) && !isMachineError(error)) throw error;
      log.warn('cannot look at what pods use of the disk', { reason: error.message });
    }
  }
}

async function evict({ cri, files, pods, volumes, recorder, podLogsDirectory }: StorageWatchParts): Promise<void> {
  const limited = [...pods.workers()].filter(({ state: { pod, phase, ending } }) => phase === 'running' && ending === undefined && !isCritical(pod) && hasStorageLimit(pod));
  if (limited.length === 0) return;
  const layers = new Map<string, number>();
  for (const { attributes, writableLayer } of await cri.containerStats()) if (attributes !== undefined) layers.set(`${attributes.labels[labels.podUid] ?? ''}/${attributes.labels[labels.containerName] ?? ''}`, writableLayer?.usedBytes?.value ?? 0);
  for (const worker of limited) {
    const { pod } = worker.state;
    const ending = storageEviction(pod, await useOf(pod, { files, volumes, layers, logs: podLogDirectory(podLogsDirectory, pod) }));
    if (ending === undefined) continue;
    recorder.record(podSubject(pod), 'Warning', ending.reason, ending.message);
    worker.offer({ type: 'ended', ending });
  }
}

interface Places {
  readonly files: Files;
  readonly volumes: PodVolumes;
  /** Bytes by `uid/container`. */
  readonly layers: ReadonlyMap<string, number>;
  readonly logs: string;
}

async function useOf(pod: Pod, { files, volumes, layers, logs }: Places): Promise<StorageUse> {
  const emptyDirs = new Map<string, number>();
  for (const volume of pod.spec.volumes ?? []) if (volume.emptyDir !== undefined && volume.emptyDir.medium !== 'Memory') emptyDirs.set(volume.name, await files.usedBytes(volumes.emptyDirPath(pod, volume.name)));
  const containers = new Map<string, number>();
  for (const { name } of pod.spec.containers) containers.set(name, (layers.get(`${uidOf(pod)}/${name}`) ?? 0) + (await files.usedBytes(`${logs}/${name}`)));
  return { emptyDirs, containers };
}
