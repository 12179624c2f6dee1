// /openapi/v2 and /openapi/v3: documents of every type, made from the declarations when first asked for, and kept as bytes.
import type { Clock } from '@kaji/base';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Reply, Routed } from '../pipeline/request.ts';
import { gzipThresholdBytes, wantsGzip } from '../registry/negotiation.ts';
import { encodeOpenApiV2 } from './openapi-v2-protobuf.ts';
import { encodeOpenApiV3 } from './openapi-v3-protobuf.ts';

export interface OpenApi {
  answer(request: Routed): Promise<Reply> | Reply | undefined;
}

/** Who makes the documents. */
export interface OpenApiDocuments {
  v2(): unknown;
  readonly v3Names: readonly string[];
  v3(name: string): unknown;
}

/** One document in its two forms, known by the digest of the first. */
class Document {
  readonly json: Uint8Array;
  readonly digest: string;
  readonly madeAtMs: number;
  readonly #encode: () => Uint8Array;
  readonly #compressed: Partial<Record<Form, Uint8Array>> = {};
  #protobuf: Uint8Array | undefined;

  constructor(document: unknown, encode: (document: unknown) => Uint8Array, nowMs: number) {
    this.json = new TextEncoder().encode(JSON.stringify(document));
    this.digest = createHash('sha512').update(this.json).digest('hex').toUpperCase();
    this.madeAtMs = nowMs;
    this.#encode = () => encode(JSON.parse(new TextDecoder().decode(this.json)));
  }

  as(form: Form): Uint8Array {
    return form === 'json' ? this.json : this.#protobuf ??= this.#encode();
  }
  compressed(form: Form): Uint8Array {
    return this.#compressed[form] ??= gzipSync(this.as(form));
  }
}

export function openApi(clock: Clock, source: OpenApiDocuments): OpenApi {
  const documents = new Map<string, Document>();
  const names = new Set(source.v3Names);
  const once = (name: string, make: () => Document): Document => {
    const document = documents.get(name) ?? make();
    documents.set(name, document);
    return document;
  };
  const v2 = (): Document => once('', () => new Document(source.v2(), encodeOpenApiV2, clock.now()));
  const v3 = (name: string): Document => once(name, () => new Document(source.v3(name), encodeOpenApiV3, clock.now()));
  return {
    // Kubernetes: any method reads the documents.
    answer(request) {
      const { path } = request.action;
      if (path === '/openapi/v2') return showV2(request, v2());
      if (path === '/openapi/v3') return index(source.v3Names, v3, clock);
      if (!path.startsWith('/openapi/v3/')) return undefined;
      const name = path.slice('/openapi/v3/'.length);
      return names.has(name) ? showV3(request, name, v3(name), clock.now()) : { status: 404, headers: uncached, body: new Uint8Array() };
    },
  };
}

const uncached = { 'cache-control': 'no-cache, private' };

/** How long documents are made before others have their turn. */
const turnMs = 5;

/** Kubernetes: the index is JSON under the name of plain text, and clients have got used to it. It names the digest of every document, so all are made for it. */
async function index(names: readonly string[], document: (name: string) => Document, clock: Clock): Promise<Reply> {
  const paths: Record<string, unknown> = {};
  let startedMs = clock.monotonic();
  for (const name of names) {
    paths[name] = { serverRelativeURL: address(name, document(name)) };
    if (clock.monotonic() - startedMs < turnMs) continue;
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    startedMs = clock.monotonic();
  }
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'last-modified': httpDate(clock.now()), ...uncached }, body: new TextEncoder().encode(JSON.stringify({ paths })) };
}

/** Where a document is that may be kept for good: another one has another address. */
const address = (name: string, { digest }: Document): string => `/openapi/v3/${name}?hash=${digest}`;

const httpDate = (atMs: number): string => new Date(atMs).toUTCString();

const yearMs = 365 * 24 * 3600 * 1000;

function showV2(request: Routed, document: Document): Reply {
  const form = acceptedForm(request, 'v2');
  const fixed = { ...uncached, vary: 'Accept-Encoding, Accept' };
  if (form === undefined) return { status: 406, headers: fixed, body: new Uint8Array() };
  if (isKnown(request, document)) return { status: 304, headers: { ...fixed, etag: `"${document.digest}"` }, body: new Uint8Array() };
  const reply = whole(document, form, 'v2', fixed);
  if (document.as(form).length < gzipThresholdBytes || !wantsGzip(request)) return reply;
  return { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' }, body: document.compressed(form) };
}

function showV3(request: Routed, name: string, document: Document, nowMs: number): Reply {
  const form = acceptedForm(request, 'v3');
  if (form === undefined) return { status: 406, headers: { ...uncached, vary: 'Accept' }, body: new Uint8Array() };
  const asked = request.query.get('hash') ?? '';
  const isPinned = asked === document.digest;
  const fixed = isPinned ? { 'cache-control': 'public, immutable', expires: httpDate(nowMs + yearMs).replace('GMT', 'UTC'), vary: 'Accept' } : { ...uncached, vary: 'Accept' };
  const etag = `"${document.digest}"`;
  if (asked !== '' && !isPinned) return { status: 301, headers: { ...fixed, etag, 'content-type': contentType(form, 'v3'), location: address(name, document) }, body: new Uint8Array() };
  return isKnown(request, document) ? { status: 304, headers: { ...fixed, etag }, body: new Uint8Array() } : whole(document, form, 'v3', fixed);
}

/** Whether the client says that it has this very document already. */
function isKnown({ headers }: Routed, { digest, madeAtMs }: Document): boolean {
  const tag = headers['if-none-match'];
  if (tag !== undefined) return tag === '*' || tag.split(',').some((one) => one.trim().replace(/^W\//, '') === `"${digest}"`);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return since >= Math.floor(madeAtMs / 1000) * 1000;
}

type Form = 'json' | 'protobuf';
type Version = 'v2' | 'v3';

const whole = (document: Document, form: Form, version: Version, headers: Readonly<Record<string, string>>): Reply => ({
  status: 200, headers: { ...headers, 'content-type': contentType(form, version), etag: `"${document.digest}"`, 'last-modified': httpDate(document.madeAtMs) }, body: document.as(form),
});

const contentType = (form: Form, version: Version): string => (form === 'json' ? 'application/json' : `application/com.github.proto-openapi.spec.${version}.v1.0+protobuf`);

/** The form the client likes best of those there are; without a word, JSON. Undefined when there is none. */
function acceptedForm({ headers }: Routed, version: Version): Form | undefined {
  const accept = headers['accept'] ?? '';
  if (accept === '') return 'json';
  const quality = (clause: string): number => Number(/;\s*q=([\d.]+)/.exec(clause)?.[1] ?? 1);
  for (const clause of accept.split(',').sort((left, right) => quality(right) - quality(left))) {
    const type = clause.split(';')[0]?.trim();
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
    // Clients ask with an at sign, which is not allowed in a media type: the answer has a dot in its place.
    if (type?.replace('@', '.') === contentType('protobuf', version)) return 'protobuf';
  }
  return undefined;
}
