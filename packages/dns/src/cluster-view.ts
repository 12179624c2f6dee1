/** The zone's view of the cluster, kept by informers. Only what names are made of is kept of each object. */
import { type Namespace, namespaces, type Service, services } from '@kaji/api/core/v1';
import { type EndpointSlice, endpointslices } from '@kaji/api/discovery/v1';
import type { Runtime } from '@kaji/base';
import { type Client, Informers } from '@kaji/client';
import type { ClusterView } from './records.ts';

const serviceLabel = 'kubernetes.io/service-name';

export interface WatchedCluster extends ClusterView {
  readonly hasSynced: boolean;
  run(signal: AbortSignal): Promise<void>;
}

export function watchCluster(runtime: Runtime, client: Client): WatchedCluster {
  const informers = new Informers(runtime, client);
  const allNamespaces = informers.of<Namespace>(namespaces, { transform: (namespace) => ({ ...namespace, metadata: identity(namespace.metadata) }) });
  const allServices = informers.of<Service>(services, {
    transform: ({ status: _, ...service }) => ({ ...service, metadata: identity(service.metadata) }),
    indexes: { address: (service) => service.spec?.clusterIPs ?? [] },
  });
  const allSlices = informers.of<EndpointSlice>(endpointslices, {
    transform: (slice) => ({ ...slice, metadata: { ...identity(slice.metadata), labels: { [serviceLabel]: slice.metadata.labels?.[serviceLabel] ?? '' } } }),
    indexes: {
      service: (slice) => [`${slice.metadata.namespace ?? ''}/${slice.metadata.labels?.[serviceLabel] ?? ''}`],
      address: (slice) => (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
    },
  });
  return {
    get hasSynced() { return allNamespaces.hasSynced && allServices.hasSynced && allSlices.hasSynced; },
    run: (signal) => informers.run(signal),
    hasNamespace: (name) => allNamespaces.cache.get({ namespace: '', name }) !== undefined,
    service: (namespace, name) => allServices.cache.get({ namespace, name }),
    servicesByAddress: (address) => allServices.cache.by('address', address),
    slices: (namespace, service) => allSlices.cache.by('service', `${namespace}/${service}`),
    slicesByAddress: (address) => allSlices.cache.by('address', address),
  };
}

/** Who an object is and which version of it: what an informer needs. */
function identity({ name, namespace, uid, resourceVersion }: Service['metadata']): Service['metadata'] {
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
}
