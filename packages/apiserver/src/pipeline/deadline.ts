// Every request that is not long-running ends within the server's time, or the shorter one its `timeout` names.
import { ApiError, badRequest } from '@kaji/api';
import type { Clock } from '@kaji/base';
import { parseDuration } from '@kaji/schema';
import type { Filter, Routed } from './request.ts';

export const deadline = (clock: Clock, maxMs: number): Filter<Routed, Routed> => (next) => (request) => {
  if (request.isLongRunning) return next(request);
  const timeoutMs = timeoutOf(request.query.get('timeout'), maxMs);
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(timeoutMs, () => {
      const timeout = new ApiError('Timeout', 'Timeout: request did not complete within requested timeout - context deadline exceeded', { details: {} });
      request.abort(timeout);
      reject(timeout);
    });
    // The body may still be streaming afterwards: the signal goes on following the connection, only the deadline is off.
    Promise.try(next, request).then((reply) => {
      cancel();
      resolve(reply);
    }, (error: unknown) => {
      cancel();
      reject(error as Error);
    });
  });
};

function timeoutOf(text: string | null, maxMs: number): number {
  if (text === null || text === '') return maxMs;
  let timeoutMs: number;
  try {
    timeoutMs = parseDuration(text);
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${error instanceof Error ? error.message : String(error)}`);
  }
  return timeoutMs > 0 && timeoutMs < maxMs ? timeoutMs : maxMs;
}
