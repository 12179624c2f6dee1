/** Operations as path items of OpenAPI 2 and 3. */
import type { Body, Operation, Operations, Parameter } from './operation.ts';
import type { Dialect, Schema } from './type-schema.ts';

export interface Paths {
  readonly paths: Readonly<Record<string, Schema>>;
  /** What the paths refer to by name; OpenAPI 2 only. */
  readonly parameters: Readonly<Record<string, Schema>>;
}

const codeNames: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
const unauthorized = { 401: { description: 'Unauthorized' } };

/** In the paths' order. Parameters that all operations of a path have are the path's own. */
export function renderPaths(operations: Operations, dialect: Dialect): Paths {
  const shared = new Map<string, Schema>();
  const reference = dialect.version === 2 ? sharing(shared) : (parameter: Parameter): Schema => parameterSchema(parameter, dialect);
  const paths = [...operations].sort(([left], [right]) => (left < right ? -1 : 1)).map(([path, all]) => {
    const common = commonParameters(all);
    const names = new Set(common.map(({ name }) => name));
    const own = all.map((operation) => ({ ...operation, parameters: operation.parameters.filter(({ name, in: place }) => place === 'query' ? !names.has(name) : false) }));
    const render = dialect.version === 2 ? operation2 : operation3;
    return [path, { ...Object.fromEntries(own.map((operation) => [operation.method, render(operation, dialect, reference)])), ...(common.length === 0 ? {} : { parameters: common.map(reference) }) }] as const;
  });
  return { paths: Object.fromEntries(paths), parameters: Object.fromEntries([...shared].sort(([left], [right]) => (left < right ? -1 : 1))) };
}

/** Those of the path, and of the query where every operation has them. */
function commonParameters(operations: readonly Operation[]): readonly Parameter[] {
  const [first, ...others] = operations;
  return first?.parameters.filter(({ name, in: place }) => others.every(({ parameters }) => parameters.some((parameter) => parameter.name === name && parameter.in === place))) ?? [];
}

/** Keeps one of each parameter under a name of its own and gives references. A path's `name` says whose it is, so it is not shared. */
function sharing(shared: Map<string, Schema>): (parameter: Parameter) => Schema {
  const names = new Map<string, string>();
  return (parameter) => {
    const { name, in: place, description } = parameter;
    if (place === 'path' && name === 'name') return parameterSchema(parameter, { version: 2, prefix: '' });
    const key = `${place} ${name} ${description}`;
    let known = names.get(key);
    if (known === undefined) {
      known = name;
      for (let number = 2; shared.has(known); number++) known = `${name}-${number}`;
      names.set(key, known);
      shared.set(known, parameterSchema(parameter, { version: 2, prefix: '' }));
    }
    return { $ref: `#/parameters/${known}` };
  };
}

const parameterSchema = ({ name, in: place, type, description }: Parameter, { version }: Dialect): Schema => ({
  name, in: place, description, ...(place === 'path' ? { required: true } : {}), ...(version === 2 ? { uniqueItems: true, type } : { schema: { type, uniqueItems: true } }),
});

type Reference = (parameter: Parameter) => Schema;

const definitionOf = (name: string, { prefix }: Dialect): Schema => (name === 'string' ? { type: 'string' } : { $ref: `${prefix}${name}` });

const extensions = ({ action, kind }: Operation): Schema => ({
  ...(action === undefined ? {} : { 'x-kubernetes-action': action }),
  ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version } }),
});

function operation2(operation: Operation, dialect: Dialect, reference: Reference): Schema {
  const { id, tag, description, consumes, produces, answer, codes, body } = operation;
  const parameters = [...(body === undefined ? [] : [bodyParameter(body, dialect)]), ...operation.parameters.map(reference)];
  return {
    description, ...(consumes.length === 0 ? {} : { consumes }), produces, schemes: ['https'], tags: [tag], operationId: id, ...(parameters.length === 0 ? {} : { parameters }),
    responses: { ...Object.fromEntries(codes.map((code) => [code, { description: codeNames[code] ?? '', schema: definitionOf(answer, dialect) }])), ...unauthorized }, ...extensions(operation),
  };
}

const bodyParameter = ({ of, isRequired }: Body, dialect: Dialect): Schema => ({ name: 'body', in: 'body', ...(isRequired ? { required: true } : {}), schema: definitionOf(of, dialect) });

function operation3(operation: Operation, dialect: Dialect, reference: Reference): Schema {
  const { id, tag, description, consumes, produces, answer, codes, body, parameters } = operation;
  const content = (types: readonly string[], name: string): Schema => Object.fromEntries(types.toSorted().map((type) => [type, { schema: definitionOf(name, dialect) }]));
  return {
    tags: [tag], description, operationId: id, ...(parameters.length === 0 ? {} : { parameters: parameters.map(reference) }),
    ...(body === undefined ? {} : { requestBody: { content: content(consumes, body.of), ...(body.isRequired ? { required: true } : {}) } }),
    responses: { ...Object.fromEntries(codes.map((code) => [code, { description: codeNames[code] ?? '', content: content(produces, answer) }])), ...unauthorized }, ...extensions(operation),
  };
}
