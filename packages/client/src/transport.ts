/**
 * How components reach the API, and how the API server is reached: HTTP's semantics without HTTP's wire.
 * Three implementations: direct (same thread), over a MessagePort (another thread) and HTTPS.
 */
export interface TransportRequest {
  readonly method: string;
  /** Path and query: `/api/v1/pods?watch=true`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

export interface TransportReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Chunks are read-only: the server shares them among requests. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Transport {
  request(request: TransportRequest): Promise<TransportReply>;
  close(): Promise<void>;
}

/** The header that carries what a write was caused by, so that a chain of causes survives HTTPS and restarts. */
export const causeHeader = 'kaji-cause';

/** A body whole, in one piece. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
  }
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
