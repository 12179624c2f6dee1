/** Carries out a plan: volumes, sandbox, images, containers. Decides nothing; says what did not work and when to try again. */
import type { ConfigMap, Pod, Secret, Service } from '@kaji/api/core/v1';
import { ApiError } from '@kaji/api';
import { Backoff, type Random } from '@kaji/base';
import { type ContainerConfig, isNotFound, type PodSandboxConfig, RuntimeError } from '@kaji/cri';
import type { Files } from '@kaji/host';
import { containerConfig, podLogDirectory, sandboxConfig } from '../containers/container-config.ts';
import { type Cgroups, podCgroup } from '../containers/cgroups.ts';
import { type DnsSettings, hostnameOf, hostsFile, podDns } from '../containers/dns.ts';
import { ContainerConfigError, environment } from '../containers/environment.ts';
import type { NodeFacts } from '../containers/field-path.ts';
import { runHook } from '../containers/hooks.ts';
import { containerMounts } from '../containers/mounts.ts';
import { containerResources, type ResourceSettings } from '../containers/resources.ts';
import { containerSubject, podSubject } from '../events.ts';
import type { ImagePuller, PulledImage } from '../images/image-puller.ts';
import { isMachineError } from '../machine-error.ts';
import { VolumeError } from '../volumes/payload.ts';
import type { PodVolumes } from '../volumes/pod-volumes.ts';
import type { ReferencedObjects } from '../volumes/referenced-objects.ts';
import { graceOf, killContainer, type KillerParts } from './container-killer.ts';
import { latest, type Observed } from './observed.ts';
import type { Plan, Start } from './plan.ts';
import { findContainer, isHostNetwork, type RoledContainer, uidOf } from './pod-view.ts';
import type { Waiting } from './state.ts';

export interface SyncSettings {
  readonly podLogsDirectory: string;
  readonly dns: DnsSettings;
  readonly nodeHosts: string;
  readonly resources: ResourceSettings;
  readonly seccompDefault: boolean;
}

export interface PodSyncerParts extends KillerParts {
  readonly files: Files;
  readonly random: Random;
  readonly volumes: PodVolumes;
  readonly images: ImagePuller;
  readonly cgroups: Cgroups;
  readonly configMaps: ReferencedObjects<ConfigMap>;
  readonly secrets: ReferencedObjects<Secret>;
  node(): NodeFacts;
  settings(): SyncSettings;
  /** Services that the pod's variables are made of; resolves once they are known. */
  services(pod: Pod): Promise<readonly Service[]>;
  /** Why pods with a network of their own cannot start yet. */
  networkProblem(): string | undefined;
}

export interface SyncOutcome {
  readonly waiting: Readonly<Record<string, Waiting>>;
  readonly retryAt?: number;
}

export interface SyncHooks {
  readonly signal: AbortSignal;
  /** Something new is in the runtime: look. */
  looked(): Promise<Observed>;
}

/** Kubernetes: how soon a failed round is tried again. */
const roundBackoff = { initialMs: 1000, maxMs: 10_000 };
const volumeBackoff = { initialMs: 500, maxMs: 122_000 };

class RoundError extends Error {
  override readonly name = 'RoundError';
  readonly delayMs: number;

  constructor(delayMs: number) {
    super('the round ends here');
    this.delayMs = delayMs;
  }
}

export class PodSyncer {
  readonly #parts: PodSyncerParts;
  readonly #rounds: Backoff;
  readonly #volumeFailures: Backoff;

  constructor(parts: PodSyncerParts) {
    this.#parts = parts;
    this.#rounds = new Backoff(roundBackoff, parts.random);
    this.#volumeFailures = new Backoff(volumeBackoff, parts.random);
  }

