// The only place that turns errors into answers.
import { ApiError } from '@kaji/api';
import type { Counter, Log } from '@kaji/base';
import { errorReply } from '../registry/negotiation.ts';
import { textReply } from './reply.ts';
import type { Filter, Identified } from './request.ts';

/** ApiErrors become Status objects in the form the client accepts; anything else is a mistake of ours: logged, counted, 500. */
export const answerErrors = (log: Log, panics: Counter<'path'>): Filter<Identified, Identified> => (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (error instanceof ApiError) return errorReply(request, error);
    if (request.signal.aborted && (error === request.signal.reason || (error as { name?: unknown }).name === 'AbortError')) {
      return errorReply(request, new ApiError('Timeout', 'Timeout: request did not complete within requested timeout - context canceled', { details: {} }));
    }
    log.error('request failed', error, { method: request.method, path: request.path, request: request.requestId });
    panics.add({ path: 'request' });
    return textReply(500, 'This request caused apiserver to panic. Look in the logs for details.\n');
  }
};
