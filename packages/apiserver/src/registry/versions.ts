/** Resource versions and continue tokens, as clients send them. */
import { type ApiError, badRequest } from '@kaji/api';
import type { Revision } from '@kaji/store';

/** The revision asked for; undefined for none; a text says what is wrong with it, in Go's words. */
export function revisionOf(text: string): Revision | undefined | string {
  if (text === '') return undefined;
  if (!/^[0-9]+$/.test(text)) return `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = BigInt(text);
  if (value > 0xffffffffffffffffn) return `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`;
  return Number(value);
}

/** Where a list goes on: the state it reads and the first key, relative to the resource's prefix. */
export interface Continue {
  readonly revision: Revision;
  readonly startKey: string;
}

export const encodeContinue = ({ revision, startKey }: Continue): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: startKey })).toString('base64url');

/** Throws BadRequest with upstream's texts. A token with revision -1 continues at whatever is now. */
export function decodeContinue(token: string): Continue {
  const bad = (why: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  if (!/^[A-Za-z0-9_-]*$/.test(token) || token.length % 4 === 1) throw bad(`illegal base64 data at input byte ${Math.max(0, token.search(/[^A-Za-z0-9_-]/))}`);
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const parsed = parseToken(text);
  if (parsed === undefined) throw bad(text === '' ? 'unexpected end of JSON input' : `invalid character '${text.charAt(0)}' looking for beginning of value`);
  if (parsed.v !== 'meta.k8s.io/v1') throw bad(`server does not recognize this encoded version ${typeof parsed.v === 'string' ? parsed.v : ''}`);
  if (typeof parsed.rv !== 'number' || parsed.rv === 0) throw bad('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof parsed.start !== 'string' || parsed.start === '') throw bad('encoded start key empty (version meta.k8s.io/v1)');
  const startKey = parsed.start.replace(/^\//, '');
  if (startKey !== '' && startKey.split('/').some((part) => part === '' || part === '.' || part === '..')) throw bad(parsed.start);
  return { revision: parsed.rv, startKey };
}

function parseToken(text: string): { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return {};
    return typeof value === 'object' ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // said in upstream's words by the caller
    throw error;
  }
}
