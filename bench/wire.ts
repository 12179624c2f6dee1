/**
 * Just enough HTTP/2 for a load generator: requests out, frames in, nothing parsed that is not asked for. Node's own client
 * costs as much a request as the server does, so on a small machine it would be the client that is measured.
 * The header table is switched off, which leaves the status as the first thing of an answer, in one of two forms.
 */
import { connect, type TLSSocket } from 'node:tls';

export interface Endpoint {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** What hears of one stream. */
export interface Exchange {
  head(status: number): void;
  data(chunk: Buffer): void;
  end(): void;
  failed(error: Error): void;
}

const frame = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const flag = { endStream: 1, acknowledge: 1, endHeaders: 4 } as const;
/** What a peer takes of one frame unless it says otherwise. */
const maxPayloadBytes = 16_384;
/** What it takes of one stream before it says more. */
const firstWindowBytes = 65_535;
const connectionWindowBytes = 64 * 1024 * 1024;
const streamWindowBytes = 16 * 1024 * 1024;

export class Wire {
  readonly #socket: TLSSocket;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #unacknowledged = new Map<number, number>();
  #unacknowledgedBytes = 0;
  #nextStream = 1;
  #isClosed = false;
  // The frame at hand: its head as far as it has come, then what is left of its payload.
  readonly #head = Buffer.alloc(9);
  #headBytes = 0;
  #payloadBytes = 0;
  #payload: Buffer[] = [];

  constructor(endpoint: Endpoint) {
    const { hostname, port } = new URL(endpoint.url);
    this.#socket = connect({ host: hostname, port: Number(port), ca: endpoint.certificateAuthority, cert: endpoint.certificate, key: endpoint.privateKey, ALPNProtocols: ['h2'] });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => { this.#take(chunk); });
    this.#socket.on('error', (error) => { this.#fail(error); });
    this.#socket.on('close', () => { this.#fail(new Error('the connection was closed')); });
    this.#socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settings({ 1: 0, 2: 0, 4: streamWindowBytes }), windowUpdate(0, connectionWindowBytes - 65_535)]));
  }

  /** Bodies go out at once, without regard to the server's window: small ones, few at a time. */
  send(headers: readonly (readonly [string, string])[], body: Buffer | undefined, exchange: Exchange): number {
    if (body !== undefined && body.length > firstWindowBytes) throw new Error('this client sends small bodies only');
    const id = this.#nextStream;
    this.#nextStream += 2;
    this.#exchanges.set(id, exchange);
    let text = '';
    for (const [name, value] of headers) text += literal(name, value);
    const block = Buffer.from(text, 'latin1');
    const parts = [frameHead(block.length, frame.headers, flag.endHeaders | (body === undefined ? flag.endStream : 0), id), block];
    for (let at = 0; body !== undefined && at < body.length; at += maxPayloadBytes) {
      const piece = body.subarray(at, at + maxPayloadBytes);
      parts.push(frameHead(piece.length, frame.data, at + piece.length === body.length ? flag.endStream : 0, id), piece);
    }
    this.#socket.write(Buffer.concat(parts));
    return id;
  }

