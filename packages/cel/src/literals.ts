/** The values of literals. Rules: the language definition of CEL, "Numeric values" and "String and bytes values". */

const smallestInt = -(2n ** 63n);
const largestInt = 2n ** 63n - 1n;
const largestUint = 2n ** 64n - 1n;

/** A whole number with its sign, decimal or hexadecimal; undefined where it does not fit in 64 bits. */
export function parseInt64(sign: string, digits: string): bigint | undefined {
  const size = BigInt(digits);
  const value = sign === '-' ? -size : size;
  return value < smallestInt || value > largestInt ? undefined : value;
}

/** A whole number without a sign and with the letter at its end; undefined where it does not fit in 64 bits. */
export function parseUint64(text: string): bigint | undefined {
  const value = BigInt(text.slice(0, -1));
  return value > largestUint ? undefined : value;
}

/** A number with a fraction or an exponent; undefined where it is too large. */
export function parseDouble(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 0x07], ['b', 0x08], ['f', 0x0c], ['n', 0x0a], ['r', 0x0d], ['t', 0x09], ['v', 0x0b], ['\\', 0x5c], ["'", 0x27], ['"', 0x22], ['`', 0x60], ['?', 0x3f],
]);

/** How many hexadecimal digits follow. */
const hexDigits: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 };

/** Why a string is none. The words are upstream's. */
export interface StringError { readonly error: string }

/** One escape sequence, without its backslash: what it stands for and how long it is. */
function unescape(text: string, start: number, isBytes: boolean): { readonly value: number; readonly length: number } | StringError {
  const letter = text[start] ?? '';
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { value: simple, length: 1 };
  const digits = hexDigits[letter];
  if (digits === undefined) return valid(Number.parseInt(text.slice(start, start + 3), 8), 3, isBytes);
  if (isBytes && digits > 2) return { error: 'unable to unescape string' };
  return valid(Number.parseInt(text.slice(start + 1, start + 1 + digits), 16), digits + 1, isBytes);
}

function valid(value: number, length: number, isBytes: boolean): { readonly value: number; readonly length: number } | StringError {
  const isCodePoint = value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  return isBytes || isCodePoint ? { value, length } : { error: 'invalid unicode code point' };
}

/** What is between the quotes, and whether its backslashes are only that. Line ends of any kind become line feeds. */
function contents(literal: string): { readonly text: string; readonly isRaw: boolean } {
  const isRaw = literal.startsWith('r') || literal.startsWith('R');
  const quoted = (isRaw ? literal.slice(1) : literal).replaceAll(/\r\n?/gu, '\n');
  const quotes = quoted.length >= 6 && (quoted.startsWith("'''") || quoted.startsWith('"""')) ? 3 : 1;
  return { text: quoted.slice(quotes, -quotes), isRaw };
}

/** The text of a string literal, with its quotes and its prefix. */
export function parseString(literal: string): string | StringError {
  const { text, isRaw } = contents(literal);
  if (isRaw || !text.includes('\\')) return text;
  let result = '';
  for (let at = 0; at < text.length; ) {
    const backslash = text.indexOf('\\', at);
    if (backslash === -1) return result + text.slice(at);
    const escape = unescape(text, backslash + 1, false);
    if ('error' in escape) return escape;
    result += text.slice(at, backslash) + String.fromCodePoint(escape.value);
    at = backslash + 1 + escape.length;
  }
  return result;
}

/** The bytes of a bytes literal, with its quotes but without the letter in front: characters are UTF-8, escapes are bytes. */
export function parseBytes(literal: string): Uint8Array | StringError {
  const { text, isRaw } = contents(literal);
  const encoder = new TextEncoder();
  if (isRaw || !text.includes('\\')) return encoder.encode(text);
  const result: number[] = [];
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\\', at);
    const backslash = found === -1 ? text.length : found;
    for (const byte of encoder.encode(text.slice(at, backslash))) result.push(byte);
    if (found === -1) break;
    const escape = unescape(text, backslash + 1, true);
    if ('error' in escape) return escape;
    result.push(escape.value);
    at = backslash + 1 + escape.length;
  }
  return Uint8Array.from(result);
}
