/** Where in the API an object, a list or a subresource is found. */
import type { Resource } from '@kaji/api';
import type { Key, ListOptions } from './client.ts';

/** `/apis/apps/v1/namespaces/default/deployments`, or without a namespace for cluster-scoped kinds and all namespaces. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  return resource.isNamespaced && namespace !== undefined && namespace !== '' ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}` : `${root}/${resource.plural}`;
}

export function objectPath(resource: Resource, key: Key, subresource = ''): string {
  return `${collectionPath(resource, key.namespace)}/${encodeURIComponent(key.name)}${subresource === '' ? '' : `/${subresource}`}`;
}

/** `?a=b`, or nothing; undefined values are left out. */
export function queryText(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  let text = '';
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}

/** The query of a list or a collection's delete. */
export const selectionQuery = (options: ListOptions): Readonly<Record<string, string | number | boolean | undefined>> => ({
  labelSelector: options.labelSelector,
  fieldSelector: options.fieldSelector,
  resourceVersion: options.resourceVersion,
  limit: options.limit,
  continue: options.continue,
});
