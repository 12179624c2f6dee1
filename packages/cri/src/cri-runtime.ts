/** The real runtime: CRI v1 over its socket, and containerd's own event service where CRI has no event stream. */
import type { Runtime } from '@kaji/base';
import type { MessageType } from '@kaji/schema';
import { type CallOptions, Channel } from './channel.ts';
import { runtimeEvents } from './event-stream.ts';
import * as container from './messages/container.ts';
import * as image from './messages/image.ts';
import * as runtime from './messages/runtime.ts';
import * as sandbox from './messages/sandbox.ts';
import * as stats from './messages/stats.ts';
import { type Capabilities, type ContainerRuntime, type ExecOutcome, isNotFound, RuntimeError, type RuntimeEvent, type StreamWants } from './runtime.ts';

export interface CriRuntimeConfig {
  /** `unix:///run/containerd/containerd.sock` */
  readonly endpoint: string;
  /** For every call but pulls, stops and commands, which may take as long as they need. */
  readonly requestTimeoutMs: number;
}

const runtimeService = '/runtime.v1.RuntimeService/';
const imageService = '/runtime.v1.ImageService/';

type Types<Request, Response> = readonly [MessageType<Request>, MessageType<Response>];

export class CriRuntime implements ContainerRuntime {
  readonly #channel: Channel;
  readonly #runtime: Pick<Runtime, 'clock' | 'log' | 'random'>;
  readonly #timeoutMs: number;
  #capabilities: Promise<Capabilities> | undefined;

  constructor(runtime: Pick<Runtime, 'clock' | 'log' | 'random'>, config: CriRuntimeConfig) {
    this.#runtime = runtime;
    this.#timeoutMs = config.requestTimeoutMs;
    this.#channel = new Channel(config.endpoint, () => runtime.clock.now());
  }

  version(): Promise<runtime.VersionResponse> {
    return this.#run('Version', [runtime.VersionRequest, runtime.VersionResponse], { version: 'v1' });
  }

