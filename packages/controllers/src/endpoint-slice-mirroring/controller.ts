/** Gives slices to Endpoints that users keep for Services without a selector, because proxies read slices only. */
import { endpoints, services } from '@kaji/api/core/v1';
import { type Controller, watch } from '../controller.ts';
import { headlessLabel, managedByLabel, serviceNameLabel } from '../endpoint-slice/plan.ts';
import { Slices } from '../endpoint-slice/slices.ts';
import { isHeadless } from '../service-pods.ts';
import { desired } from './plan.ts';

const manager = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';

export function endpointSliceMirroringController(): Controller {
  const slices = new Slices(manager, 'Endpoints');
  return {
    name: 'endpointslice-mirroring-controller',
    watches: [watch(endpoints, 'self'), watch(services, 'self'), slices.watch()],
    concurrency: 5,
    async reconcile(key, context) {
      const source = context.caches.of(endpoints).get(key);
      const service = context.caches.of(services).get(key);
      const isMirrored = source !== undefined && service !== undefined && service.spec.selector === undefined && source.metadata.labels?.[skipLabel] !== 'true' && source.metadata.annotations?.[leaderAnnotation] === undefined;
      if (!isMirrored) {
        await slices.apply(key, undefined, [], { labels: {} }, context);
        return 'done';
      }
      const { [skipLabel]: _, ...own } = source.metadata.labels ?? {};
      const labels = { ...own, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}), [serviceNameLabel]: key.name, [managedByLabel]: manager };
      await slices.apply(key, source, desired(source), { labels }, context);
      return 'done';
    },
  };
}
