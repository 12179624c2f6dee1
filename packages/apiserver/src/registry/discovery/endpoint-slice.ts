/** How EndpointSlices are written: a field of the beta version goes, and changes of what they say are counted. */
import type { ApiObject } from '@kaji/api';
import { Endpoint, type EndpointSlice } from '@kaji/api/discovery/v1';
import { dns1123SubdomainErrors, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';

type Slice = EndpointSlice & ApiObject;

const hostLabel = 'kubernetes.io/hostname';

function haveEndpointsChanged(slice: Slice, old: Slice): boolean {
  const [after, before] = [slice.endpoints ?? [], old.endpoints ?? []];
  return after.length !== before.length || after.some((endpoint, index) => !isSemanticallyEqual(Endpoint, endpoint, before[index]));
}

const nodeIn = ({ deprecatedTopology }: Endpoint): string => deprecatedTopology?.[hostLabel] ?? '';

/** Kubernetes: the old field cannot be set; the node it named becomes the field of today, if it was there before. */
function dropTopology({ endpoints = [] }: Slice, old: Slice | undefined): void {
  const known = new Set((old?.endpoints ?? []).map(nodeIn).filter((name) => name !== ''));
  for (const endpoint of endpoints) {
    const node = nodeIn(endpoint);
    if (endpoint.nodeName === undefined && known.has(node) && dns1123SubdomainErrors(node).length === 0) endpoint.nodeName = node;
    delete endpoint.deprecatedTopology;
  }
}

const saidBy = ({ addressType, ports }: Slice): unknown => ({ addressType, ports: ports ?? [] });

export const endpointSliceStrategy: Strategy<Slice> = {
  hasGeneration: true,
  prepareForCreate: (slice) => { dropTopology(slice, undefined); },
  prepareForUpdate(slice, old) {
    const areEndpointsNew = haveEndpointsChanged(slice, old);
    const isNew = areEndpointsNew || !isDeepEqual(saidBy(slice), saidBy(old)) || !isDeepEqual(slice.metadata.labels ?? {}, old.metadata.labels ?? {});
    if (isNew) slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
    if (areEndpointsNew) dropTopology(slice, old);
  },
  // Kubernetes: counted above, as long as what is dropped is still there.
  isNewGeneration: () => false,
};