  capabilities(): Promise<Capabilities> {
    this.#capabilities ??= this.#probe().catch((error: unknown) => {
      this.#capabilities = undefined; // not reached yet: the next caller asks again
      throw error;
    });
    return this.#capabilities;
  }

  status(): Promise<runtime.StatusResponse> {
    return this.#run('Status', [runtime.StatusRequest, runtime.StatusResponse], {});
  }

  async updatePodCidr(podCidr: string): Promise<void> {
    await this.#run('UpdateRuntimeConfig', [runtime.UpdateRuntimeConfigRequest, runtime.UpdateRuntimeConfigResponse], { runtimeConfig: { networkConfig: { podCidr } } });
  }

  async runSandbox(config: sandbox.PodSandboxConfig, handler = ''): Promise<string> {
    // Kubernetes: four minutes, since plugins of the pod network may be slow
    const response = await this.#run('RunPodSandbox', [sandbox.RunPodSandboxRequest, sandbox.RunPodSandboxResponse], { config, runtimeHandler: handler }, { timeoutMs: this.#timeoutMs * 2 });
    return response.podSandboxId;
  }

  async stopSandbox(podSandboxId: string): Promise<void> {
    await this.#run('StopPodSandbox', [sandbox.StopPodSandboxRequest, sandbox.StopPodSandboxResponse], { podSandboxId });
  }

  async removeSandbox(podSandboxId: string): Promise<void> {
    await this.#run('RemovePodSandbox', [sandbox.RemovePodSandboxRequest, sandbox.RemovePodSandboxResponse], { podSandboxId });
  }

  async sandboxStatus(podSandboxId: string): Promise<sandbox.PodSandboxStatus> {
    const response = await this.#run('PodSandboxStatus', [sandbox.PodSandboxStatusRequest, sandbox.PodSandboxStatusResponse], { podSandboxId });
    return answered(response.status, 'PodSandboxStatus');
  }

  async listSandboxes(filter: sandbox.PodSandboxFilter = {}): Promise<readonly sandbox.PodSandbox[]> {
    return (await this.#run('ListPodSandbox', [sandbox.ListPodSandboxRequest, sandbox.ListPodSandboxResponse], { filter })).items;
  }

  async createContainer(podSandboxId: string, config: container.ContainerConfig, sandboxConfig: sandbox.PodSandboxConfig): Promise<string> {
    return (await this.#run('CreateContainer', [container.CreateContainerRequest, container.CreateContainerResponse], { podSandboxId, config, sandboxConfig })).containerId;
  }

  async startContainer(containerId: string): Promise<void> {
    await this.#run('StartContainer', [container.StartContainerRequest, container.StartContainerResponse], { containerId });
  }

  async stopContainer(containerId: string, graceSeconds: number): Promise<void> {
    await this.#run('StopContainer', [container.StopContainerRequest, container.StopContainerResponse], { containerId, timeout: graceSeconds }, { timeoutMs: this.#timeoutMs + graceSeconds * 1000 });
  }

  async removeContainer(containerId: string): Promise<void> {
    await this.#run('RemoveContainer', [container.RemoveContainerRequest, container.RemoveContainerResponse], { containerId });
  }

  async containerStatus(containerId: string): Promise<container.ContainerStatus> {
    const response = await this.#run('ContainerStatus', [container.ContainerStatusRequest, container.ContainerStatusResponse], { containerId });
    return answered(response.status, 'ContainerStatus');
  }

  async listContainers(filter: container.ContainerFilter = {}): Promise<readonly container.Container[]> {
    return (await this.#run('ListContainers', [container.ListContainersRequest, container.ListContainersResponse], { filter })).containers;
  }

  async reopenLog(containerId: string): Promise<void> {
    await this.#run('ReopenContainerLog', [container.ReopenContainerLogRequest, container.ReopenContainerLogResponse], { containerId });
  }

  execSync(containerId: string, cmd: readonly string[], timeoutMs?: number): Promise<ExecOutcome> {
    const timeout = timeoutMs === undefined ? 0 : Math.max(1, Math.ceil(timeoutMs / 1000));
    const limit: CallOptions = timeoutMs === undefined ? {} : { timeoutMs: timeoutMs + this.#timeoutMs };
    return this.#channel.call(runtimeService + 'ExecSync', [container.ExecSyncRequest, container.ExecSyncResponse], { containerId, cmd: [...cmd], timeout }, limit);
  }

  async execUrl(containerId: string, cmd: readonly string[], wants: StreamWants): Promise<string> {
    return (await this.#run('Exec', [container.ExecRequest, container.ExecResponse], { containerId, cmd: [...cmd], ...wants })).url;
  }

  async attachUrl(containerId: string, wants: StreamWants): Promise<string> {
    return (await this.#run('Attach', [container.AttachRequest, container.AttachResponse], { containerId, ...wants })).url;
  }

  async portForwardUrl(podSandboxId: string, ports: readonly number[]): Promise<string> {
    return (await this.#run('PortForward', [container.PortForwardRequest, container.PortForwardResponse], { podSandboxId, port: [...ports] })).url;
  }

  async listImages(): Promise<readonly image.Image[]> {
    return (await this.#image('ListImages', [image.ListImagesRequest, image.ListImagesResponse], {})).images;
  }

  async imageStatus(name: string): Promise<image.Image | undefined> {
    const { image: found } = await this.#image('ImageStatus', [image.ImageStatusRequest, image.ImageStatusResponse], { image: { image: name } });
    return found === undefined || found.id === '' ? undefined : found;
  }

  async pullImage(name: string, options: { auth?: image.AuthConfig; sandbox?: sandbox.PodSandboxConfig; signal?: AbortSignal } = {}): Promise<string> {
    const request: image.PullImageRequest = { image: { image: name }, auth: options.auth, sandboxConfig: options.sandbox };
    const limit: CallOptions = options.signal === undefined ? {} : { signal: options.signal };
    return (await this.#channel.call(imageService + 'PullImage', [image.PullImageRequest, image.PullImageResponse], request, limit)).imageRef;
  }

  async removeImage(name: string): Promise<void> {
    await this.#image('RemoveImage', [image.RemoveImageRequest, image.RemoveImageResponse], { image: { image: name } });
  }

  async imageFilesystems(): Promise<readonly image.FilesystemUsage[]> {
    return (await this.#image('ImageFsInfo', [image.ImageFsInfoRequest, image.ImageFsInfoResponse], {})).imageFilesystems;
  }

  async containerStats(): Promise<readonly stats.ContainerStats[]> {
    return (await this.#run('ListContainerStats', [stats.ListContainerStatsRequest, stats.ListContainerStatsResponse], {})).stats;
  }

  async sandboxStats(): Promise<readonly stats.PodSandboxStats[]> {
    if (!(await this.capabilities()).hasSandboxStats) return [];
    return (await this.#run('ListPodSandboxStats', [stats.ListPodSandboxStatsRequest, stats.ListPodSandboxStatsResponse], {})).stats;
  }

  events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    return runtimeEvents(this.#runtime, this.#channel, () => this.capabilities(), signal);
  }

  close(): void {
    this.#channel.close();
  }

  async #probe(): Promise<Capabilities> {
    const version = await this.version();
    const hasSandboxStats = await this.#answers(() => this.#run('ListPodSandboxStats', [stats.ListPodSandboxStatsRequest, stats.ListPodSandboxStatsResponse], { filter: { id: 'probe' } }));
    return { events: await this.#eventSource(version.runtimeName), hasSandboxStats };
  }

  /** A stream that is refused ends at once with `unimplemented`; one that is served stays open, so a short deadline ends it. */
  async #eventSource(runtimeName: string): Promise<Capabilities['events']> {
    const isServed = await this.#answers(async () => {
      for await (const event of this.#channel.stream(runtimeService + 'GetContainerEvents', [container.GetEventsRequest, container.ContainerEventResponse], {}, { timeoutMs: 200 })) {
        if (event.containerId !== '') return;
      }
    });
    if (isServed) return 'cri';
    return runtimeName === 'containerd' ? 'containerd' : 'none';
  }

  async #answers(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (isNotFound(error)) return true;
      if (!(error instanceof RuntimeError)) throw error;
      if (error.code === 'unavailable') throw error;
      return error.code === 'deadlineExceeded';
    }
  }

  #run<Request, Response>(method: string, types: Types<Request, Response>, request: Request, options: CallOptions = {}): Promise<Response> {
    return this.#channel.call(runtimeService + method, types, request, { timeoutMs: this.#timeoutMs, ...options });
  }

  #image<Request, Response>(method: string, types: Types<Request, Response>, request: Request): Promise<Response> {
    return this.#channel.call(imageService + method, types, request, { timeoutMs: this.#timeoutMs });
  }
}

function answered<T>(value: T | undefined, method: string): T {
  if (value === undefined) throw new RuntimeError('unknown', `${method} answered without a status`);
  return value;
}
