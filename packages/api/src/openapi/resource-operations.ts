/** The operations of a resource and of its subresources, under upstream's paths and ids. */
import type { MessageType } from '@kaji/schema';
import { type AnyResource, apiVersionOf, type GroupVersionKind, type Subresource, type Verb } from '../resource.ts';
import { groupTag, groupWord, mediaTypes, type Method, metaV1, type Operation, type Operations, versionWord } from './operation.ts';
import { parametersOf } from './parameters.ts';
import { definitionName } from './type-schema.ts';

const watchTypes = [...mediaTypes, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];
const anyType = ['*/*'];

interface Place {
  readonly path: string;
  readonly resource: AnyResource;
  readonly subresource: string;
  readonly kind: GroupVersionKind;
}

/** What an action does, whatever the resource. */
interface Action {
  readonly method: Method;
  readonly action: string;
  /** How its id begins, and ends after the kind. */
  readonly words: readonly [begin: string, end?: string];
  readonly answer: string;
  readonly body?: string;
  readonly codes: readonly number[];
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
  says(kind: string, subresource: string): string;
}

const of = (subresource: string): string => (subresource === '' ? 'a' : `the ${subresource} of a`);

const actions: Readonly<Record<Exclude<Verb, 'watch'>, (definition: string) => Action>> = {
  list: (definition) => ({ method: 'get', action: 'list', words: ['list'], answer: `${definition}List`, codes: [200], produces: watchTypes, says: (kind) => `List the objects of kind ${kind}, or watch them.` }),
  create: (definition) => ({ method: 'post', action: 'post', words: ['create'], answer: definition, body: definition, codes: [200, 201, 202], says: (kind, subresource) => `Create ${of(subresource)} ${kind}.` }),
  deletecollection: () => ({ method: 'delete', action: 'deletecollection', words: ['delete'], answer: `${metaV1}.Status`, body: `${metaV1}.DeleteOptions`, codes: [200], says: (kind) => `Delete the selected objects of kind ${kind}.` }),
  get: (definition) => ({ method: 'get', action: 'get', words: ['read'], answer: definition, codes: [200], says: (kind, subresource) => `Read ${of(subresource)} ${kind}.` }),
  update: (definition) => ({ method: 'put', action: 'put', words: ['replace'], answer: definition, body: definition, codes: [200, 201], says: (kind, subresource) => `Replace ${of(subresource)} ${kind}.` }),
  patch: (definition) => ({ method: 'patch', action: 'patch', words: ['patch'], answer: definition, body: `${metaV1}.Patch`, codes: [200, 201], consumes: patchTypes, says: (kind, subresource) => `Change ${of(subresource)} ${kind} in part.` }),
  delete: (definition) => ({ method: 'delete', action: 'delete', words: ['delete'], answer: definition, body: `${metaV1}.DeleteOptions`, codes: [200, 202], says: (kind) => `Delete a ${kind}.` }),
};

/** Watching by path is the old way; a list with the parameter `watch` is the new one. */
const watching = (action: 'watch' | 'watchlist'): Action => ({
  method: 'get', action, words: action === 'watch' ? ['watch'] : ['watch', 'List'], answer: `${metaV1}.WatchEvent`, codes: [200], produces: watchTypes,
  says: (kind) => `Deprecated: list with the parameter watch instead. Watch ${action === 'watch' ? 'one object' : 'the objects'} of kind ${kind}.`,
});

/** Subresources that are streams or somebody else's answers, and the methods they take. */
const connected: Readonly<Record<string, readonly Method[]>> = {
  attach: ['get', 'post'], exec: ['get', 'post'], portforward: ['get', 'post'], proxy: ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'],
};

const connecting = (method: Method): Action => ({
  method, action: 'connect', words: ['connect'], answer: 'string', codes: [200], produces: anyType, says: (kind, subresource) => `Connect to the ${subresource} of a ${kind} by ${method.toUpperCase()}.`,
});

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

