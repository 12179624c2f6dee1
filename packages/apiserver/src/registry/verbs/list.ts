/** GET of a collection: a concatenation of shared buffers out of one snapshot, handed on as fast as the client reads. */
import { ApiError, badRequest } from '@kaji/api';
import { ListMeta } from '@kaji/api/meta/v1';
import { encodeProtobuf, type MessageType } from '@kaji/schema';
import { Compacted, type Revision } from '@kaji/store';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { varint } from '../../discovery/varint.ts';
import type { Reply } from '../../pipeline/request.ts';
import { Item } from '../../watch-cache/item.ts';
import { tooLarge } from '../../watch-cache/caches.ts';
import { contentTypes, type Form } from '../accept.ts';
import type { Call } from '../call.ts';
import { rangeOf } from '../keys.ts';
import { gzipThresholdBytes, jsonReply, wantsGzip, withWarnings } from '../negotiation.ts';
import { listOptions, type ListRequest } from '../options.ts';
import { formOf, metadataJson, noSingleObject } from '../respond.ts';
import { type Filter, selectorOf } from '../selection.ts';
import { includedObject, type ListMetadata, rowOf, tableHead, tableTail } from '../table.ts';
import { sliceMs } from '../turns.ts';
import { type Continue, decodeContinue, encodeContinue, revisionOf } from '../versions.ts';

export async function list(call: Call): Promise<Reply> {
  const form = formOf(call);
  if (form.as === 'metadata') throw noSingleObject(call);
  if (form.as === 'table') includedObject(call);
  const options = listOptions(call.request, false);
  const page = await pageOf(call, options);
  return showPage(call, form, page);
}

/** A page in the form that was accepted. */
export async function showPage(call: Call, form: Form, page: ListPage): Promise<Reply> {
  return withWarnings(await show(call, form, page), call.warnings);
}

/** What a list answers: its items and where it stands. */
export interface ListPage {
  readonly metadata: ListMetadata;
  readonly items: readonly Item[];
}

interface State {
  readonly revision: Revision;
  items(start: string, end: string): Iterable<Item>;
  count(start: string, end: string): number | undefined;
}

export async function pageOf(call: Call, options: ListRequest): Promise<ListPage> {
  const { served, request, parts } = call;
  const filter = selectorOf(served, options);
  const range = rangeOf(served.prefix, request.target.namespace);
  const token = options.continue === '' ? undefined : tokenOf(options);
  const state = await stateOf(call, options, token);
  const start = token === undefined ? range.start : `${range.start}${token.startKey}`;
  // Kubernetes: whoever takes any state is given all of it at once.
  const limit = options.limit > 0 && (options.resourceVersion !== '0' || options.continue !== '') ? options.limit : Infinity;
  const items: Item[] = [];
  let last: Item | undefined;
  let hasMore = false;
  let turn = parts.runtime.clock.monotonic();
  let seen = 0;
  for (const item of candidates(call, state, filter, start, range.end)) {
    if ((++seen & 31) === 0 && parts.runtime.clock.monotonic() - turn > sliceMs) {
      await call.parts.turns.next();
      turn = parts.runtime.clock.monotonic();
    }
    // Kubernetes: whatever comes after a full page is more, also where the selector will not want it.
    if (items.length === limit) {
      hasMore = true;
      break;
    }
    if (!filter.matches(item)) continue;
    items.push(item);
    last = item;
  }
  if (!hasMore || last === undefined) return { metadata: { resourceVersion: String(state.revision) }, items };
  const next = `${last.key}\0`;
  const remaining = filter.isEmpty ? state.count(next, range.end) : undefined;
  keepForPages(call, state.revision);
  return {
    metadata: { resourceVersion: String(state.revision), continue: encodeContinue({ revision: state.revision, startKey: next.slice(range.start.length) }), ...(remaining === undefined ? {} : { remainingItemCount: remaining }) },
    items,
  };
}

/** Only what can match: one object when its name is asked for, else all. */
function* candidates({ served, request }: Call, state: State, filter: Filter, start: string, end: string): Generator<Item> {
  const { namespace } = request.target;
  if (filter.name !== undefined && (namespace !== '' || !served.resource.isNamespaced)) {
    const key = `${rangeOf(served.prefix, namespace).start}${filter.name}`;
    if (key >= start) yield* state.items(key, `${key}\0`);
    return;
  }
  yield* state.items(start, end);
}

function tokenOf(options: ListRequest): Continue {
  const token = decodeContinue(options.continue);
  if (options.resourceVersion !== '' && options.resourceVersion !== '0') throw badRequest('specifying resource version is not allowed when using continue');
  return token;
}

