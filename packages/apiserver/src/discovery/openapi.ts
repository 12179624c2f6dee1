// /openapi/v2 and /openapi/v3: documents of every type, made from the declarations when first asked for.
import { type AnyResource, ApiError } from '@kaji/api';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { textReply } from '../pipeline/reply.ts';
import type { Reply, Routed } from '../pipeline/request.ts';
import { encodeOpenApiV2 } from './openapi-v2-protobuf.ts';
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
  const onceEncoded = (key: string, encode: () => Uint8Array): Document => {
    const known = documents.get(key);
    if (known !== undefined) return known;
    const body = encode();
    const made = { body, compressed: gzipSync(body), digest: createHash('sha512').update(body).digest('hex').toUpperCase() };
    documents.set(key, made);
    return made;
  };
  const once = (key: string, make: () => unknown): Document => onceEncoded(key, () => new TextEncoder().encode(JSON.stringify(make())));
  const protobuf = (): Document => onceEncoded('v2 in protobuf', () => encodeOpenApiV2(source.v2()));
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
      if (path === '/openapi/v2') {
        const form = v2Form(request);
        return form === 'json' ? show(request, once('v2', () => source.v2()), 'application/json') : show(request, protobuf(), v2Protobuf);
      }
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

/** Clients ask with an at sign, which is not allowed in a media type: the answer has a dot in its place. */
const v2Protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const v2ProtobufAsked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The first form the client names that there is. */
function v2Form({ headers }: Routed): 'json' | 'protobuf' {
  const accept = headers['accept'] ?? '';
  if (accept === '') return 'json';
  for (const clause of accept.split(',')) {
    const type = clause.split(';')[0]?.trim();
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
    if (type === v2Protobuf || type === v2ProtobufAsked) return 'protobuf';
  }
  throw new ApiError('NotAcceptable', `only the following media types are accepted: application/json, ${v2Protobuf}`);
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
