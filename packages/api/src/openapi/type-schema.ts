/** OpenAPI schemas of declared types, for both versions of the format. Names, types, formats and extensions are upstream's. */
import type { Field, MessageType, Scalar } from '@kaji/schema';
import { isAtomic, planOf } from '@kaji/schema';
import { publishedDefault } from './published-defaults.ts';
import { unionExtension } from './unions.ts';
import type { Wording } from './wording.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** How a document refers to its definitions. */
export interface Dialect {
  readonly version: 2 | 3;
  readonly prefix: string;
}

export const dialect2: Dialect = { version: 2, prefix: '#/definitions/' };
export const dialect3: Dialect = { version: 3, prefix: '#/components/schemas/' };

/** `io.k8s.api.core.v1.Pod` of `k8s.io.api.core.v1.Pod`. */
export const definitionName = (typeName: string): string => typeName.replace(/^k8s\.io\./, 'io.k8s.').replace('_', '-');

const apimachinery = 'io.k8s.apimachinery.pkg.';
const jsonTypes = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';

/** Types that have a definition of their own, though a scalar here. */
const named: Readonly<Partial<Record<Scalar, string>>> = {
  time: `${apimachinery}apis.meta.v1.Time`, microTime: `${apimachinery}apis.meta.v1.MicroTime`, duration: `${apimachinery}apis.meta.v1.Duration`,
  quantity: `${apimachinery}api.resource.Quantity`, intOrString: `${apimachinery}util.intstr.IntOrString`, rawExtension: `${apimachinery}runtime.RawExtension`,
  fieldsV1: `${apimachinery}apis.meta.v1.FieldsV1`, json: `${jsonTypes}JSON`,
};

const alternatives = { bool: `${jsonTypes}JSONSchemaPropsOrBool`, list: `${jsonTypes}JSONSchemaPropsOrArray`, strings: `${jsonTypes}JSONSchemaPropsOrStringArray` } as const;

/** Definitions of those types. */
export function namedSchemas({ version }: Dialect): Readonly<Record<string, Schema>> {
  const either = (...types: readonly string[]): Schema => ({ oneOf: types.map((type) => ({ type })) });
  return {
    [`${apimachinery}apis.meta.v1.Time`]: { type: 'string', format: 'date-time' },
    [`${apimachinery}apis.meta.v1.MicroTime`]: { type: 'string', format: 'date-time' },
    [`${apimachinery}apis.meta.v1.Duration`]: { type: 'string' },
    [`${apimachinery}apis.meta.v1.Patch`]: { type: 'object' },
    [`${apimachinery}apis.meta.v1.FieldsV1`]: { type: 'object' },
    [`${apimachinery}api.resource.Quantity`]: version === 2 ? { type: 'string' } : either('string', 'number'),
    [`${apimachinery}util.intstr.IntOrString`]: version === 2 ? { type: 'string', format: 'int-or-string' } : { format: 'int-or-string', ...either('integer', 'string') },
    [`${apimachinery}runtime.RawExtension`]: { type: 'object' },
    [`${jsonTypes}JSON`]: {},
    [alternatives.bool]: {}, [alternatives.list]: {}, [alternatives.strings]: {},
  };
}

const scalars: Readonly<Partial<Record<Scalar, Schema>>> = {
  string: { type: 'string' }, bool: { type: 'boolean' }, bytes: { type: 'string', format: 'byte' },
  int32: { type: 'integer', format: 'int32' }, int64: { type: 'integer', format: 'int64' }, uint32: { type: 'integer', format: 'int64' }, uint64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' }, float: { type: 'number', format: 'float' },
  wrappedStrings: { type: 'array', items: { type: 'string' } },
};

function itemSchema(of: Scalar | MessageType<unknown>, dialect: Dialect): Schema {
  const name = typeof of === 'string' ? named[of] : definitionName(of.typeName);
  if (name !== undefined) return { $ref: `${dialect.prefix}${name}` };
  return scalars[of as Scalar] ?? {}; // whatever has no name is a scalar
}

/** A reference that has neighbours: OpenAPI 3 wants it wrapped. */
const beside = (schema: Schema, { version }: Dialect): Schema => ('$ref' in schema && version === 3 ? { allOf: [schema] } : schema);

function extensions({ options }: Field<unknown, boolean>): Schema {
  const { listType, mapKeys, mapType, patchStrategy, mergeKey } = options;
  return {
    ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType }),
    ...(mapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': mapKeys }),
    ...(mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType }),
    ...(patchStrategy === undefined ? {} : { 'x-kubernetes-patch-strategy': patchStrategy }),
    ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
  };
}

function fieldSchema(field: Field<unknown, boolean>, dialect: Dialect, byDefault: unknown): Schema {
  const { kind, of, options } = field;
  const item = options.alternative === undefined ? itemSchema(of, dialect) : { $ref: `${dialect.prefix}${alternatives[options.alternative]}` };
  const enumerated = options.oneOf === undefined ? {} : { enum: [...options.oneOf].sort() };
  const more = { ...extensions(field), ...(byDefault === undefined ? {} : { default: byDefault }) };
  switch (kind) {
    case 'list': return { type: 'array', items: { ...item, ...enumerated }, ...more };
    case 'map': return { type: 'object', additionalProperties: { ...item, ...enumerated }, ...more };
    default: return Object.keys(more).length === 0 ? { ...item, ...enumerated } : { ...beside(item, dialect), ...enumerated, ...more };
  }
}

/** Kubernetes: these few have no description, so their references stand alone, by the short names of their types. */
const plainReferences: Readonly<Record<string, readonly string[]>> = {
  JSONSchemaProps: ['additionalItems', 'additionalProperties', 'example', 'externalDocs', 'items', 'not'],
  IngressRule: ['http'],
};

const isPlainReference = (typeName: string, field: string): boolean => plainReferences[typeName.slice(typeName.lastIndexOf('.') + 1)]?.includes(field) === true;

export interface ObjectOptions {
  readonly wording: Wording;
  /** Whether it has kind and apiVersion. */
  readonly isObject: boolean;
  readonly kinds?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

/** A declared type as an OpenAPI schema. */
export function typeSchema(type: MessageType<unknown>, dialect: Dialect, { wording, isObject, kinds = [] }: ObjectOptions): Schema {
  const { fields } = planOf(type);
  const required = fields.filter(({ field }) => field.isRequired).map(({ name }) => name);
  const described = (name: string, schema: Schema): readonly [string, Schema] => {
    if (dialect.version === 3 && isPlainReference(type.typeName, name)) return [name, schema];
    const description = wording.ofField(type, name);
    return [name, { ...(description === '' ? {} : { description }), ...beside(schema, dialect) }];
  };
  const entries = fields.map((planned) => described(planned.name, fieldSchema(planned.field, dialect, dialect.version === 2 ? undefined : publishedDefault(type, planned))));
  if (isObject) entries.push(described('apiVersion', { type: 'string' }), described('kind', { type: 'string' }));
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  const description = wording.ofType(type);
  return {
    ...(description === '' ? {} : { description }),
    type: 'object',
    ...(entries.length === 0 ? {} : { properties: Object.fromEntries(entries) }),
    ...(required.length === 0 ? {} : { required }),
    ...(isAtomic(type) ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...(kinds.length === 0 ? {} : { 'x-kubernetes-group-version-kind': kinds }),
    ...unionExtension(type.typeName),
  };
}
