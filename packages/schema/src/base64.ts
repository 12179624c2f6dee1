/** Base64 as Go's decoder takes it: padded, standard alphabet, line breaks skipped. */
import { DecodeError } from './decode-error.ts';

/** Without its line breaks. */
export function readBase64(text: string): string {
  const packed = text.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/]/.exec(packed)?.index ?? packed.length;
  const body = packed.length - (/={0,2}$/.exec(packed)?.[0].length ?? 0);
  if (packed.length % 4 !== 0 || wrong < body) throw new DecodeError(`illegal base64 data at input byte ${badByte(text)}`);
  return packed;
}

const padding = 0x3d;
const isDigit = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f;
const isBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

/** Where Go says that it went wrong. */
function badByte(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const pastBreaks = (from: number): number => {
    let at = from;
    while (isBreak(bytes[at])) at++;
    return at;
  };
  let digits = 0;
  for (const [at, byte] of bytes.entries()) {
    if (isBreak(byte)) continue;
    if (isDigit(byte)) {
      digits++;
      continue;
    }
    if (byte !== padding || digits % 4 < 2) return at;
    const next = pastBreaks(at + 1);
    if (digits % 4 === 3) return next;
    if (next === bytes.length) return next;
    return bytes[next] === padding ? pastBreaks(next + 1) : next - 1;
  }
  return bytes.length - digits % 4;
}
