/** SPDY/3.1 frames as bytes. Only what streams need: no pushes, priorities or credentials. */
import { SpdyError } from './headers.ts';

export const control = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;

export const flagFin = 0x01;
export const initialWindowSetting = 7;
/** Reset statuses. */
export const status = { protocolError: 1, invalidStream: 2, refused: 3, cancel: 5, flowControlError: 7, streamInUse: 8, streamAlreadyClosed: 9 } as const;

export type Frame =
  | { readonly type: 'data'; readonly stream: number; readonly isLast: boolean; readonly data: Uint8Array }
  | { readonly type: 'synStream' | 'synReply' | 'headers'; readonly stream: number; readonly isLast: boolean; readonly block: Uint8Array }
  | { readonly type: 'reset'; readonly stream: number; readonly status: number }
  | { readonly type: 'settings'; readonly initialWindowBytes: number | undefined }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'goAway'; readonly lastStream: number }
  | { readonly type: 'windowUpdate'; readonly stream: number; readonly deltaBytes: number }
  | { readonly type: 'unknown' };

const controlBit = 0x8000_0000;
const version = 3;
const maxControlBytes = 65_536;
const maxDataBytes = 1 << 20;

export function dataFrame(stream: number, data: Uint8Array, isLast: boolean): readonly Uint8Array[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream);
  head.writeUInt32BE(((isLast ? flagFin : 0) << 24 | data.length) >>> 0, 4);
  return data.length === 0 ? [head] : [head, data];
}

export function controlFrame(type: number, flags: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE((controlBit | (version << 16) | type) >>> 0);
  head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
  return Buffer.concat([head, body]);
}

export function uint32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Keeps what is not yet a whole frame for the next chunk. */
  *push(chunk: Uint8Array): Generator<Frame> {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 8) {
      const first = this.#rest.readUInt32BE(0);
      const second = this.#rest.readUInt32BE(4);
      const length = second & 0x00ff_ffff;
      const isControl = (first & controlBit) !== 0;
      if (length > (isControl ? maxControlBytes : maxDataBytes)) throw new SpdyError('a frame is too long');
      if (this.#rest.length < 8 + length) return;
      const body = this.#rest.subarray(8, 8 + length);
      this.#rest = this.#rest.subarray(8 + length);
      const flags = second >>> 24;
      yield isControl ? parseControl(first & 0xffff, flags, body) : { type: 'data', stream: first, isLast: (flags & flagFin) !== 0, data: body };
    }
  }
}

function parseControl(type: number, flags: number, body: Buffer): Frame {
  const need = (length: number): void => {
    if (body.length < length) throw new SpdyError(`a control frame of type ${type} is too short`);
  };
  const isLast = (flags & flagFin) !== 0;
  const streamId = (): number => body.readUInt32BE(0) & 0x7fff_ffff;
  switch (type) {
    case control.synStream: need(10); return { type: 'synStream', stream: streamId(), isLast, block: body.subarray(10) };
    case control.synReply: need(4); return { type: 'synReply', stream: streamId(), isLast, block: body.subarray(4) };
    case control.headers: need(4); return { type: 'headers', stream: streamId(), isLast, block: body.subarray(4) };
    case control.reset: need(8); return { type: 'reset', stream: streamId(), status: body.readUInt32BE(4) };
    case control.settings: need(4); return { type: 'settings', initialWindowBytes: readInitialWindow(body) };
    case control.ping: need(4); return { type: 'ping', id: body.readUInt32BE(0) };
    case control.goAway: need(4); return { type: 'goAway', lastStream: streamId() };
    case control.windowUpdate: need(8); return { type: 'windowUpdate', stream: streamId(), deltaBytes: body.readUInt32BE(4) & 0x7fff_ffff };
    default: return { type: 'unknown' };
  }
}

function readInitialWindow(body: Buffer): number | undefined {
  const count = Math.min(body.readUInt32BE(0), Math.floor((body.length - 4) / 8));
  for (let index = 0; index < count; index++) {
    if ((body.readUInt32BE(4 + index * 8) & 0x00ff_ffff) === initialWindowSetting) return body.readUInt32BE(8 + index * 8) & 0x7fff_ffff;
  }
  return undefined;
}
