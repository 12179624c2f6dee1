/** What an expression may name: functions, variables and types with fields. Declarations are read when they are first asked for. */
import type { Library } from './declarations/library.ts';
import { readOverload, type Overload } from './declarations/signature.ts';
import type { MacroTable } from './macros.ts';
import { boolType, bytesType, doubleType, durationType, dynType, intType, listType, mapType, nullType, objectType, opaqueType, parameterType, stringType, timestampType, typeOf, typeType, uintType, type Type } from './type.ts';

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
}

/** Types by their full names, and what is known of their fields. */
export interface TypeSource {
  /** The type of that name. */
  find(name: string): Type | undefined;
  /** A field's type, of a type that `find` knows. */
  field(typeName: string, field: string): Type | undefined;
}

export interface EnvironmentParts {
  readonly libraries?: readonly Library[];
  /** Beside those of the environment that is extended. */
  readonly macros?: MacroTable;
  readonly variables?: Readonly<Record<string, Type>>;
  /** Asked before those of the environment that is extended. */
  readonly types?: TypeSource;
}

/** The functions of libraries. What is read is kept, for all environments that have the same libraries. */
class Functions {
  readonly #libraries: readonly Library[];
  readonly #base: Functions | undefined;
  /** Each function's own overloads as text, in the order of their declarations. */
  #texts: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #read = new Map<string, FunctionDeclaration>();

  constructor(libraries: readonly Library[], base: Functions | undefined) {
    this.#libraries = libraries;
    this.#base = base;
  }

  find(name: string): FunctionDeclaration | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    this.#texts ??= readLibraries(this.#libraries);
    const own = this.#texts.get(name);
    const inherited = this.#base?.find(name);
    if (own === undefined) return inherited;
    const declaration = { name, overloads: [...inherited?.overloads ?? [], ...own.map(readOverload)] };
    this.#read.set(name, declaration);
    return declaration;
  }
}

/** An environment: immutable, made by extending another one. */
export class Environment {
  readonly macros: MacroTable;
  readonly #functions: Functions;
  readonly #variables: ReadonlyMap<string, Type>;
  readonly #types: readonly TypeSource[];

  private constructor(functions: Functions, macros: MacroTable, variables: ReadonlyMap<string, Type>, types: readonly TypeSource[]) {
    this.#functions = functions;
    this.macros = macros;
    this.#variables = variables;
    this.#types = types;
  }

  /** An environment of libraries, with the language's own types and no variables. */
  static of(libraries: readonly Library[], macros: MacroTable): Environment {
    return new Environment(new Functions(libraries, undefined), macros, typeNames, [protobufTypes]);
  }

  extend({ libraries = [], macros, variables = {}, types }: EnvironmentParts): Environment {
    return new Environment(
      libraries.length === 0 ? this.#functions : new Functions(libraries, this.#functions), macros === undefined ? this.macros : new Map([...this.macros, ...macros]),
      new Map([...this.#variables, ...Object.entries(variables)]), types === undefined ? this.#types : [types, ...this.#types],
    );
  }

  /** The type that a name stands for: a variable's, or `type(T)` of a type's name. */
  variable(name: string): Type | undefined {
    const declared = this.#variables.get(name);
    if (declared !== undefined) return declared;
    const type = this.structType(name) ?? plainTypes.get(name);
    return type === undefined ? (name === nullValue ? intType : undefined) : typeOf(type);
  }

  function(name: string): FunctionDeclaration | undefined {
    return this.#functions.find(name);
  }

  /** A type that may have fields. */
  structType(name: string): Type | undefined {
    for (const source of this.#types) {
      const type = source.find(name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  fieldType(typeName: string, field: string): Type | undefined {
    return this.#types.find((source) => source.find(typeName) !== undefined)?.field(typeName, field);
  }

  /** The value that a name stands for: the only constant there is. */
  constant(name: string): bigint | undefined {
    return name === nullValue ? 0n : undefined;
  }

  /** The type that a name stands for when an expression runs, by its own name. Kubernetes: not every type that can be named while checking is known then. */
  runtimeType(name: string): string | undefined {
    return typeNames.has(name) || plainTypes.has(name) || runtimeMessages.has(name) ? name : undefined;
  }
}

function readLibraries(libraries: readonly Library[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const { functions } of libraries) {
    for (const line of functions.trim().split('\n')) {
      const colon = line.indexOf(': ');
      const name = line.slice(0, colon).trim();
      const overloads = line.slice(colon + 2).split('; ');
      const before = texts.get(name);
      if (before === undefined) texts.set(name, overloads);
      else before.push(...overloads);
    }
  }
  return texts;
}

const nullValue = 'google.protobuf.NullValue.NULL_VALUE';

/** Names of types that have no fields. */
const plainTypes: ReadonlyMap<string, Type> = new Map([
  ['net.IP', opaqueType('net.IP')], ['net.CIDR', opaqueType('net.CIDR')], ['optional_type', opaqueType('optional_type')],
]);

const runtimeMessages: ReadonlySet<string> = new Set(['google.protobuf.Empty', 'google.protobuf.Struct.FieldsEntry']);

/** The names of the language's own types. */
export const typeNames: ReadonlyMap<string, Type> = new Map([
  boolType, bytesType, doubleType, durationType, intType, listType(parameterType('A')), mapType(parameterType('A'), parameterType('B')), nullType, stringType, timestampType, typeType, uintType,
].map((type): [string, Type] => [type.name, typeOf(type)]));

const messages: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  Empty: {}, 'Struct.FieldsEntry': { key: stringType, value: dynType }, Struct: { fields: mapType(stringType, dynType) }, ListValue: { values: listType(dynType) },
  Value: { bool_value: boolType, list_value: listType(dynType), null_value: intType, number_value: doubleType, string_value: stringType, struct_value: mapType(stringType, dynType) },
  Any: { type_url: stringType, value: bytesType }, Duration: { nanos: intType, seconds: intType }, Timestamp: { nanos: intType, seconds: intType },
  BoolValue: { value: boolType }, BytesValue: { value: bytesType }, StringValue: { value: stringType }, DoubleValue: { value: doubleType }, FloatValue: { value: doubleType },
  Int32Value: { value: intType }, Int64Value: { value: intType }, UInt32Value: { value: uintType }, UInt64Value: { value: uintType },
};
const protobuf = 'google.protobuf.';
const messageOf = (name: string): Readonly<Record<string, Type>> | undefined => {
  const short = name.startsWith(protobuf) ? name.slice(protobuf.length) : '';
  return Object.hasOwn(messages, short) ? messages[short] : undefined;
};

/** The messages of protocol buffers that the language knows by itself. */
export const protobufTypes: TypeSource = {
  find: (name) => (messageOf(name) === undefined ? undefined : objectType(name)),
  field: (typeName, field) => ownValue(messageOf(typeName) ?? {}, field),
};

const ownValue = (fields: Readonly<Record<string, Type>>, name: string): Type | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);
