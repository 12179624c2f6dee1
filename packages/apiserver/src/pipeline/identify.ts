// Gives every request a name, which its answer, the logs and the log of writes carry.
import { type Runtime, uuid } from '@kaji/base';
import type { Filter, Identified, Received } from './request.ts';

export const identify = ({ clock, random }: Pick<Runtime, 'clock' | 'random'>): Filter<Received, Identified> => {
  const stream = random.stream('request-id');
  return (next) => async (request) => {
    const given = request.headers['audit-id'];
    // Kubernetes: a proxy in front may have named the request already; a name too long to be one is cut.
    const requestId = given === undefined || given === '' ? uuid(stream) : given.slice(0, 64);
    const reply = await next({ ...request, requestId, receivedAtMs: clock.now() });
    return { ...reply, headers: { 'audit-id': requestId, 'cache-control': 'no-cache, private', ...reply.headers } };
  };
};
