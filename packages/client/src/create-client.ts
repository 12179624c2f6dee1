/** The typed client over any transport: paths, bodies, errors. It holds no state but the transport. */
import { apiVersionOf, type ApiObject, type Resource } from '@kaji/api';
import type { Client, DeleteOptions, Key, ListOptions, ObjectList, Patch, WatchEvent, WatchOptions, WriteOptions } from './client.ts';
import { keyOf } from './key.ts';
import { collectionPath, objectPath, queryText, selectionQuery } from './paths.ts';
import { errorOfAnswer } from './status.ts';
import { causeHeader, readAll, type Transport, type TransportReply } from './transport.ts';
import { decodeWatchEvent, LineSplitter } from './watch-decoder.ts';

export interface ClientOptions {
  /** The name before the first slash is who owns the fields written, unless a write names another. */
  readonly userAgent: string;
}

export const createClient = (transport: Transport, options: ClientOptions): Client => new TypedClient(transport, { 'user-agent': options.userAgent });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

interface ListBody<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: T[] | null;
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const satisfies Record<Patch['type'], string>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

class TypedClient implements Client {
  readonly transport: Transport;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(transport: Transport, headers: Readonly<Record<string, string>>) {
    this.transport = transport;
    this.#headers = headers;
  }

  async get<T extends ApiObject>(resource: Resource<T>, key: Key): Promise<T> {
    return decode(await this.#call({ method: 'GET', path: objectPath(resource, key) }));
  }

  async list<T extends ApiObject>(resource: Resource<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const path = collectionPath(resource, options.namespace) + queryText(selectionQuery(options));
    const body = decode<ListBody<T>>(await this.#call({ method: 'GET', path }));
    const rest = body.metadata?.continue;
    return { resourceVersion: body.metadata?.resourceVersion ?? '', continue: rest === '' ? undefined : rest, items: body.items ?? [] };
  }

  async *watch<T extends ApiObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const path = collectionPath(resource, options.namespace) + queryText({
      watch: true,
      allowWatchBookmarks: true,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
      resourceVersion: options.resourceVersion,
      resourceVersionMatch: options.sendInitialEvents === true ? 'NotOlderThan' : undefined,
      sendInitialEvents: options.sendInitialEvents,
      timeoutSeconds: options.timeoutSeconds,
    });
    const reply = await this.#send({ method: 'GET', path, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    const lines = new LineSplitter();
    for await (const chunk of reply.body) {
      for (const line of lines.push(chunk)) yield decodeWatchEvent<T>(JSON.parse(decoder.decode(line)));
    }
  }

  async create<T extends ApiObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const path = collectionPath(resource, object.metadata.namespace) + writeQuery(options);
    return decode(await this.#call({ method: 'POST', path, body: encode(resource, object) }));
  }

  async update<T extends ApiObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const path = objectPath(resource, keyOf(object), options.subresource) + writeQuery(options);
    return decode(await this.#call({ method: 'PUT', path, body: encode(resource, object) }));
  }

  updateStatus<T extends ApiObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): Promise<T> {
    return this.update(resource, object, { ...options, subresource: 'status' });
  }

  async patch<T extends ApiObject>(resource: Resource<T>, key: Key, patch: Patch, options: WriteOptions = {}): Promise<T> {
    const path = objectPath(resource, key, patch.subresource ?? options.subresource) + writeQuery(options, patch.force);
    return decode(await this.#call({ method: 'PATCH', path, body: encoder.encode(JSON.stringify(patch.body)), contentType: patchTypes[patch.type] }));
  }

  async delete(resource: Resource, key: Key, options: DeleteOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: objectPath(resource, key), ...deleteBody(options) });
  }

  async deleteCollection(resource: Resource, selection: ListOptions, options: DeleteOptions = {}): Promise<void> {
    const path = collectionPath(resource, selection.namespace) + queryText(selectionQuery(selection));
    await this.#call({ method: 'DELETE', path, ...deleteBody(options) });
  }

  async post(resource: Resource, key: Key, subresource: string, body: unknown): Promise<unknown> {
    return decode(await this.#call({ method: 'POST', path: objectPath(resource, key, subresource), body: encoder.encode(JSON.stringify(body)) }));
  }

  withCause(cause: string): Client {
    return new TypedClient(this.transport, { ...this.#headers, [causeHeader]: cause });
  }

  async #call(call: Call): Promise<Uint8Array> {
    return readAll((await this.#send(call)).body);
  }

  /** Throws an answer that is no success as the ApiError it carries. */
  async #send(call: Call): Promise<TransportReply> {
    const contentType = call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json' };
    const reply = await this.transport.request({
      method: call.method,
      path: call.path,
      headers: { accept: 'application/json', ...contentType, ...this.#headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    if (reply.status >= 300) throw errorOfAnswer(reply.status, await readAll(reply.body));
    return reply;
  }
}

const decode = <T>(bytes: Uint8Array): T => JSON.parse(decoder.decode(bytes)) as T; // the server answers with the type that was asked for

function encode(resource: Resource, object: ApiObject): Uint8Array {
  const named = object.kind === undefined ? { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object } : object;
  return encoder.encode(JSON.stringify(named));
}

const writeQuery = (options: WriteOptions, force?: boolean): string =>
  queryText({ fieldManager: options.fieldManager, dryRun: options.dryRun === true ? 'All' : undefined, force: force === true ? true : undefined });

function deleteBody(options: DeleteOptions): { readonly body?: Uint8Array } {
  if (Object.keys(options).length === 0) return {};
  const { uid, resourceVersion, gracePeriodSeconds, propagationPolicy, dryRun } = options;
  const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds, preconditions, propagationPolicy, dryRun: dryRun === true ? ['All'] : undefined };
  return { body: encoder.encode(JSON.stringify(body)) };
}
