/** gRPC over a Unix socket: unary calls and server streams of messages declared in the field language. */
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { MessageType } from '@kaji/schema';
import { decode, encode } from './proto3.ts';
import { RuntimeError } from './runtime.ts';

/** What a runtime may answer in one message: a full list of containers does not fit into gRPC's own 4 MiB. */
const maxReceiveBytes = 16 * 1024 * 1024;

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Sent with the call: containerd wants to know its namespace. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export class Channel {
  readonly #client: Client;
  readonly #now: () => number;

  /** `endpoint` is `unix:///run/containerd/containerd.sock`, or a bare path. */
  constructor(endpoint: string, now: () => number) {
    const address = endpoint.startsWith('/') ? `unix://${endpoint}` : endpoint;
    this.#now = now;
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxReceiveBytes,
      'grpc.max_send_message_length': maxReceiveBytes,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.min_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
      'grpc.default_authority': 'localhost',
      'grpc.enable_http_proxy': 0,
    });
  }

  call<Request, Response>(path: string, types: readonly [MessageType<Request>, MessageType<Response>], request: Request, options: CallOptions = {}): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        path, serialize(types[0]), deserialize(types[1]), request, metadataOf(options), this.#callOptions(options),
        (error: ServiceError | null, response?: Response) => {
          options.signal?.removeEventListener('abort', abort);
          if (error !== null) reject(runtimeError(error));
          else if (response === undefined) reject(new RuntimeError('unknown', `${path} answered nothing`));
          else resolve(response);
        },
      );
      const abort = (): void => { call.cancel(); };
      if (options.signal?.aborted === true) abort();
      options.signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Ends when the server ends the stream; throws RuntimeError when it breaks. */
  async *stream<Request, Response>(path: string, types: readonly [MessageType<Request>, MessageType<Response>], request: Request, options: CallOptions = {}): AsyncIterable<Response> {
    const call = this.#client.makeServerStreamRequest(path, serialize(types[0]), deserialize(types[1]), request, metadataOf(options), this.#callOptions(options));
    const abort = (): void => { call.cancel(); };
    call.on('error', () => undefined); // the iteration reports it; an unheard 'error' would end the process
    if (options.signal?.aborted === true) abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      for await (const response of call as AsyncIterable<Response>) yield response;
    } catch (error) {
      throw runtimeError(error as ServiceError); // grpc-js throws nothing else out of a call
    } finally {
      options.signal?.removeEventListener('abort', abort);
      call.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }

  #callOptions(options: CallOptions): { deadline?: number } {
    return options.timeoutMs === undefined ? {} : { deadline: this.#now() + options.timeoutMs };
  }
}

const serialize = <T>(type: MessageType<T>) => (value: T): Buffer => {
  const bytes = encode(type, value);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

const deserialize = <T>(type: MessageType<T>) => (bytes: Buffer): T => decode(type, bytes);

function metadataOf(options: CallOptions): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.set(name, value);
  return metadata;
}

function runtimeError(error: ServiceError): RuntimeError {
  // Kubernetes: this form of the text is what people see in events and statuses
  return new RuntimeError(codeName(error.code), `rpc error: code = ${goName(error.code)} desc = ${error.details ?? error.message}`, { cause: error });
}

/** `DEADLINE_EXCEEDED` as Go prints it. */
function goName(code: number): string {
  if (code === status.CANCELLED) return 'Canceled';
  const name = status[code] ?? 'UNKNOWN';
  return name.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function codeName(code: number): RuntimeError['code'] {
  switch (code) {
    case status.NOT_FOUND: return 'notFound';
    case status.UNAVAILABLE: return 'unavailable';
    case status.DEADLINE_EXCEEDED: return 'deadlineExceeded';
    case status.UNIMPLEMENTED: return 'unimplemented';
    case status.CANCELLED: return 'cancelled';
    default: return 'unknown';
  }
}
