/** The kubelet: puts its parts together, and runs them until the signal. Containers go on when it ends. */
import { configmaps, type Node, type Pod, pods, type PodStatus, secrets, type Service, services } from '@kaji/api/core/v1';
import { ApiError, isReason } from '@kaji/api';
import { type Runtime, Scope, sleep } from '@kaji/base';
import { type Client, EventRecorder, Informer } from '@kaji/client';
import { checkHealth, type ContainerRuntime } from '@kaji/cri';
import { type Host, HostError } from '@kaji/host';
import { isDeepEqual, parseDuration, quantityMilliValue, quantityValue } from '@kaji/schema';
import type { KubeletConfiguration } from './configuration.ts';
import { Cgroups, detectCgroups } from './containers/cgroups.ts';
import type { NodeFacts } from './containers/field-path.ts';
import type { ResourceSettings } from './containers/resources.ts';
import { type StorageWatchParts, watchStorage } from './eviction/storage-watch.ts';
import { containerSubject, type Recorder, recorderOver } from './events.ts';
import { HouseKeeper } from './house-keeper.ts';
import { ImagePuller } from './images/image-puller.ts';
import { NodeAgent } from './node/node-agent.ts';
import { allocatable, type NodeDescription, type NodeHealth } from './node/node-status.ts';
import { refusal } from './pod-worker/admission.ts';
import { killAll } from './pod-worker/container-killer.ts';
import { Observer } from './pod-worker/observe.ts';
import type { Observed } from './pod-worker/observed.ts';
import { describe, findContainer, isStatic, uidOf } from './pod-worker/pod-view.ts';
import { PodSyncer, removeFromRuntime, type SyncSettings } from './pod-worker/pod-syncer.ts';
import type { PodWorker, WorkerParts } from './pod-worker/pod-worker.ts';
import { PodsOfNode } from './pods-of-node.ts';
import { Prober } from './probes/prober.ts';
import { httpGet } from './server/http-get.ts';
import { KubeletServer } from './server/kubelet-server.ts';
import { isMirrorOf, mirrorOf, watchStaticPods } from './sources/static-pods.ts';
import { StatusReporter } from './status/status-reporter.ts';
import { kubeletVersion } from './version.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';
import { ReferencedObjects } from './volumes/referenced-objects.ts';
import { ServiceAccountTokens } from './volumes/service-account-tokens.ts';

export interface KubeletParts {
  readonly client: Client;
  readonly cri: ContainerRuntime;
  readonly host: Host;
}

export interface KubeletConfig {
  readonly nodeName: string;
  /** The first is the main one. */
  readonly nodeAddresses: readonly string[];
  /** `/var/lib/kubelet` */
  readonly rootDirectory: string;
  readonly configuration: KubeletConfiguration;
  /** Beside those every node has. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What the node says it has, where that is less than the machine. */
  readonly capacity?: { readonly cpu?: string; readonly memory?: string };
}

const crashBackoffMs = 10_000;

export class Kubelet {
  readonly #runtime: Runtime;
  readonly #parts: KubeletParts;
  readonly #config: KubeletConfig;

