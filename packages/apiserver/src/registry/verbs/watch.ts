/**
 * GET with watch: events from a place in the resource's ring on. A watcher buffers nothing; each time the client has taken
 * what it was given, it gets all that has happened since, in one piece. One that falls behind the ring is closed.
 */
import { ApiError, type ApiObject } from '@kaji/api';
import { encodeEnvelope, encodeJson, encodeProtobuf, fromJson, type MessageType } from '@kaji/schema';
import type { Revision } from '@kaji/store';
import { varint } from '../../discovery/varint.ts';
import type { Reply } from '../../pipeline/request.ts';
import type { CacheEvent } from '../../watch-cache/event-ring.ts';
import { enveloped, type Item } from '../../watch-cache/item.ts';
import type { Snapshot } from '../../watch-cache/watch-cache.ts';
import { acceptedStream, contentTypes, type Form } from '../accept.ts';
import type { Call } from '../call.ts';
import { plainError } from '../invalid.ts';
import { rangeOf } from '../keys.ts';
import { errorReply } from '../negotiation.ts';
import { listOptions, type ListRequest } from '../options.ts';
import { metadataJson } from '../respond.ts';
import { type Filter, selectorOf } from '../selection.ts';
import { includedObject, tableOf } from '../table.ts';
import { revisionOf } from '../versions.ts';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Kubernetes: watches end after half an hour to an hour; clients come back. */
const minimumMs = 1_800_000;
/** More than a timer can hold is as good as for ever. */
const maximumMs = 2_000_000_000;
const bookmarkEveryMs = 60_000;
/** A bookmark comes this long before an end that is known. */
const beforeEndMs = 2000;
/** How much one piece may hold before the client has to take it. */
const pieceBytes = 256 * 1024;

export async function watch(call: Call): Promise<Reply> {
  const form = acceptedStream(call.request);
  const options = listOptions(call.request, true);
  if (form.as === 'table') includedObject(call);
  const filter = selectorOf(call.served, options);
  const asked = revisionOf(options.resourceVersion);
  if (typeof asked === 'string') throw plainError(asked);
  const contentType = form.media === 'protobuf' ? `${contentTypes.protobuf};stream=watch` : contentTypes.json;
  const watcher = new Watcher(call, form, filter, options);
  await watcher.begin(asked);
  return { status: 200, headers: { 'content-type': contentType }, body: watcher.run() };
}

class Watcher {
  readonly #call: Call;
  readonly #form: Form;
  readonly #filter: Filter;
  readonly #options: ListRequest;
  readonly #start: string;
  readonly #end: string;
  #initial: Snapshot | undefined;
  #endsInitial = false;
  #next = 0;
  #after: Revision = 0;
  #failure: ApiError | undefined;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #hasColumns = true;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(call: Call, form: Form, filter: Filter, options: ListRequest) {
    this.#call = call;
    this.#form = form;
    this.#filter = filter;
    this.#options = options;
    ({ start: this.#start, end: this.#end } = rangeOf(call.served.prefix, call.request.target.namespace));
  }

  /** Finds where to begin: with the state as it is, or after a revision. */
  async begin(asked: Revision | undefined): Promise<void> {
    const { caches } = this.#call.parts;
    const { cache } = this.#call.served;
    const { sendInitialEvents } = this.#options;
    const wantsState = sendInitialEvents ?? (asked === undefined || asked === 0);
    if (asked === undefined) await caches.fresh();
    else if (asked > caches.revision && wantsState) await this.#reach(asked);
    if (wantsState) {
      this.#initial = cache.snapshot();
      this.#endsInitial = sendInitialEvents === true && this.#options.allowsBookmarks;
      this.#next = cache.ring.next;
      return;
    }
    const after = asked === undefined || asked === 0 ? cache.revision : asked;
    this.#after = after; // may lie in the future: then everything up to there is skipped
    const place = cache.ring.after(after);
    if (place === undefined) this.#failure = new ApiError('Expired', `too old resource version: ${after} (${cache.ring.oldestRevision})`);
    else this.#next = place;
  }

  async #reach(revision: Revision): Promise<void> {
    try {
      await this.#call.parts.caches.reach(revision);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#failure = error; // told in the stream, as the answer has begun for upstream's clients
    }
  }