function operationId({ resource, subresource, path }: Place, { action, method, words: [begin, end = ''] }: Action): string {
  const scope = path.includes('{namespace}') ? 'Namespaced' : '';
  const everywhere = resource.isNamespaced && scope === '' ? 'ForAllNamespaces' : '';
  const group = `${groupWord(resource.group)}${versionWord(resource.version)}`;
  const prefix = `${begin}${group}${action === 'connect' ? capital(method) : action === 'deletecollection' ? 'Collection' : ''}`;
  return `${prefix}${scope}${resource.kind}${capital(subresource)}${end}${everywhere}${path.endsWith('/{path}') ? 'WithPath' : ''}`;
}

function operationOf(place: Place, of: Action): Operation {
  const { resource, subresource, kind, path } = place;
  const { method, action, answer, body, codes, consumes = anyType, produces = mediaTypes } = of;
  return {
    method, id: operationId(place, of), tag: `${groupTag(resource.group)}_${resource.version}`, description: of.says(resource.kind, subresource), action, kind,
    consumes, produces, answer, codes, ...(body === undefined ? {} : { body: { of: body, isRequired: method !== 'delete' } }), parameters: parametersOf(path, action, subresource, kind.kind),
  };
}

const isOfItem = (verb: Verb): boolean => verb === 'get' || verb === 'update' || verb === 'patch' || verb === 'delete';

function subresourceActions(resource: AnyResource, { name, verbs, kind }: Subresource, nameOf: (kind: GroupVersionKind) => string | undefined): Action[] {
  const methods = connected[name];
  if (methods !== undefined) return methods.map(connecting);
  const definition = kind === undefined ? definitionName(resource.type.typeName) : nameOf(kind) ?? definitionName(resource.type.typeName);
  return verbs.flatMap((verb) => {
    if (verb === 'watch') return [];
    // Kubernetes: a log is plain text, but the forms of objects are named as well, for its errors.
    return [name === 'log' ? { ...actions[verb]('string'), produces: ['text/plain', ...mediaTypes] } : actions[verb](definition)];
  });
}

/** Every path of a resource. `nameOf` finds the definitions of other kinds, such as Scale. */
export function resourceOperations(resource: AnyResource, nameOf: (kind: GroupVersionKind) => string | undefined): Operations {
  const { group, version, plural, kind, isNamespaced, verbs, subresources } = resource;
  const paths = new Map<string, Operation[]>();
  const root = group === '' ? `/api/${version}` : `/apis/${apiVersionOf(resource)}`;
  const add = (path: string, wanted: readonly Action[], subresource = '', of: GroupVersionKind = { group, version, kind }): void => {
    if (wanted.length > 0) paths.set(path, wanted.map((action) => operationOf({ path, resource, subresource, kind: of }, action)));
  };
  const definition = definitionName((resource.type as MessageType<unknown>).typeName);
  const actionOf = (verb: Exclude<Verb, 'watch'>): Action => actions[verb](verb === 'delete' && resource.returnsDeleted !== true ? `${metaV1}.Status` : definition);
  const chosen = (isWanted: (verb: Verb) => boolean): Action[] => verbs.flatMap((verb) => (verb === 'watch' || !isWanted(verb) ? [] : [actionOf(verb)]));
  const inNamespace = isNamespaced ? `namespaces/{namespace}/${plural}` : plural;
  add(`${root}/${inNamespace}`, chosen((verb) => !isOfItem(verb)));
  if (isNamespaced) add(`${root}/${plural}`, chosen((verb) => verb === 'list'));
  add(`${root}/${inNamespace}/{name}`, chosen(isOfItem));
  if (verbs.includes('watch')) {
    for (const path of new Set([inNamespace, plural])) add(`${root}/watch/${path}`, [watching('watchlist')]);
    add(`${root}/watch/${inNamespace}/{name}`, [watching('watch')]);
  }
  for (const subresource of subresources) {
    const wanted = subresourceActions(resource, subresource, nameOf);
    const path = `${root}/${inNamespace}/{name}/${subresource.name}`;
    add(path, wanted, subresource.name, subresource.kind);
    if (subresource.name === 'proxy') add(`${path}/{path}`, wanted, subresource.name, subresource.kind);
  }
  return paths;
}