  constructor(runtime: Runtime, parts: KubeletParts, config: KubeletConfig) {
    this.#runtime = { ...runtime, log: runtime.log.with({ component: 'kubelet', node: config.nodeName }) };
    this.#parts = parts;
    this.#config = config;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { host } = this.#parts;
    const { configuration } = this.#config;
    if (configuration.failSwapOn === true && ((await host.files.readText('/proc/swaps')) ?? '').trim().split('\n').length > 1) {
      throw new HostError('running with swap on is not supported, please disable swap or set failSwapOn to false');
    }
    await using scope = new Scope(signal);
    const assembly = await assemble(this.#runtime, this.#parts, this.#config, scope);
    await assembly.run(scope);
    await scope.join();
  }
}

const ms = (duration: string | undefined): number => parseDuration(duration ?? '0s');

async function assemble(runtime: Runtime, parts: KubeletParts, config: KubeletConfig, scope: Scope): Promise<Assembly> {
  const { host } = parts;
  const { configuration } = config;
  const resources: ResourceSettings = {
    cpuCfsQuota: configuration.cpuCFSQuota === true, cpuCfsQuotaPeriodMicros: ms(configuration.cpuCFSQuotaPeriod) * 1000, nodeMemoryBytes: host.facts.memoryBytes,
  };
  const cgroups = new Cgroups(host.files, await detectCgroups(host.files, configuration.cgroupRoot ?? ''), resources);
  const resolvConf = configuration.resolvConf === undefined || configuration.resolvConf === '' ? 'nameserver 127.0.0.1\nsearch .\n' : ((await host.files.readText(configuration.resolvConf)) ?? '');
  const settings: SyncSettings = {
    podLogsDirectory: configuration.podLogsDir ?? '/var/log/pods',
    dns: { clusterDns: configuration.clusterDNS ?? [], clusterDomain: configuration.clusterDomain ?? '', nodeResolvConf: resolvConf },
    nodeHosts: (await host.files.readText('/etc/hosts')) ?? '',
    resources, seccompDefault: configuration.seccompDefault === true,
  };
  return new Assembly(runtime, parts, { config, cgroups, settings, signal: scope.signal });
}

interface Prepared {
  readonly config: KubeletConfig;
  readonly cgroups: Cgroups;
  readonly settings: SyncSettings;
  readonly signal: AbortSignal;
}

/** The parts, wired. Its methods are what the parts need of each other. */
class Assembly {
  readonly #runtime: Runtime;
  readonly #parts: KubeletParts;
  readonly #config: KubeletConfig;
  readonly #cgroups: Cgroups;
  readonly #events: EventRecorder;
  readonly #recorder: Recorder;
  readonly #observer: Observer;
  readonly #pods: PodsOfNode;
  readonly #apiPods: Informer<Pod>;
  readonly #services: Informer<Service>;
  readonly #reporter: StatusReporter;
  readonly #volumes: PodVolumes;
  readonly #syncer: PodSyncer;
  readonly #prober: Prober;
  readonly #agent: NodeAgent;
  readonly #keeper: HouseKeeper;
  readonly #storageParts: StorageWatchParts;
  readonly #signal: AbortSignal;
  readonly #get;
  #runtimeVersion = '';
  #networkProblem: string | undefined;
  #runtimeProblem: string | undefined = 'container runtime status check may not have completed yet';
  #apiReady = false;
  #mirrors: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, parts: KubeletParts, { config, cgroups, settings, signal }: Prepared) {
    const { client, cri, host } = parts;
    const { configuration, nodeName } = config;
    const { clock, log } = runtime;
    this.#runtime = runtime;
    this.#parts = parts;
    this.#config = config;
    this.#cgroups = cgroups;
    this.#signal = signal;
    this.#get = httpGet(clock);
    this.#events = new EventRecorder(runtime, client, { component: 'kubelet', host: nodeName });
    this.#recorder = recorderOver(this.#events);
    this.#observer = new Observer(cri, host.files, clock);
    this.#reporter = new StatusReporter(runtime, client, signal);
    this.#apiPods = new Informer(runtime, client, pods, { fieldSelector: `spec.nodeName=${nodeName}` });
    this.#services = new Informer(runtime, client, services);
    const configMaps = new ReferencedObjects(runtime, client, configmaps, (users) => { this.#changed(users); });
    const secretObjects = new ReferencedObjects(runtime, client, secrets, (users) => { this.#changed(users); });
    signal.addEventListener('abort', () => { configMaps.close(); secretObjects.close(); this.#prober.close(); this.#pods.close(); }, { once: true });
    const tokens = new ServiceAccountTokens(client, clock);
    const node = (): NodeFacts => this.#facts();
    this.#volumes = new PodVolumes({ clock, log, host, rootDirectory: config.rootDirectory, configMaps, secrets: secretObjects, tokens, node });
    const random = runtime.random.stream('kubelet');
    const images = new ImagePuller({ cri, clock, recorder: this.#recorder, isSerial: configuration.serializeImagePulls === true });
    this.#syncer = new PodSyncer({
      cri, clock, httpGet: this.#get, recorder: this.#recorder, files: host.files, random, volumes: this.#volumes, images, cgroups, configMaps, secrets: secretObjects, node,
      settings: () => settings, services: (pod) => this.#servicesOf(pod), networkProblem: () => this.#networkProblem,
    });
    this.#prober = new Prober({ cri, clock, sockets: host.sockets, httpGet: this.#get, log, random, recorder: this.#recorder, nodeAddress: () => config.nodeAddresses[0] ?? '', grpcHealth: (target) => checkHealth(target, () => clock.now()) });
    this.#pods = new PodsOfNode({
      cri, log, worker: this.#workerParts(), mirror: (pod, mirror) => { this.#mirror(pod, mirror); },
      refuse: (pod, others) => { const { allocatable: room } = this.#facts(); return refusal(pod, others, { ...room, pods: configuration.maxPods ?? 110 }); },
    });
    this.#agent = new NodeAgent(
      { runtime, client, recorder: this.#recorder, describe: () => this.#describe(), health: () => this.#health() },
      {
        nodeName, updateMs: ms(configuration.nodeStatusUpdateFrequency), reportMs: ms(configuration.nodeStatusReportFrequency), leaseSeconds: configuration.nodeLeaseDurationSeconds ?? 40,
        registers: configuration.registerNode === true, taints: configuration.registerWithTaints ?? [], providerId: configuration.providerID ?? '',
      },
    );
    this.#keeper = new HouseKeeper({ runtime, cri, host, pods: this.#pods, observer: this.#observer, volumes: this.#volumes, configuration, podLogsDirectory: settings.podLogsDirectory });
    this.#storageParts = { runtime, cri, files: host.files, pods: this.#pods, volumes: this.#volumes, recorder: this.#recorder, podLogsDirectory: settings.podLogsDirectory };
  }

  async run(scope: Scope): Promise<void> {
    const { configuration, nodeName } = this.#config;
    this.#apiPods.subscribe((change) => {
      if (change.type === 'deleted') this.#pods.removed(change.object);
      else {
        this.#reporter.learn(change.object);
        this.#pods.desired(change.object);
        if (change.type === 'updated' && showsItself(change.object) && !hasSameMarks(change.object, change.previous)) this.#changed(new Set([uidOf(change.object)]));
      }
    }, scope.signal);
    scope.run('events', (signal) => this.#events.run(signal));
    scope.run('runtime health', (signal) => this.#watchRuntime(signal));
    scope.run('node status', (signal) => this.#agent.runStatus(signal));
    scope.run('node lease', (signal) => this.#agent.runLease(signal));
    scope.run('services', (signal) => this.#services.run(signal));
    scope.run('pods', (signal) => this.#apiPods.run(signal));
    const directory = configuration.staticPodPath ?? '';
    let isStaticRead = directory === '';
    if (!isStaticRead) {
      const settings = { directory, nodeName, rereadMs: ms(configuration.fileCheckFrequency) };
      scope.run('static pods', (signal) => watchStaticPods(this.#runtime, this.#parts.host.files, settings, (found) => { this.#pods.setStatic(found); isStaticRead = true; }, signal));
    }
    scope.run('sources', async (signal) => {
      await this.#apiPods.synced(signal);
      this.#apiReady = true;
      while (!isStaticRead) await sleep(this.#runtime.clock, 100, signal);
      this.#pods.complete();
      await this.#relist();
      await this.#keeper.removeLeftovers();
      while (this.#agent.node === undefined) await sleep(this.#runtime.clock, 100, signal);
      this.#pods.mirrorAll();
    });
    scope.run('runtime events', (signal) => this.#listen(signal));
    scope.run('storage limits', (signal) => watchStorage(this.#storageParts, signal));
    scope.run('house keeping', (signal) => this.#keeper.run(signal));
    scope.run('volume refresh', (signal) => this.#refreshVolumes(signal));
    if (configuration.enableServer === true) {
      const server = new KubeletServer(this.#runtime, { client: this.#parts.client, cri: this.#parts.cri, host: this.#parts.host, pods: this.#pods, node: () => this.#agent.node }, this.#config);
      scope.run('server', (signal) => server.run(signal));
    }
    this.#recorder.record(this.#agent.subject, 'Normal', 'Starting', 'Starting kubelet.');
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { clock } = this.#runtime;
    const safety = (async () => {
      while (!signal.aborted) {
        await sleep(clock, ms(this.#config.configuration.syncFrequency), signal).catch(() => undefined); // an abort ends the loop
        if (!signal.aborted) await this.#relist();
      }
    })();
    for await (const event of this.#parts.cri.events(signal)) {
      try {
        await this.#pods.hear(event);
      } catch (error) {
        this.#runtime.log.warn('cannot look at the runtime', { reason: error instanceof Error ? error.message : String(error) });
      }
      if (event.type === 'resync') this.#agent.poke();
    }
    await safety;
  }

  async #relist(): Promise<void> {
    try {
      await this.#pods.relist();
    } catch (error) {
      // the runtime is away: its event stream says when it is back, and everything is looked at then
      this.#runtime.log.warn('cannot list the runtime', { reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #workerParts(): WorkerParts {
    const { clock, log } = this.#runtime;
    const { cri } = this.#parts;
    const maxMs = ms(this.#config.configuration.crashLoopBackOff?.maxContainerRestartPeriod);
    return {
      clock, log, limits: { initialMs: Math.min(crashBackoffMs, maxMs), maxMs },
      node: () => ({ addresses: this.#config.nodeAddresses }),
      observe: async (uid) => {
        const observed = await this.#observer.observe(uid);
        this.#pods.learn(uid, observed);
        return observed;
      },
      sync: (pod, plan, observed, hooks) => this.#syncer.sync(pod, plan, observed, hooks),
      stop: async (pod, observed, graceSeconds) => {
        const podIp = observed.sandboxes[0]?.addresses[0] ?? '';
        await killAll({ cri, clock, httpGet: this.#get, recorder: this.#recorder }, pod, observed, { graceSeconds, podIp });
        for (const sandbox of observed.sandboxes) if (sandbox.isReady) await cri.stopSandbox(sandbox.id);
      },
      clean: (pod) => this.#clean(pod),
      backedOff: (pod, names) => {
        for (const name of names) {
          const entry = findContainer(pod, name);
          if (entry !== undefined) this.#recorder.record(containerSubject(pod, entry.container, entry.role), 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${describe(pod)}`);
        }
      },
      report: (pod, status) => { this.#report(pod, status); },
      release: async (pod) => {
        await this.#reporter.flush(uidOf(pod));
        const { namespace = '', name = '' } = pod.metadata;
        await ignoring('NotFound', () => this.#parts.client.delete(pods, { namespace, name }, { uid: uidOf(pod), gracePeriodSeconds: 0 }));
      },
      forget: (pod, observed) => this.#forget(pod, observed),
      changed: (worker) => { this.#prober.adjust(worker); },
    };
  }

  async #clean(pod: Pod): Promise<void> {
    await this.#volumes.tearDown(uidOf(pod));
    await this.#cgroups.remove(pod);
  }

  async #forget(pod: Pod, observed: Observed): Promise<void> {
    const uid = uidOf(pod);
    await removeFromRuntime(this.#parts.cri, observed);
    await this.#clean(pod);
    await this.#keeper.removeLogs(pod);
    this.#observer.forget([...observed.containers, ...observed.sandboxes].map((item) => item.id));
    this.#reporter.forget(uid);
    this.#syncer.forget(uid);
    this.#pods.drop(uid);
  }

  #report(pod: Pod, status: PodStatus): void {
    const object = isStatic(pod) ? this.#pods.mirrorFor(pod) : pod;
    if (object?.metadata.resourceVersion === undefined) return; // no mirror yet, or an orphan: nobody to tell
    this.#reporter.report(object, status);
  }

  /** Keeps the API's picture of a static pod, one change after the other. */
  #mirror(pod: Pod | undefined, mirror: Pod | undefined): void {
    this.#mirrors = this.#mirrors.then(async () => {
      try {
        await this.#setMirror(pod, mirror);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.#runtime.log.warn('cannot write the mirror of a static pod', { pod: pod?.metadata.name ?? mirror?.metadata.name, reason: error.message });
      }
    });
  }

  async #setMirror(pod: Pod | undefined, mirror: Pod | undefined): Promise<void> {
    const { client } = this.#parts;
    if (mirror !== undefined && (pod === undefined ? this.#apiReady : !isMirrorOf(mirror, pod))) {
      const { namespace = '', name = '', uid = '' } = mirror.metadata;
      this.#reporter.forget(uid);
      await ignoring('NotFound', () => client.delete(pods, { namespace, name }, { uid, gracePeriodSeconds: 0 }));
      return; // its deletion, once seen, brings the new one
    }
    if (pod === undefined) return;
    if (mirror !== undefined) {
      this.#report(pod, this.#pods.get(uidOf(pod))?.status ?? {});
      return;
    }
    if (!this.#apiReady || this.#pods.mirrorFor(pod) !== undefined) return;
    const node: Node | undefined = this.#agent.node;
    if (node === undefined) return; // registered soon: then all mirrors are looked at again
    await ignoring('AlreadyExists', () => client.create(pods, mirrorOf(pod, { name: this.#config.nodeName, uid: node.metadata.uid ?? '' })));
  }

  /** What pods refer to has changed: rounds that wait may go on, files are written anew. */
  #changed(users: ReadonlySet<string>): void {
    for (const uid of users) {
      const worker = this.#pods.get(uid);
      if (worker === undefined) continue;
      if (worker.state.phase === 'starting' || worker.state.phase === 'admitted') worker.offer({ type: 'retry' });
      else void this.#refresh(worker);
    }
  }

  async #refresh(worker: PodWorker): Promise<void> {
    const { pod, phase, observed, isSyncing } = worker.state;
    if (phase !== 'running' || isSyncing) return; // a round writes the newest anyway
    try {
      await this.#volumes.refresh(pod, observed.sandboxes[0]?.addresses ?? []);
      worker.offer({ type: 'retry' });
    } catch (error) {
      // the files stay as they were; the safety round tries again
      this.#runtime.log.warn('cannot refresh the volumes of a pod', { pod: pod.metadata.name, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Tokens want to be renewed, and labels in files to follow the pod's. */
  async #refreshVolumes(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#runtime.clock, ms(this.#config.configuration.syncFrequency), signal).catch(() => undefined); // an abort ends the loop
      for (const worker of this.#pods.workers()) if (!signal.aborted) await this.#refresh(worker);
    }
  }

  async #servicesOf(pod: Pod): Promise<readonly Service[]> {
    const { namespace = '' } = pod.metadata;
    // a static pod may be the API server itself: it cannot wait for what only that can tell
    if (!isStatic(pod)) await this.#services.synced(this.#signal);
    const master = this.#services.cache.get({ namespace: 'default', name: 'kubernetes' });
    const own = [...this.#services.cache.inNamespace(namespace)].filter((service) => service !== master);
    return master === undefined ? own : [master, ...own];
  }

  #facts(): NodeFacts {
    const { nodeName, nodeAddresses } = this.#config;
    const room = allocatable({ capacity: this.#capacity(), reserved: this.#reserved() });
    return {
      nodeName, addresses: nodeAddresses,
      allocatable: { milliCpu: Number(quantityMilliValue(room['cpu'] ?? '0')), memoryBytes: Number(quantityValue(room['memory'] ?? '0')), ephemeralStorageBytes: 0 },
    };
  }

  #reserved(): readonly Readonly<Record<string, string>>[] {
    return [this.#config.configuration.systemReserved ?? {}, this.#config.configuration.kubeReserved ?? {}];
  }

  #capacity(): Readonly<Record<string, string>> {
    const { facts } = this.#parts.host;
    return {
      cpu: this.#config.capacity?.cpu ?? String(facts.cpuCount),
      memory: this.#config.capacity?.memory ?? `${Math.floor(facts.memoryBytes / 1024)}Ki`,
      pods: String(this.#config.configuration.maxPods ?? 110),
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
    };
  }

  async #describe(): Promise<NodeDescription> {
    const { host, cri } = this.#parts;
    const { configuration, nodeName, nodeAddresses, labels = {}, rootDirectory } = this.#config;
    if (this.#runtimeVersion === '') {
      const version = await cri.version().catch(() => undefined); // not up yet: the status says so
      if (version !== undefined) this.#runtimeVersion = `${version.runtimeName}://${version.runtimeVersion}`;
    }
    await host.files.makeDirectory(rootDirectory);
    const disk = await host.files.usage(rootDirectory);
    return {
      nodeName, addresses: nodeAddresses, labels, facts: host.facts, runtimeVersion: this.#runtimeVersion, kubeletVersion,
      capacity: { ...this.#capacity(), 'ephemeral-storage': `${Math.floor(disk.capacityBytes / 1024)}Ki` },
      reserved: this.#reserved(), kubeletPort: configuration.port ?? 10250, maxImages: configuration.nodeStatusMaxImages ?? 50,
    };
  }

  async #health(): Promise<NodeHealth> {
    const { cri, host } = this.#parts;
    const problems = [...(this.#runtimeProblem === undefined ? [] : [this.#runtimeProblem]), ...(this.#networkProblem === undefined ? [] : [`container runtime network not ready: ${this.#networkProblem}`])];
    const images = this.#runtimeProblem === undefined ? await cri.listImages().catch(() => []) : []; // the list is for the scheduler's taste only
    const disk = await host.files.usage(this.#config.rootDirectory);
    // Kubernetes: upstream's own thresholds of hard eviction
    const isDiskFull = disk.availableBytes < disk.capacityBytes * 0.1 || (disk.inodes > 0 && disk.freeInodes < disk.inodes * 0.05);
    return { problems, images, pressure: { memory: false, disk: isDiskFull, pids: false } };
  }

  /** Kubernetes: every five seconds. A runtime that is not well is looked at more often, since pods wait for it. */
  async #watchRuntime(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = `${this.#runtimeProblem ?? ''}/${this.#networkProblem ?? ''}`;
      try {
        const { status } = await this.#parts.cri.status();
        const find = (type: string) => status?.conditions.find((condition) => condition.type === type);
        const [runtime, network] = [find('RuntimeReady'), find('NetworkReady')];
        this.#runtimeProblem = runtime?.status === true ? undefined : `container runtime not ready: RuntimeReady=false reason:${runtime?.reason ?? ''} message:${runtime?.message ?? ''}`;
        this.#networkProblem = network?.status === true ? undefined : `NetworkReady=false reason:${network?.reason ?? ''} message:${network?.message ?? ''}`;
      } catch (error) {
        this.#runtimeProblem = `container runtime is down: ${error instanceof Error ? error.message : String(error)}`;
      }
      if (before !== `${this.#runtimeProblem ?? ''}/${this.#networkProblem ?? ''}`) this.#agent.poke();
      const isWell = this.#runtimeProblem === undefined && this.#networkProblem === undefined;
      await sleep(this.#runtime.clock, isWell ? 5000 : 200, signal).catch(() => undefined); // an abort ends the loop
    }
  }
}

/** Whether a pod sees its own labels and annotations in files. */
const showsItself = (pod: Pod): boolean => (pod.spec.volumes ?? []).some((volume) => volume.downwardAPI !== undefined || volume.projected !== undefined);

const hasSameMarks = (a: Pod, b: Pod): boolean => isDeepEqual(a.metadata.labels, b.metadata.labels) && isDeepEqual(a.metadata.annotations, b.metadata.annotations);

async function ignoring(reason: 'NotFound' | 'AlreadyExists', task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!isReason(error, reason)) throw error;
  }
}

