/** All controllers, in the one list there is, over one set of informers. */
import type { AnyResource, ApiObject } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { type Runtime, Scope } from '@kaji/base';
import { type Client, Informers, leaderElect, type LeaderElectionOptions } from '@kaji/client';
import { clusterRoleAggregationController } from './cluster-role-aggregation/controller.ts';
import { makeAccounts } from './controller-accounts.ts';
import type { Controller } from './controller.ts';
import { cronJobController } from './cron-job/controller.ts';
import { daemonSetController } from './daemon-set/controller.ts';
import { deploymentController } from './deployment/controller.ts';
import { disruptionController } from './disruption/controller.ts';
import { endpointSliceMirroringController } from './endpoint-slice-mirroring/controller.ts';
import { endpointSliceController } from './endpoint-slice/controller.ts';
import { endpointsController } from './endpoints/controller.ts';
import { garbageCollector } from './garbage-collector/controller.ts';
import { jobController } from './job/controller.ts';
import { namespaceController } from './namespace/controller.ts';
import { nodeIpamController } from './node-ipam/controller.ts';
import { nodeLifecycleController } from './node-lifecycle/controller.ts';
import { podGarbageCollector } from './pod-garbage-collector/controller.ts';
import { replicaSetController, replicationControllerController } from './replicas/controller.ts';
import { resourceQuotaController } from './resource-quota/controller.ts';
import { rootCertificatePublisher } from './root-certificate/controller.ts';
import { runController } from './runner.ts';
import { serviceAccountTokenController } from './service-account-token/controller.ts';
import { serviceAccountController } from './service-account/controller.ts';
import { serviceAddressRepair } from './service-address-repair/controller.ts';
import { serviceCidrController } from './service-cidr/controller.ts';
import { persistentVolumeClaimProtection, persistentVolumeProtection, volumeAttributesClassProtection } from './storage-protection/controller.ts';
import { statefulSetController } from './stateful-set/controller.ts';
import { taintEvictionController } from './taint-eviction/controller.ts';
import { ttlAfterFinishedController } from './ttl-after-finished/controller.ts';
import { volumeBinder } from './volume-binder/controller.ts';

export interface ControllersConfig {
  /** The range that nodes get their parts of; they get none without it. */
  readonly clusterCidr: string | undefined;
  /** Prefix length of a node's part. */
  readonly nodeCidrMaskSize: number;
  /** What pods check the API server's certificate with. */
  readonly authorityPem: string;
  /** Signs the tokens of Secrets that ask for one; none are made without it. */
  readonly tokenKeyPem?: string;
  /** Waits for this lease before it begins; undefined where nobody else could run. */
  readonly leaderElection: LeaderElectionOptions | undefined;
}

/** In the order they start: what a first pod needs comes first. */
export const controllersOf = ({ clusterCidr, nodeCidrMaskSize, authorityPem, tokenKeyPem }: ControllersConfig): readonly Controller[] => [
  serviceAccountController,
  ...(tokenKeyPem === undefined ? [] : [serviceAccountTokenController(authorityPem, tokenKeyPem)]),
  rootCertificatePublisher(authorityPem),
  ...(clusterCidr === undefined ? [] : [nodeIpamController({ podCidr: clusterCidr, nodePrefix: nodeCidrMaskSize })]),
  nodeLifecycleController(),
  taintEvictionController(),
  deploymentController(),
  replicaSetController(),
  replicationControllerController(),
  daemonSetController(),
  statefulSetController(),
  jobController(),
  cronJobController,
  ttlAfterFinishedController,
  endpointsController(),
  endpointSliceController(),
  endpointSliceMirroringController(),
  namespaceController(() => Promise.resolve(kinds)),
  garbageCollector(kinds),
  podGarbageCollector(),
  disruptionController(),
  resourceQuotaController(kinds),
  volumeBinder(),
  persistentVolumeClaimProtection(),
  persistentVolumeProtection(),
  volumeAttributesClassProtection(),
  serviceCidrController,
  serviceAddressRepair,
  clusterRoleAggregationController,
];

/** Runs until the signal; throws when the lease is lost or a controller cannot go on. */
export async function runControllers(runtime: Runtime, { client }: { readonly client: Client }, config: ControllersConfig, signal: AbortSignal): Promise<void> {
  const lead = (inner: AbortSignal): Promise<void> => runAll(runtime, client, controllersOf(config), inner);
  await (config.leaderElection === undefined ? lead(signal) : leaderElect(runtime, client, config.leaderElection, lead, signal));
}

async function runAll(runtime: Runtime, client: Client, controllers: readonly Controller[], signal: AbortSignal): Promise<void> {
  await using scope = new Scope(signal);
  const informers = new Informers(runtime, client);
  for (const [resource, isNeededWhole] of watchedBy(controllers)) informers.of(resource, { transform: isNeededWhole ? withoutManagers : metadataOnly });
  scope.run('informers', (inner) => informers.run(inner));
  scope.run('accounts', () => makeAccounts(client, controllers));
  for (const controller of controllers) scope.run(controller.name, (inner) => runController(runtime, controller, { client, informers }, inner));
  await scope.join();
}

/** Every resource that is watched, and whether anybody asks for more than the metadata. */
function watchedBy(controllers: readonly Controller[]): ReadonlyMap<AnyResource, boolean> {
  const watched = new Map<AnyResource, boolean>();
  for (const controller of controllers) {
    for (const { resource, readsMetadataOnly } of controller.watches) watched.set(resource, watched.get(resource) === true || (readsMetadataOnly ?? controller.readsMetadataOnly) !== true);
  }
  return watched;
}

/** Kubernetes: an update without managed fields keeps those that are there. */
const withoutManagers = (object: ApiObject): ApiObject => {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

const metadataOnly = (object: ApiObject): ApiObject => ({ metadata: withoutManagers(object).metadata });
