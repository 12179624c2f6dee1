/** Keeps the Endpoints of Services that select pods: the older form, which some clients still read. */
import { type ApiError, isReason } from '@kaji/api';
import { type Endpoints, endpoints, pods, type Service, services } from '@kaji/api/core/v1';
import type { Key } from '@kaji/client';
import { formatTime, isDeepEqual } from '@kaji/schema';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { isHeadless, matters, selects, servicesOf } from '../service-pods.ts';
import { headlessLabel, triggerAnnotation } from '../endpoint-slice/plan.ts';
import { plan } from './plan.ts';

const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const manager = 'endpoint-controller';
const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';

export function endpointsController(): Controller {
  return {
    name: 'endpoints-controller',
    component: 'endpoint-controller',
    watches: [
      watch(services, 'self'),
      watch(pods, (change, caches) => (change.type === 'updated' && !matters(change.object, change.previous) ? [] : servicesOf(caches.of(services), change.object, change.previous))),
      watch(endpoints, 'self'),
    ],
    concurrency: 5,
    async reconcile(key, context) {
      const { caches } = context;
      const service = caches.of(services).get(key);
      const current = caches.of(endpoints).get(key);
      if (service === undefined) {
        if (current?.metadata.labels?.[managedByLabel] === manager) await remove(key, context);
        return 'done';
      }
      if (service.spec.type === 'ExternalName' || service.spec.selector === undefined) return 'done';
      const next = endpointsFor(service, [...caches.of(pods).inNamespace(key.namespace)].filter((pod) => selects(service, pod.metadata.labels)), current, formatTime(context.clock.now()));
      if (current !== undefined && isSame(current, next)) return 'done';
      await write(next, current === undefined, context);
      return 'done';
    },
  };
}

function endpointsFor(service: Service, selected: Parameters<typeof plan>[1], current: Endpoints | undefined, time: string): Endpoints {
  const { subsets, isTruncated } = plan(service, selected);
  const { [overCapacityAnnotation]: _, ...annotations } = current?.metadata.annotations ?? {};
  const { [headlessLabel]: __, ...labels } = service.metadata.labels ?? {};
  return {
    apiVersion: 'v1', kind: 'Endpoints',
    metadata: {
      ...(current?.metadata ?? { name: service.metadata.name, namespace: service.metadata.namespace }),
      labels: { ...labels, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}), [managedByLabel]: manager },
      annotations: { ...annotations, [triggerAnnotation]: time, ...(isTruncated ? { [overCapacityAnnotation]: 'truncated' } : {}) },
    },
    ...(subsets.length === 0 ? {} : { subsets: [...subsets] }),
  } as Endpoints;
}

/** The time of the last change is no change by itself. */
const isSame = (a: Endpoints, b: Endpoints): boolean =>
  isDeepEqual(a.subsets ?? [], b.subsets ?? []) && isDeepEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {}) && a.metadata.annotations?.[overCapacityAnnotation] === b.metadata.annotations?.[overCapacityAnnotation];

async function write(next: Endpoints, isNew: boolean, { client, events }: ReconcileContext): Promise<void> {
  const { namespace = '', name = '' } = next.metadata;
  try {
    await (isNew ? client.create(endpoints, next) : client.update(endpoints, next));
  } catch (error) {
    if (isNew && isReason(error, 'Forbidden')) return; // the namespace goes away
    const { message } = error as ApiError; // the client throws nothing else
    if (isNew) events.event(next, 'Warning', 'FailedToCreateEndpoint', `Failed to create endpoint for service ${namespace}/${name}: ${message}`);
    else if (!isReason(error, 'Conflict')) events.event(next, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${namespace}/${name}: ${message}`);
    throw error;
  }
}

async function remove(key: Key, { client }: ReconcileContext): Promise<void> {
  try {
    await client.delete(endpoints, key);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // gone already
  }
}
