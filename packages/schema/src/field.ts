/**
 * The field language. One declaration per type: `class Pod extends message(...)` names the type and carries its
 * schema; objects stay plain JSON values. Defaults, validation, OpenAPI, protobuf, merge keys and random test
 * objects are functions that walk the schema.
 */

/**
 * What a leaf is. The last rows are types of upstream whose JSON form differs from their protobuf form:
 * - `int64`: a number; beyond 2^53 the walkers carry a bigint, so that nothing is rounded.
 * - `bytes`: base64 text in JSON.
 * - `time`, `microTime`: RFC 3339 text; `duration`: Go's text ("1h0m0s"); `quantity`: text ("100m"), number accepted.
 * - `intOrString`: a number or text. `rawExtension`: any object. `json`: any JSON value. `fieldsV1`: the text of a JSON object, which only
 *   those who reckon with ownership read.
 * - `wrappedStrings`: a list of strings that is a message of its own in protobuf (ExtraValue).
 */
export type Scalar =
  | 'string' | 'bool' | 'bytes' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'double' | 'float'
  | 'time' | 'microTime' | 'duration' | 'quantity' | 'intOrString' | 'rawExtension' | 'json' | 'fieldsV1' | 'wrappedStrings';

/**
 * When a field is written.
 * - `implicit`: its zero value ("", 0, false, [], {}) means absent, and is left out.
 * - `explicit`: present or absent, apart from its value (a pointer in Go).
 * - `always`: written even when empty: "" or 0 for scalars, `null` for absent lists and maps, `{}` for messages.
 */
export type Presence = 'implicit' | 'explicit' | 'always';

/** What walkers read; all optional. */
export interface FieldOptions {
  readonly presence?: Presence;
  readonly default?: unknown;
  readonly oneOf?: readonly string[];
  /** How list items are told apart: server-side apply and OpenAPI. */
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly mapKeys?: readonly string[];
  /** Maps and messages that are replaced whole. */
  readonly mapType?: 'atomic' | 'granular';
  /** Strategic merge patch. */
  readonly patchStrategy?: 'merge' | 'replace' | 'retainKeys' | 'merge,retainKeys';
  readonly mergeKey?: string;
  /** The fields of this message appear among its parent's in JSON (Go's inlined structs). */
  readonly isInline?: boolean;
  /** Written as null when it is absent (a pointer in Go without omitempty). */
  readonly isNullable?: boolean;
  /** Left out when it is empty, though it is required (Go's omitempty). */
  readonly isOmittable?: boolean;
  /** Amounts that are kept as they were given: Kubernetes rounds others up to thousandths. */
  readonly isExact?: boolean;
  /** What may stand in the message's place: the unions of JSONSchemaProps. */
  readonly alternative?: 'bool' | 'list' | 'strings';
  /** Never absent in a decoded object, though not required. */
  readonly isPresent?: boolean;
  /** The value is an object of its own, with kind and apiVersion (Go's TypeMeta), though it stands inside another. */
  readonly isObject?: boolean;
  /** The item or value type is itself a list of strings, a map, ... named by this OpenAPI format. */
  readonly format?: string;
  /** Kubernetes: how messages that print Go's structs spell it, where that is not its name with a capital. */
  readonly goName?: string;
  /** Kubernetes: how messages that name a field's Go type call it, where that is not plain text. */
  readonly goType?: string;
}

export type FieldKind = 'scalar' | 'message' | 'list' | 'map';

/** One field: `T` is its TypeScript type, `Required` whether an object always has it. */
export class Field<T, Required extends boolean = false> {
  declare readonly type: T;
  declare readonly requiredType: Required;
  readonly number: number;
  readonly kind: FieldKind;
  /** What it is, or what its items or values are. */
  readonly of: Scalar | MessageType<unknown>;
  readonly options: FieldOptions;
  /** Listed in OpenAPI's `required`. */
  readonly isRequired: boolean;

  constructor(number: number, kind: FieldKind, of: Scalar | MessageType<unknown>, options: FieldOptions = {}, isRequired = false) {
    this.number = number;
    this.kind = kind;
    this.of = of;
    this.options = options;
    this.isRequired = isRequired;
  }

