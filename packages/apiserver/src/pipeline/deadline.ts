// Every request that is not long-running ends within the server's time, or the shorter one its `timeout` names.
import { ApiError, badRequest } from '@kaji/api';
import type { Clock } from '@kaji/base';
import { parseDuration } from '@kaji/schema';
import type { Filter, Routed } from './request.ts';

export const deadline = (clock: Clock, maxMs: number): Filter<Routed, Routed> => (next) => async (request) => {
  if (request.isLongRunning) return next(request);
  const timeoutMs = timeoutOf(request.query.get('timeout'), maxMs);
  const controller = new AbortController();
  const abort = (): void => { controller.abort(request.signal.reason); };
  if (request.signal.aborted) abort();
  request.signal.addEventListener('abort', abort, { once: true });
  let cancel: () => void = () => undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    cancel = clock.setTimer(Math.max(0, request.receivedAtMs + timeoutMs - clock.now()), () => {
      const timeout = new ApiError('Timeout', 'Timeout: request did not complete within requested timeout - context deadline exceeded', { details: {} });
      controller.abort(timeout);
      reject(timeout);
    });
  });
  try {
    return await Promise.race([next({ ...request, signal: controller.signal }), expired]);
  } finally {
    cancel();
    // The body may still be streaming: the signal goes on following the connection, only the deadline is off.
  }
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
