/** Makes the volumes of pods on the node's disk, keeps their content current, and takes them away. */
import type { ConfigMap, Pod, Secret, Volume } from '@kaji/api/core/v1';
import { ApiError } from '@kaji/api';
import type { Clock, Log } from '@kaji/base';
import type { Host } from '@kaji/host';
import type { NodeFacts } from '../containers/field-path.ts';
import { byteCount } from '../containers/resources.ts';
import { isMachineError } from '../machine-error.ts';
import { uidOf } from '../pod-worker/pod-view.ts';
import { writeAtomically } from './atomic-writer.ts';
import { hasPayload, payloadOf, type PayloadSources, VolumeError } from './payload.ts';
import type { ReferencedObjects } from './referenced-objects.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

export interface PodVolumesParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly host: Host;
  /** `/var/lib/kubelet` */
  readonly rootDirectory: string;
  readonly configMaps: ReferencedObjects<ConfigMap>;
  readonly secrets: ReferencedObjects<Secret>;
  readonly tokens: ServiceAccountTokens;
  node(): NodeFacts;
}

export class PodVolumes {
  readonly #parts: PodVolumesParts;
  #versions = 0;
  #memoryReady: Promise<void> | undefined;

  constructor(parts: PodVolumesParts) {
    this.#parts = parts;
  }

  podDirectory(uid: string): string {
    return `${this.#parts.rootDirectory}/pods/${uid}`;
  }

  /** Makes every volume that a container mounts; gives where each lies on the host. Throws VolumeError, its text as the FailedMount event shows it. */
  async prepare(pod: Pod, podIps: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const paths = new Map<string, string>();
    for (const volume of pod.spec.volumes ?? []) {
      try {
        paths.set(volume.name, await this.#setUp(pod, volume, podIps));
      } catch (error) {
        if (!(error instanceof VolumeError) && !isMachineError(error) && !(error instanceof ApiError)) throw error;
        throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`, { cause: error });
      }
    }
    return paths;
  }

  /** Writes what has changed since; a source that is gone leaves the files as they were. */
  async refresh(pod: Pod, podIps: readonly string[]): Promise<void> {
    for (const volume of pod.spec.volumes ?? []) {
      if (hasPayload(volume)) await this.#setUp(pod, volume, podIps);
    }
  }

  /** Unmounts and removes everything of a pod. */
  async tearDown(uid: string): Promise<void> {
    const { host, configMaps, secrets, tokens } = this.#parts;
    configMaps.release(uid);
    secrets.release(uid);
    tokens.forget(uid);
    const directory = this.podDirectory(uid);
    if ((await host.files.status(`${directory}/volumes/kubernetes.io~empty-dir`)) !== undefined) {
      const mounted = (await host.mounts.list()).map((mount) => mount.target).filter((target) => target.startsWith(`${directory}/`));
      for (const target of mounted.reverse()) await host.mounts.unmount(target);
    }
    await host.files.remove(directory);
    await host.files.remove(`${this.#memory}/${uid}`);
  }

  /** Secrets and tokens never reach the disk: one file system in memory holds those of all pods, so that a pod costs no mount. */
  get #memory(): string {
    return `${this.#parts.rootDirectory}/memory`;
  }

  #readyMemory(): Promise<void> {
    this.#memoryReady ??= this.#tmpfs(this.#memory, 0o755).catch((error: unknown) => {
      this.#memoryReady = undefined; // the next pod tries again
      throw error;
    });
    return this.#memoryReady;
  }

