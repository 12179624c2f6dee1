/** Keeps the objects that keep Services' addresses right. The server writes and deletes them with their Services; what is mended here was done by hand, or came with a backup. */
import { type ApiObject, isReason, type Resource } from '@kaji/api';
import { services } from '@kaji/api/core/v1';
import { ipaddresses, servicecidrs } from '@kaji/api/networking/v1';
import { type Key, keyOf } from '@kaji/client';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { type Address, addressesOf, addressRepair, isOfServices, newAddress, type Note, type ServiceObject, serviceRepair } from './plan.ts';

const parentOf = (address: Address): Key[] => (isOfServices(address) ? [{ namespace: address.spec.parentRef.namespace ?? '', name: address.spec.parentRef.name }] : []);
const addressKey = (name: string): Key => ({ namespace: '', name });

/** Addresses have keys without a namespace. */
export const serviceAddressRepair: Controller = {
  name: 'ipallocator-repair-controller',
  watches: [
    watch(services, ({ object, previous, type }) => [...(type === 'deleted' ? [] : [keyOf(object)]), ...[...addressesOf(object), ...(previous === undefined ? [] : addressesOf(previous))].map(addressKey)]),
    watch(ipaddresses, ({ object, previous, type }) => [...(type === 'deleted' ? [] : [keyOf(object)]), ...parentOf(object), ...(previous === undefined ? [] : parentOf(previous))]),
    watch(servicecidrs, () => []), // read where an address is looked at
  ],
  reconcile: (key, context) => (key.namespace === '' ? mendAddress(key, context) : mendService(key, context)),
};

async function mendService(key: Key, context: ReconcileContext): Promise<Outcome> {
  const { caches, client } = context;
  const service = caches.of(services).get(key);
  if (service === undefined) return 'done';
  for (const name of addressesOf(service)) {
    // Both are written at once, yet the one may be seen before the other.
    const address = caches.of(ipaddresses).get(addressKey(name)) ?? await found(context, ipaddresses, addressKey(name));
    const [parent] = address === undefined ? [] : parentOf(address);
    const { kind, note } = serviceRepair(service, name, { address, holder: parent === undefined ? undefined : caches.of(services).get(parent), ranges: caches.of(servicecidrs).all() });
    if (kind !== 'none' && await found(context, services, key) === undefined) return 'done'; // deleted, and its address with it
    if (note !== undefined) tell(context, service, note);
    if (kind === 'remake') await remove(name, context);
    if (kind !== 'none') await make(newAddress(name, service), client);
  }
  return 'done';
}

async function mendAddress(key: Key, context: ReconcileContext): Promise<Outcome> {
  const { caches, clock } = context;
  const address = caches.of(ipaddresses).get(key);
  if (address === undefined) return 'done';
  const [parent] = parentOf(address);
  const service = parent === undefined ? undefined : caches.of(services).get(parent);
  let step = addressRepair(address, service, clock.now());
  if (step.kind === 'delete' && parent !== undefined) step = addressRepair(address, await found(context, services, parent), clock.now());
  if (step.kind === 'later') return { retryAfterMs: step.delayMs };
  if (step.kind === 'delete') {
    tell(context, address, step.note);
    await remove(key.name, context);
  }
  return 'done';
}

const tell = ({ events }: ReconcileContext, about: ServiceObject | Address, { reason, message }: Note): void => { events.event(about, 'Warning', reason, message); };

/** As the server has it now. */
async function found<T extends ApiObject>({ client }: ReconcileContext, resource: Resource<T>, key: Key): Promise<T | undefined> {
  try {
    return await client.get(resource, key);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function make(address: Address, client: ReconcileContext['client']): Promise<void> {
  try {
    await client.create(ipaddresses, address);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error; // somebody was faster; the change wakes us
  }
}

async function remove(name: string, { client }: ReconcileContext): Promise<void> {
  try {
    await client.delete(ipaddresses, addressKey(name));
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // gone meanwhile
  }
}
