// Old kinds: whoever uses one is told so, and it is counted that somebody does.
import type { AnyResource } from '@kaji/api';
import { componentstatuses, endpoints } from '@kaji/api/core/v1';
import type { Metrics } from '@kaji/base';

const requestedMetric = {
  name: 'apiserver_requested_deprecated_apis', help: 'Always 1, for each old kind that somebody asked for since the start.', labels: ['group', 'removed_release', 'resource', 'subresource', 'version'],
} as const;

const warnings: ReadonlyMap<AnyResource, string> = new Map([
  [componentstatuses as AnyResource, 'v1 ComponentStatus is deprecated in v1.19+'],
  [endpoints as AnyResource, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
]);

/** What a request for this resource is warned of. */
export function deprecations(metrics: Metrics): (resource: AnyResource, subresource: string) => string[] {
  const requested = metrics.gauge(requestedMetric);
  return (resource, subresource) => {
    const warning = warnings.get(resource);
    if (warning === undefined) return [];
    const { group, plural, version } = resource;
    requested.set({ group, removed_release: '', resource: plural, subresource, version }, 1);
    return [warning];
  };
}
