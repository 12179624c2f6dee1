/** The cgroups above the containers': one for all pods, one for each class, one for each pod. Both versions of the kernel's interface. */
import type { Pod } from '@kaji/api/core/v1';
import type { Files } from '@kaji/host';
import { isMachineError } from '../machine-error.ts';
import { podResources, qosClass, type ResourceSettings } from './resources.ts';
import { uidOf } from '../pod-worker/pod-view.ts';

export interface CgroupLayout {
  readonly version: 1 | 2;
  /** `/sys/fs/cgroup` */
  readonly mountPoint: string;
  /** Above everything of this node: `/`, or `/kaji-NAME/node-1`. */
  readonly root: string;
}

export async function detectCgroups(files: Files, root: string, mountPoint = '/sys/fs/cgroup'): Promise<CgroupLayout> {
  const version = (await files.status(`${mountPoint}/cgroup.controllers`)) === undefined ? 1 : 2;
  return { version, mountPoint, root: root === '' ? '/' : root };
}

const join = (...parts: readonly string[]): string => `/${parts.flatMap((part) => part.split('/')).filter((part) => part !== '').join('/')}`;

/** Guaranteed pods lie directly below all pods; the other classes have one level more. */
export function podCgroup(layout: CgroupLayout, pod: Pod): string {
  const quality = qosClass(pod);
  return join(layout.root, 'kubepods', quality === 'Guaranteed' ? '' : quality.toLowerCase(), `pod${uidOf(pod)}`);
}

export class Cgroups {
  readonly #files: Files;
  readonly #layout: CgroupLayout;
  readonly #settings: ResourceSettings;

  constructor(files: Files, layout: CgroupLayout, settings: ResourceSettings) {
    this.#files = files;
    this.#layout = layout;
    this.#settings = settings;
  }

  get layout(): CgroupLayout {
    return this.#layout;
  }

  /** Made with its limits before the sandbox starts in it. */
  async create(pod: Pod): Promise<void> {
    const path = podCgroup(this.#layout, pod);
    const { cpuShares, cpuQuotaMicros, memoryLimitBytes } = podResources(pod, this.#settings);
    const period = this.#settings.cpuCfsQuotaPeriodMicros;
    if (this.#layout.version === 2) {
      await this.#makeV2(path);
      await this.#write(`${path}/cpu.weight`, weightOf(cpuShares));
      if (cpuQuotaMicros !== undefined) await this.#write(`${path}/cpu.max`, `${cpuQuotaMicros} ${period}`);
      if (memoryLimitBytes !== undefined) await this.#write(`${path}/memory.max`, memoryLimitBytes);
      return;
    }
    await this.#makeV1('cpu', path);
    await this.#write(`cpu/${path}/cpu.shares`, cpuShares);
    if (cpuQuotaMicros !== undefined) {
      await this.#write(`cpu/${path}/cpu.cfs_period_us`, period);
      await this.#write(`cpu/${path}/cpu.cfs_quota_us`, cpuQuotaMicros);
    }
    if (memoryLimitBytes === undefined) return;
    await this.#makeV1('memory', path);
    await this.#write(`memory/${path}/memory.limit_in_bytes`, memoryLimitBytes);
  }

  /** Of a pod whose containers are gone. A cgroup that still has a process stays; the next clean-up comes to it. */
  async remove(pod: Pod): Promise<void> {
    await this.#remove(podCgroup(this.#layout, pod));
  }

  async #remove(path: string): Promise<void> {
    // runc makes them in every hierarchy there is, also in those that limit nothing
    const trees = this.#layout.version === 2 ? [''] : await this.#files.list(this.#layout.mountPoint);
    for (const tree of trees) await this.#removeTree(join(this.#layout.mountPoint, tree, path));
  }

  async #removeTree(directory: string): Promise<void> {
    const status = await this.#files.status(directory);
    if (status === undefined) return;
    for (const name of await this.#files.list(directory)) {
      if ((await this.#files.status(`${directory}/${name}`))?.kind === 'directory') await this.#removeTree(`${directory}/${name}`);
    }
    try {
      await this.#files.removeEmptyDirectory(directory);
    } catch (error) {
      if (!isMachineError(error)) throw error; // busy: see above
    }
  }

  async #makeV1(controller: string, path: string): Promise<void> {
    await this.#files.makeDirectory(join(this.#layout.mountPoint, controller, path));
  }

  /** On the way down every level hands its controllers on. */
  async #makeV2(path: string): Promise<void> {
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = 0; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/');
      await this.#write(`${parent}/cgroup.subtree_control`, '+cpu +memory +pids');
      await this.#files.makeDirectory(join(this.#layout.mountPoint, parent, parts[depth] ?? ''));
    }
  }

  async #write(path: string, value: string | number): Promise<void> {
    try {
      await this.#files.write(join(this.#layout.mountPoint, path), String(value));
    } catch (error) {
      if (!isMachineError(error)) throw error; // a controller that is not there, or not ours, limits nothing
    }
  }
}

/** Shares of version 1 on the scale of version 2, as runc converts them. */
const weightOf = (shares: number): number => Math.floor(1 + ((shares - 2) * 9999) / 262142);
