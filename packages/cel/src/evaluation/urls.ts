/** URLs as values. */
import { type GoUrl, parseGoRequestUrl, parseGoUrl } from '@kaji/schema';
import type { Implementation } from './functions.ts';
import { type AddedValue, EntryMap, Failure, ListValue, noSuchOverload, type Value } from './value.ts';

export class UrlValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'kubernetes.URL';
  readonly goType = 'cel.URL';
  readonly url: GoUrl;

  readonly #text: string;

  constructor(text: string, url: GoUrl) {
    this.#text = text;
    this.url = url;
  }

  get native(): string {
    return `(*url.URL)${this.#text}`;
  }

  isEqual(other: Value): boolean | Failure {
    return other instanceof UrlValue ? textOf(this.url) === textOf(other.url) : noSuchOverload;
  }
}

const textOf = ({ path, ...rest }: GoUrl): string => JSON.stringify([rest, escapedPath(path)]);

function read(text: Value | undefined): UrlValue | Failure {
  if (typeof text !== 'string') return noSuchOverload;
  const problem = 'URL parse error during conversion from string: ';
  const requested = parseGoRequestUrl(text);
  if (typeof requested === 'string') return new Failure(problem + requested);
  const url = parseGoUrl(text);
  return typeof url === 'string' ? new Failure(problem + url) : new UrlValue(text, url);
}

/** A path as it was written, where it may be written so; escaped by the rules otherwise. */
function escapedPath(path: string): string {
  if (/^(?:[\w.~!$&'()*+,;=:@[\]/%-])*$/.test(path)) return path;
  return path.replaceAll(/%[\da-fA-F]{2}|[^\w.~$&+,/:;=@-]/gu, (part) => (/^%./.test(part) ? plainOrEscaped(part) : escaped(part)));
}

const escaped = (character: string): string => Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

function plainOrEscaped(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[\w.~$&+,/:;=@-]/.test(character) ? character : escape.toUpperCase();
}

function hostName(host: string): string {
  const name = host.slice(0, host.length - portOf(host).length).replace(/:$/, '');
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

/** What stands behind the colon. */
const portOf = (host: string): string => /:(\d*)$/.exec(host)?.[1] ?? '';

/** The values of each name of a query; entries with a semicolon or a wrong escape are left out. */
function queryOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const entry of query.split('&')) {
    if (entry === '' || entry.includes(';')) continue;
    const equals = entry.indexOf('=');
    const [name, value] = [equals < 0 ? entry : entry.slice(0, equals), equals < 0 ? '' : entry.slice(equals + 1)].map(unescaped);
    if (name === undefined || value === undefined) continue;
    values.set(name, [...values.get(name) ?? [], value]);
  }
  return values;
}

function unescaped(text: string): string | undefined {
  if (/%(?![\da-fA-F]{2})/.test(text)) return undefined;
  const bytes = new TextEncoder().encode(text.replaceAll('+', ' '));
  const plain: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte !== percent) plain.push(byte);
    else {
      plain.push(Number.parseInt(String.fromCharCode(...bytes.subarray(index + 1, index + 3)), 16));
      index += 2;
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(plain));
}
const percent = 0x25;

const onUrl = (run: (url: GoUrl) => Value): Implementation => ([value]) => (value instanceof UrlValue ? run(value.url) : noSuchOverload);

export const urlFunctions: readonly (readonly [string, Implementation])[] = [
  ['url', ([text]) => read(text)], ['isURL', ([text]) => (typeof text === 'string' ? typeof parseGoRequestUrl(text) !== 'string' : noSuchOverload)],
  ['getScheme', onUrl(({ scheme }) => scheme)], ['getHost', onUrl(({ host }) => host)], ['getHostname', onUrl(({ host }) => hostName(host))], ['getPort', onUrl(({ host }) => portOf(host))],
  ['getEscapedPath', onUrl(({ path }) => escapedPath(path))],
  ['getQuery', onUrl(({ query }) => new EntryMap([...queryOf(query)].map(([name, values]) => [name, ListValue.of(values)])))],
];
