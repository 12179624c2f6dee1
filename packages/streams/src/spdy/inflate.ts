/**
 * Inflate (RFC 1950 and 1951) for SPDY header blocks: it carries on from block to block with one window, is synchronous, and
 * stops at a limit. Node's own inflate is a stream on the thread pool, or starts anew with each call; SPDY needs neither.
 */

const windowBytes = 32_768;

/** Compressed bytes that make no sense, or too much of it. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}

export class Inflater {
  readonly #dictionary: Uint8Array;
  /** The last bytes that came out, which what follows may repeat. */
  #window: Uint8Array = new Uint8Array();
  #hasHeader = false;

  constructor(dictionary: Uint8Array) {
    this.#dictionary = dictionary;
  }

  /** What this piece, which ends where its sender flushed, stands for. */
  push(compressed: Uint8Array, limitBytes: number): Uint8Array {
    let start = 0;
    if (!this.#hasHeader) {
      start = this.#readHeader(compressed);
      this.#hasHeader = true;
    }
    const output = new Output(this.#window, limitBytes);
    const bits = new Bits(compressed, start);
    while (!bits.isAtEnd) if (readBlock(bits, output)) break;
    const whole = output.bytes();
    this.#window = output.window();
    return whole;
  }

  #readHeader(bytes: Uint8Array): number {
    const [method = 0, flags = 0] = bytes;
    if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0) throw new InflateError('not zlib');
    const hasDictionary = (flags & 0x20) !== 0;
    if (hasDictionary) this.#window = this.#dictionary;
    return hasDictionary ? 6 : 2;
  }
}

/** Bytes out, with what came before them at hand. */
class Output {
  #bytes: Uint8Array;
  #length: number;
  readonly #start: number;
  readonly #limit: number;

  constructor(window: Uint8Array, limitBytes: number) {
    this.#bytes = new Uint8Array(window.length + 4096);
    this.#bytes.set(window);
    this.#start = window.length;
    this.#length = window.length;
    this.#limit = window.length + limitBytes;
  }

  push(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  repeat(distance: number, length: number): void {
    if (distance > this.#length) throw new InflateError('reaches back before the beginning');
    this.#reserve(length);
    for (let left = length; left > 0; left--) {
      this.#bytes[this.#length] = this.#bytes[this.#length - distance] ?? 0;
      this.#length++;
    }
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(this.#start, this.#length);
  }

  window(): Uint8Array {
    return this.#bytes.slice(Math.max(0, this.#length - windowBytes), this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#limit) throw new InflateError('more than the limit');
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Bits in, least significant first. */
class Bits {
  readonly #bytes: Uint8Array;
  #offset: number;
  #buffer = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#offset = start;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  read(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw new InflateError('ends too early');
      this.#buffer |= byte << this.#count;
      this.#count += 8;
    }
    const value = this.#buffer & ((1 << count) - 1);
    this.#buffer >>>= count;
    this.#count -= count;
    return value;
  }

  /** Whole bytes from the next byte boundary on. */
  aligned(count: number): Uint8Array {
    this.#offset -= this.#count >> 3;
    this.#buffer = 0;
    this.#count = 0;
    if (this.#offset + count > this.#bytes.length) throw new InflateError('ends too early');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }
}

/** A prefix code in canonical form: how many symbols have each length, and the symbols in order of their codes. */
interface Code {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

function codeOf(lengths: readonly number[]): Code {
  const counts = Array.from({ length: 16 }, () => 0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const symbols = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0).sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  return { counts, symbols: symbols.map(({ symbol }) => symbol) };
}

function readSymbol(bits: Bits, code: Code): number {
  let value = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= 15; length++) {
    value |= bits.read(1);
    const count = code.counts[length] ?? 0;
    const symbol = value - first < count ? code.symbols[index + value - first] : undefined;
    if (symbol !== undefined) return symbol;
    index += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  throw new InflateError('no such code');
}

const range = (length: number, value: (index: number) => number): number[] => Array.from({ length }, (_, index) => value(index));

const fixedLengths = codeOf([...range(144, () => 8), ...range(112, () => 9), ...range(24, () => 7), ...range(8, () => 8)]);
const fixedDistances = codeOf(range(30, () => 5));

const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/** RFC 1951 sends the lengths of the code for code lengths in this order. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** One block; true when it says that it is the last. */
function readBlock(bits: Bits, output: Output): boolean {
  const isLast = bits.read(1) === 1;
  switch (bits.read(2)) {
    case 0: {
      const [low = 0, high = 0, invertedLow = 0, invertedHigh = 0] = bits.aligned(4);
      const length = low | (high << 8);
      if ((length ^ 0xffff) !== (invertedLow | (invertedHigh << 8))) throw new InflateError('a stored length does not match its complement');
      output.append(bits.aligned(length));
      break;
    }
    case 1: readCompressed(bits, output, { lengths: fixedLengths, distances: fixedDistances }); break;
    case 2: readCompressed(bits, output, readCodes(bits)); break;
    default: throw new InflateError('no such block type');
  }
  return isLast;
}

interface Codes {
  readonly lengths: Code;
  readonly distances: Code;
}

function readCodes(bits: Bits): Codes {
  const lengthCount = bits.read(5) + 257;
  const distanceCount = bits.read(5) + 1;
  const orderCount = bits.read(4) + 4;
  const ofLengths = range(19, () => 0);
  for (const symbol of lengthOrder.slice(0, orderCount)) ofLengths[symbol] = bits.read(3);
  const code = codeOf(ofLengths);
  const lengths: number[] = [];
  while (lengths.length < lengthCount + distanceCount) {
    const symbol = readSymbol(bits, code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...range(3 + bits.read(2), () => lengths.at(-1) ?? 0));
    else lengths.push(...range(symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7), () => 0));
  }
  return { lengths: codeOf(lengths.slice(0, lengthCount)), distances: codeOf(lengths.slice(lengthCount, lengthCount + distanceCount)) };
}

function readCompressed(bits: Bits, output: Output, { lengths, distances }: Codes): void {
  for (;;) {
    const symbol = readSymbol(bits, lengths);
    if (symbol === 256) return;
    if (symbol < 256) {
      output.push(symbol);
      continue;
    }
    const base = lengthBase[symbol - 257];
    if (base === undefined) throw new InflateError('no such length');
    const length = base + bits.read(lengthExtra[symbol - 257] ?? 0);
    const far = readSymbol(bits, distances);
    const distance = distanceBase[far];
    if (distance === undefined) throw new InflateError('no such distance');
    output.repeat(distance + bits.read(distanceExtra[far] ?? 0), length);
  }
}
