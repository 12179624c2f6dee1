// What is counted of requests, under upstream's names.
import { ApiError } from '@kaji/api';
import type { Count, Observer, Runtime } from '@kaji/base';
import { dryRunOf, labelsOf, type RequestLabels } from './request-labels.ts';
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

const sizesMetric = {
  name: 'apiserver_response_sizes', help: 'Bytes of answers to reads.', labels: ['component', 'group', 'resource', 'scope', 'subresource', 'verb', 'version'], buckets: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
} as const;

/** Everything that is counted of requests with the same labels. */
interface Series {
  readonly labels: RequestLabels;
  readonly isRead: boolean;
  readonly durations: Observer;
  readonly sizes: Observer;
  readonly byCode: Map<number, Count>;
}

/** Finds the series of a request. There are no more of them than the labels allow, which clients cannot make up. */
function seriesOf({ metrics }: Runtime): { of(labels: RequestLabels, dryRun: string): Series; answered(series: Series, dryRun: string, code: number): void } {
  const requests = metrics.counter(requestsMetric);
  const durations = metrics.histogram(durationMetric);
  const sizes = metrics.histogram(sizesMetric);
  const known = new Map<string, Series>();
  return {
    of(labels, dryRun) {
      const key = `${labels.verb} ${labels.resource} ${labels.group} ${labels.version} ${labels.subresource} ${labels.scope} ${labels.component} ${dryRun}`;
      let series = known.get(key);
      if (series === undefined) known.set(key, series = { labels, isRead: labels.verb === 'GET' || labels.verb === 'LIST', durations: durations.with({ ...labels, dry_run: dryRun }), sizes: sizes.with(labels), byCode: new Map() });
      return series;
    },
    answered({ labels, byCode }, dryRun, code) {
      let count = byCode.get(code);
      if (count === undefined) byCode.set(code, count = requests.with({ ...labels, code: String(code), dry_run: dryRun }));
      count.add();
    },
  };
}

/** Counts every request once it is answered, how long that took, and how much was read. */
export const countRequests = (runtime: Runtime): Filter<Routed, Routed> => {
  const { clock, metrics } = runtime;
  const all = seriesOf(runtime);
  const longRunning = metrics.gauge(longRunningMetric);
  return (next) => async (request) => {
    const startedMs = clock.monotonic();
    const dryRun = dryRunOf(request);
    const series = all.of(labelsOf(request), dryRun);
    const count = (code: number): void => {
      all.answered(series, dryRun, code);
      if (!request.isLongRunning) series.durations.observe((clock.monotonic() - startedMs) / 1000);
    };
    try {
      const reply = await next(request);
      count(reply.status);
      const { body } = reply;
      if (body === 'upgraded') return reply;
      if (body instanceof Uint8Array) {
        if (series.isRead) series.sizes.observe(body.length);
        return reply;
      }
      if (request.isLongRunning) longRunning.add(series.labels, 1);
      return { ...reply, body: untilEnd(body, (bytes) => {
        if (request.isLongRunning) longRunning.add(series.labels, -1);
        if (series.isRead) series.sizes.observe(bytes);
      }) };
    } catch (error) {
      count(error instanceof ApiError ? error.code : 500);
      throw error;
    }
  };
};

/** `ended` is told how many bytes there were. */
async function* untilEnd(body: AsyncIterable<Uint8Array>, ended: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    ended(bytes);
  }
}
