/** JSON as Go's encoder indents it: two spaces, empty objects and lists on one line. Works on bytes, so nothing is parsed or lost. */
const quote = 34;
const backslash = 92;
const comma = 44;
const colon = 58;
const newline = 10;
const space = 32;

export function indent(json: Uint8Array): Uint8Array {
  let out = Buffer.allocUnsafe(json.length * 2 + 64);
  let length = 0;
  let depth = 0;
  const ensure = (more: number): void => {
    if (length + more <= out.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(out.length * 2, length + more));
    out.copy(bigger, 0, 0, length);
    out = bigger;
  };
  const line = (): void => {
    ensure(1 + 2 * depth);
    out[length++] = newline;
    out.fill(space, length, length + 2 * depth);
    length += 2 * depth;
  };
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    ensure(2);
    if (byte === quote) {
      const end = stringEnd(json, index);
      ensure(end - index);
      out.set(json.subarray(index, end), length);
      length += end - index;
      index = end - 1;
    } else if (isOpening(byte)) {
      out[length++] = byte;
      const next = json[index + 1] ?? 0;
      if (isClosing(next)) {
        out[length++] = next;
        index++;
      } else {
        depth++;
        line();
      }
    } else if (isClosing(byte)) {
      depth--;
      line();
      ensure(1);
      out[length++] = byte;
    } else {
      out[length++] = byte;
      if (byte === comma) line();
      else if (byte === colon) out[length++] = space;
    }
  }
  return out.subarray(0, length);
}

const isOpening = (byte: number): boolean => byte === 123 || byte === 91;
const isClosing = (byte: number): boolean => byte === 125 || byte === 93;

/** The index behind a string's closing quote. */
function stringEnd(json: Uint8Array, start: number): number {
  for (let index = start + 1; index < json.length; index++) {
    if (json[index] === backslash) index++;
    else if (json[index] === quote) return index + 1;
  }
  return json.length;
}
