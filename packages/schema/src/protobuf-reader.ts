/** A cursor over the bytes of a protobuf message: tags, numbers, texts, messages within. */
import { depthLimit } from './body-limits.ts';
import { DecodeError } from './decode-error.ts';

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const unexpectedEnd = (): DecodeError => new DecodeError('unexpected EOF');

/** Long texts and those that are not ASCII go to the platform's decoder; its call costs more than short loops do. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return textDecoder.decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const code = bytes[i] ?? 0;
    if (code > 0x7f) return textDecoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(code);
  }
  return text;
}

/** Shared by all messages of one body. */
interface Count {
  /** Messages and entries of maps read so far. */
  parts: number;
  /** How many messages the one that is read lies in, with itself. */
  depth: number;
  readonly mostParts: number;
}

/** A cursor over one message's bytes. */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #count: Count;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, count: Count = { parts: 0, depth: 0, mostParts: Infinity }) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#count = count;
  }

  static of(bytes: Uint8Array, mostParts: number): ProtobufReader {
    return new ProtobufReader(bytes, 0, bytes.length, { parts: 0, depth: 0, mostParts });
  }

  /** Goes into a message, and counts it. Throws DecodeError when it lies too deep. */
  enter(): void {
    this.count();
    if (++this.#count.depth > depthLimit) throw new DecodeError('proto: exceeded max depth');
  }

  leave(): void {
    this.#count.depth--;
  }

  /** Counts a part of the body. Throws DecodeError when there are too many. */
  count(): void {
    if (++this.#count.parts > this.#count.mostParts) throw new DecodeError(`proto: more than ${this.#count.mostParts} messages and entries in one body`);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw unexpectedEnd();
    return this.#bytes[this.#at++] ?? 0;
  }

  /** An unsigned integer; a bigint where it would be rounded. */
  unsigned(): number | bigint {
    let value = 0;
    let scale = 1;
    const start = this.#at;
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.#at = start;
    let whole = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      whole |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const result = BigInt.asUintN(64, whole);
        return result <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(result) : result;
      }
    }
    throw new DecodeError('proto: integer overflow');
  }

  /** A signed integer in two's complement; a bigint where it would be rounded. */
  signed(): number | bigint {
    const value = this.unsigned();
    if (typeof value === 'number') return value;
    const signed = BigInt.asIntN(64, value);
    return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.unsigned())));
  }

  double(): number {
    this.#need(8);
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8).getFloat64(0, true);
    this.#at += 8;
    return value;
  }

  float(): number {
    this.#need(4);
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 4).getFloat32(0, true);
    this.#at += 4;
    return value;
  }

  #need(size: number): void {
    if (this.#at + size > this.#end) throw unexpectedEnd();
  }

  /** Number and wire type of the next field. */
  tag(): { number: number; wireType: number } {
    const tag = Number(this.unsigned());
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new DecodeError(`proto: illegal tag ${number} (wire type ${tag % 8})`);
    return { number, wireType: tag % 8 };
  }

  #length(): number {
    const length = this.unsigned();
    if (typeof length === 'bigint' || this.#at + length > this.#end) throw unexpectedEnd();
    return length;
  }

  text(): string {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return textOf(this.#bytes, start, this.#at);
  }

  bytes(): Uint8Array {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  message(): ProtobufReader {
    const length = this.#length();
    const start = this.#at;
    this.#at += length;
    return new ProtobufReader(this.#bytes, start, this.#at, this.#count);
  }

  /** Groups may hold groups, as deep as there are bytes. */
  #skipGroup(): void {
    for (let depth = 1; depth > 0;) {
      const { wireType } = this.tag();
      if (wireType === 3) depth++;
      else if (wireType === 4) depth--;
      else this.skip(wireType);
    }
  }

  /** Skips an unknown field. */
  skip(wireType: number): void {
    switch (wireType) {
      case 0: this.unsigned(); return;
      case 1: this.#need(8); this.#at += 8; return;
      case 2: this.bytes(); return;
      case 5: this.#need(4); this.#at += 4; return;
      case 3: this.#skipGroup(); return;
      default: throw new DecodeError(`proto: illegal wireType ${wireType}`);
    }
  }
}
