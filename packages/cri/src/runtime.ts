/** A container runtime as the kubelet sees it: CRI, with what a runtime's own services add where its CRI falls short. */
import type { Container, ContainerConfig, ContainerFilter, ContainerStatus } from './messages/container.ts';
import type { AuthConfig, FilesystemUsage, Image } from './messages/image.ts';
import type { StatusResponse, VersionResponse } from './messages/runtime.ts';
import type { PodSandbox, PodSandboxConfig, PodSandboxFilter, PodSandboxStatus } from './messages/sandbox.ts';
import type { ContainerStats, PodSandboxStats } from './messages/stats.ts';

/** The runtime refused or failed. `code` is gRPC's name for it, `message` the runtime's own text. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly code: 'notFound' | 'unavailable' | 'deadlineExceeded' | 'unimplemented' | 'cancelled' | 'unknown';

  constructor(code: RuntimeError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof RuntimeError && error.code === 'notFound';

/** Something happened to a container or a sandbox (their ids share one space). `resync` says: events may have been missed, look at everything. */
export type RuntimeEvent =
  | { readonly type: 'started' | 'stopped' | 'deleted' | 'created' | 'outOfMemory'; readonly id: string }
  | { readonly type: 'resync' };

/** Probed once, when the runtime is first reached. */
export interface Capabilities {
  /** Where life-cycle events come from. */
  readonly events: 'cri' | 'containerd' | 'none';
  /** Usage per sandbox, not only per container. */
  readonly hasSandboxStats: boolean;
}

export interface ExecOutcome {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
}

export interface StreamWants {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Every call may throw RuntimeError. Times are nanoseconds since the epoch, rounded to what a number holds. */
export interface ContainerRuntime {
  version(): Promise<VersionResponse>;
  capabilities(): Promise<Capabilities>;
  status(): Promise<StatusResponse>;
  updatePodCidr(podCidr: string): Promise<void>;

  /** Creates and starts a sandbox, its network included; gives its id. */
  runSandbox(config: PodSandboxConfig, handler?: string): Promise<string>;
  stopSandbox(id: string): Promise<void>;
  removeSandbox(id: string): Promise<void>;
  sandboxStatus(id: string): Promise<PodSandboxStatus>;
  listSandboxes(filter?: PodSandboxFilter): Promise<readonly PodSandbox[]>;

  createContainer(sandboxId: string, config: ContainerConfig, sandbox: PodSandboxConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** SIGTERM (or the image's stop signal), SIGKILL after the grace. Returns when it has ended. */
  stopContainer(id: string, graceSeconds: number): Promise<void>;
  removeContainer(id: string): Promise<void>;
  containerStatus(id: string): Promise<ContainerStatus>;
  listContainers(filter?: ContainerFilter): Promise<readonly Container[]>;
  /** After its log file was renamed. */
  reopenLog(id: string): Promise<void>;

  /** Throws deadlineExceeded when it took longer than `timeoutMs`; without it there is no limit. */
  execSync(id: string, command: readonly string[], timeoutMs?: number): Promise<ExecOutcome>;
  /** Each gives the address of a stream on the runtime's own server. */
  execUrl(id: string, command: readonly string[], wants: StreamWants): Promise<string>;
  attachUrl(id: string, wants: StreamWants): Promise<string>;
  portForwardUrl(sandboxId: string, ports: readonly number[]): Promise<string>;

  listImages(): Promise<readonly Image[]>;
  /** Undefined when it is not here. */
  imageStatus(image: string): Promise<Image | undefined>;
  /** Gives the reference of what was pulled. */
  pullImage(image: string, options?: { readonly auth?: AuthConfig; readonly sandbox?: PodSandboxConfig; readonly signal?: AbortSignal }): Promise<string>;
  removeImage(image: string): Promise<void>;
  imageFilesystems(): Promise<readonly FilesystemUsage[]>;

  containerStats(): Promise<readonly ContainerStats[]>;
  sandboxStats(): Promise<readonly PodSandboxStats[]>;

  /** What happens, from now until the signal. Begins with `resync`; a broken stream is opened again by itself and says `resync` again. */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  close(): void;
}
