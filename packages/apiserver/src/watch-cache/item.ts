/**
 * One revision of one object: its stored bytes, and the forms in which it is served. Each form is encoded once, when
 * somebody first asks for it, and those bytes then serve every GET, LIST and WATCH.
 */
import { apiVersionOf, type AnyResource, type ApiObject } from '@kaji/api';
import { ObjectMeta } from '@kaji/api/meta/v1';
import { decodeEnvelope, decodeObject, decodeProtobuf, encodeEnvelope, encodeJson, encodeJsonLine, encodeProtobuf, message, ref, stringMap, type MessageType } from '@kaji/schema';
import type { Revision } from '@kaji/store';
import { versioned } from './versioned.ts';

/** `json` ends with a line break, as it is sent; those who put it inside of something else leave that out. */
export type FormName = 'json' | 'protobuf' | 'metadataJson' | 'metadataProtobuf';

/** How one served version of a kind looks on the wire. A kind stored as another version converts from that one. */
export interface Codec {
  readonly resource: AnyResource;
  readonly apiVersion: string;
  /** What every object begins with: `{"kind":"Pod","apiVersion":"v1",`. Items of lists begin with the brace alone. */
  readonly jsonHead: Uint8Array;
  /** The selectable fields beside name and namespace. */
  readonly fieldNames: readonly string[];
  /** From the object as it is stored; absent where the two are the same. */
  fromStored?(object: ApiObject): ApiObject;
  /** Makes the bytes of a form; a method of its own so that tests can count. */
  encode(object: ApiObject, form: FormName): Uint8Array;
}

class PartialMeta extends message('kaji.PartialMeta', { labels: stringMap(11) }) {}
class Partial extends message('kaji.Partial', { metadata: ref(1, PartialMeta) }) {}
class MetadataOnly extends message('kaji.MetadataOnly', { metadata: ref(1, ObjectMeta).present() }) {}

export function codecOf(resource: AnyResource, fromStored?: (object: ApiObject) => ApiObject): Codec {
  const apiVersion = apiVersionOf(resource);
  return {
    resource,
    apiVersion,
    fieldNames: Object.keys(resource.selectableFields ?? {}),
    jsonHead: new TextEncoder().encode(`{"kind":"${resource.kind}","apiVersion":"${apiVersion}",`),
    ...(fromStored === undefined ? {} : { fromStored }),
    encode(object, form) {
      switch (form) {
        case 'json': return encodeJsonLine(resource.type, { ...object, kind: resource.kind, apiVersion } as ApiObject);
        case 'protobuf': return encodeProtobuf(resource.type, object);
        case 'metadataJson': return encodeJson(MetadataOnly as MessageType<unknown>, { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: shownMetadata(resource, object) });
        case 'metadataProtobuf': return encodeProtobuf(MetadataOnly as MessageType<unknown>, { metadata: shownMetadata(resource, object) });
      }
    },
  };
}

function shownMetadata({ conversionAnnotation: hidden }: AnyResource, { metadata }: ApiObject): ObjectMeta {
  if (hidden === undefined || metadata.annotations?.[hidden] === undefined) return metadata;
  const { [hidden]: _, ...annotations } = metadata.annotations;
  return { ...metadata, annotations: Object.keys(annotations).length === 0 ? undefined : annotations };
}

/** Wraps a protobuf form as a single object travels: with its kind. */
export const enveloped = (codec: Codec, raw: Uint8Array): Uint8Array => encodeEnvelope({ apiVersion: codec.apiVersion, kind: codec.resource.kind }, raw);

type Labels = Readonly<Record<string, string>>;
const noLabels: Labels = {};

export class Item {
  readonly key: string;
  readonly revision: Revision;
  /** As it lies in the store; empty for what is made of another object. */
  readonly stored: Uint8Array;
  readonly #codec: Codec;
  #object: ApiObject | undefined;
  #labels: Labels | undefined;
  /** Values of the selectable fields, in the order the kind declares them. */
  #fields: readonly string[] | undefined;
  #forms: { readonly codec: Codec; readonly form: FormName; readonly bytes: Uint8Array }[] | undefined;

  constructor(key: string, revision: Revision, stored: Uint8Array, codec: Codec, object?: ApiObject) {
    this.key = key;
    this.revision = revision;
    this.stored = stored;
    this.#codec = codec;
    if (object !== undefined) {
      this.#labels = object.metadata.labels ?? noLabels;
      this.#object = object;
    }
  }

  /** The object as stored, with its resourceVersion. Read-only: it is shared. */
  get object(): ApiObject {
    return this.#object ?? this.#decode();
  }

  /** The object for a writer to change. */
  copy(): ApiObject {
    return this.#decodeFresh();
  }

  get isDecoded(): boolean {
    return this.#object !== undefined;
  }

  /** Forgets the decoded object; the bytes stay, and what selectors ask for. */
  release(): void {
    if (this.#object === undefined) return;
    this.#readFields(this.#object);
    this.#object = undefined;
  }

  get labels(): Labels {
    if (this.#labels === undefined) {
      // Most lists ask for labels only: reading those alone is far cheaper than decoding the object.
      this.#labels = this.#object?.metadata.labels ?? decodeProtobuf<Partial>(Partial, decodeEnvelope(this.stored).raw).metadata?.labels ?? noLabels;
    }
    return this.#labels;
  }

  /** The value of a selectable field; empty for a field that is not set. */
  field(path: string): string {
    if (path === 'metadata.name') return this.key.slice(this.key.lastIndexOf('/') + 1);
    if (path === 'metadata.namespace') return this.key.split('/').at(-2) ?? '';
    const at = this.#codec.fieldNames.indexOf(path);
    return at < 0 ? '' : (this.#fields ?? this.#readFields(this.object))[at] ?? '';
  }

  #readFields(object: ApiObject): readonly string[] {
    return (this.#fields ??= Object.values(this.#codec.resource.selectableFields ?? {}).map((read) => read(object)));
  }

  /** The bytes of a form, made on first use. */
  form(codec: Codec, form: FormName): Uint8Array {
    const known = this.#forms?.find((each) => each.codec === codec && each.form === form);
    if (known !== undefined) return known.bytes;
    const isStoredForm = form === 'protobuf' && codec === this.#codec && this.stored.length > 0 && this.revision !== 0;
    const bytes = (isStoredForm ? versioned(this.stored, this.revision) : undefined) ?? this.#encode(codec, form);
    (this.#forms ??= []).push({ codec, form, bytes });
    return bytes;
  }

  #encode(codec: Codec, form: FormName): Uint8Array {
    const wasDecoded = this.isDecoded;
    const object = this.object;
    const bytes = codec.encode(codec.fromStored?.(object) ?? object, form);
    if (!wasDecoded) this.release();
    return bytes;
  }

  /** The same object under another revision: how a deletion shows it. */
  at(revision: Revision): Item {
    return new Item(this.key, revision, this.stored, this.#codec);
  }

  #decode(): ApiObject {
    this.#object = this.#decodeFresh();
    this.#labels = this.#object.metadata.labels ?? noLabels;
    return this.#object;
  }

  #decodeFresh(): ApiObject {
    const object = decodeObject<ApiObject>(this.#codec.resource.type, this.stored);
    object.metadata.resourceVersion = String(this.revision);
    this.#codec.resource.restore?.(object);
    return object;
  }
}
