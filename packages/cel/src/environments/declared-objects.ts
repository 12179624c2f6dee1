/** Types of objects whose fields are declared. */
import { readType } from '../declarations/signature.ts';
import type { TypeSource } from '../environment.ts';
import { anyType, boolType, bytesType, doubleType, durationType, intType, listType, mapType, nullType, objectType, parameter, stringType, timestampType, uintType, type Type } from '../type.ts';
import { reservedWords } from './escape.ts';

type Fields = ReadonlyMap<string, Type>;

/** Kubernetes: where objects are declared, the simple types can be named like objects, by names that the language does not have (`timestamp`). */
const scalars: ReadonlyMap<string, Type> = new Map([
  ['bool', boolType], ['bytes', bytesType], ['double', doubleType], ['duration', durationType], ['int', intType], ['null_type', nullType], ['string', stringType], ['timestamp', timestampType],
  ['uint', uintType], ['list', listType(anyType)], ['map', mapType(anyType, anyType)],
]);

/** One object of fields whose types are known. */
export const objectTypes = (name: string, fields: Fields): TypeSource => typesOf(new Map([[name, fields]]));

/** Several objects, the one that holds the others first. */
export const typesOf = (objects: ReadonlyMap<string, Fields>): TypeSource => new DeclaredTypes(() => objects);

/** Objects as text that is read when a type is first asked for: to each name its fields, as `name type; name type`. The first object holds the others. */
export const declaredTypes = (objects: Readonly<Record<string, string>>): TypeSource => new DeclaredTypes(() => new Map(Object.entries(objects).map(([name, fields]) => [name, readFields(fields)])));

const readFields = (fields: string): Fields => new Map(fields.split('; ').map((field): [string, Type] => [field.slice(0, field.indexOf(' ')), readType(field.slice(field.indexOf(' ') + 1))]));

class DeclaredTypes implements TypeSource {
  readonly #read: () => ReadonlyMap<string, Fields>;
  #objects: ReadonlyMap<string, Fields> | undefined;
  #containers: ReadonlyMap<string, Type> = new Map();

  constructor(read: () => ReadonlyMap<string, Fields>) {
    this.#read = read;
  }

  find(name: string): Type | undefined {
    if (this.#fields(name) !== undefined) return objectType(name);
    return this.#containers.get(name) ?? scalars.get(name);
  }

  field(typeName: string, field: string): Type | undefined {
    const fields = this.#fields(typeName);
    // Kubernetes: fields may be called by words of the language though they are declared escaped.
    const type = fields?.get(field) ?? (reservedWords.has(field) ? fields?.get(`__${field}__`) : undefined);
    const container = this.#containers.get(typeName) ?? scalars.get(typeName);
    return type ?? (container?.kind === 'map' ? parameter(container, 1) : undefined);
  }

  #fields(name: string): Fields | undefined {
    if (this.#objects === undefined) {
      const objects = this.#read();
      this.#objects = objects;
      this.#containers = new Map([...objects].slice(0, 1).flatMap(([root, fields]) => containersOf(fields, root, objects)));
    }
    return this.#objects.get(name);
  }
}

/** Kubernetes: lists and maps are types that can be named, too, by the path of the field that holds them. */
function containersOf(fields: Fields, path: string, objects: ReadonlyMap<string, Fields>): [string, Type][] {
  return [...fields].flatMap(([field, type]) => {
    const at = `${path}.${field}`;
    if (type.kind === 'list' || type.kind === 'map') return [[at, type] satisfies [string, Type]];
    const inner = type.kind === 'struct' ? objects.get(type.name) : undefined;
    return inner === undefined ? [] : containersOf(inner, at, objects);
  });
}