  /** Pods that have a directory here. */
  async known(): Promise<readonly string[]> {
    const { files } = this.#parts.host;
    return [...new Set([...(await files.list(`${this.#parts.rootDirectory}/pods`)), ...(await files.list(this.#memory))])];
  }

  async #setUp(pod: Pod, volume: Volume, podIps: readonly string[]): Promise<string> {
    if (volume.hostPath !== undefined) return this.#hostPath(volume.hostPath.path, volume.hostPath.type ?? '');
    if (volume.emptyDir !== undefined) return this.#emptyDir(pod, volume);
    if (!hasPayload(volume)) throw new VolumeError(`volume type of "${volume.name}" is not supported`);
    const isSecret = volume.configMap === undefined && volume.downwardAPI === undefined;
    if (isSecret) await this.#readyMemory();
    const path = isSecret ? `${this.#memory}/${uidOf(pod)}/${volume.name}` : this.#volumePath(pod, volume.configMap === undefined ? 'downward-api' : 'configmap', volume.name);
    const payload = await payloadOf(pod, volume, this.#sources(pod, podIps));
    await writeAtomically(this.#parts.host.files, path, payload, { version: `${this.#parts.clock.now()}_${this.#versions++}`, gid: pod.spec.securityContext?.fsGroup });
    return path;
  }

  #sources(pod: Pod, podIps: readonly string[]): PayloadSources {
    const { configMaps, secrets, tokens } = this.#parts;
    const namespace = pod.metadata.namespace ?? '';
    const uid = uidOf(pod);
    return {
      configMap: (name) => configMaps.get({ namespace, name }, uid),
      secret: (name) => secrets.get({ namespace, name }, uid),
      token: (audience, expirationSeconds) => tokens.get(pod, audience, expirationSeconds),
      node: this.#parts.node(),
      podIps,
    };
  }

  #volumePath(pod: Pod, plugin: string, name: string): string {
    return `${this.podDirectory(uidOf(pod))}/volumes/kubernetes.io~${plugin}/${name}`;
  }

  emptyDirPath(pod: Pod, name: string): string {
    return this.#volumePath(pod, 'empty-dir', name);
  }

  async #emptyDir(pod: Pod, volume: Volume): Promise<string> {
    const { files } = this.#parts.host;
    const path = this.emptyDirPath(pod, volume.name);
    const { medium, sizeLimit } = volume.emptyDir ?? {};
    if (medium === 'Memory') await this.#tmpfs(path, 0o777, sizeLimit === undefined ? undefined : byteCount(sizeLimit));
    const gid = pod.spec.securityContext?.fsGroup;
    if ((await files.status(path)) === undefined || medium === 'Memory') {
      await files.makeDirectory(path, { mode: 0o777 });
      await files.chmod(path, gid === undefined ? 0o777 : 0o2777);
      if (gid !== undefined) await files.chown(path, 0, gid);
    }
    return path;
  }

  async #tmpfs(path: string, mode: number, sizeBytes?: number): Promise<void> {
    const { files, mounts } = this.#parts.host;
    if ((await mounts.list()).some((mount) => mount.target === path)) return;
    await files.makeDirectory(path, { mode });
    const options = [`mode=${mode.toString(8)}`, ...(sizeBytes === undefined ? [] : [`size=${sizeBytes}`])];
    await mounts.mount({ source: 'tmpfs', target: path, type: 'tmpfs', options });
  }

  async #hostPath(path: string, type: string): Promise<string> {
    const { files } = this.#parts.host;
    const status = await files.status(path);
    const kind = status?.kind === 'symlink' ? 'any' : status?.kind; // what it points at is the runtime's to find
    const refuse = (what: string): never => { throw new VolumeError(`hostPath type check failed: ${path} is not ${what}`); };
    switch (type) {
      case 'DirectoryOrCreate': if (status === undefined) await files.makeDirectory(path, { mode: 0o755 }); else if (kind !== 'directory' && kind !== 'any') refuse('a directory'); break;
      case 'FileOrCreate': if (status === undefined) await files.write(path, '', { mode: 0o644 }); else if (kind !== 'file' && kind !== 'any') refuse('a file'); break;
      case 'Directory': if (kind !== 'directory' && kind !== 'any') refuse('a directory'); break;
      case 'File': if (kind !== 'file' && kind !== 'any') refuse('a file'); break;
      case 'Socket': if (kind !== 'socket' && kind !== 'any') refuse('a socket file'); break;
      case 'CharDevice': if (kind !== 'other' && kind !== 'any') refuse('a character device'); break;
      case 'BlockDevice': if (kind !== 'other' && kind !== 'any') refuse('a block device'); break;
      default: break;
    }
    return path;
  }
}
