/** Writing slices on behalf of an owner, a Service or Endpoints, and telling which slices are whose. */
import { type ApiObject, isReason } from '@kaji/api';
import { type EndpointSlice, endpointslices } from '@kaji/api/discovery/v1';
import { type Key, keyOf, uidOf } from '@kaji/client';
import { type ReconcileContext, type Watch, watch } from '../controller.ts';
import { Expectations } from '../expectations.ts';
import { managedByLabel, plan, serviceNameLabel, type SliceContent } from './plan.ts';

export interface SliceMetadata {
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** The slices that one controller answers for. */
export class Slices {
  readonly #manager: string;
  readonly #ownerKind: 'Service' | 'Endpoints';
  readonly #expectations = new Expectations<EndpointSlice>();

  constructor(manager: string, ownerKind: 'Service' | 'Endpoints') {
    this.#manager = manager;
    this.#ownerKind = ownerKind;
  }

  /** Wakes the Service whose slice was changed, whoever did it. */
  watch(): Watch {
    return watch(endpointslices, ({ object, type }) => {
      const owner = object.metadata.ownerReferences?.find((reference) => reference.kind === this.#ownerKind);
      if (owner !== undefined) this.#expectations.seen(owner.uid, object);
      if (type === 'deleted') this.#expectations.forget(uidOf(object));
      const name = object.metadata.labels?.[serviceNameLabel];
      return name === undefined || !this.#isOwn(object) ? [] : [{ namespace: object.metadata.namespace ?? '', name }];
    });
  }

  /** Makes the slices of the Service `key` what is wanted. Without an owner nothing is made. */
  async apply(key: Key, owner: ApiObject | undefined, wanted: readonly SliceContent[], metadata: SliceMetadata, context: ReconcileContext): Promise<void> {
    const cache = context.caches.of(endpointslices);
    const now = context.clock.now();
    const own = [...cache.inNamespace(key.namespace)].filter((slice) => this.#isOwn(slice) && slice.metadata.labels?.[serviceNameLabel] === key.name && !this.#expectations.isDeleted(slice, now));
    const unseen = owner === undefined ? [] : this.#expectations.unseen(uidOf(owner), cache, now);
    const found = plan(wanted, [...own, ...unseen], metadata.labels);
    if (owner !== undefined) for (const content of found.create) await this.#create(owner, content, metadata, context);
    for (const { slice, ports, endpoints } of found.update) {
      await context.client.update(endpointslices, { ...slice, metadata: { ...slice.metadata, labels: metadata.labels, annotations: { ...slice.metadata.annotations, ...metadata.annotations } }, ports: [...ports], endpoints: [...endpoints] });
    }
    for (const slice of found.remove) await this.#remove(slice, context);
  }

  #isOwn(slice: EndpointSlice): boolean {
    return slice.metadata.labels?.[managedByLabel] === this.#manager;
  }

  async #create(owner: ApiObject, content: SliceContent, metadata: SliceMetadata, { client, clock, caches }: ReconcileContext): Promise<void> {
    const { name = '', namespace } = owner.metadata;
    try {
      const slice = await client.create(endpointslices, {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
        metadata: { generateName: `${name}-`, namespace, ...metadata, ownerReferences: [{ apiVersion: 'v1', kind: this.#ownerKind, name, uid: uidOf(owner), controller: true, blockOwnerDeletion: true }] },
        addressType: content.addressType, ports: [...content.ports], endpoints: [...content.endpoints],
      });
      if (caches.of(endpointslices).get(keyOf(slice)) === undefined) this.#expectations.created(uidOf(owner), slice, clock.now());
    } catch (error) {
      if (!isReason(error, 'Forbidden') && !isReason(error, 'NotFound')) throw error; // the namespace goes away
    }
  }

  async #remove(slice: EndpointSlice, { client, clock }: ReconcileContext): Promise<void> {
    try {
      this.#expectations.deleted(slice, clock.now());
      await client.delete(endpointslices, keyOf(slice), { uid: uidOf(slice) });
    } catch (error) {
      this.#expectations.forget(uidOf(slice));
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // gone already
    }
  }
}
