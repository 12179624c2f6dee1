/** The accounts that the roles of controllers are bound to, one for each that runs. */
import { isReason } from '@kaji/api';
import { serviceaccounts } from '@kaji/api/core/v1';
import type { Client } from '@kaji/client';
import type { Controller } from './controller.ts';

const namespace = 'kube-system';

/** Kubernetes: an account is older than most names of controllers, and some share one. */
const otherNames: Readonly<Record<string, string>> = {
  'endpoints-controller': 'endpoint-controller',
  'endpointslice-mirroring-controller': 'endpointslicemirroring-controller',
  'garbage-collector-controller': 'generic-garbage-collector',
  'node-ipam-controller': 'node-controller',
  'node-lifecycle-controller': 'node-controller',
  'persistentvolume-binder-controller': 'persistent-volume-binder',
  'persistentvolume-protection-controller': 'pv-protection-controller',
  'persistentvolumeclaim-protection-controller': 'pvc-protection-controller',
  'pod-garbage-collector-controller': 'pod-garbage-collector',
  'replicationcontroller-controller': 'replication-controller',
  'root-ca-certificate-publisher-controller': 'root-ca-cert-publisher',
  'service-cidr-controller': 'service-cidrs-controller',
  'serviceaccount-controller': 'service-account-controller',
  'taint-eviction-controller': 'node-controller',
};

/** The token controller signs what others trust: it has no account that could be taken over. Kubernetes: addresses are mended by the API server, which needs none. */
const withoutAccount: ReadonlySet<string> = new Set(['ipallocator-repair-controller', 'tokens-controller']);

export const accountsOf = (controllers: readonly Controller[]): readonly string[] =>
  [...new Set(controllers.filter(({ name }) => !withoutAccount.has(name)).map(({ name }) => otherNames[name] ?? name))];

/** Makes those that are missing. */
export async function makeAccounts(client: Client, controllers: readonly Controller[]): Promise<void> {
  await Promise.all(accountsOf(controllers).map(async (name) => {
    try {
      await client.create(serviceaccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }));
}
