/**
 * The protobuf form out of what is stored: the same message, with the revision in the place that the store's form leaves
 * empty. Decoding and encoding a Pod for it would take twenty times as long (35 µs).
 */
import { decodeEnvelope } from '@kaji/schema';
import type { Revision } from '@kaji/store';
import { varint } from '../discovery/varint.ts';

/** The first field of every kind, and its field resourceVersion: both with a length. */
const tags = { metadata: 0x0a, resourceVersion: 0x32 } as const;
const encoder = new TextEncoder();

/** Without an envelope. Undefined where there is no such place. */
export function versioned(stored: Uint8Array, revision: Revision): Uint8Array | undefined {
  const { raw } = decodeEnvelope(stored);
  if (raw[0] !== tags.metadata) return undefined;
  const [length, start] = lengthAt(raw, 1);
  let at = start;
  for (const end = start + length; at < end && raw[at] !== tags.resourceVersion;) {
    if (((raw[at] ?? 0) & 7) !== 2 || (raw[at] ?? 0) > tags.resourceVersion) return undefined;
    const [skipped, from] = lengthAt(raw, at + 1);
    at = from + skipped;
  }
  if (raw[at] !== tags.resourceVersion || raw[at + 1] !== 0) return undefined;
  const digits = encoder.encode(String(revision));
  const head = varint(length + digits.length);
  const bytes = new Uint8Array(1 + head.length + raw.length - start + digits.length);
  const place = 1 + head.length + at + 1 - start;
  bytes[0] = tags.metadata;
  bytes.set(head, 1);
  bytes.set(raw.subarray(start, at + 1), 1 + head.length);
  bytes[place] = digits.length;
  bytes.set(digits, place + 1);
  bytes.set(raw.subarray(at + 2), place + 1 + digits.length);
  return bytes;
}

/** A length below 2^28, and where what it counts begins. */
function lengthAt(bytes: Uint8Array, from: number): readonly [length: number, start: number] {
  let length = 0;
  let at = from;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return [length, at];
}
