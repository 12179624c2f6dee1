/** ComponentStatus: an old kind that is computed, not stored. What there is to tell is whether the store answers. */
import { type ApiObject, notFound } from '@kaji/api';
import { type ComponentStatus, componentstatuses } from '@kaji/api/core/v1';
import { encodeObject, type MessageType } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import { Item } from '../../watch-cache/item.ts';
import type { Call } from '../call.ts';
import { formOf, respondItem } from '../respond.ts';
import { showPage } from '../verbs/list.ts';

const storeName = 'etcd-0';

export async function listComponentStatuses(call: Call): Promise<Reply> {
  const form = formOf(call);
  return showPage(call, form, { metadata: {}, items: [await storeStatus(call)] });
}

export async function getComponentStatus(call: Call): Promise<Reply> {
  const form = formOf(call);
  const { name } = call.request.target;
  // Kubernetes: its 404 names the kind in the singular.
  if (name !== storeName) throw notFound({ group: '', plural: 'componentstatus' }, name);
  return respondItem(call, form, await storeStatus(call), 200);
}

async function storeStatus({ parts, served }: Call): Promise<Item> {
  const problem = await storeProblem(parts.store);
  const condition = problem === undefined ? { type: 'Healthy', status: 'True', message: 'ok' } : { type: 'Healthy', status: 'False', message: problem };
  const object: ComponentStatus & ApiObject = { metadata: { name: storeName }, conditions: [condition] };
  return new Item(storeName, 0, encodeObject(componentstatuses.type as MessageType<ApiObject>, object), served.codec, object);
}

async function storeProblem(store: Call['parts']['store']): Promise<string | undefined> {
  try {
    await store.list({ start: '/registry/health', end: '/registry/health0' }, { limit: 1 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error); // the probe's verdict is the answer
  }
}
