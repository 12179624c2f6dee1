/** PEM: base64 between lines that say what it is. */
import { PkiError } from './der.ts';

export function toPem(label: string, der: Uint8Array): string {
  const body = Buffer.from(der).toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/** The first block with one of these labels. */
export function fromPem(pem: string, ...labels: readonly string[]): Uint8Array {
  for (const block of pemBlocks(pem)) if (labels.includes(block.label)) return block.der;
  throw new PkiError(`no PEM block of type ${labels.join(' or ')}`);
}

export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
  /** Lines of `name: value` stand before the data. */
  readonly hasHeaders: boolean;
}

/** Every block of a file, in order. */
export function pemBlocks(pem: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let rest = pem;
  for (;;) {
    const begin = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(rest);
    if (begin === null) return blocks;
    const label = begin[1] ?? '';
    const bodyStart = begin.index + begin[0].length;
    const end = rest.indexOf(`-----END ${label}-----`, bodyStart);
    if (end === -1) return blocks;
    const body = rest.slice(bodyStart, end);
    const hasHeaders = body.includes(':');
    blocks.push({ label, der: Buffer.from(hasHeaders ? body.replace(/^[^\n]*:[^\n]*$/gm, '') : body, 'base64'), hasHeaders });
    rest = rest.slice(end);
  }
}
