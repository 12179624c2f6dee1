/** Exec and attach: what both ends of a session look like, and how its outcome is written. */
import type { Readable, Writable } from 'node:stream';
import { Queue } from '@kaji/base';

/** Which streams the request asked for. */
export interface RemoteCommandStreams {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** How a command ended. */
export type ExecResult =
  | { readonly type: 'exited'; readonly code: number; readonly message?: string }
  | { readonly type: 'failed'; readonly message: string };

/** The end that runs the command. */
export interface RemoteCommandServer {
  readonly stdin: Readable | undefined;
  readonly stdout: Writable | undefined;
  readonly stderr: Writable | undefined;
  /** Sizes of the caller's terminal as they change; only the latest ones wait. */
  readonly resizes: AsyncIterable<TerminalSize>;
  /** Aborted when the caller went away. */
  readonly gone: AbortSignal;
  /** Tells the caller the outcome, after all output, and closes. */
  finish(result: ExecResult): Promise<void>;
}

/** The end that asked for it. */
export interface RemoteCommandClient {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  resize(size: TerminalSize): void;
  /** Settles when the other end has said how it ended; rejects when the connection is lost before. */
  readonly result: Promise<ExecResult>;
  close(): void;
}

export const protocols = { v5: 'v5.channel.k8s.io', v4: 'v4.channel.k8s.io', v3: 'v3.channel.k8s.io', v2: 'v2.channel.k8s.io', v1: 'channel.k8s.io', base64v4: 'v4.base64.channel.k8s.io', base64v1: 'base64.channel.k8s.io' } as const;

/** Kubernetes: the numbers of the channels on a WebSocket. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

const exitPrefix = 'command terminated with non-zero exit code: ';

/** From v4 on the outcome is a metav1.Status; before, it is text, and nothing means success. */
export function encodeResult(result: ExecResult, isStatus: boolean): Uint8Array {
  if (!isStatus) return Buffer.from(result.type === 'failed' ? result.message : result.code === 0 ? '' : `${exitPrefix}${result.message ?? `exit status ${result.code}`}`);
  return Buffer.from(JSON.stringify(statusOf(result)));
}

function statusOf(result: ExecResult): object {
  if (result.type === 'failed') {
    return { metadata: {}, status: 'Failure', message: `Internal error occurred: ${result.message}`, reason: 'InternalError', details: { causes: [{ message: result.message }] }, code: 500 };
  }
  if (result.code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {}, status: 'Failure', message: `${exitPrefix}${result.message ?? `exit status ${result.code}`}`, reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(result.code) }] },
  };
}

interface StatusText {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

export function decodeResult(bytes: Uint8Array, isStatus: boolean): ExecResult {
  const text = Buffer.from(bytes).toString('utf8');
  if (text === '') return { type: 'exited', code: 0 };
  if (!isStatus) return { type: 'failed', message: text };
  let status: StatusText;
  try {
    status = JSON.parse(text) as StatusText; // every field is treated as optional below
  } catch {
    return { type: 'failed', message: `error stream protocol error: ${text}` };
  }
  if (status.status === 'Success') return { type: 'exited', code: 0 };
  const message = status.message ?? '';
  const code = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message);
  if (status.reason === 'NonZeroExitCode' && Number.isInteger(code)) {
    return { type: 'exited', code, message: message.startsWith(exitPrefix) ? message.slice(exitPrefix.length) : message };
  }
  return { type: 'failed', message: message.replace(/^Internal error occurred: /, '') };
}

/** Kubernetes: Go's names for the fields. */
export const encodeSize = ({ width, height }: TerminalSize): Uint8Array => Buffer.from(`${JSON.stringify({ Width: width, Height: height })}\n`);

const maxSizeText = 4096;

/** The sizes in a stream of JSON objects. Older ones give way to newer ones that nobody waited for. */
export function readSizes(stream: Readable): AsyncIterable<TerminalSize> {
  const sizes = new Queue<TerminalSize>(8);
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const objects = text.split('}');
    text = (objects.pop() ?? '').slice(-maxSizeText);
    for (const object of objects) {
      const size = parseSize(`${object}}`);
      if (size === undefined) continue;
      if (sizes.offer(size) !== 'full') continue;
      sizes.drain();
      sizes.offer(size);
    }
  });
  const close = (): void => { sizes.close(); };
  stream.on('end', close).on('close', close);
  return sizes;
}

function parseSize(text: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(text) as { readonly Width?: unknown; readonly Height?: unknown }; // both are checked on the next line
    return typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0 && width <= 0xffff && height <= 0xffff ? { width, height } : undefined;
  } catch {
    return undefined; // a size that cannot be read leaves the terminal as it is
  }
}