  async sync(pod: Pod, plan: Plan, observed: Observed, hooks: SyncHooks): Promise<SyncOutcome> {
    const { clock } = this.#parts;
    const waiting: Record<string, Waiting> = { ...plan.crashing };
    try {
      await this.#end(pod, plan, observed, hooks.signal);
      const retryAt = plan.start.length === 0 ? undefined : await this.#begin(pod, plan, { waiting, hooks, before: observed });
      this.#rounds.reset(uidOf(pod));
      return retryAt === undefined ? { waiting } : { waiting, retryAt };
    } catch (error) {
      if (hooks.signal.aborted) return { waiting };
      if (error instanceof RoundError) return { waiting, retryAt: clock.now() + error.delayMs };
      if (!(error instanceof RuntimeError) && !(error instanceof ApiError) && !isMachineError(error)) throw error;
      this.#parts.recorder.record(podSubject(pod), 'Warning', 'FailedSync', `error syncing pod: ${error.message}`);
      return { waiting, retryAt: clock.now() + this.#rounds.next(uidOf(pod)) };
    }
  }

  forget(uid: string): void {
    this.#rounds.reset(uid);
    this.#volumeFailures.reset(uid);
    this.#parts.images.forget(uid);
  }

  async #end(pod: Pod, plan: Plan, observed: Observed, signal: AbortSignal): Promise<void> {
    const podIp = observed.sandboxes[0]?.addresses[0] ?? '';
    await Promise.all(plan.kill.map(async (kill) => {
      const container = observed.containers.find((candidate) => candidate.id === kill.id);
      if (container !== undefined) await killContainer(this.#parts, pod, container, { graceSeconds: graceOf(pod, kill), podIp, message: `Container ${kill.name} ${kill.message}`, signal });
    }));
    for (const id of plan.stopSandboxes) {
      this.#parts.recorder.record(podSubject(pod), 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
      await this.#parts.cri.stopSandbox(id);
    }
  }

  /** Gives when to come back, where something could not be started. */
  async #begin(pod: Pod, plan: Plan, { waiting, hooks, before }: { readonly waiting: Record<string, Waiting>; readonly hooks: SyncHooks; readonly before: Observed }): Promise<number | undefined> {
    const problem = isHostNetwork(pod) ? undefined : this.#parts.networkProblem();
    if (problem !== undefined) {
      this.#parts.recorder.record(podSubject(pod), 'Warning', 'NetworkNotReady', `network is not ready: ${problem}`);
      throw new RoundError(1000);
    }
    const [volumes] = await Promise.all([this.#volumes(pod), this.#parts.cgroups.create(pod)]);
    hooks.signal.throwIfAborted();
    let observed = before;
    const config = await this.#sandboxConfig(pod, plan.createSandbox ?? observed.sandboxes[0]?.attempt ?? 0);
    if (plan.createSandbox !== undefined) {
      await this.#createSandbox(pod, config);
      observed = await hooks.looked();
    }
    const sandbox = observed.sandboxes.find((candidate) => candidate.isReady);
    if (sandbox === undefined) throw new RoundError(this.#rounds.next(uidOf(pod)));
    const podIps = isHostNetwork(pod) ? this.#parts.node().addresses : sandbox.addresses;
    let retryAt: number | undefined;
    for (const start of plan.start) {
      hooks.signal.throwIfAborted();
      const entry = findContainer(pod, start.name);
      if (entry === undefined) continue;
      const failed = await this.#start(pod, entry, start, { config, sandboxId: sandbox.id, podIps, volumes, observed, hooks });
      if (failed === undefined) {
        await hooks.looked();
        continue;
      }
      waiting[start.name] = failed.waiting;
      retryAt = Math.min(retryAt ?? Infinity, failed.retryAt);
    }
    return retryAt;
  }

  async #volumes(pod: Pod): Promise<ReadonlyMap<string, string>> {
    try {
      const volumes = await this.#parts.volumes.prepare(pod, []);
      this.#volumeFailures.reset(uidOf(pod));
      return volumes;
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
      this.#parts.recorder.record(podSubject(pod), 'Warning', 'FailedMount', error.message);
      throw new RoundError(this.#volumeFailures.next(uidOf(pod)));
    }
  }

  async #sandboxConfig(pod: Pod, attempt: number): Promise<PodSandboxConfig> {
    const settings = this.#parts.settings();
    const logDirectory = podLogDirectory(settings.podLogsDirectory, pod);
    await this.#parts.files.makeDirectory(logDirectory, { mode: 0o755 });
    const { hostname, domain } = hostnameOf(pod, settings.dns.clusterDomain);
    const isFqdn = pod.spec.setHostnameAsFQDN === true && domain !== '';
    return sandboxConfig(pod, {
      attempt, logDirectory, hostname: isFqdn ? `${hostname}.${domain}` : hostname, cgroupParent: podCgroup(this.#parts.cgroups.layout, pod), dns: podDns(pod, settings.dns),
    });
  }

  async #createSandbox(pod: Pod, config: PodSandboxConfig): Promise<void> {
    try {
      await this.#parts.cri.runSandbox(config);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      this.#parts.recorder.record(podSubject(pod), 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${error.message}`);
      throw new RoundError(this.#rounds.next(uidOf(pod)));
    }
  }

  async #start(pod: Pod, entry: RoledContainer, start: Start, place: Place): Promise<{ readonly waiting: Waiting; readonly retryAt: number } | undefined> {
    const { clock, recorder, cri } = this.#parts;
    const record = (type: 'Normal' | 'Warning', reason: string, message: string): void => { recorder.record(containerSubject(pod, entry.container, entry.role), type, reason, message); };
    const fail = (reason: string, message: string, retryAt = clock.now() + this.#rounds.next(uidOf(pod))): { waiting: Waiting; retryAt: number } => ({ waiting: { reason, message }, retryAt });
    const image = await this.#parts.images.ensure(pod, entry, { secrets: await this.#pullSecrets(pod), sandbox: place.config, signal: place.hooks.signal });
    if ('reason' in image) {
      record('Warning', 'Failed', `Error: ${image.reason}`);
      return fail(image.reason, image.message, image.retryAt);
    }
    let stage: 'CreateContainerConfigError' | 'CreateContainerError' | 'RunContainerError' = 'CreateContainerConfigError';
    try {
      const config = await configOf(this.#parts, pod, entry, { start, image, place });
      stage = 'CreateContainerError';
      const id = await cri.createContainer(place.sandboxId, config, place.config);
      record('Normal', 'Created', 'Container created');
      stage = 'RunContainerError';
      await cri.startContainer(id);
      record('Normal', 'Started', 'Container started');
      return await this.#postStart(pod, entry, id, place, fail);
    } catch (error) {
      if (!(error instanceof RuntimeError) && !(error instanceof ContainerConfigError)) throw error;
      const text = error.message.replace(/^rpc error: code = \w+ desc = /, '');
      record('Warning', 'Failed', `Error: ${text}`);
      return fail(stage, text);
    }
  }

  async #postStart(pod: Pod, entry: RoledContainer, id: string, place: Place, fail: (reason: string, message: string) => { waiting: Waiting; retryAt: number }): Promise<{ readonly waiting: Waiting; readonly retryAt: number } | undefined> {
    const handler = entry.container.lifecycle?.postStart;
    if (handler === undefined) return undefined;
    const observed = await place.hooks.looked(); // the container runs: it shows before its hook ends
    const problem = await runHook(this.#parts, handler, { containerId: id, container: entry.container, podIp: place.podIps[0] ?? '' }, { signal: place.hooks.signal });
    if (problem === undefined) return undefined;
    this.#parts.recorder.record(containerSubject(pod, entry.container, entry.role), 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
    const container = observed.containers.find((candidate) => candidate.id === id);
    if (container !== undefined) {
      await killContainer(this.#parts, pod, container, { graceSeconds: pod.spec.terminationGracePeriodSeconds ?? 30, podIp: place.podIps[0] ?? '', message: 'FailedPostStartHook' });
    }
    return fail('PostStartHookError', problem);
  }

  async #pullSecrets(pod: Pod): Promise<readonly Secret[]> {
    const secrets: Secret[] = [];
    for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
      const secret = await this.#parts.secrets.get({ namespace: pod.metadata.namespace ?? '', name }, uidOf(pod));
      if (secret !== undefined) secrets.push(secret);
      else this.#parts.recorder.record(podSubject(pod), 'Warning', 'FailedToRetrieveImagePullSecret', `Unable to retrieve some image pull secrets (${name}); attempting to pull the image may not succeed.`);
    }
    return secrets;
  }
}

/** Where a container is started. */
interface Place {
  readonly config: PodSandboxConfig;
  readonly sandboxId: string;
  readonly podIps: readonly string[];
  readonly volumes: ReadonlyMap<string, string>;
  readonly observed: Observed;
  readonly hooks: SyncHooks;
}

async function configOf(parts: PodSyncerParts, pod: Pod, entry: RoledContainer, { start, image, place }: { readonly start: Start; readonly image: PulledImage; readonly place: Place }): Promise<ContainerConfig> {
  const settings = parts.settings();
  const namespace = pod.metadata.namespace ?? '';
  const node = parts.node();
  const { variables, invalid } = await environment({
    pod, container: entry.container, node, podIps: place.podIps, services: await parts.services(pod),
    references: { configMap: (name) => parts.configMaps.get({ namespace, name }, uidOf(pod)), secret: (name) => parts.secrets.get({ namespace, name }, uidOf(pod)) },
  });
  if (invalid.length > 0) {
    parts.recorder.record(podSubject(pod), 'Warning', 'InvalidEnvironmentVariableNames', `Keys [${invalid.join(', ')}] from the EnvFrom sources of ${namespace}/${pod.metadata.name ?? ''} were skipped since they are considered invalid environment variable names.`);
  }
  const mounts = await containerMounts({
    files: parts.files, pod, entry, volumes: place.volumes, environment: variables, podDirectory: parts.volumes.podDirectory(uidOf(pod)),
    hosts: hostsFile(pod, { podIps: place.podIps, clusterDomain: settings.dns.clusterDomain, nodeHosts: settings.nodeHosts }),
    runId: Math.floor(parts.random() * 0x1_0000_0000).toString(16).padStart(8, '0'),
  });
  await parts.files.makeDirectory(`${podLogDirectory(settings.podLogsDirectory, pod)}/${entry.container.name}`, { mode: 0o755 });
  const target = targetOf(entry, place.observed);
  return containerConfig(pod, entry, {
    restartCount: start.restartCount, image, environment: variables, mounts, resources: containerResources(pod, entry.container, settings.resources),
    seccompDefault: settings.seccompDefault, ...(target === undefined ? {} : { target }),
  });
}

function targetOf({ container }: RoledContainer, observed: Observed): string | undefined {
  const name = container.targetContainerName ?? '';
  if (name === '') return undefined;
  const target = latest(observed, name);
  if (target?.state !== 'running') throw new ContainerConfigError(`unable to find target container ${name}`);
  return target.id;
}

/** Sandboxes and containers of a pod, out of the runtime. */
export async function removeFromRuntime(cri: KillerParts['cri'], observed: Observed): Promise<void> {
  for (const sandbox of observed.sandboxes) {
    try {
      await cri.stopSandbox(sandbox.id);
      for (const container of observed.containers) if (container.sandboxId === sandbox.id) await cri.removeContainer(container.id);
      await cri.removeSandbox(sandbox.id);
    } catch (error) {
      if (!isNotFound(error)) throw error; // somebody else was faster
    }
  }
}
