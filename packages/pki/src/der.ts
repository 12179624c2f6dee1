/** Distinguished encoding rules: just enough of ASN.1 to write certificates and to read certificates and signing requests that strangers send. */

/** Something that is not a certificate, request, key or token of the form we accept. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly problem: PkiProblem;

  constructor(message: string, { problem = 'malformed', cause }: { readonly problem?: PkiProblem; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.problem = problem;
  }
}

/** `truncated`: it ends before it says it would. The last three: a signature that does not hold, by the kind of its key. */
export type PkiProblem = 'malformed' | 'truncated' | 'badRsaSignature' | 'badEcdsaSignature' | 'badEd25519Signature';

export const tag = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, objectId: 0x06,
  utf8String: 0x0c, printableString: 0x13, teletexString: 0x14, ia5String: 0x16, utcTime: 0x17, generalizedTime: 0x18, bmpString: 0x1e,
  sequence: 0x30, set: 0x31,
} as const;

/** The tag of a context-specific value: `[number]`, constructed when it holds others. */
export const contextTag = (number: number, isConstructed: boolean): number => 0x80 | (isConstructed ? 0x20 : 0) | number;

export function encode(tagByte: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tagByte), encodeLength(content.length), content]);
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(tag.sequence, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Uint8Array => encode(tag.set, ...parts);
export const octets = (bytes: Uint8Array): Uint8Array => encode(tag.octetString, bytes);
export const boolean = (value: boolean): Uint8Array => encode(tag.boolean, Uint8Array.of(value ? 0xff : 0));
export const utf8 = (text: string): Uint8Array => encode(tag.utf8String, Buffer.from(text, 'utf8'));
/** Whole bytes, of which the last has `unusedBits` that do not count. */
export const bits = (bytes: Uint8Array, unusedBits = 0): Uint8Array => encode(tag.bitString, Uint8Array.of(unusedBits), bytes);

/** A non-negative integer from its big-endian bytes. */
export function integer(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const trimmed = magnitude.subarray(start);
  const needsSign = ((trimmed[0] ?? 0) & 0x80) !== 0;
  return encode(tag.integer, needsSign ? Uint8Array.of(0) : new Uint8Array(), trimmed.length === 0 ? Uint8Array.of(0) : trimmed);
}

/** `1.2.840.10045.4.3.2` */
export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const group = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) group.unshift(0x80 | (left % 128));
    bytes.push(...group);
  }
  return encode(tag.objectId, Uint8Array.from(bytes));
}

/** RFC 5280: two-digit years to 2049, four digits after. */
export function time(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = Number(digits.slice(0, 4));
  return year < 2050 ? encode(tag.utcTime, Buffer.from(digits.slice(2), 'latin1')) : encode(tag.generalizedTime, Buffer.from(digits, 'latin1'));
}

/** One value as it was read: its tag, what it holds, and all of its bytes. */
export interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

/** Reads one value after another; every length is checked against what is there. */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** The next value, which must have this tag where one is named. */
  next(expected?: number): Value {
    const start = this.#offset;
    const tagByte = this.#byte();
    if ((tagByte & 0x1f) === 0x1f) throw new PkiError('tags of several bytes are not used in certificates');
    const length = this.#length();
    if (length > this.#bytes.length - this.#offset) throw new PkiError('a value is longer than what holds it', { problem: 'truncated' });
    const content = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    if (expected !== undefined && tagByte !== expected) throw new PkiError(`expected tag ${expected}, found ${tagByte}`);
    return { tag: tagByte, content, raw: this.#bytes.subarray(start, this.#offset) };
  }

  /** The next value if it has this tag. */
  optional(expected: number): Value | undefined {
    return this.#bytes[this.#offset] === expected ? this.next() : undefined;
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset++];
    if (byte === undefined) throw new PkiError('ends too early', { problem: 'truncated' });
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new PkiError('a length of a form that DER does not know');
    let length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + this.#byte();
    return length;
  }
}

/** The values that a constructed one holds. */
export function* children(value: Value): Generator<Value> {
  const reader = new Reader(value.content);
  while (!reader.isAtEnd) yield reader.next();
}

export function readObjectId(value: Value): string {
  if (value.tag !== tag.objectId) throw new PkiError('expected an object identifier');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new PkiError('an object identifier is too long');
    if ((byte & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** The bytes of a bit string of whole bytes. */
export function readBits(value: Value): Uint8Array {
  if (value.tag !== tag.bitString || value.content[0] !== 0) throw new PkiError('expected a bit string of whole bytes');
  return value.content.subarray(1);
}

export function readText(value: Value): string {
  switch (value.tag) {
    case tag.utf8String: case tag.printableString: case tag.ia5String:
      return Buffer.from(value.content).toString('utf8');
    case tag.teletexString:
      return Buffer.from(value.content).toString('latin1');
    case tag.bmpString:
      return Buffer.from(value.content).swap16().toString('utf16le');
    default:
      throw new PkiError(`tag ${value.tag} is no text`);
  }
}

/** Milliseconds since the Unix epoch. */
export function readTime(value: Value): number {
  const text = Buffer.from(value.content).toString('latin1');
  const full = value.tag === tag.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (match === null || (value.tag !== tag.utcTime && value.tag !== tag.generalizedTime)) throw new PkiError('a time of a form that RFC 5280 does not allow');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
