/** What every composition of components does alike. */
import type { Retention } from '@kaji/store';

const dayMs = 86_400_000;

/** How long a server's log keeps history. Kubernetes: Events live an hour; Leases change every few seconds and say nothing afterwards. */
export const retention: readonly Retention[] = [{ prefix: '', keepMs: 7 * dayMs }, { prefix: '/registry/leases/', keepMs: 0 }, { prefix: '/registry/events/', keepMs: 0 }];

/** Kubernetes: what a node gets of the pods' range. */
export const nodeCidrMaskSize = 24;

/** Where the store is one server's own nobody else could schedule: no lease is taken, and none is waited for after a crash. */
export const aloneScheduler = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration', leaderElection: { leaderElect: false } };
