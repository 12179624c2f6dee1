// Bounds the requests worked on at once, reads and writes apart. Long-running requests are not counted.
import type { Gauge } from '@kaji/base';
import { textReply } from './reply.ts';
import type { Authenticated, Filter } from './request.ts';

export interface InFlightLimits {
  readonly readOnly: number;
  readonly mutating: number;
}

const readOnlyVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

export const limitInFlight = (limits: InFlightLimits, gauge: Gauge<'request_kind'>): Filter<Authenticated, Authenticated> => {
  const running = { readOnly: 0, mutating: 0 };
  return (next) => async (request) => {
    if (request.isLongRunning) return next(request);
    const kind = readOnlyVerbs.has(request.verb) ? 'readOnly' : 'mutating';
    // Administrators get through a crowd: they are the ones who end it.
    if (running[kind] >= limits[kind] && !request.user.groups.includes('system:masters')) {
      return textReply(429, 'Too many requests, please try again later.\n', { 'retry-after': '1' });
    }
    gauge.set({ request_kind: kind }, ++running[kind]);
    try {
      return await next(request);
    } finally {
      gauge.set({ request_kind: kind }, --running[kind]);
    }
  };
};
