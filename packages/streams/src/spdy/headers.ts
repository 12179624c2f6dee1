/** SPDY/3.1 header blocks: names and values, compressed with one zlib stream a direction that starts from a known dictionary. */
import { Inflater } from './inflate.ts';

/** Lower-case names. */
export type Headers = Readonly<Record<string, string>>;

/** The peer broke the protocol; the connection cannot go on. */
export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}

const maxHeaderBytes = 65_536;

const words = [
  'options', 'head', 'post', 'put', 'delete', 'trace', 'accept', 'accept-charset', 'accept-encoding', 'accept-language', 'accept-ranges', 'age', 'allow',
  'authorization', 'cache-control', 'connection', 'content-base', 'content-encoding', 'content-language', 'content-length', 'content-location', 'content-md5',
  'content-range', 'content-type', 'date', 'etag', 'expect', 'expires', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range',
  'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'pragma', 'proxy-authenticate', 'proxy-authorization', 'range', 'referer', 'retry-after',
  'server', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'vary', 'via', 'warning', 'www-authenticate', 'method', 'get', 'status', '200 OK',
  'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin',
];
const tail = '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content'
  + '301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable'
  + 'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,'
  + 'application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

const lengthPrefixed = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** What both ends start compressing from (draft 3.1, section 2.6.10.1). */
export const dictionary: Uint8Array = Buffer.concat([...words.map(lengthPrefixed), Buffer.from(tail, 'latin1')]);

/** Writes header blocks as stored (uncompressed) pieces of one zlib stream: a few dozen bytes a stream are not worth a compressor's state. */
export class HeaderWriter {
  #hasHeader = false;

  encode(headers: Headers): Uint8Array {
    const entries = Object.entries(headers);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(entries.length);
    const block = Buffer.concat([count, ...entries.flatMap(([name, value]) => [lengthPrefixed(name.toLowerCase()), lengthPrefixed(value)])]);
    if (block.length > 0xffff) throw new SpdyError('headers are too long');
    const length = Buffer.alloc(5);
    length.writeUInt16LE(block.length, 1);
    length.writeUInt16LE(block.length ^ 0xffff, 3);
    const start = this.#hasHeader ? [] : [Uint8Array.of(0x78, 0x01)];
    this.#hasHeader = true;
    // The empty block at the end is what a flush writes; Go's reader hands nothing out before it sees one.
    return Buffer.concat([...start, length, block, Uint8Array.of(0, 0, 0, 0xff, 0xff)]);
  }
}

/** Reads header blocks of any compressor. */
export class HeaderReader {
  readonly #inflater = new Inflater(dictionary);

  decode(compressed: Uint8Array): Headers {
    let block: Buffer;
    try {
      block = Buffer.from(this.#inflater.push(compressed, maxHeaderBytes));
    } catch (error) {
      throw new SpdyError('headers cannot be read', { cause: error });
    }
    let offset = 0;
    const number = (): number => {
      if (offset + 4 > block.length) throw new SpdyError('headers end too early');
      offset += 4;
      return block.readUInt32BE(offset - 4);
    };
    const text = (): string => {
      const length = number();
      if (offset + length > block.length) throw new SpdyError('headers end too early');
      offset += length;
      return block.toString('utf8', offset - length, offset);
    };
    const count = number();
    const headers = new Map<string, string>();
    for (let index = 0; index < count; index++) {
      const name = text().toLowerCase();
      headers.set(name, text().split('\0').join(', '));
    }
    return Object.fromEntries(headers);
  }
}
