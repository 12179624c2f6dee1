// Whether what an APIService names is there. Pure. Whether it also answers is for who calls it to find out.
import type { APIService, APIServiceCondition } from '@kaji/api/apiregistration/v1';
import type { Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { formatTime } from '@kaji/schema';

export interface Backend {
  readonly service: Service | undefined;
  readonly slices: readonly EndpointSlice[];
}

export const localCondition = (nowMs: number): APIServiceCondition => ({
  type: 'Available', status: 'True', lastTransitionTime: formatTime(nowMs), reason: 'Local', message: 'Local APIServices are always available',
});

/** The condition to be written; undefined when there is nothing to say, or it is said already. */
export function wantedAvailable(object: APIService, backend: Backend, nowMs: number): APIServiceCondition | undefined {
  const problem = object.spec.service === undefined ? localCondition(nowMs) : missingPart(object, backend, nowMs);
  const there = object.status?.conditions?.find(({ type }) => type === 'Available');
  if (problem === undefined || (there !== undefined && there.status === problem.status && there.reason === problem.reason && there.message === problem.message)) return undefined;
  return there?.status === problem.status ? { ...problem, lastTransitionTime: there.lastTransitionTime } : problem;
}

function missingPart({ spec }: APIService, { service, slices }: Backend, nowMs: number): APIServiceCondition | undefined {
  const { namespace = '', name = '', port = 443 } = spec.service ?? {};
  const unavailable = (reason: string, message: string): APIServiceCondition => ({ type: 'Available', status: 'False', lastTransitionTime: formatTime(nowMs), reason, message });
  const what = `service/${name} in ${JSON.stringify(namespace)}`;
  if (service === undefined) return unavailable('ServiceNotFound', `${what} is not present`);
  if (service.spec?.type !== 'ClusterIP') return undefined;
  const found = service.spec.ports?.find((one) => one.port === port);
  if (found === undefined) return unavailable('ServicePortError', `${what} is not listening on port ${port}`);
  if (slices.length === 0) return unavailable('EndpointsNotFound', `cannot find endpointslices for ${what}`);
  const portName = found.name ?? '';
  const isReached = slices.some(({ endpoints, ports }) => (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) && (ports ?? []).some((one) => (one.name ?? '') === portName));
  return isReached ? undefined : unavailable('MissingEndpoints', `endpointslices for ${what} have no addresses with port name ${JSON.stringify(portName)}`);
}
