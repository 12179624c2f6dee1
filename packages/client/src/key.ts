/** Keys of objects, as values and as text. */
import type { ApiObject } from '@kaji/api';
import type { Key } from './client.ts';

export const keyOf = (object: ApiObject): Key => ({ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' });

/** `default/web`, or `node-1` for cluster-scoped objects. */
export const keyText = (key: Key): string => (key.namespace === '' ? key.name : `${key.namespace}/${key.name}`);

export const objectKeyText = (object: ApiObject): string => {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`;
};

/** The reverse of `keyText`. */
export function parseKey(text: string): Key {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace: '', name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

export const uidOf = (object: ApiObject): string => object.metadata.uid ?? '';
