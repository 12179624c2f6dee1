import type { AnyResource } from '@kaji/api';
import type { Duplex } from 'node:stream';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What the client showed in the handshake; nothing about it has been checked. One value a connection. */
export interface ClientCertificate {
  readonly der: Uint8Array;
  /** What it sent along to lead to an authority, nearest first. */
  readonly intermediates: readonly Uint8Array[];
}

/** A request as it came off a transport. */
export interface Received {
  readonly method: string;
  /** The raw path, percent-encoded as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it came, without its question mark: what proxies hand on. */
  readonly rawQuery: string;
  /** Lower-case names. Several lines of one name are joined by ", "; those of `impersonate-` headers, whose values may hold commas, by newlines. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the whole body; throws RequestEntityTooLarge above the limit. */
  readonly body: () => Promise<Uint8Array>;
  /** The body as it arrives and without limit, for those who hand it on instead of reading it. One of the two, once. */
  readonly stream: () => AsyncIterable<Uint8Array>;
  /** Aborted when the client went away or the server stops. */
  readonly signal: AbortSignal;
  /** Aborts the signal: the time for the work is over. */
  readonly abort: (reason: unknown) => void;
  /** Where it came from. */
  readonly remote: { readonly address: string; readonly certificate?: ClientCertificate };
  /** Set by in-process transports only, which are trusted to name their user. */
  readonly user?: User;
  /** The connection, where the client asked to upgrade it. */
  readonly upgrade?: { readonly socket: Duplex; readonly head: Uint8Array };
}

/** What the path and method mean. */
export type Target =
  | { readonly type: 'resource'; readonly resource: AnyResource; readonly namespace: string; readonly name: string; readonly subresource: string; readonly subpath: string }
  | { readonly type: 'unknownResource'; readonly group: string; readonly version: string; readonly plural: string; readonly namespace: string; readonly name: string; readonly subresource: string }
  | { readonly type: 'path'; readonly path: string };

export type ResourceTarget = Extract<Target, { readonly type: 'resource' }>;

/** A request that has a name of its own, for logs, provenance and the Audit-Id header. */
export interface Identified extends Received {
  readonly requestId: string;
  /** When it came, by the clock. */
  readonly receivedAtMs: number;
}

/** What authorization is asked about, less the user: upstream's words for a request. */
export interface Action {
  /** get, list, watch, create, update, patch, delete, deletecollection; the lower-case method for plain paths. */
  readonly verb: string;
  /** False for plain paths, which have only a verb and a path. */
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** As they stand in the query, for list, watch and deletecollection. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface Routed extends Identified {
  /** The action's verb. */
  readonly verb: string;
  readonly target: Target;
  readonly action: Action;
  /** Answered over a long time (watches, logs, upgraded connections): no deadline, and no place among the requests in flight. */
  readonly isLongRunning: boolean;
}
export interface Authenticated extends Routed {
  readonly user: User;
}
export interface Authorized extends Authenticated {
  readonly isAuthorized: true;
}
/** What the registry is given: authorized, and of a kind that is served. */
export interface ResourceRequest extends Authorized {
  readonly target: ResourceTarget;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes whole or streamed; `upgraded` when the connection was taken over and nothing is left to send. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | 'upgraded';
}

export type Handler<R> = (request: R) => Promise<Reply>;
export type Filter<In, Out> = (next: Handler<Out>) => Handler<In>;

class Chain<In, Out> {
  readonly #wrap: Filter<In, Out>;
  constructor(wrap: Filter<In, Out>) {
    this.#wrap = wrap;
  }
  through<Next>(filter: Filter<Out, Next>): Chain<In, Next> {
    return new Chain((next) => this.#wrap(filter(next)));
  }
  end(handler: Handler<Out>): Handler<In> {
    return this.#wrap(handler);
  }
}

/** Begins a chain. Each filter adds what it learnt to the request's type, so that a wrong order does not compile. */
export const start = <R>(): Chain<R, R> => new Chain((next) => next);
