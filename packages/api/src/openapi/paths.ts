/** Paths and operations of resources, with what clients look for in them: actions, kinds, parameters, bodies. */
import type { MessageType } from '@kaji/schema';
import { type AnyResource, apiVersionOf, type GroupVersionKind, type Subresource, type Verb } from '../resource.ts';
import { parameterNames, pathParameters, queryParameters } from './parameters.ts';
import { definitionName, type Dialect, type Schema } from './type-schema.ts';

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'];
const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly action: string;
  readonly answer: string;
  readonly body?: string;
  readonly codes: readonly number[];
}

const operations: Readonly<Record<Exclude<Verb, 'watch'>, (of: string) => Operation>> = {
  list: (of) => ({ method: 'get', action: 'list', answer: `${of}List`, codes: [200] }),
  create: (of) => ({ method: 'post', action: 'post', answer: of, body: of, codes: [200, 201, 202] }),
  deletecollection: () => ({ method: 'delete', action: 'deletecollection', answer: `${metaV1}.Status`, body: `${metaV1}.DeleteOptions`, codes: [200] }),
  get: (of) => ({ method: 'get', action: 'get', answer: of, codes: [200] }),
  update: (of) => ({ method: 'put', action: 'put', answer: of, body: of, codes: [200, 201] }),
  patch: (of) => ({ method: 'patch', action: 'patch', answer: of, body: `${metaV1}.Patch`, codes: [200, 201] }),
  delete: () => ({ method: 'delete', action: 'delete', answer: `${metaV1}.Status`, body: `${metaV1}.DeleteOptions`, codes: [200, 202] }),
};

/** Subresources that are streams or somebody else's answers. */
const connected = new Set(['attach', 'exec', 'portforward', 'proxy']);

const codeNames: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