async function stateOf(call: Call, options: ListRequest, token: Continue | undefined): Promise<State> {
  const { caches } = call.parts;
  const { cache } = call.served;
  if (token !== undefined && token.revision > 0) return pastState(call, token.revision, token);
  const asked = token === undefined ? revisionOf(options.resourceVersion) : undefined;
  if (typeof asked === 'string') throw badRequest(`invalid resource version: ${asked}`);
  // Kubernetes: pages without a match read exactly the version they name.
  const isExact = options.match === 'Exact' || (options.match === '' && options.limit > 0);
  if (asked === undefined) await caches.fresh();
  else if (isExact && asked > 0) return pastState(call, asked, undefined);
  else if (asked > caches.revision) await caches.reach(asked);
  const { revision, items } = cache.snapshot();
  return { revision, items: (start, end) => items.range(start, end), count: (start, end) => items.count(start, end) };
}

/** A state of the past: kept for pages, or read from the store while it has it. */
async function pastState(call: Call, revision: Revision, token: Continue | undefined): Promise<State> {
  const { served, parts, request } = call;
  if (revision > parts.caches.revision) {
    await parts.caches.fresh();
    if (revision > parts.caches.revision) throw tooLarge(revision, parts.caches.revision);
  }
  if (revision < parts.caches.horizon) throw expired(token);
  const kept = served.cache.kept(revision);
  if (kept !== undefined) return { revision, items: (start, end) => kept.items.range(start, end), count: (start, end) => kept.items.count(start, end) };
  const range = rangeOf(served.prefix, request.target.namespace);
  try {
    const page = await parts.store.list(range, { at: revision });
    const items = page.items.map(({ key, value, modRevision }) => new Item(key, modRevision, value, served.cache.codec));
    const inRange = (start: string, end: string): Item[] => items.filter(({ key }) => key >= start && key < end);
    return { revision, items: inRange, count: (start, end) => inRange(start, end).length };
  } catch (error) {
    if (error instanceof Compacted) throw expired(token);
    throw error;
  }
}

/**
 * Kubernetes: what is older than five minutes is gone for clients, whatever the log keeps.
 * Whoever was in the middle of a list is told how to go on with what is there now.
 */
function expired(token: Continue | undefined): ApiError {
  if (token === undefined) return new ApiError('Expired', 'The resourceVersion for the provided list is too old.');
  return new ApiError('Expired', `The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, \
or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, \
modified, or deleted between the time the first chunk was returned and now may show up in the list.`, { continue: encodeContinue({ ...token, revision: -1 }) });
}

function keepForPages({ served, parts }: Call, revision: Revision): void {
  const snapshot = served.cache.kept(revision);
  if (snapshot !== undefined) served.cache.keep(snapshot, parts.runtime.clock.now());
}

async function show(call: Call, form: Form, page: ListPage): Promise<Reply> {
  const { resource, codec } = call.served;
  if (form.media === 'protobuf') return { status: 200, headers: { 'content-type': contentTypes.protobuf }, body: protobufList(call, form, page) };
  const kind = form.as === 'metadataList' ? 'PartialObjectMetadataList' : `${resource.kind}List`;
  const apiVersion = form.as === 'metadataList' ? `meta.k8s.io/${form.metaVersion}` : codec.apiVersion;
  const head = form.as === 'table' ? tableHead(call, form, page.metadata, true) : `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(page.metadata)},"items":[`;
  // Kubernetes: no metadata is no list, where no objects are an empty one.
  if (form.as === 'metadataList' && page.items.length === 0) return jsonReply(form, 200, Buffer.from(`${head.slice(0, -1)}null}`));
  // Kubernetes: an empty table of a kind without columns has no rows, where one with columns has none of them.
  if (form.as === 'table' && page.items.length === 0 && resource.columns === undefined) return jsonReply(form, 200, Buffer.from(`${head.slice(0, -1)}null}`));
  const pieces = jsonPieces(call, form, page);
  if (form.media === 'yaml' || form.isPretty) {
    const whole: Uint8Array[] = [];
    for await (const chunk of chunks(call, Buffer.from(head), pieces, tableTail)) whole.push(chunk);
    return jsonReply(form, 200, Buffer.concat(whole));
  }
  const body = chunks(call, Buffer.from(head), pieces, `${tableTail}\n`);
  return maybeCompressed(call, body);
}

/** Small answers whole, large ones as they are made; gzip from its threshold on, where the client wants it. */
async function maybeCompressed({ request }: Call, body: AsyncGenerator<Uint8Array>): Promise<Reply> {
  const headers = { 'content-type': contentTypes.json };
  const first = await body.next();
  const second = await body.next();
  if (second.done === true) {
    const whole = first.done === true ? new Uint8Array() : first.value;
    if (whole.length < gzipThresholdBytes || !wantsGzip(request)) return { status: 200, headers, body: whole };
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    if (first.done !== true) yield first.value;
    if (second.done !== true) yield second.value;
    yield* body;
  };
  if (!wantsGzip(request)) return { status: 200, headers, body: all() };
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' }, body: Readable.from(all()).pipe(createGzip({ level: 1 })) };
}

