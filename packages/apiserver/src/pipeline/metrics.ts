// What is counted of requests, under upstream's names.
import { ApiError } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import type { Filter, Routed } from './request.ts';

export const panicsMetric = { name: 'apiserver_request_panics_total', help: 'Requests that ended in a mistake of the server itself.', labels: ['path'] } as const;
export const inFlightMetric = { name: 'apiserver_current_inflight_requests', help: 'Requests being worked on now, by kind: readOnly or mutating.', labels: ['request_kind'] } as const;
const requestLabels = ['code', 'component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;
const requestsMetric = { name: 'apiserver_request_total', help: 'Requests answered, by verb, resource and status code.', labels: requestLabels } as const;
const durationLabels = ['component', 'dry_run', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] as const;
const durationMetric = {
  name: 'apiserver_request_duration_seconds', help: 'Seconds from the arrival of a request to its answer, long-running ones apart.', labels: durationLabels,
  buckets: [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60],
} as const;
const longRunningMetric = { name: 'apiserver_longrunning_requests', help: 'Long-running requests that are open now.', labels: ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'] } as const;

/** Counts every request once it is answered, and how long that took. */
export const countRequests = ({ clock, metrics }: Runtime): Filter<Routed, Routed> => {
  const requests = metrics.counter(requestsMetric);
  const durations = metrics.histogram(durationMetric);
  const longRunning = metrics.gauge(longRunningMetric);
  return (next) => async (request) => {
    const startedMs = clock.monotonic();
    const { action } = request;
    const of = {
      component: 'apiserver', group: action.group, version: action.version, subresource: action.subresource,
      // Names outside the API come from clients: they must not make new series.
      resource: request.target.type === 'resource' ? action.plural : '',
      scope: !action.isResource ? '' : action.name !== '' ? 'resource' : action.namespace !== '' ? 'namespace' : 'cluster',
      verb: action.isResource ? action.verb.toUpperCase() : request.method,
    };
    const dryRun = request.query.has('dryRun') ? 'All' : '';
    const count = (code: number): void => {
      requests.add({ ...of, code: String(code), dry_run: dryRun });
      if (!request.isLongRunning) durations.observe({ ...of, dry_run: dryRun }, (clock.monotonic() - startedMs) / 1000);
    };
    try {
      const reply = await next(request);
      count(reply.status);
      if (!request.isLongRunning || reply.body instanceof Uint8Array || reply.body === 'upgraded') return reply;
      const body = reply.body;
      longRunning.add(of, 1);
      return { ...reply, body: untilEnd(body, () => { longRunning.add(of, -1); }) };
    } catch (error) {
      count(error instanceof ApiError ? error.code : 500);
      throw error;
    }
  };
};

async function* untilEnd(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    ended();
  }
}