interface Place {
  readonly path: string;
  readonly resource: AnyResource;
  readonly subresource: string;
  readonly kind: GroupVersionKind;
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** `CoreV1`, `RbacAuthorizationV1`. */
const groupPart = ({ group, version }: AnyResource): string => `${capital((group === '' ? 'core' : group.replace(/\.k8s\.io$/, '')).replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()))}${capital(version)}`;

const verbWords: Readonly<Record<string, string>> = { get: 'read', list: 'list', post: 'create', put: 'replace', patch: 'patch', delete: 'delete', deletecollection: 'deleteCollection', connect: 'connect' };

function operationId({ resource, subresource, path }: Place, action: string, method: string): string {
  const scope = path.includes('{namespace}') ? 'Namespaced' : '';
  const everywhere = resource.isNamespaced && scope === '' ? 'ForAllNamespaces' : '';
  const word = action === 'connect' ? `connect${groupPart(resource)}${capital(method)}` : action === 'deletecollection' ? `delete${groupPart(resource)}Collection` : `${verbWords[action] ?? action}${groupPart(resource)}`;
  return `${word}${scope}${resource.kind}${capital(subresource)}${everywhere}${path.endsWith('/{path}') ? 'WithPath' : ''}`;
}

function operationOf(place: Place, { method, action, answer, body, codes }: Operation, dialect: Dialect): Schema {
  const { resource, kind } = place;
  const reference = (name: string): Schema => (name === 'string' ? { type: 'string' } : { $ref: `${dialect.prefix}${name}` });
  const content = (types: readonly string[], name: string): Schema => Object.fromEntries(types.map((type) => [type, { schema: reference(name) }]));
  const answers = action === 'list' ? [...mediaTypes, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'] : mediaTypes;
  const consumes = action === 'patch' ? patchTypes : ['*/*'];
  const parameters = queryParameters(action === 'connect' ? [] : parameterNames[place.subresource] ?? parameterNames[action] ?? [], dialect);
  const common = { operationId: operationId(place, action, method), tags: [`${resource.group === '' ? 'core' : resource.group.replace(/\.k8s\.io$/, '').replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())}_${resource.version}`] };
  const known = { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version } };
  if (dialect.version === 2) {
    const bodyParameter = body === undefined ? [] : [{ in: 'body', name: 'body', ...(method === 'delete' ? {} : { required: true }), schema: reference(body) }];
    const responses = Object.fromEntries([...codes.map((code) => [code, { description: codeNames[code] ?? '', schema: reference(answer) }]), [401, { description: 'Unauthorized' }]]);
    return { ...common, consumes, produces: answers, schemes: ['https'], ...(bodyParameter.length + parameters.length === 0 ? {} : { parameters: [...bodyParameter, ...parameters] }), responses, ...known };
  }
  const responses = Object.fromEntries([...codes.map((code) => [code, { description: codeNames[code] ?? '', content: content(action === 'connect' ? ['*/*'] : answers, answer) }]), [401, { description: 'Unauthorized' }]]);
  return { ...common, ...(parameters.length === 0 ? {} : { parameters }), ...(body === undefined ? {} : { requestBody: { content: content(consumes, body), ...(method === 'delete' ? {} : { required: true }) } }), responses, ...known };
}

const isOfItem = (verb: Verb): boolean => verb === 'get' || verb === 'update' || verb === 'patch' || verb === 'delete';

function add(paths: Record<string, Schema>, place: Place, wanted: readonly Operation[], dialect: Dialect): void {
  if (wanted.length === 0) return;
  const connecting = connected.has(place.subresource) ? queryParameters(parameterNames[place.subresource] ?? [], dialect) : [];
  paths[place.path] = { ...Object.fromEntries(wanted.map((operation) => [operation.method, operationOf(place, operation, dialect)])), parameters: [...pathParameters(place.path, dialect), ...connecting] };
}

function subresourceOperations(resource: AnyResource, { name, verbs, kind }: Subresource, nameOf: (kind: GroupVersionKind) => string | undefined): Operation[] {
  if (connected.has(name)) {
    const methods: readonly Operation['method'][] = name === 'proxy' ? ['get', 'post', 'put', 'patch', 'delete'] : ['get', 'post'];
    return methods.map((method) => ({ method, action: 'connect', answer: 'string', codes: [200] }));
  }
  const of = name === 'log' ? 'string' : kind === undefined ? definitionName(resource.type.typeName) : nameOf(kind) ?? definitionName(resource.type.typeName);
  return verbs.flatMap((verb) => (verb === 'watch' ? [] : [operations[verb](of)]));
}

/** Every path of a resource. `nameOf` finds the definitions of other kinds, such as Scale. */
export function resourcePaths(resource: AnyResource, dialect: Dialect, nameOf: (kind: GroupVersionKind) => string | undefined): Record<string, Schema> {
  const { group, version, plural, kind, isNamespaced, verbs, subresources } = resource;
  const paths: Record<string, Schema> = {};
  const root = group === '' ? `/api/${version}` : `/apis/${apiVersionOf(resource)}`;
  const collection = isNamespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const place = (path: string, subresource = '', of: GroupVersionKind = { group, version, kind }): Place => ({ path, resource, subresource, kind: of });
  const chosen = (isWanted: (verb: Verb) => boolean): Operation[] => verbs.flatMap((verb) => (verb === 'watch' || !isWanted(verb) ? [] : [operations[verb](definitionName((resource.type as MessageType<unknown>).typeName))]));
  add(paths, place(collection), chosen((verb) => !isOfItem(verb)), dialect);
  if (isNamespaced) add(paths, place(`${root}/${plural}`), chosen((verb) => verb === 'list'), dialect);
  const item = `${collection}/{name}`;
  add(paths, place(item), chosen(isOfItem), dialect);
  for (const subresource of subresources) {
    const wanted = subresourceOperations(resource, subresource, nameOf);
    add(paths, place(`${item}/${subresource.name}`, subresource.name, subresource.kind), wanted, dialect);
    if (subresource.name === 'proxy') add(paths, place(`${item}/proxy/{path}`, 'proxy', subresource.kind), wanted, dialect);
  }
  return paths;
}
