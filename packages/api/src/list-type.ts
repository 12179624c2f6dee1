import { list, message, type MessageType, ref } from '@kaji/schema';
import { ListMeta } from './meta/v1/list-meta.ts';

/** A list of objects as it travels. */
export interface ObjectList<T> {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: ListMeta;
  items: T[];
}

const lists = new WeakMap<MessageType<unknown>, MessageType<ObjectList<unknown>>>();

/** The type of lists of a type: `k8s.io.api.core.v1.PodList` of `k8s.io.api.core.v1.Pod`. */
export function listTypeOf<T>(type: MessageType<T>): MessageType<ObjectList<T>> {
  let known = lists.get(type as MessageType<unknown>);
  if (known === undefined) {
    known = message(`${type.typeName}List`, {
      metadata: ref(1, ListMeta).present(),
      items: list(2, type as MessageType<unknown>).required().with({ isObject: true }),
    }) as MessageType<ObjectList<unknown>>; // the declared shape, with kind and apiVersion of objects
    lists.set(type as MessageType<unknown>, known);
  }
  return known as MessageType<ObjectList<T>>; // made for this type
}