  /** Gives a stream up. */
  cancel(id: number): void {
    if (!this.#exchanges.delete(id) || this.#isClosed) return;
    this.#socket.write(Buffer.concat([frameHead(4, frame.reset, 0, id), Buffer.from([0, 0, 0, 8])]));
  }

  close(): void {
    this.#exchanges.clear();
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const exchange of this.#exchanges.values()) exchange.failed(error);
    this.#exchanges.clear();
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length || (this.#headBytes === 9 && this.#payloadBytes === 0); ) {
      if (this.#headBytes < 9) {
        const taken = chunk.copy(this.#head, this.#headBytes, at, at + 9 - this.#headBytes);
        at += taken;
        this.#headBytes += taken;
        if (this.#headBytes < 9) return;
        this.#payloadBytes = this.#head.readUIntBE(0, 3);
      }
      const piece = chunk.subarray(at, at + this.#payloadBytes);
      at += piece.length;
      this.#payloadBytes -= piece.length;
      const type = this.#head[3];
      const id = this.#head.readUInt32BE(5);
      if (type === frame.data) this.#takeData(id, piece);
      else this.#payload.push(piece);
      if (this.#payloadBytes > 0) continue;
      this.#finishFrame(type ?? 0, this.#head[4] ?? 0, id, type === frame.data ? noBytes : Buffer.concat(this.#payload));
      this.#payload = [];
      this.#headBytes = 0;
    }
  }

  #takeData(id: number, piece: Buffer): void {
    if (piece.length === 0) return;
    this.#exchanges.get(id)?.data(piece);
    this.#unacknowledgedBytes += piece.length;
    if (this.#unacknowledgedBytes > connectionWindowBytes / 2) {
      this.#socket.write(windowUpdate(0, this.#unacknowledgedBytes));
      this.#unacknowledgedBytes = 0;
    }
    const bytes = (this.#unacknowledged.get(id) ?? 0) + piece.length;
    this.#unacknowledged.set(id, bytes > streamWindowBytes / 2 ? 0 : bytes);
    if (bytes > streamWindowBytes / 2) this.#socket.write(windowUpdate(id, bytes));
  }

  #finishFrame(type: number, flags: number, id: number, payload: Buffer): void {
    if (type === frame.headers) this.#exchanges.get(id)?.head(statusOf(payload));
    else if (type === frame.settings && (flags & flag.acknowledge) === 0) this.#socket.write(frameHead(0, frame.settings, flag.acknowledge, 0));
    else if (type === frame.ping && (flags & flag.acknowledge) === 0) this.#socket.write(Buffer.concat([frameHead(8, frame.ping, flag.acknowledge, 0), payload]));
    else if (type === frame.reset) this.#settle(id)?.failed(new Error(`the stream was reset with ${payload.readUInt32BE(0)}`));
    else if (type === frame.goAway && payload.readUInt32BE(4) !== 0) this.#fail(new Error(`the connection was ended with ${payload.readUInt32BE(4)}`));
    if ((type === frame.data || type === frame.headers) && (flags & flag.endStream) !== 0) this.#settle(id)?.end();
  }

  #settle(id: number): Exchange | undefined {
    const exchange = this.#exchanges.get(id);
    this.#exchanges.delete(id);
    this.#unacknowledged.delete(id);
    return exchange;
  }
}

const noBytes = Buffer.alloc(0);

function frameHead(length: number, type: number, flags: number, id: number): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return head;
}

function settings(values: Readonly<Record<number, number>>): Buffer {
  const payload = Object.entries(values).map(([name, value]) => {
    const setting = Buffer.alloc(6);
    setting.writeUInt16BE(Number(name), 0);
    setting.writeUInt32BE(value, 2);
    return setting;
  });
  return Buffer.concat([frameHead(payload.length * 6, frame.settings, 0, 0), ...payload]);
}

function windowUpdate(id: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return Buffer.concat([frameHead(4, frame.windowUpdate, 0, id), payload]);
}

/** A header as it is, not for the table (RFC 7541, 6.2.2), a character a byte. Names and values are ASCII here. */
const literal = (name: string, value: string): string => `\0${counted(name)}${counted(value)}`;

function counted(value: string): string {
  if (value.length < 127) return String.fromCharCode(value.length) + value;
  let head = '\x7f';
  let rest = value.length - 127;
  for (; rest > 127; rest >>= 7) head += String.fromCharCode((rest & 127) | 128);
  return head + String.fromCharCode(rest) + value;
}

/** The statuses of the static table, by index from 8 on. */
const indexed = [200, 204, 206, 304, 400, 404, 500];

/** The first header of an answer, behind changes of the table's size: an index, or a literal in plain or Huffman code. */
function statusOf(block: Buffer): number {
  let at = 0;
  while (((block[at] ?? 0) & 0xe0) === 0x20) {
    const isLong = (block[at++] ?? 0) === 0x3f;
    if (isLong) while (((block[at++] ?? 0) & 0x80) !== 0);
  }
  const first = block[at] ?? 0;
  if (first >= 0x88 && first <= 0x8e) return indexed[first - 0x88] ?? 0;
  const length = block[at + 1] ?? 0;
  if ((length & 0x80) === 0) return Number(block.toString('latin1', at + 2, at + 2 + length));
  return digits(block.readUInt16BE(at + 2));
}

/** Three Huffman-coded digits in two bytes (RFC 7541, appendix B): 0 to 2 take five bits, 3 to 9 six. What takes more is sent as it is. */
function digits(bits: number): number {
  let value = 0;
  for (let count = 0, unread = 16; count < 3; count++) {
    const short = (bits >> (unread - 5)) & 31;
    unread -= short <= 2 ? 5 : 6;
    value = value * 10 + (short <= 2 ? short : ((bits >> unread) & 63) - 22);
  }
  return value;
}