type Pieces = Generator<Uint8Array | string>;

/** One piece an item: the shared bytes, without kind and apiVersion where upstream leaves them out. */
function* jsonPieces(call: Call, form: Form, { items }: ListPage): Pieces {
  const { codec } = call.served;
  for (const item of items) {
    switch (form.as) {
      case 'table': yield rowOf(call, form, item); break;
      case 'metadataList': yield metadataJson(form, item.form(codec, 'metadataJson')); break;
      default: {
        const json = item.form(codec, 'json');
        yield json.subarray(codec.jsonHead.length - 1, -1); // its last byte, a comma, gives way to the brace
      }
    }
  }
}

/** Large enough that few writes are made, small enough that many lists at once need little memory. */
const chunkBytes = 256 * 1024;
const openBrace = 123;
const comma = 44;

async function* chunks(call: Call, head: Uint8Array, pieces: Pieces, tail: string): AsyncGenerator<Uint8Array> {
  const { clock } = call.parts.runtime;
  let buffer = Buffer.allocUnsafe(16 * 1024);
  let length = 0;
  let turn = clock.monotonic();
  const make = (bytes: number): void => {
    if (length + bytes <= buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + bytes));
    buffer.copy(bigger, 0, 0, length);
    buffer = bigger;
  };
  const add = (piece: Uint8Array): void => {
    make(piece.length);
    buffer.set(piece, length);
    length += piece.length;
  };
  add(head);
  let isFirst = true;
  for (const piece of pieces) {
    make(1);
    if (!isFirst) buffer[length++] = comma;
    isFirst = false;
    if (typeof piece === 'string') add(Buffer.from(piece));
    else {
      const at = length;
      add(piece);
      if (piece[0] === comma) buffer[at] = openBrace;
    }
    if (length >= chunkBytes) {
      yield buffer.subarray(0, length);
      buffer = Buffer.allocUnsafe(chunkBytes + 16 * 1024);
      length = 0;
      turn = -Infinity; // sending it has cost as much as making it
    }
    if (clock.monotonic() - turn > sliceMs) {
      await call.parts.turns.next();
      turn = clock.monotonic();
    }
  }
  add(Buffer.from(tail));
  yield buffer.subarray(0, length);
}

/** `k8s\0`, the type, then the list message: metadata and items, each with its length. */
async function* protobufList(call: Call, form: Form, page: ListPage): AsyncGenerator<Uint8Array> {
  const { codec, resource } = call.served;
  const isMetadata = form.as === 'metadataList';
  const kind = isMetadata ? 'PartialObjectMetadataList' : `${resource.kind}List`;
  const apiVersion = isMetadata ? `meta.k8s.io/${form.metaVersion}` : codec.apiVersion;
  const metadata = encodeProtobuf(ListMeta as MessageType<unknown>, page.metadata);
  const items: Uint8Array[] = [];
  const { clock } = call.parts.runtime;
  let turn = clock.monotonic();
  for (const item of page.items) {
    items.push(item.form(codec, isMetadata ? 'metadataProtobuf' : 'protobuf'));
    if (clock.monotonic() - turn <= sliceMs) continue;
    await call.parts.turns.next();
    turn = clock.monotonic();
  }
  let rawLength = framed(1, metadata).length + metadata.length;
  for (const item of items) rawLength += framed(2, item).length + item.length;
  const type = Buffer.concat([framed(1, Buffer.from(apiVersion)), Buffer.from(apiVersion), framed(2, Buffer.from(kind)), Buffer.from(kind)]);
  yield Buffer.concat([Buffer.from('k8s\0'), framed(1, type), type, Buffer.from([0x12]), varint(rawLength), framed(1, metadata), metadata]);
  let batch: Uint8Array[] = [];
  let length = 0;
  for (const item of items) {
    batch.push(framed(2, item), item);
    length += item.length;
    if (length < chunkBytes) continue;
    yield Buffer.concat(batch);
    await call.parts.turns.next();
    batch = [];
    length = 0;
  }
  yield Buffer.concat([...batch, Buffer.from([0x1a, 0, 0x22, 0])]); // no content encoding, no content type
}

/** Tag and length of a length-delimited field. */
const framed = (number: number, bytes: Uint8Array): Uint8Array => Uint8Array.of((number << 3) | 2, ...varint(bytes.length));
