// The API reached without a wire: same thread, same handler, same HTTP semantics. Trusted to name its user.
import type { Transport, TransportReply, TransportRequest } from '@kaji/client';
import type { Handler, Received, User } from '../pipeline/request.ts';

export function directTransport(handle: Handler<Received>, user: User): Transport {
  const closing = new AbortController();
  return {
    async request(request) {
      const gone = new AbortController();
      const detach = follow([request.signal, closing.signal], gone);
      try {
        const reply = await handle(receive(request, user, gone));
        if (reply.body === 'upgraded') throw new Error('a direct transport cannot upgrade');
        if (reply.body instanceof Uint8Array) {
          detach();
          return { status: reply.status, headers: reply.headers, body: once(reply.body) };
        }
        return { status: reply.status, headers: reply.headers, body: whole(reply.body, () => { detach(); gone.abort(new Error('the reader stopped')); }) } satisfies TransportReply;
      } catch (error) {
        detach();
        throw error;
      }
    },
    close() {
      closing.abort(new Error('the transport was closed'));
      return Promise.resolve();
    },
  };
}

function receive(request: TransportRequest, user: User, gone: AbortController): Received {
  const mark = request.path.indexOf('?');
  const rawQuery = mark < 0 ? '' : request.path.slice(mark + 1);
  const body = request.body ?? new Uint8Array();
  return {
    method: request.method, path: mark < 0 ? request.path : request.path.slice(0, mark), query: new URLSearchParams(rawQuery), rawQuery,
    headers: request.headers, body: () => Promise.resolve(body), stream: () => once(body), signal: gone.signal, abort: (reason) => { gone.abort(reason); }, remote: { address: '' }, user,
  };
}

/** Aborts `target` with the first of the signals; gives a function that stops listening, because the signals live longer than the request. */
function follow(signals: readonly (AbortSignal | undefined)[], target: AbortController): () => void {
  const stops = signals.map((signal) => {
    if (signal === undefined) return () => undefined;
    const abort = (): void => { target.abort(signal.reason); };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    return () => { signal.removeEventListener('abort', abort); };
  });
  return () => { for (const stop of stops) stop(); };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** The reader's own pace is the back-pressure: nothing is taken from the server before it is asked for. */
async function* whole(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    ended();
  }
}
