/** The HTTP/1.1 part: a request that turns its connection into something else, as a server sees it and as a client sends it. */
import type { Duplex } from 'node:stream';

/** A request to upgrade, with the connection it came on. */
export interface Upgrade {
  /** Lower-case names; several values of one name joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly socket: Duplex;
  /** Bytes that followed the request's head. */
  readonly head: Uint8Array;
}

/** No upgrade happened: what to answer over plain HTTP, or what the other side answered. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const contains = (list: string | undefined, word: string): boolean => (list ?? '').toLowerCase().includes(word);

export const isUpgrade = (headers: Upgrade['headers']): boolean => contains(headers['connection'], 'upgrade') && (headers['upgrade'] ?? '') !== '';
export const isWebSocketUpgrade = (headers: Upgrade['headers']): boolean => isUpgrade(headers) && (headers['upgrade'] ?? '').toLowerCase() === 'websocket';

export const listed = (header: string | undefined): readonly string[] => (header ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '');

/** Agrees on a protocol for SPDY streams and answers 101. Throws UpgradeError with upstream's texts. */
export function acceptSpdyUpgrade({ headers, socket }: Upgrade, supported: readonly string[]): string {
  const header = headers['x-stream-protocol-version'];
  if (header === undefined) throw new UpgradeError(400, `unable to upgrade: header X-Stream-Protocol-Version does not exist in request with ${Object.keys(headers).length} headers`);
  const wanted = listed(header);
  if (wanted.length === 0) throw new UpgradeError(400, 'unable to upgrade: header X-Stream-Protocol-Version is empty');
  const chosen = wanted.find((protocol) => supported.includes(protocol));
  if (chosen === undefined) {
    throw new UpgradeError(403, `unable to upgrade: unable to negotiate protocol: client supports [${wanted.join(' ')}], server accepts [${supported.join(' ')}]`, { 'x-accepted-stream-protocol-versions': supported.join(', ') });
  }
  if (!isUpgrade(headers) || !contains(headers['upgrade'], 'spdy/3.1')) throw new UpgradeError(400, 'unable to upgrade: missing upgrade headers in request');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`);
  return chosen;
}

/** Where an upgrade is asked for: an open connection, and what the request says. */
export interface UpgradeTarget {
  readonly socket: Duplex;
  /** For the Host header. */
  readonly host: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The other side said yes. */
export interface Upgraded {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's head as it came, for passing on. */
  readonly rawHead: Uint8Array;
  /** Bytes that followed it. */
  readonly head: Uint8Array;
}

const maxHeadBytes = 65_536;
const maxBodyBytes = 65_536;
const lineBreak = /[\r\n]/;

/** Sends the request and waits for 101. Another answer is an UpgradeError with its status and body; the connection is closed then. */
export async function requestUpgrade(target: UpgradeTarget, method: 'GET' | 'POST', headers: Readonly<Record<string, string>>): Promise<Upgraded> {
  const { socket } = target;
  const lines = [`${method} ${target.path} HTTP/1.1`, `Host: ${target.host}`];
  for (const [name, value] of Object.entries({ ...target.headers, ...headers })) lines.push(`${name}: ${value}`);
  if (method === 'POST') lines.push('Content-Length: 0');
  if (lines.some((line) => lineBreak.test(line))) throw new UpgradeError(400, 'a header or the path of the request contains a line break');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const { rawHead, rest } = await readHead(socket);
  const [statusLine = '', ...headerLines] = rawHead.toString('latin1').trimEnd().split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
  const answer = parseHeaders(headerLines);
  if (status === 101) return { headers: answer, rawHead, head: rest };
  if (Number.isNaN(status)) throw new UpgradeError(502, 'the answer to the upgrade request is not HTTP');
  const body = await readBody(socket, rest, answer['content-length']);
  throw new UpgradeError(status, body.trimEnd(), answer);
}

function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** Everything up to the empty line, and what came with it. */
function readHead(socket: Duplex): Promise<{ readonly rawHead: Buffer; readonly rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose).off('end', onClose);
      socket.pause();
    };
    const onError = (error: Error): void => {
      finish();
      reject(error);
    };
    const onClose = (): void => { onError(new UpgradeError(502, 'the connection was closed before it was upgraded')); };
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) {
        if (bytes.length > maxHeadBytes) onError(new UpgradeError(502, 'the head of the answer to the upgrade request is too long'));
        return;
      }
      finish();
      resolve({ rawHead: bytes.subarray(0, end + 4), rest: bytes.subarray(end + 4) });
    };
    socket.on('data', onData).on('error', onError).on('close', onClose).on('end', onClose);
  });
}

async function readBody(socket: Duplex, start: Buffer, contentLength: string | undefined): Promise<string> {
  const length = Math.min(maxBodyBytes, contentLength === undefined ? maxBodyBytes : Number(contentLength));
  let body = start;
  try {
    if (body.length < length) {
      for await (const chunk of socket) {
        body = Buffer.concat([body, chunk as Buffer]); // a socket without an encoding yields buffers
        if (body.length >= length) break;
      }
    }
  } catch {
    // The status is known; a body cut short still says more than nothing.
  }
  socket.destroy();
  return body.subarray(0, length).toString('utf8');
}