  async *run(): AsyncGenerator<Uint8Array> {
    if (this.#failure !== undefined) {
      yield this.#frame('ERROR', statusBytes(this.#call, this.#form, this.#failure));
      return;
    }
    const { clock, random } = this.#call.parts.runtime;
    const stop = AbortSignal.any([this.#call.request.signal, this.#call.parts.closing]);
    const timeoutMs = this.#options.timeoutSeconds !== undefined && this.#options.timeoutSeconds > 0 ? Math.min(this.#options.timeoutSeconds * 1000, maximumMs) : minimumMs * (1 + random.stream('watches')());
    const endsMs = clock.monotonic() + timeoutMs;
    let bookmarkMs = this.#bookmarkTime(clock.monotonic(), endsMs);
    const { cache } = this.#call.served;
    let cancel = (): void => undefined;
    let wakesMs = 0;
    let hasStopped = stop.aborted; // a signal made of others looks at all of them each time it is asked
    stop.addEventListener('abort', () => {
      hasStopped = true;
      this.#wake();
    }, { once: true });
    try {
      yield* this.#state();
      while (!hasStopped) {
        const isThere = this.#collect();
        if (this.#length > 0) yield this.#take();
        if (this.#isOver) return;
        if (!isThere) return; // too slow: what comes next is forgotten
        if (hasStopped) return; // while the client held the piece: nobody would end the pause
        if (this.#next < cache.ring.next) continue;
        const now = clock.monotonic();
        if (now >= bookmarkMs && this.#options.allowsBookmarks) {
          bookmarkMs = this.#bookmarkTime(now, endsMs);
          yield this.#frame('BOOKMARK', this.#bookmark(cache.revision, false));
          continue;
        }
        if (now >= endsMs) return;
        const due = Math.min(endsMs, this.#options.allowsBookmarks ? bookmarkMs : Infinity);
        // One timer serves many waits: most end with an event.
        if (due !== wakesMs) {
          cancel();
          cancel = clock.setTimer(due - now, () => {
            wakesMs = 0; // timers count whole milliseconds and may be early: then there is another
            this.#wake();
          });
          wakesMs = due;
        }
        await this.#pause();
      }
    } finally {
      cancel();
    }
  }

  #bookmarkTime(now: number, endsMs: number): number {
    const beforeEnd = endsMs - beforeEndMs;
    return now < beforeEnd ? Math.min(now + bookmarkEveryMs, beforeEnd) : Infinity;
  }

  /** Until something changes, the timer fires, or nobody listens. Leaves nothing behind on promises that live longer. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.#call.served.cache.whenChanged(resolve);
      this.#wake = () => {
        forget();
        resolve();
      };
    });
  }

  async *#state(): AsyncGenerator<Uint8Array> {
    if (this.#initial === undefined) return;
    for (const item of this.#initial.items.range(this.#start, this.#end)) {
      if (this.#filter.matches(item)) this.#add('ADDED', item);
      if (this.#length >= pieceBytes) yield this.#take();
    }
    if (this.#endsInitial) this.#push(this.#frame('BOOKMARK', this.#bookmark(this.#initial.revision, true)));
    this.#initial = undefined;
    if (this.#length > 0) yield this.#take();
  }

  /** Takes events until the piece is full. False when the place in the ring is gone. */
  #collect(): boolean {
    const { ring } = this.#call.served.cache;
    while (this.#next < ring.next && this.#length < pieceBytes) {
      const event = ring.at(this.#next);
      if (event === undefined) return false;
      this.#next++;
      this.#show(event);
    }
    return true;
  }

  /** Kubernetes: entering a selector looks like a creation, leaving it like a deletion. */
  #show(event: CacheEvent): void {
    const { key } = event.item ?? event.departed();
    if (key < this.#start || key >= this.#end || event.revision <= this.#after) return;
    const isIn = event.item !== undefined && this.#filter.matches(event.item);
    const wasIn = event.previous !== undefined && this.#filter.matches(event.previous);
    if (isIn && event.item !== undefined) this.#add(wasIn ? 'MODIFIED' : 'ADDED', event.item);
    else if (wasIn) this.#add('DELETED', event.departed());
  }

  #add(type: EventType, item: Item): void {
    const { codec } = this.#call.served;
    const { media, as, metaVersion } = this.#form;
    if (as === 'metadataList') {
      this.#isOver = true; // Kubernetes: no event is a list
      return;
    }
    if (as === 'object' && media === 'json') {
      // The hot path: three pieces, the middle one shared by all watchers.
      this.#push(jsonHeads[type]);
      this.#push(item.form(codec, 'json').subarray(0, -1));
      this.#push(jsonTail);
      return;
    }
    if (as === 'table') {
      this.#push(this.#frame(type, tableOf(this.#call, this.#form, [item], { resourceVersion: String(item.revision) }, this.#hasColumns)));
      this.#hasColumns = false;
      return;
    }
    const isMetadata = as !== 'object';
    if (media !== 'protobuf') this.#push(this.#frame(type, metadataJson(this.#form, item.form(codec, 'metadataJson'))));
    else if (isMetadata) this.#push(this.#frame(type, encodeEnvelope({ apiVersion: `meta.k8s.io/${metaVersion}`, kind: 'PartialObjectMetadata' }, item.form(codec, 'metadataProtobuf'))));
    else this.#push(this.#frame(type, enveloped(codec, item.form(codec, 'protobuf'))));
  }

  #frame(type: EventType, object: Uint8Array): Uint8Array {
    return this.#form.media === 'protobuf' ? protobufFrame(type, object) : Buffer.concat([jsonHeads[type], object, jsonTail]);
  }

  /** An object with a version and nothing else. */
  #bookmark(revision: Revision, endsInitial: boolean): Uint8Array {
    const { codec, resource } = this.#call.served;
    const metadata = { resourceVersion: String(revision), ...(endsInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}) };
    const { media, as, metaVersion } = this.#form;
    const kind = as === 'object' ? { kind: resource.kind, apiVersion: codec.apiVersion } : { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}` };
    if (as === 'table') {
      return Buffer.from(JSON.stringify({ kind: 'Table', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: { resourceVersion: metadata.resourceVersion }, columnDefinitions: null, rows: [] }));
    }
    if (as !== 'object') {
      const object = { ...kind, metadata } as ApiObject;
      return media === 'protobuf' ? encodeEnvelope(kind, codec.encode(object, 'metadataProtobuf')) : metadataJson(this.#form, codec.encode(object, 'metadataJson'));
    }
    const type = resource.type as MessageType<ApiObject>;
    const { object } = fromJson<ApiObject>(type, { ...kind, metadata });
    return media === 'protobuf' ? encodeEnvelope(kind, encodeProtobuf(type, object)) : encodeJson(type, object);
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #take(): Uint8Array {
    const whole = Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    return whole;
  }
}

const jsonTail = Buffer.from('}\n');
const jsonHead = (type: EventType): Uint8Array => Buffer.from(`{"type":"${type}","object":`);
const jsonHeads: Readonly<Record<EventType, Uint8Array>> = { ADDED: jsonHead('ADDED'), MODIFIED: jsonHead('MODIFIED'), DELETED: jsonHead('DELETED'), BOOKMARK: jsonHead('BOOKMARK'), ERROR: jsonHead('ERROR') };

/** The Status of an error as an event's object: JSON without its newline, or its protobuf envelope. */
function statusBytes(call: Call, form: Form, error: ApiError): Uint8Array {
  const { body } = errorReply({ headers: { accept: contentTypes[form.media] }, query: call.request.query }, error);
  if (!(body instanceof Uint8Array)) throw new Error('a Status is always answered whole');
  return form.media === 'json' ? Buffer.from(Buffer.from(body).toString().trimEnd()) : body;
}

/** Four bytes of length, then the WatchEvent: its type, and the object as a raw extension. */
function protobufFrame(type: EventType, object: Uint8Array): Uint8Array {
  const name = Buffer.from(type);
  const inner = fieldHead(1, object.length);
  const head = Buffer.concat([Buffer.alloc(4), fieldHead(1, name.length), name, fieldHead(2, inner.length + object.length), inner]);
  head.writeUInt32BE(head.length - 4 + object.length);
  return Buffer.concat([head, object]);
}

const fieldHead = (number: number, length: number): Uint8Array => Uint8Array.of((number << 3) | 2, ...varint(length));
