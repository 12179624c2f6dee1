/** Makes messages small: names said once, and records left out where a datagram has no room for them. */

/** How many names the data of a type begins with, of those that may be shortened there: NS, CNAME, SOA, PTR; not SRV (RFC 2782). */
const namesInData: ReadonlyMap<number, number> = new Map([[2, 1], [5, 1], [6, 2], [12, 1]]);

const headerBytes = 12;
/** Where the counts of questions, answers, authorities and additionals stand. */
const countOffsets = [4, 6, 8, 10] as const;
const truncatedBit = 0x02;
/** The furthest place that a pointer can name. */
const furthestPointer = 0x3fff;

/** The same message with every name after its first time as a pointer to it (RFC 1035 section 4.1.4). Names in `bytes` are written out. */
export function compressed(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const out: number[] = [...view.subarray(0, headerBytes)];
  const places = new Map<string, number>();
  let at = headerBytes;
  const copy = (length: number): void => {
    for (const byte of view.subarray(at, at + length)) out.push(byte);
    at += length;
  };
  const name = (): void => {
    for (; view[at] !== 0; copy(1 + (view[at] ?? 0))) {
      const rest = view.toString('latin1', at, endOfName(view, at)); // with its case: an asker may compare it
      const place = places.get(rest);
      if (place !== undefined) {
        out.push(0xc0 | (place >> 8), place & 0xff);
        at = endOfName(view, at);
        return;
      }
      if (out.length <= furthestPointer) places.set(rest, out.length);
    }
    copy(1);
  };
  for (let left = view.readUInt16BE(4); left > 0; left--) {
    name();
    copy(4);
  }
  for (let left = view.readUInt16BE(6) + view.readUInt16BE(8) + view.readUInt16BE(10); left > 0; left--) {
    name();
    const type = view.readUInt16BE(at);
    const end = at + 10 + view.readUInt16BE(at + 8);
    copy(10);
    const start = out.length;
    for (let names = namesInData.get(type) ?? 0; names > 0; names--) name();
    copy(end - at);
    const length = out.length - start;
    out[start - 2] = length >> 8;
    out[start - 1] = length & 0xff;
  }
  return Uint8Array.from(out);
}

/**
 * As many whole records as `limitBytes` hold, in their order. An answer or authority left out is told of by the truncation bit, and the asker may come again
 * over TCP or use what it has; additional ones are a courtesy (RFC 2181 section 9). `ending` is appended: the record of EDNS, or nothing.
 */
export function cut(bytes: Uint8Array, limitBytes: number, ending: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const room = limitBytes - ending.length;
  const kept = [0, 0, 0, 0];
  let at = headerBytes;
  let isFull = false;
  for (const [section, offset] of countOffsets.entries()) {
    for (let left = view.readUInt16BE(offset); left > 0 && !isFull; left--) {
      const type = endOfName(view, at);
      const end = section === 0 ? type + 4 : type + 10 + view.readUInt16BE(type + 8);
      if (end > room) isFull = true;
      else {
        kept[section] = (kept[section] ?? 0) + 1;
        at = end;
      }
    }
  }
  const result = Buffer.concat([view.subarray(0, at), ending]);
  const isMissing = [4, 6, 8].some((offset, section) => view.readUInt16BE(offset) !== kept[section]);
  for (const [section, offset] of countOffsets.entries()) result.writeUInt16BE((kept[section] ?? 0) + (section === 3 && ending.length > 0 ? 1 : 0), offset);
  if (isMissing) result[2] = (result[2] ?? 0) | truncatedBit;
  return result;
}

/** The offset behind a name, be it written out or ended by a pointer. */
function endOfName(view: Buffer, start: number): number {
  let at = start;
  for (let length = view.readUInt8(at); length !== 0; length = view.readUInt8(at)) {
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
  return at + 1;
}
