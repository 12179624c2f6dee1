/** What the log keeps of an object beside its present state: every revision, who wrote it, and what had led to that. */
import { append } from '@kaji/base';
import { type AnyResource, type ApiObject, qualified, type Resource } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { type CauseReference, type Key, parseCause } from '@kaji/client';
import { decodeObject, type MessageType } from '@kaji/schema';
import { type HistoryStore, onlyKey, type Revision } from '@kaji/store';
import { conversions } from './registry/conversions.ts';
import { keyOf, prefixOf } from './registry/keys.ts';
import type { Provenance } from './registry/object-store.ts';

/** One write of one object. */
export interface ObjectRevision<T extends ApiObject = ApiObject> {
  readonly revision: Revision;
  readonly timeMs: number;
  /** As this write left it; after a deletion, as it was before. */
  readonly object: T;
  readonly isDeletion: boolean;
  /** Who asked and with which request; undefined for what the store did by itself (an Event's end). */
  readonly by: Provenance | undefined;
}

/** A write on the way from an object back to the request that everything began with. */
export interface CausalStep extends ObjectRevision {
  readonly resource: AnyResource;
  readonly key: Key;
}

/** The revision of a store that nothing has been written to. */
const emptyStore: Revision = 1;

/** Every revision since the store began, oldest first. Throws Compacted when the log no longer has them all. */
export async function historyOf<T extends ApiObject>(store: HistoryStore, resource: Resource<T>, key: Key): Promise<readonly ObjectRevision<T>[]> {
  const { revision } = await store.list(onlyKey(storeKey(resource, key)), { keysOnly: true });
  return revisions(store, resource, key, { after: emptyStore, upTo: revision });
}

/**
 * From one revision of an object backwards, nearest first, to the nearest request that nothing else had led to.
 * Of several causes the shortest way is taken. Empty when the log does not have that revision.
 */
export async function causesOf(store: HistoryStore, resource: AnyResource, object: ApiObject): Promise<readonly CausalStep[]> {
  const { namespace = '', name = '', resourceVersion = '' } = object.metadata;
  const seen = new Set<string>();
  let front: { readonly at: CauseReference; readonly path: readonly CausalStep[] }[] = [{ at: { resource: qualified(resource), namespace, name, resourceVersion }, path: [] }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { at, path } of front) {
      const id = `${at.resource}/${at.namespace}/${at.name}@${at.resourceVersion}`;
      const step = seen.has(id) ? undefined : await stepAt(store, at);
      seen.add(id);
      if (step === undefined) continue;
      const causes = parseCause(step.by?.causedBy ?? '');
      if (causes.length === 0) return [...path, step];
      append(next, causes.map((cause) => ({ at: cause, path: [...path, step] })));
    }
    front = next;
  }
  return [];
}

async function stepAt(store: HistoryStore, { resource: name, namespace, name: objectName, resourceVersion }: CauseReference): Promise<CausalStep | undefined> {
  const resource = kinds.find((kind) => qualified(kind) === name);
  const revision = Number(resourceVersion);
  if (resource === undefined || !Number.isSafeInteger(revision) || revision < 1) return undefined;
  const key: Key = { namespace, name: objectName };
  const [found] = await revisions(store, resource, key, { after: revision - 1, upTo: revision });
  return found === undefined ? undefined : { ...found, resource, key };
}

async function revisions<T extends ApiObject>(store: HistoryStore, resource: Resource<T>, key: Key, span: { readonly after: Revision; readonly upTo: Revision }): Promise<readonly ObjectRevision<T>[]> {
  const read = reader(resource);
  const found: ObjectRevision<T>[] = [];
  for await (const { revision, timeMs, cause, changes } of store.entries(onlyKey(storeKey(resource, key)), span.after, span.upTo)) {
    const by = cause === undefined ? undefined : JSON.parse(decoder.decode(cause)) as Provenance; // written by encodeProvenance
    for (const { type, kv } of changes) found.push({ revision, timeMs, isDeletion: type === 'delete', by, object: read(kv.value, revision) });
  }
  return found;
}

const decoder = new TextDecoder();

const storedAs = (resource: AnyResource): AnyResource => conversions.find((each) => each.resource === resource)?.stored ?? resource;

const storeKey = (resource: AnyResource, { namespace, name }: Key): string => keyOf(prefixOf(storedAs(resource)), namespace, name);

/** Decodes what the store holds as the version that was asked for. */
function reader<T extends ApiObject>(resource: Resource<T>): (value: Uint8Array, revision: Revision) => T {
  const { stored, conversion } = conversions.find((each) => each.resource === resource) ?? { stored: resource, conversion: undefined };
  return (value, revision) => {
    const object = decodeObject<ApiObject>(stored.type as MessageType<ApiObject>, value);
    object.metadata.resourceVersion = String(revision);
    return (conversion?.fromStored(object) ?? object) as T; // stored under the resource's own key
  };
}
