/** The types of the language as a checker sees them: kinds, names, parameters, and how they are printed. */

export type Kind =
  | 'dyn' | 'any' | 'bool' | 'bytes' | 'double' | 'duration' | 'error' | 'int' | 'list' | 'map' | 'null' | 'opaque' | 'string' | 'struct' | 'timestamp' | 'type' | 'parameter' | 'uint' | 'nameless';

/**
 * A type. `name` is the one that values of it carry when an expression runs; `parameters` are known to the checker only.
 * `isNullable` marks the wrappers of protocol buffers: an `int` that may be null.
 */
export interface Type {
  readonly kind: Kind;
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly isNullable: boolean;
  /** How many types it is made of, itself included. */
  readonly size: number;
}

function plain(kind: Kind, name: string = kind): Type {
  return { kind, name, parameters: [], isNullable: false, size: 1 };
}

/** A type of that kind and name with other parameters. */
export function withParameters({ kind, name }: Type, parameters: readonly Type[]): Type {
  return { kind, name, parameters, isNullable: false, size: parameters.reduce((sum, { size }) => sum + size, 1) };
}

export const anyType = plain('any', 'google.protobuf.Any');
export const boolType = plain('bool');
export const bytesType = plain('bytes');
export const doubleType = plain('double');
export const durationType = plain('duration', 'google.protobuf.Duration');
export const dynType = plain('dyn');
export const errorType = plain('error');
export const intType = plain('int');
export const nullType = plain('null', 'null_type');
export const stringType = plain('string');
export const timestampType = plain('timestamp', 'google.protobuf.Timestamp');
export const typeType = plain('type');
export const uintType = plain('uint');
/** Kubernetes: fields of `JSONPatch` that it does not have are taken for declared, with a type that nothing fits but `dyn`. */
export const namelessType = plain('nameless', '');

export const listType = (element: Type): Type => withParameters(plain('list'), [element]);
export const mapType = (key: Type, value: Type): Type => withParameters(plain('map'), [key, value]);
export const nullableType = (type: Type): Type => ({ ...type, isNullable: true });
export const opaqueType = (name: string, ...parameters: readonly Type[]): Type => withParameters(plain('opaque', name), parameters);
export const optionalType = (type: Type): Type => opaqueType('optional_type', type);
export const parameterType = (name: string): Type => plain('parameter', name);
export const typeOf = (type: Type): Type => withParameters(typeType, [type]);

/** Kubernetes: types of protocol buffers that the language has types of its own for are those, whatever they are called by. */
const wellKnown: ReadonlyMap<string, Type> = new Map([
  ['BoolValue', nullableType(boolType)], ['BytesValue', nullableType(bytesType)], ['DoubleValue', nullableType(doubleType)], ['FloatValue', nullableType(doubleType)],
  ['Int64Value', nullableType(intType)], ['Int32Value', nullableType(intType)], ['UInt64Value', nullableType(uintType)], ['UInt32Value', nullableType(uintType)],
  ['StringValue', nullableType(stringType)], ['Any', anyType], ['Duration', durationType], ['Timestamp', timestampType],
  ['ListValue', listType(dynType)], ['NullValue', nullType], ['Struct', mapType(stringType, dynType)], ['Value', dynType],
]);

const protobuf = 'google.protobuf.';

/** The type of objects with fields, by its full name. */
export function objectType(name: string): Type {
  return (name.startsWith(protobuf) ? wellKnown.get(name.slice(protobuf.length)) : undefined) ?? plain('struct', name);
}

/** How each kind is called as a message of protocol buffers (`google.protobuf.` before it). */
const messageNames: Readonly<Partial<Record<Kind, string>>> = {
  any: 'Any', bool: 'BoolValue', bytes: 'BytesValue', double: 'DoubleValue', duration: 'Duration', dyn: 'Value', int: 'Int64Value', list: 'ListValue', null: 'NullValue', map: 'Struct',
  string: 'StringValue', timestamp: 'Timestamp', uint: 'UInt64Value',
};

/** The message that a well-known type is made as (`google.protobuf.Duration{}`); undefined of other types. */
export function messageName(type: Type): string | undefined {
  return isWellKnown(type) ? `${protobuf}${messageNames[type.kind] ?? ''}` : undefined;
}

function isWellKnown({ kind, parameters, isNullable }: Type): boolean {
  switch (kind) {
    case 'any': case 'timestamp': case 'duration': case 'dyn': case 'null': return true;
    case 'bool': case 'bytes': case 'double': case 'int': case 'string': case 'uint': return isNullable;
    case 'list': return parameters[0] === dynType;
    case 'map': return parameters[0] === stringType && parameters[1] === dynType;
    default: return false;
  }
}

export const isDyn = ({ kind }: Type): boolean => kind === 'dyn' || kind === 'any';
export const isDynOrError = (type: Type): boolean => type.kind === 'error' || isDyn(type);
export const isOptional = ({ kind, name }: Type): boolean => kind === 'opaque' && name === 'optional_type';

/** The type's own parameter at a place: a list's element, a map's key and value. */
export const parameter = ({ parameters }: Type, index: number): Type => parameters[index] ?? dynType;

/** What is inside of an optional, and whether it was one. */
export const unwrapOptional = (type: Type): readonly [Type, boolean] => (isOptional(type) ? [parameter(type, 0), true] : [type, false]);

/** The same type, to the names of its parameters. Kubernetes: whether it may be null is not compared. */
export function isSame(one: Type, other: Type): boolean {
  if (one === other) return true;
  return one.kind === other.kind && one.name === other.name && one.parameters.length === other.parameters.length && one.parameters.every((type, index) => isSame(type, parameter(other, index)));
}

/** Whether a value of type `from` may stand where `to` is declared, parameters not yet bound aside. */
export function accepts(to: Type, from: Type): boolean {
  if (to.isNullable && from.kind === 'null') return true;
  if (to === from || isDyn(to) || to.kind === 'parameter') return true;
  return to.kind === from.kind && to.name === from.name && to.parameters.length === from.parameters.length && to.parameters.every((type, index) => accepts(type, parameter(from, index)));
}

/** A type's own name, a wrapper's as `wrapper(int)`. */
export const declaredName = ({ name, isNullable }: Type): string => (isNullable ? `wrapper(${name})` : name);

const shortNames: Readonly<Partial<Record<Kind, string>>> = { any: 'any', duration: 'duration', error: '!error!', null: 'null', timestamp: 'timestamp' };

/** As messages about types print them: `map(string, duration)`. */
export function typeText(type: Type): string {
  const short = shortNames[type.kind];
  if (short !== undefined) return short;
  if (type.kind === 'parameter') return type.name;
  return type.parameters.length === 0 ? declaredName(type) : `${type.name}(${type.parameters.map(typeText).join(', ')})`;
}

/** As messages about results print them: `map(string, google.protobuf.Duration)`. */
export function resultText(type: Type): string {
  if (type.kind === 'parameter') return `<${type.name}>`;
  return type.parameters.length === 0 ? declaredName(type) : `${declaredName(type)}(${type.parameters.map(resultText).join(', ')})`;
}

/** The arguments of a call, the one before the point first: `string.(int, dyn)`. */
export function signatureText(args: readonly Type[], isMember: boolean): string {
  const texts = args.map(typeText);
  return isMember ? `${texts[0] ?? ''}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
}
