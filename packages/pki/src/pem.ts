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

/** Every block of a file, in order. */
export function pemBlocks(pem: string): readonly { readonly label: string; readonly der: Uint8Array }[] {
  const blocks: { label: string; der: Uint8Array }[] = [];
  let rest = pem;
  for (;;) {
    const begin = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(rest);
    if (begin === null) return blocks;
    const label = begin[1] ?? '';
    const bodyStart = begin.index + begin[0].length;
    const end = rest.indexOf(`-----END ${label}-----`, bodyStart);
    if (end === -1) return blocks;
    blocks.push({ label, der: Buffer.from(rest.slice(bodyStart, end), 'base64') });
    rest = rest.slice(end);
  }
}
