/** Says which ranges of service addresses can be used, and holds those that are deleted while addresses need them. */
import { isReason } from '@kaji/api';
import { ipaddresses, servicecidrs } from '@kaji/api/networking/v1';
import { type Key, keyOf } from '@kaji/client';
import { formatTime, parseTime } from '@kaji/schema';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { canGo, deletionGraceMs, finalizer, hasCondition, heldCondition, isOfServices, overlapping, type Range, rangesOf, readyCondition, type Wanted } from './plan.ts';

const name = 'service-cidr-controller';

export const serviceCidrController: Controller = {
  name,
  watches: [
    watch(servicecidrs, ({ object }, caches) => [object, ...overlapping(object, caches.of(servicecidrs).all())].map(keyOf)),
    watch(ipaddresses, ({ object }, caches) => (isOfServices(object) ? rangesOf(object.metadata.name ?? '', caches.of(servicecidrs).all()).map(keyOf) : [])),
  ],
  async reconcile(key, context) {
    const range = context.caches.of(servicecidrs).get(key);
    if (range === undefined) return 'done';
    try {
      return await (range.metadata.deletionTimestamp === undefined ? open(range, key, context) : close(range, key, context));
    } catch (error) {
      if (isReason(error, 'NotFound')) return 'done'; // gone meanwhile
      throw error;
    }
  },
};

async function open(range: Range, key: Key, context: ReconcileContext): Promise<Outcome> {
  if (range.metadata.finalizers?.includes(finalizer) !== true) await context.client.patch(servicecidrs, key, { type: 'strategic', body: { metadata: { finalizers: [finalizer] } } });
  await say(range, key, readyCondition, context);
  return 'done';
}

async function close(range: Range, key: Key, context: ReconcileContext): Promise<Outcome> {
  const { caches, clock, client } = context;
  if (!canGo(range, [...caches.of(servicecidrs).all()], caches.of(ipaddresses).all())) {
    await say(range, key, heldCondition, context);
    return 'done';
  }
  const waitMs = (parseTime(range.metadata.deletionTimestamp ?? '') ?? 0) + deletionGraceMs - clock.now();
  if (waitMs > 0) return { retryAfterMs: waitMs };
  if (range.metadata.finalizers?.includes(finalizer) === true) await client.patch(servicecidrs, key, { type: 'strategic', body: { metadata: { '$deleteFromPrimitiveList/finalizers': [finalizer] } } });
  return 'done';
}

async function say(range: Range, key: Key, wanted: Wanted, { client, clock, events }: ReconcileContext): Promise<void> {
  if (hasCondition(range, wanted)) return;
  const status = { conditions: [{ ...wanted, lastTransitionTime: formatTime(clock.now()) }] };
  try {
    const body = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: key.name }, status };
    await client.patch(servicecidrs, key, { type: 'apply', subresource: 'status', force: true, body }, { fieldManager: name });
  } catch (error) {
    if (wanted.status === 'True') events.event(range, 'Warning', 'KubernetesServiceCIDRError', 'The ServiceCIDR Status can not be set to Ready=True');
    throw error;
  }
}
