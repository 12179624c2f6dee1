/** The control plane in one process: the API on this thread, controllers and scheduler on another, the store on a third. */
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isReason } from '@kaji/api';
import { clusterrolebindings } from '@kaji/api/rbac/v1';
import { admissionConfiguration, ApiServer, type ApiServerConfig, apiServerDefaults, type User } from '@kaji/apiserver';
import { defined, type Runtime, Scope } from '@kaji/base';
import { createClient, servePort } from '@kaji/client';
import type { ControllersConfig } from '@kaji/controllers';
import type { Host } from '@kaji/host';
import { PodNetwork } from '@kaji/network';
import { openSqliteStore } from '@kaji/store';
import { aloneScheduler, nodeCidrMaskSize, retention } from './defaults.ts';
import { readNeeded, readNeededYaml } from './read-needed.ts';

/** Paths and addresses of a server; the flags of `kaji server` fill it. */
export interface ServerConfig {
  readonly bindAddress: string;
  readonly securePort: number;
  readonly advertiseAddress: string;
  readonly tlsCertFile: string;
  readonly tlsPrivateKeyFile: string;
  readonly clientCaFile: string;
  readonly kubeletClientCertificate: string;
  readonly kubeletClientKey: string;
  readonly kubeletCertificateAuthority: string;
  readonly serviceAccountIssuer: string;
  readonly serviceAccountKeyFile: string;
  readonly serviceAccountSigningKeyFile: string;
  readonly serviceClusterIpRange: string;
  readonly clusterCidr: string;
  readonly dataDirectory: string;
  /** A KubeSchedulerConfiguration; empty for upstream's defaults. */
  readonly schedulerConfig: string;
  /** An AdmissionConfiguration; empty for upstream's defaults. */
  readonly admissionControlConfigFile: string;
  /** Admission steps beyond those that are on by default, separated by commas. */
  readonly enableAdmissionPlugins: string;
  /** Admission steps that are left out, separated by commas. */
  readonly disableAdmissionPlugins: string;
  /** Keeps routes to the nodes' pods, so that the API reaches Services and pods it proxies to. */
  readonly hasPodRoutes: boolean;
}

/** What the control plane's thread is started with. */
export interface ControlPlaneOptions {
  readonly controllers: ControllersConfig;
  /** A KubeSchedulerConfiguration. */
  readonly scheduler: unknown;
  /** Who this is where leaders are elected. */
  readonly identity: string;
}

/** The thread makes little garbage at a time; the default would keep three times as much about. */
const youngGenerationMb = 4;

/** Who the parts of the control plane are to the API. They are this process: trusted as it is. */
const controlPlaneUser = (name: string): User => ({ name, uid: '', groups: ['system:masters', 'system:authenticated'], extra: {} });

/** Runs until the signal; throws when a part fails, so that whoever supervises starts all of it anew. */
export async function runServer(runtime: Runtime, host: Host, config: ServerConfig, signal: AbortSignal): Promise<void> {
  await host.files.makeDirectory(config.dataDirectory, { mode: 0o700 });
  const [apiConfig, tls, store] = await Promise.all([readApiConfig(host, config), readTls(host, config), openSqliteStore(`${config.dataDirectory}/store.db`, runtime, { retention })]);
  try {
    const server = new ApiServer(runtime, { store }, apiConfig);
    await server.start();
    await grantAdministrators(server);
    const port = await server.listen({ address: config.bindAddress, port: config.securePort, ...tls });
    await server.advertise({ address: config.advertiseAddress, port });
    runtime.log.info('serving', { address: config.bindAddress, port });
    try {
      await using scope = new Scope(signal);
      const authorityPem = defined(apiConfig.clientAuthoritiesPem, 'the authority of clients');
      const options: ControlPlaneOptions = {
        controllers: { clusterCidr: config.clusterCidr, nodeCidrMaskSize, authorityPem, tokenKeyPem: apiConfig.serviceAccounts.privateKeyPem, leaderElection: undefined },
        scheduler: config.schedulerConfig === '' ? aloneScheduler : await readNeededYaml(host, config.schedulerConfig),
        identity: host.hostname,
      };
      scope.run('controllers and scheduler', (inner) => runControlPlaneThread(server, options, inner));
      if (config.hasPodRoutes) {
        const client = createClient(server.transport(controlPlaneUser('system:kaji-server')), { userAgent: 'kaji-server' });
        const network = new PodNetwork(runtime, { client, host }, { nodeName: undefined, podRange: config.clusterCidr, cniDirectory: '', mtu: 0 });
        scope.run('routes to pods', (inner) => network.run(inner));
      }
      await ended(scope.signal);
      await scope.join();
    } finally {
      await server.close();
    }
  } finally {
    await store.close();
  }
}

