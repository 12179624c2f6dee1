/**
 * Writes protobuf from the end to the beginning, so that a nested message's length is known when its tag is written:
 * one pass, one buffer. Fields therefore come in reverse.
 */
const encoder = new TextEncoder();

/** Enough for almost every object. */
const spareBytes = 64 * 1024;
/** Handed from one writer to the next: growing a new buffer for each message was most of its cost. Holds nothing in between. */
let spare: Uint8Array | undefined;

export class ProtobufWriter {
  #buffer: Uint8Array;
  /** Where the written part begins. */
  #at: number;

  constructor() {
    this.#buffer = spare ?? new Uint8Array(spareBytes);
    spare = undefined;
    this.#at = this.#buffer.length;
  }

  /** Bytes written so far; the length of a message is the difference of two positions. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** What was written, in bytes of its own. The writer is done with. */
  finish(): Uint8Array {
    const written = this.#buffer.slice(this.#at);
    if (this.#buffer.length === spareBytes) spare = this.#buffer;
    return written;
  }

  #reserve(size: number): void {
    if (size <= this.#at) return;
    const length = this.length;
    const next = new Uint8Array(Math.max(this.#buffer.length * 2, length + size));
    next.set(this.#buffer.subarray(this.#at), next.length - length);
    this.#buffer = next;
    this.#at = next.length - length;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#at -= value.length;
    this.#buffer.set(value, this.#at);
  }

  /** The text's UTF-8 bytes. */
  text(value: string): void {
    const size = value.length;
    this.#reserve(size);
    const start = this.#at - size;
    if (size > 48) {
      // The platform's encoder is faster for long texts; ASCII fills the place exactly.
      const { read, written } = encoder.encodeInto(value, this.#buffer.subarray(start, this.#at));
      if (read === size && written === size) this.#at = start;
      else this.bytes(encoder.encode(value));
      return;
    }
    for (let i = 0; i < size; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        this.bytes(encoder.encode(value));
        return;
      }
      this.#buffer[start + i] = code;
    }
    this.#at = start;
  }

  /** An unsigned number below 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#buffer[--this.#at] = value;
      return;
    }
    this.#reserve(10);
    const size = value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : Math.ceil((Math.floor(Math.log2(value)) + 1) / 7);
    this.#at -= size;
    let rest = value;
    for (let i = 0; i < size - 1; i++) {
      this.#buffer[this.#at + i] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at + size - 1] = rest;
  }

  /** An integer as protobuf's int32, int64 and uint64 spell it: two's complement in 64 bits. */
  integer(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) {
      this.varint(value);
      return;
    }
    const digits: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      digits.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    digits.push(Number(rest));
    this.bytes(Uint8Array.from(digits));
  }

  double(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.bytes(bytes);
  }

  float(value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.bytes(bytes);
  }

  /** 0 varint, 1 eight bytes, 2 a length and that many bytes, 5 four bytes. */
  tag(number: number, wireType: 0 | 1 | 2 | 5): void {
    this.varint(number * 8 + wireType);
  }

  /** Length and tag of what was written since `length` was `before`. */
  close(number: number, before: number): void {
    this.varint(this.length - before);
    this.tag(number, 2);
  }

  textField(number: number, value: string): void {
    const before = this.length;
    this.text(value);
    this.close(number, before);
  }

  bytesField(number: number, value: Uint8Array): void {
    this.bytes(value);
    this.varint(value.length);
    this.tag(number, 2);
  }

  integerField(number: number, value: number | bigint): void {
    this.integer(value);
    this.tag(number, 0);
  }
}
