/** Keeps the EndpointSlices of Services that select pods. */
import { nodes, pods, services } from '@kaji/api/core/v1';
import { keyOf } from '@kaji/client';
import { formatTime } from '@kaji/schema';
import { type Controller, watch } from '../controller.ts';
import { matters, selects, servicesOf } from '../service-pods.ts';
import { desired, labelsOf, triggerAnnotation } from './plan.ts';
import { Slices } from './slices.ts';

const manager = 'endpointslice-controller.k8s.io';
const zoneLabel = 'topology.kubernetes.io/zone';

export function endpointSliceController(): Controller {
  const slices = new Slices(manager, 'Service');
  return {
    name: 'endpointslice-controller',
    component: 'endpoint-slice-controller',
    watches: [
      watch(services, 'self'),
      watch(pods, (change, caches) => (change.type === 'updated' && !matters(change.object, change.previous) ? [] : servicesOf(caches.of(services), change.object, change.previous))),
      slices.watch(),
      watch(nodes, function* (change, caches) {
        if (change.type !== 'updated' || change.object.metadata.labels?.[zoneLabel] === change.previous.metadata.labels?.[zoneLabel]) return;
        for (const service of caches.of(services).all()) yield keyOf(service);
      }),
    ],
    concurrency: 5,
    async reconcile(key, context) {
      const { caches, clock } = context;
      const service = caches.of(services).get(key);
      // Slices of a Service that is gone go with it: they name it as their owner.
      if (service === undefined || service.metadata.deletionTimestamp !== undefined) return 'done';
      if (service.spec.type === 'ExternalName' || service.spec.selector === undefined) return 'done';
      const zoneOf = (node: string): string | undefined => caches.of(nodes).get({ namespace: '', name: node })?.metadata.labels?.[zoneLabel];
      const selected = [...caches.of(pods).inNamespace(key.namespace)].filter((pod) => selects(service, pod.metadata.labels));
      await slices.apply(key, service, desired(service, selected, zoneOf), { labels: labelsOf(service, manager), annotations: { [triggerAnnotation]: formatTime(clock.now()) } }, context);
      return 'done';
    },
  };
}