/** Kubernetes: what kubeadm does for the group that its administrators' certificates name. */
async function grantAdministrators(server: ApiServer): Promise<void> {
  const client = createClient(server.transport(controlPlaneUser('system:kaji-server')), { userAgent: 'kaji-server' });
  try {
    await client.create(clusterrolebindings, {
      metadata: { name: 'kubeadm:cluster-admins' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kubeadm:cluster-admins' }],
    });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

/** Serves the thread over message ports, one for each name, until the signal. The thread's end is a failure. */
async function runControlPlaneThread(server: ApiServer, options: ControlPlaneOptions, signal: AbortSignal): Promise<void> {
  const controllers = new MessageChannel();
  const scheduler = new MessageChannel();
  servePort(controllers.port1, server.transport(controlPlaneUser('system:kube-controller-manager')));
  servePort(scheduler.port1, server.transport(controlPlaneUser('system:kube-scheduler')));
  const worker = new Worker(new URL(import.meta.resolve('./control-plane-thread.ts')), {
    name: 'control plane',
    workerData: { options, ports: { controllers: controllers.port2, scheduler: scheduler.port2 } },
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    transferList: [controllers.port2, scheduler.port2],
  });
  const finished = new Promise<never>((_, reject) => {
    worker.once('error', (error) => { reject(new Error('the control plane\'s thread failed', { cause: error })); });
    worker.once('exit', (code) => { reject(new Error(`the control plane's thread ended with ${code}`)); });
  });
  try {
    await Promise.race([finished, ended(signal)]);
  } finally {
    finished.catch(() => undefined); // the end that follows is the one we ask for
    await worker.terminate();
    controllers.port1.close();
    scheduler.port1.close();
  }
}

async function readApiConfig(host: Host, config: ServerConfig): Promise<ApiServerConfig> {
  const [clientAuthoritiesPem, privateKeyPem, publicKeyPem, certificatePem, kubeletKeyPem, authoritiesPem] = await Promise.all(
    [config.clientCaFile, config.serviceAccountSigningKeyFile, config.serviceAccountKeyFile, config.kubeletClientCertificate, config.kubeletClientKey, config.kubeletCertificateAuthority].map((path) => readNeeded(host, path)),
  ) as [string, string, string, string, string, string]; // as many as were asked for
  const admissionFile = config.admissionControlConfigFile;
  const admission = admissionFile === '' ? {} : await admissionConfiguration(await readNeededYaml(host, admissionFile), (path) => readNeededYaml(host, resolve(dirname(admissionFile), path)));
  return {
    ...apiServerDefaults,
    ...admission,
    enabledAdmission: namesIn(config.enableAdmissionPlugins),
    disabledAdmission: namesIn(config.disableAdmissionPlugins),
    serviceClusterIpRanges: [config.serviceClusterIpRange],
    serviceAccounts: { issuer: config.serviceAccountIssuer, audiences: [config.serviceAccountIssuer], privateKeyPem, publicKeyPems: [publicKeyPem] },
    clientAuthoritiesPem,
    kubelet: { certificatePem, privateKeyPem: kubeletKeyPem, authoritiesPem },
  };
}

const namesIn = (text: string): readonly string[] => text.split(',').filter((name) => name !== '');

async function readTls(host: Host, config: ServerConfig): Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }> {
  const [certificatePem, privateKeyPem] = await Promise.all([readNeeded(host, config.tlsCertFile), readNeeded(host, config.tlsPrivateKeyFile)]);
  return { certificatePem, privateKeyPem };
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => { resolve(); }, { once: true });
  });
}
