/** URLs as Go reads them: clients see its complaints. */

export interface GoUrl {
  readonly scheme: string;
  readonly host: string;
  /** As it is written in a URL: `name:password`. Absent without an @. */
  readonly user: string | undefined;
  /** As it was written; empty where there is a scheme and no `/` behind it. */
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** What is wrong, as Go words it behind `parse "...": `. */
class Unreadable extends Error {}

const fail = (why: string): never => { throw new Unreadable(why); };
const quoted = (text: string): string => JSON.stringify(text);

/** The URL, or the text of the error. */
export function parseGoUrl(text: string): GoUrl | string {
  const [body, fragment] = cut(text, '#');
  let at = body;
  try {
    const url = read(body);
    at = text;
    return { ...url, fragment: unescapePart(fragment, 'fragment') };
  } catch (error) {
    if (error instanceof Unreadable) return `parse ${quoted(at)}: ${error.message}`;
    throw error;
  }
}

/** What a request may name: a path, or a URL with a scheme. Kubernetes: a `#` in it is a character like others. */
export function parseGoRequestUrl(text: string): GoUrl | string {
  const complaint = (why: string): string => `parse ${quoted(text)}: ${why}`;
  if (text === '') return complaint('empty url');
  try {
    return { ...read(text, true), fragment: '' };
  } catch (error) {
    if (error instanceof Unreadable) return complaint(error.message);
    throw error;
  }
}

function cut(text: string, at: string): [before: string, after: string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}

function read(text: string, isRequest = false): Omit<GoUrl, 'fragment'> {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) fail('net/url: invalid control character in URL');
  const found = /^([a-zA-Z][a-zA-Z0-9+.-]*)?:/.exec(text);
  if (found !== null && found[1] === undefined) fail('missing protocol scheme');
  const scheme = found?.[1]?.toLowerCase() ?? '';
  const [rest, query] = cut(text.slice(found?.[0].length ?? 0), '?');
  const none = { scheme, host: '', user: undefined, path: '', query };
  if (text === '*') return { ...none, path: text };
  if (!rest.startsWith('/')) {
    if (isRequest && scheme === '') fail('invalid URI for request');
    if (scheme === '' && cut(rest, '/')[0].includes(':')) fail('first path segment in URL cannot contain colon');
    if (scheme !== '') return none;
    unescapePart(rest, 'path');
    return { ...none, path: rest };
  }
  if ((scheme === '' && rest.startsWith('///')) || !rest.startsWith('//')) {
    unescapePart(rest, 'path');
    return { ...none, path: rest };
  }
  const slash = rest.indexOf('/', 2);
  const authority = readAuthority(scheme, slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  const path = slash < 0 ? '' : rest.slice(slash);
  unescapePart(path, 'path');
  return { ...none, ...authority, path };
}

function readAuthority(scheme: string, authority: string): Pick<GoUrl, 'host' | 'user'> {
  const at = authority.lastIndexOf('@');
  const host = readHost(scheme, authority.slice(at + 1));
  if (at < 0) return { host, user: undefined };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail('net/url: invalid userinfo');
  const colon = user.indexOf(':');
  const parts = colon < 0 ? [user] : [user.slice(0, colon), user.slice(colon + 1)];
  return { host, user: parts.map((part) => encodeURIComponent(unescapePart(part, 'user')).replaceAll(/%(24|26|2B|2C|3B|3D)/g, (escape) => decodeURIComponent(escape))).join(':') };
}

const checkPort = (port: string): void => { if (!/^(?::[0-9]*)?$/.test(port)) fail(`invalid port ${quoted(port)} after host`); };

function readHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) fail('invalid IP-literal');
  if (bracket === 0) {
    const end = host.lastIndexOf(']');
    if (end < 0) fail("missing ']' in host");
    checkPort(host.slice(end + 1));
    const inner = unescapePart(host.slice(1, end), 'host');
    if (/^[0-9]+(?:\.[0-9]+){3}$/.test(inner)) fail('invalid IP-literal');
    if (!inner.includes(':')) fail(`invalid host: ParseAddr(${quoted(inner)}): unable to parse IP`);
    return `[${inner}]${host.slice(end + 1)}`;
  }
  const colon = scheme === 'http' || scheme === 'https' ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapePart(host, 'host');
}

/** Characters that a host may hold as they are. */
const hostCharacter = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"]$/;

function unescapePart(text: string, part: 'path' | 'fragment' | 'user' | 'host'): string {
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '%') {
      const escape = text.slice(index, index + 3);
      if (!/^%[0-9a-fA-F]{2}$/.test(escape) || (part === 'host' && /^%[0-7]/.test(escape) && escape !== '%25')) fail(`invalid URL escape ${quoted(escape)}`);
      index += 2;
    } else if (part === 'host' && character < '\u0080' && !hostCharacter.test(character)) fail(`invalid character ${quoted(character)} in host name`);
  }
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text; // bytes that are no UTF-8 are shown as they came
    throw error;
  }
}
