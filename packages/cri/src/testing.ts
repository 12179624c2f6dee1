/** A container runtime in memory that does what its images are scripted to do, on the clock it is given. */
import { createHash } from 'node:crypto';
import { type Clock, Queue } from '@kaji/base';
import type { Container, ContainerConfig, ContainerFilter, ContainerStatus } from './messages/container.ts';
import type { Image } from './messages/image.ts';
import type { StatusResponse, VersionResponse } from './messages/runtime.ts';
import type { PodSandbox, PodSandboxConfig, PodSandboxFilter, PodSandboxStatus } from './messages/sandbox.ts';
import type { ContainerStats, PodSandboxStats } from './messages/stats.ts';
import { type Capabilities, type ContainerRuntime, type ExecOutcome, RuntimeError, type RuntimeEvent } from './runtime.ts';

/** What the containers of an image do. */
export interface ImageScript {
  /** Ends by itself after so long; runs until stopped without it. */
  readonly exitsAfterMs?: number;
  readonly exitCode?: number;
  /** How long the lists and statuses still call it running after the event of its end. */
  readonly bookkeepingMs?: number;
  /** Does not heed SIGTERM: only the end of the grace kills it. */
  readonly ignoresTerm?: boolean;
  /** Commands run inside. Without it every command ends with 0 and says nothing. */
  readonly exec?: (command: readonly string[], container: Container) => { readonly exitCode: number; readonly stdout?: string } | 'hangs';
  /** Known to the registry, but not pulled yet. */
  readonly isRemote?: boolean;
  readonly pullMs?: number;
  /** What a pull answers instead of the image. */
  readonly pullError?: string;
}

interface FakeContainer {
  status: ContainerStatus;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly ended: Set<() => void>;
}

interface FakeSandbox {
  status: PodSandboxStatus;
  readonly config: PodSandboxConfig;
}

const text = new TextEncoder();

export class FakeRuntime implements ContainerRuntime {
  readonly #clock: Clock;
  readonly #images = new Map<string, ImageScript>();
  readonly #present = new Set<string>();
  readonly sandboxes = new Map<string, FakeSandbox>();
  readonly containers = new Map<string, FakeContainer>();
  /** Every change, in order, as words: what tests of sequences read. */
  readonly journal: string[] = [];
  readonly #streams = new Set<Queue<RuntimeEvent>>();
  readonly #failures = new Map<string, string[]>();
  #nextId = 1;
  #nextAddress = 2;
  #areEventsCut = false;
  isNetworkReady = true;

  constructor(clock: Clock, images: Readonly<Record<string, ImageScript>>) {
    this.#clock = clock;
    for (const [name, script] of Object.entries(images)) this.addImage(name, script);
  }

  addImage(name: string, script: ImageScript): void {
    this.#images.set(name, script);
    if (script.isRemote !== true) this.#present.add(name);
  }

  /** The next call of `method` throws. */
  failNext(method: string, message: string): void {
    const queue = this.#failures.get(method) ?? [];
    queue.push(message);
    this.#failures.set(method, queue);
  }

  /** From here on events are lost, until they are restored (and a resync says so). */
  cutEvents(): void {
    this.#areEventsCut = true;
  }

  restoreEvents(): void {
    this.#areEventsCut = false;
    this.#emit({ type: 'resync' });
  }

  /** Ends a container as its own process would, or somebody outside. */
  kill(id: string, exitCode = 137, reason?: string): void {
    this.#end(id, exitCode, reason ?? (exitCode === 0 ? 'Completed' : 'Error'));
  }

  /** Ids of the containers of that name that run now. */
  running(name: string): string[] {
    return [...this.containers.values()].filter((c) => c.status.state === 'running' && c.status.metadata.name === name).map((c) => c.status.id);
  }

  version(): Promise<VersionResponse> {
    return this.#answer('version', { version: '0.1.0', runtimeName: 'fake', runtimeVersion: '1.0.0', runtimeApiVersion: 'v1' });
  }