  with(options: FieldOptions): Field<T, Required> {
    return new Field(this.number, this.kind, this.of, { ...this.options, ...options }, this.isRequired);
  }
  /** Required by OpenAPI, never absent in a decoded object, always written. */
  required(): Field<T, true> {
    return new Field(this.number, this.kind, this.of, { presence: 'always', ...this.options }, true);
  }
  /** Never absent in a decoded object and always written, though OpenAPI does not require it (a struct in Go that is no pointer). */
  present(): Field<T, true> {
    return new Field(this.number, this.kind, this.of, { ...this.options, presence: 'always', isPresent: true }, false);
  }
  /** Written even when empty, but not promised to be there. */
  always(): Field<T, Required> {
    return this.with({ presence: 'always' });
  }
  /** Absent and zero are two different things. */
  explicit(): Field<T, Required> {
    return this.with({ presence: 'explicit' });
  }
  /** Absent is written as null. */
  nullable(): Field<T, Required> {
    return this.with({ presence: 'explicit', isNullable: true });
  }
  /** Required, but left out of JSON when empty. */
  omittable(): Field<T, Required> {
    return this.with({ isOmittable: true });
  }
  /** Of amounts: not rounded. */
  exact(): Field<T, Required> {
    return this.with({ isExact: true });
  }
  /** Kubernetes: what messages call its type, or that of its items, where Go has a name for it; of a map, the map's. */
  named(goType: string): Field<T, Required> {
    return this.with({ goType });
  }
  default(value: T): Field<T, Required> {
    return this.with({ default: value });
  }
  atomic(): Field<T, Required> {
    return this.with(this.kind === 'list' ? { listType: 'atomic' } : { mapType: 'atomic' });
  }
  set(): Field<T, Required> {
    return this.with({ listType: 'set' });
  }
  /** A list whose items are told apart by these fields. */
  mapBy(...mapKeys: string[]): Field<T, Required> {
    return this.with({ listType: 'map', mapKeys });
  }
  /** Strategic merge patch merges the items of this list by the key (by value without one). */
  mergeBy(mergeKey?: string): Field<T, Required> {
    return this.with({ patchStrategy: 'merge', ...(mergeKey === undefined ? {} : { mergeKey }) });
  }
  /** The value may also be a bool, a list of the message, or a list of strings. */
  or(alternative: 'bool' | 'list' | 'strings'): Field<T, Required> {
    return this.with({ alternative });
  }
  /** The message's fields stand among its parent's: in JSON, in objects and in their TypeScript type. Only protobuf nests it. */
  inline(): InlineField<T> {
    return new InlineField<T>(this.number, this.kind, this.of, { ...this.options, isInline: true });
  }
}

/** A message whose fields are its parent's; the field's own name appears nowhere but in protobuf's descriptors. */
export class InlineField<T> extends Field<T> {
  declare readonly inlineType: T;
}

// The one `any` of the field language: a record of fields of different types has no closer common type.
// oxlint-disable-next-line no-explicit-any
export type Fields = Readonly<Record<string, Field<any, boolean>>>;

type InlineKeys<F> = { [K in keyof F]: F[K] extends InlineField<unknown> ? K : never }[keyof F];
type RequiredKeys<F> = { [K in keyof F]: F[K] extends InlineField<unknown> ? never : F[K] extends Field<unknown, true> ? K : never }[keyof F];
type Intersected<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void ? I : never;

/** The fields' types as one object type; inlined messages contribute their own fields. */
type Shape<F> =
  & { -readonly [K in RequiredKeys<F>]: F[K] extends Field<infer T, boolean> ? T : never }
  & { -readonly [K in Exclude<keyof F, RequiredKeys<F> | InlineKeys<F>>]?: F[K] extends Field<infer T, boolean> ? T | undefined : never }
  & ([InlineKeys<F>] extends [never] ? unknown : Intersected<{ [K in InlineKeys<F>]: F[K] extends InlineField<infer T> ? T : never }[InlineKeys<F>]>);

/** A declared type: the class is never instantiated, `T` is the type of its plain objects. */
export interface MessageType<T> {
  new (): T;
  /** Its values are replaced whole by server-side apply, never merged. */
  readonly isAtomic?: boolean;
  /** Kubernetes: the order of Go's struct, where messages that print it show another than JSON's. Of the type's own fields. */
  readonly goOrder?: readonly string[];
  /** Kubernetes: where Go's struct holds fields elsewhere than clients write them. Gets the form by `goOrder` and the object. */
  goShape?(form: Readonly<Record<string, unknown>>, object: unknown): Readonly<Record<string, unknown>>;
  /** Its full protobuf name: `k8s.io.api.core.v1.Pod`. */
  readonly typeName: string;
  readonly fields: Fields;
}

