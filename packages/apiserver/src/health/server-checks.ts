// The checks of this server, by the names and in the order in which upstream's lists them.
import type { Check, HealthEndpoint } from './checks.ts';

export interface ServerState {
  /** Why the server has not started; undefined once its own objects are seeded, its caches filled and its controllers run. */
  starting(): string | undefined;
  /** Why it cannot read the store. */
  storeProblem(): Promise<string | undefined>;
  isStopping(): boolean;
  /** Writes a line of log: that this does not fail is what the check `log` is about. */
  log(): void;
}

/**
 * Kubernetes: each part that its server starts says by a name of its own when it runs, and probes ask for those names. Here the
 * counterparts of all of them are up together, when the server's start is over: so they share one answer.
 */
const hooksBeforeRegistration = [
  'start-apiserver-admission-initializer', 'generic-apiserver-start-informers', 'priority-and-fairness-config-consumer', 'priority-and-fairness-filter', 'storage-object-count-tracker-hook',
  'start-apiextensions-informers', 'start-apiextensions-controllers', 'crd-informer-synced', 'start-system-namespaces-controller', 'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller', 'start-kube-apiserver-identity-lease-controller', 'start-kube-apiserver-identity-lease-garbage-collector', 'storage-readiness',
  'start-legacy-token-tracking-controller', 'start-service-ip-repair-controllers', 'rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes', 'priority-and-fairness-config-producer',
  'bootstrap-controller', 'start-kubernetes-service-cidr-controller', 'aggregator-reload-proxy-client-cert', 'start-kube-aggregator-informers', 'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller', 'apiservice-registration-controller', 'apiservice-wait-for-first-sync', 'apiservice-discovery-controller', 'kube-apiserver-autoregistration',
];
const hooksAfterRegistration = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller'];

export function serverChecks(state: ServerState): readonly HealthEndpoint[] {
  const started = (name: string): Check => ({ name, check: () => state.starting() });
  const hook = (name: string): Check => started(`poststarthook/${name}`);
  const [ping, log]: readonly [Check, Check] = [{ name: 'ping', check: () => undefined }, { name: 'log', check: () => { state.log(); return undefined; } }];
  const hooks = [...hooksBeforeRegistration.map(hook), started('autoregister-completion'), ...hooksAfterRegistration.map(hook)];
  const live = [ping, log, started('loopback-serving-certificate'), { name: 'etcd', check: () => state.storeProblem() }, ...hooks];
  return [
    { path: '/healthz', checks: live },
    { path: '/livez', checks: live },
    { path: '/readyz', checks: [ping, log, started('informer-sync'), ...hooks, { name: 'shutdown', check: () => (state.isStopping() ? 'process is shutting down' : undefined) }] },
  ];
}
