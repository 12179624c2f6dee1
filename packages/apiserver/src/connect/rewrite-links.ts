// Links of a proxied page that begin at the root of its own host are made to begin at the proxy. Pure.
export interface Links {
  /** The host behind the proxy, and the one the client asked. */
  readonly host: string;
  readonly askedHost: string;
  /** The proxy's own path. */
  readonly prefix: string;
}

const attributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'], applet: ['codebase'], area: ['href'], audio: ['src'], base: ['href'], blockquote: ['cite'], body: ['background'], button: ['formaction'], command: ['icon'], del: ['cite'],
  embed: ['src'], form: ['action'], frame: ['longdesc', 'src'], head: ['profile'], html: ['manifest'], iframe: ['longdesc', 'src'], img: ['longdesc', 'src', 'usemap'], input: ['src', 'usemap', 'formaction'],
  ins: ['cite'], link: ['href'], object: ['classid', 'codebase', 'data', 'usemap'], q: ['cite'], script: ['src'], source: ['src'], video: ['poster', 'src'],
};

function url(link: string, { host, askedHost, prefix }: Links): string {
  const match = /^([a-z][a-z0-9+.-]*:)?(\/\/([^/?#]*))?([^?#]*)(.*)$/is.exec(link);
  const [, scheme = '', , authority, path = '', rest = ''] = match ?? [];
  const isElsewhere = authority !== undefined && authority !== '' && authority !== host && authority !== askedHost;
  if (match === null || isElsewhere || !path.startsWith('/')) return link;
  const base = authority !== undefined && authority === askedHost ? `${scheme}//${authority}` : '';
  return path.startsWith(prefix) ? `${base}${path}${rest}` : `${base}${prefix}${path}${rest}`;
}

/** Longer tags than this are no tags that hold links. */
const longestTagBytes = 64 * 1024;

/** Tag by tag, so that a page of any size needs no more memory than its longest tag. */
async function* page(body: AsyncIterable<Uint8Array>, links: Links): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const open = rest.lastIndexOf('<');
    const cut = open > rest.lastIndexOf('>') && rest.length - open < longestTagBytes ? open : rest.length;
    if (cut > 0) yield encoder.encode(tags(rest.slice(0, cut), links));
    rest = rest.slice(cut);
  }
  rest += decoder.decode();
  if (rest !== '') yield encoder.encode(tags(rest, links));
}

function tags(html: string, links: Links): string {
  return html.replace(/<([a-z]+)\s[^<>]*>/gi, (tag, name: string) => {
    const names = attributes[name.toLowerCase()];
    if (names === undefined) return tag;
    return tag.replace(/([a-z]+)(\s*=\s*)("([^"]*)"|'([^']*)')/gi, (whole, attribute: string, equals: string, _quoted: string, double: string | undefined, single: string | undefined) =>
      (names.includes(attribute.toLowerCase()) ? `${attribute}${equals}"${url(double ?? single ?? '', links)}"` : whole));
  });
}

export const rewriteLinks = { url, page } as const;