  capabilities(): Promise<Capabilities> {
    return Promise.resolve({ events: 'cri', hasSandboxStats: false });
  }

  status(): Promise<StatusResponse> {
    const network = this.isNetworkReady ? { status: true, reason: '', message: '' } : { status: false, reason: 'NetworkPluginNotReady', message: 'Network plugin returns error: cni plugin not initialized' };
    return this.#answer('status', {
      status: { conditions: [{ type: 'RuntimeReady', status: true, reason: '', message: '' }, { type: 'NetworkReady', ...network }] },
      info: {}, runtimeHandlers: [],
    });
  }

  updatePodCidr(): Promise<void> {
    return Promise.resolve();
  }

  async runSandbox(config: PodSandboxConfig, handler = ''): Promise<string> {
    await this.#answer('runSandbox', undefined);
    const id = `sandbox-${this.#nextId++}`;
    const ip = config.linux?.securityContext?.namespaceOptions?.network === 'node' ? '' : `10.244.0.${this.#nextAddress++}`;
    const status: PodSandboxStatus = {
      id, metadata: config.metadata, state: 'ready', createdAt: this.#nanoseconds(), network: { ip, additionalIps: [] },
      labels: { ...config.labels }, annotations: { ...config.annotations }, runtimeHandler: handler,
      linux: { namespaces: { options: config.linux?.securityContext?.namespaceOptions } },
    };
    this.sandboxes.set(id, { status, config });
    this.#note(`run sandbox ${config.metadata.name}`);
    this.#emit({ type: 'started', id });
    return id;
  }

  async stopSandbox(id: string): Promise<void> {
    await this.#answer('stopSandbox', undefined);
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) return;
    for (const container of this.containers.values()) if (container.sandboxId === id) this.#end(container.status.id, 137, 'Error');
    if (sandbox.status.state === 'ready') this.#note(`stop sandbox ${sandbox.config.metadata.name}`);
    sandbox.status = { ...sandbox.status, state: 'notReady' };
    this.#emit({ type: 'stopped', id });
  }

  async removeSandbox(id: string): Promise<void> {
    await this.stopSandbox(id);
    for (const container of [...this.containers.values()]) if (container.sandboxId === id) await this.removeContainer(container.status.id);
    const sandbox = this.sandboxes.get(id);
    if (this.sandboxes.delete(id)) this.#note(`remove sandbox ${sandbox?.config.metadata.name ?? ''}`);
    this.#emit({ type: 'deleted', id });
  }

  sandboxStatus(id: string): Promise<PodSandboxStatus> {
    return this.#answer('sandboxStatus', this.#sandbox(id).status);
  }

  listSandboxes(filter: PodSandboxFilter = {}): Promise<readonly PodSandbox[]> {
    const all = [...this.sandboxes.values()].map((sandbox) => sandbox.status).filter((status) => hasLabels(status.labels, filter.labelSelector));
    return this.#answer('listSandboxes', all.map(({ network: _network, linux: _linux, ...sandbox }) => sandbox));
  }

  async createContainer(sandboxId: string, config: ContainerConfig): Promise<string> {
    await this.#answer('createContainer', undefined);
    if (this.#sandbox(sandboxId).status.state !== 'ready') throw new RuntimeError('unknown', `sandbox container "${sandboxId}" is not running`);
    const name = config.image?.userSpecifiedImage ?? '';
    const id = `container-${this.#nextId++}`;
    const status: ContainerStatus = {
      id, metadata: config.metadata, state: 'created', createdAt: this.#nanoseconds(), startedAt: 0, finishedAt: 0, exitCode: 0,
      image: { image: name }, imageRef: imageId(name), reason: '', message: '', labels: { ...config.labels }, annotations: { ...config.annotations },
      mounts: [...(config.mounts ?? [])], logPath: `${this.#sandbox(sandboxId).config.logDirectory ?? ''}/${config.logPath ?? ''}`, imageId: imageId(name), stopSignal: 'RUNTIME_DEFAULT',
    };
    this.containers.set(id, { status, sandboxId, config, ended: new Set() });
    return id;
  }

  async startContainer(id: string): Promise<void> {
    await this.#answer('startContainer', undefined);
    const container = this.#container(id);
    container.status = { ...container.status, state: 'running', startedAt: this.#nanoseconds() };
    this.#note(`start ${container.status.metadata.name}#${container.status.metadata.attempt}`);
    this.#emit({ type: 'started', id });
    const script = this.#scriptOf(container);
    if (script.exitsAfterMs === undefined) return;
    const code = script.exitCode ?? 0;
    const end = (): void => { this.#end(id, code, code === 0 ? 'Completed' : 'Error'); };
    // a program may be over, and its event out, before the call that started it has answered
    if (script.exitsAfterMs === 0) end();
    else container.ended.add(this.#clock.setTimer(script.exitsAfterMs, end));
  }

  async stopContainer(id: string, graceSeconds: number): Promise<void> {
    await this.#answer('stopContainer', undefined);
    const container = this.#container(id);
    if (container.status.state !== 'running') return;
    this.#note(`term ${container.status.metadata.name}#${container.status.metadata.attempt} grace ${graceSeconds}`);
    if (this.#scriptOf(container).ignoresTerm !== true) {
      this.#end(id, 143, 'Error');
      return;
    }
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.setTimer(graceSeconds * 1000, resolve);
      container.ended.add(() => { cancel(); resolve(); });
    });
    this.#end(id, 137, 'Error');
  }

  async removeContainer(id: string): Promise<void> {
    await this.#answer('removeContainer', undefined);
    if (this.containers.get(id)?.status.state === 'running') throw new RuntimeError('unknown', `container "${id}" is running`);
    if (this.containers.delete(id)) this.#emit({ type: 'deleted', id });
  }

  containerStatus(id: string): Promise<ContainerStatus> {
    return this.#answer('containerStatus', this.#container(id).status);
  }

  listContainers(filter: ContainerFilter = {}): Promise<readonly Container[]> {
    const all = [...this.containers.values()].filter((c) => hasLabels(c.status.labels, filter.labelSelector) && (filter.id === undefined || filter.id === c.status.id));
    return this.#answer('listContainers', all.map((container) => this.#listed(container)));
  }

  reopenLog(): Promise<void> {
    return this.#answer('reopenLog', undefined);
  }

  async execSync(id: string, command: readonly string[], timeoutMs?: number): Promise<ExecOutcome> {
    await this.#answer('execSync', undefined);
    const container = this.#container(id);
    if (container.status.state !== 'running') throw new RuntimeError('unknown', `container "${id}" is not running`);
    const outcome = this.#scriptOf(container).exec?.(command, this.#listed(container)) ?? { exitCode: 0 };
    if (outcome === 'hangs') {
      await new Promise<void>((resolve) => { container.ended.add(resolve); if (timeoutMs !== undefined) container.ended.add(this.#clock.setTimer(timeoutMs, resolve)); });
      throw new RuntimeError('deadlineExceeded', `rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout ${(timeoutMs ?? 0) / 1000}s exceeded: context deadline exceeded`);
    }
    return { stdout: text.encode(outcome.stdout ?? ''), stderr: new Uint8Array(0), exitCode: outcome.exitCode };
  }

  execUrl(): Promise<string> {
    return Promise.reject(new RuntimeError('unimplemented', 'the fake runtime has no streams'));
  }

  attachUrl(): Promise<string> {
    return this.execUrl();
  }

  portForwardUrl(): Promise<string> {
    return this.execUrl();
  }

  listImages(): Promise<readonly Image[]> {
    return this.#answer('listImages', [...this.#present].map((name) => imageOf(name)));
  }

  imageStatus(name: string): Promise<Image | undefined> {
    return this.#answer('imageStatus', this.#present.has(name) ? imageOf(name) : undefined);
  }

  async pullImage(name: string, options: { signal?: AbortSignal } = {}): Promise<string> {
    await this.#answer('pullImage', undefined);
    const script = this.#images.get(name);
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#clock.setTimer(script?.pullMs ?? 0, resolve);
      options.signal?.addEventListener('abort', () => { cancel(); reject(new RuntimeError('cancelled', 'rpc error: code = Canceled desc = context canceled')); }, { once: true });
    });
    const problem = script === undefined ? `failed to pull and unpack image "${name}": not found` : script.pullError;
    if (problem !== undefined) throw new RuntimeError('notFound', `rpc error: code = NotFound desc = ${problem}`);
    this.#present.add(name);
    this.#note(`pull ${name}`);
    return imageId(name);
  }

  removeImage(name: string): Promise<void> {
    this.#present.delete(name);
    return this.#answer('removeImage', undefined);
  }

  imageFilesystems(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  containerStats(): Promise<readonly ContainerStats[]> {
    return Promise.resolve([]);
  }

  sandboxStats(): Promise<readonly PodSandboxStats[]> {
    return Promise.resolve([]);
  }

  async *events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    const queue = new Queue<RuntimeEvent>(10_000);
    const close = (): void => { queue.close(); };
    this.#streams.add(queue);
    signal.addEventListener('abort', close, { once: true });
    try {
      yield { type: 'resync' };
      yield* queue;
    } finally {
      this.#streams.delete(queue);
      signal.removeEventListener('abort', close);
    }
  }

  close(): void {
    for (const queue of this.#streams) queue.close();
  }

  #end(id: string, exitCode: number, reason: string): void {
    const container = this.#container(id);
    if (container.status.state !== 'running') return;
    const exited: ContainerStatus = { ...container.status, state: 'exited', finishedAt: this.#nanoseconds(), exitCode, reason };
    const delayMs = this.#scriptOf(container).bookkeepingMs ?? 0;
    if (delayMs === 0) container.status = exited;
    else this.#clock.setTimer(delayMs, () => { container.status = exited; });
    this.#note(`exit ${container.status.metadata.name}#${container.status.metadata.attempt} ${exitCode}`);
    for (const wake of [...container.ended]) wake();
    this.#emit({ type: 'stopped', id });
  }

  #emit(event: RuntimeEvent): void {
    if (this.#areEventsCut) return;
    for (const queue of this.#streams) queue.offer(event);
  }

  #note(words: string): void {
    this.journal.push(words);
  }

  #nanoseconds(): number {
    return this.#clock.now() * 1e6;
  }

  /** After what was said to fail has failed. */
  #answer<T>(method: string, value: T): Promise<T> {
    const failure = this.#failures.get(method)?.shift();
    return failure === undefined ? Promise.resolve(value) : Promise.reject(new RuntimeError('unknown', failure));
  }

  #scriptOf(container: FakeContainer): ImageScript {
    for (const [name, script] of this.#images) if (imageId(name) === container.config.image?.image) return script;
    return {};
  }

  #sandbox(id: string): FakeSandbox {
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) throw new RuntimeError('notFound', `rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found`);
    return sandbox;
  }

  #container(id: string): FakeContainer {
    const container = this.containers.get(id);
    if (container === undefined) throw new RuntimeError('notFound', `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`);
    return container;
  }

  #listed({ status, sandboxId }: FakeContainer): Container {
    const { id, metadata, image, imageRef, state, createdAt, labels, annotations, imageId: of } = status;
    return { id, podSandboxId: sandboxId, metadata, image, imageRef, state, createdAt, labels, annotations, imageId: of };
  }
}

const hasLabels = (labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>> | undefined): boolean =>
  Object.entries(wanted ?? {}).every(([name, value]) => labels[name] === value);

const imageId = (name: string): string => `sha256:${createHash('sha256').update(name).digest('hex')}`;

const imageOf = (name: string): Image => ({ id: imageId(name), repoTags: [name], repoDigests: [], size: 1_000_000, username: '', pinned: false });
