// /openapi/v2 and /openapi/v3: documents of every type, made from the declarations when first asked for.
import { type AnyResource, ApiError } from '@kaji/api';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { textReply } from '../pipeline/reply.ts';
import type { Reply, Routed } from '../pipeline/request.ts';
import { gzipThresholdBytes, wantsGzip } from '../registry/negotiation.ts';

export interface OpenApi {
  answer(request: Routed): Reply | undefined;
  readonly paths: readonly string[];
}

/** Who makes the documents. */
export interface OpenApiDocuments {
  v2(): unknown;
  v3(group: string, version: string): unknown;
}

interface Document {
  readonly body: Uint8Array;
  readonly compressed: Uint8Array;
  readonly digest: string;
}

export function openApi(kinds: readonly AnyResource[], source: OpenApiDocuments): OpenApi {
  const versions = new Map(kinds.map(({ group, version }) => [group === '' ? `api/${version}` : `apis/${group}/${version}`, { group, version }]));
  const documents = new Map<string, Document>();
  const once = (key: string, make: () => unknown): Document => {
    const known = documents.get(key);
    if (known !== undefined) return known;
    const body = new TextEncoder().encode(JSON.stringify(make()));
    const made = { body, compressed: gzipSync(body), digest: createHash('sha512').update(body).digest('hex').toUpperCase() };
    documents.set(key, made);
    return made;
  };
  const versionDocument = (key: string): Document | undefined => {
    const of = versions.get(key);
    return of === undefined ? undefined : once(key, () => source.v3(of.group, of.version));
  };
  const index = (): Document => once('', () => ({
    paths: Object.fromEntries([...versions.keys()].sort().map((key) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${versionDocument(key)?.digest ?? ''}` }])),
  }));
  return {
    paths: ['/openapi/v2', '/openapi/v3'],
    answer(request) {
      const { path } = request.action;
      if (path === '/openapi/v2') return show(request, onlyJson(request, once('v2', () => source.v2())), 'application/json');
      // Kubernetes: the index is JSON under the name of plain text, and clients have got used to it.
      if (path === '/openapi/v3' || path === '/openapi/v3/') {
        const reply = show(request, index(), 'text/plain; charset=utf-8');
        const { etag: _etag, ...headers } = reply.headers;
        return { ...reply, headers };
      }
      if (!path.startsWith('/openapi/v3/')) return undefined;
      const document = versionDocument(path.slice('/openapi/v3/'.length));
      return document === undefined ? { status: 404, headers: {}, body: new Uint8Array() } : show(request, document, 'application/json');
    },
  };
}

function onlyJson(request: Routed, document: Document): Document {
  const accept = request.headers['accept'] ?? '';
  if (accept === '' || /application\/json|\*\/\*|application\/\*/.test(accept)) return document;
  throw new ApiError('NotAcceptable', 'only the following media types are accepted: application/json');
}

function show(request: Routed, document: Document, type: string): Reply {
  const etag = `"${document.digest}"`;
  // A client that names the digest in the URL may keep the document for good.
  const isPinned = request.query.get('hash') === document.digest;
  const headers = { 'content-type': type, etag, vary: 'Accept-Encoding, Accept', 'cache-control': isPinned ? 'public, immutable' : 'no-cache, private', ...(isPinned ? { expires: 'Thu, 31 Dec 2099 23:59:59 GMT' } : {}) };
  if (request.headers['if-none-match'] === etag) return { ...textReply(304, ''), headers: { etag } };
  if (document.body.length >= gzipThresholdBytes && wantsGzip(request)) return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: document.compressed };
  return { status: 200, headers, body: document.body };
}