/** Declares a type: `class Pod extends message('k8s.io.api.core.v1.Pod', { ... }) {}`. Field order is JSON's order. */
export function message<F extends Fields>(typeName: string, fields: F): { new (): Shape<F>; readonly typeName: string; readonly fields: F } {
  return class Declared {
    static readonly typeName = typeName;
    static readonly fields = resolveOwn(fields, Declared as MessageType<unknown>);
  } as never; // the class is never instantiated: its type is all there is to its objects
}

/** Stands for the type that is being declared, in fields of recursive types. */
class Own {
  static readonly typeName = '';
  static readonly fields: Fields = {};
}

const resolveOwn = (fields: Fields, type: MessageType<unknown>): Fields =>
  Object.values(fields).every((field) => field.of !== Own) ? fields : Object.fromEntries(Object.entries(fields).map(([name, field]) =>
    [name, field.of === Own ? new Field<unknown>(field.number, field.kind, type, field.options) : field]));

/** Fields of the type that is being declared; their TypeScript type comes from an interface of the same name. */
export const ownRef = (number: number): Field<unknown> => new Field(number, 'message', Own);
export const ownList = (number: number): Field<unknown> => new Field(number, 'list', Own);
export const ownMap = (number: number): Field<unknown> => new Field(number, 'map', Own);

const scalar = <T>(of: Scalar) => (number: number): Field<T> => new Field(number, 'scalar', of);

export type JsonValue = string | number | bigint | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export const string = scalar<string>('string');
export const bool = scalar<boolean>('bool');
export const bytes = scalar<string>('bytes');
export const int32 = scalar<number>('int32');
export const int64 = scalar<number>('int64');
export const uint32 = scalar<number>('uint32');
export const uint64 = scalar<number>('uint64');
export const double = scalar<number>('double');
export const float = scalar<number>('float');
export const time = scalar<string>('time');
export const microTime = scalar<string>('microTime');
export const duration = scalar<string>('duration');
export const quantity = scalar<string>('quantity');
export const intOrString = scalar<number | string>('intOrString');
export const rawExtension = scalar<Readonly<Record<string, unknown>>>('rawExtension');
export const json = scalar<JsonValue>('json');
export const fieldsV1 = scalar<string>('fieldsV1');

/** Text out of a known set. The set is typed and published; whether other text is refused is a rule of the kind. */
export const oneOf = <const V extends string>(number: number, ...values: V[]): Field<V> => new Field(number, 'scalar', 'string', { oneOf: values });

export const ref = <T>(number: number, of: MessageType<T>): Field<T> => new Field(number, 'message', of as MessageType<unknown>);
export const list = <T>(number: number, of: MessageType<T>): Field<T[]> => new Field(number, 'list', of as MessageType<unknown>);
export const map = <T>(number: number, of: MessageType<T>): Field<Record<string, T>> => new Field(number, 'map', of as MessageType<unknown>);

export const strings = (number: number): Field<string[]> => new Field(number, 'list', 'string');
export const scalars = <T>(number: number, of: Scalar): Field<T[]> => new Field(number, 'list', of);
/** A list of text out of a known set. */
export const someOf = <const V extends string>(number: number, ...values: V[]): Field<V[]> => new Field(number, 'list', 'string', { oneOf: values });
export const stringMap = (number: number): Field<Record<string, string>> => new Field(number, 'map', 'string');
export const bytesMap = (number: number): Field<Record<string, string>> => new Field(number, 'map', 'bytes');
export const quantityMap = (number: number): Field<Record<string, string>> => new Field(number, 'map', 'quantity');
/** Names to lists of strings (ExtraValue). */
export const stringsMap = (number: number): Field<Record<string, string[]>> => new Field(number, 'map', 'wrappedStrings');
/** Names to any JSON value. */
export const wrappedStrings = (number: number): Field<string[]> => new Field(number, 'scalar', 'wrappedStrings');
export const jsonMap = (number: number): Field<Record<string, JsonValue>> => new Field(number, 'map', 'json');
export const scalarMap = <T>(number: number, of: Scalar): Field<Record<string, T>> => new Field(number, 'map', of);

/** Whether a type's values are replaced whole. Said in the class: `static readonly isAtomic = true`. */
export const isAtomic = (type: MessageType<unknown>): boolean => type.isAtomic === true;
