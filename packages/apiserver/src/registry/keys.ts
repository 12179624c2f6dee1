/** Where objects lie in the store: upstream's keys, so that backups and a real API server find what we wrote. */
import type { Named } from '@kaji/api';

/** Kubernetes: these keep the names their kinds had when the layout was made; the groups of extensions carry theirs. */
const special: Readonly<Record<string, string>> = {
  replicationcontrollers: 'controllers',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  services: 'services/specs',
  'ingresses.networking.k8s.io': 'ingress',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
  // Both groups show the same events.
  'events.events.k8s.io': 'events',
};

/** `/registry/pods/` */
export function prefixOf(of: Named): string {
  const qualified = of.group === '' ? of.plural : `${of.plural}.${of.group}`;
  return `/registry/${special[qualified] ?? of.plural}/`;
}

/** `/registry/pods/default/web`; cluster-scoped objects have no namespace in theirs. */
export const keyOf = (prefix: string, namespace: string, name: string): string => (namespace === '' ? `${prefix}${name}` : `${prefix}${namespace}/${name}`);

/** Every key of a namespace, or of all. */
export function rangeOf(prefix: string, namespace: string): { readonly start: string; readonly end: string } {
  const start = namespace === '' ? prefix : `${prefix}${namespace}/`;
  return { start, end: `${start.slice(0, -1)}0` }; // '0' follows '/'
}
