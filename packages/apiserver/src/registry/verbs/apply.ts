/** PATCH with a configuration: server-side apply. The object is created where there is none. */
import { type ApiError, type ApiObject, apiVersionOf, badRequest, conflict, isReason, notFound } from '@kaji/api';
import { compareFields, DecodeError, differenceOf, type FieldSet, fromJson, memberPaths, mergeStated, type MessageType, noFields, parseJson, parseYaml, reaches, statedFields, unionOf, valueText, withoutPaths } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { type Call, current, keyOfCall, matchNamespace, warn } from '../call.ts';
import { plainError } from '../invalid.ts';
import { type AppliedManager, manageApplied, ownedAfter } from '../managed-fields.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import { createObject, withDefaults } from './create.ts';
import { matchName, requireCreate, updateObject } from './update.ts';

interface Config {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown; readonly managedFields?: unknown; readonly uid?: unknown };
}

export const applyType = 'application/apply-patch+yaml';

export async function apply(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const body = await request.body();
  const options = writeOptions(request, 'PatchOptions', true);
  const config = readConfig(call, body, options);
  const there = await current(call, keyOfCall(call));
  if (there === undefined) {
    if (request.target.subresource !== '') throw notFound(served.resource, request.target.name);
    const item = await createApplied(call, config, options);
    if (item !== undefined) return respondItem(call, form, item, 201);
  }
  const { item } = await updateObject(call, (found) => applied(call, found, config, options), options);
  return respondItem(call, form, item, 200);
}

/** Undefined when another was faster: then that one is changed. */
async function createApplied(call: Call, config: Config, options: WriteOptions): Promise<Item | undefined> {
  const { resource } = call.served;
  requireCreate(call);
  const object = applied(call, undefined, config, options);
  const { uid } = config.metadata ?? {};
  if (typeof uid === 'string' && uid !== '') throw conflict(resource, call.request.target.name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  delete object.metadata.resourceVersion;
  try {
    return await createObject(call, object, options);
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) return undefined;
    throw error;
  }
}

function readConfig(call: Call, body: Uint8Array, { fieldValidation }: WriteOptions): Config {
  const { resource } = call.served;
  let config: unknown;
  try {
    const { value, problems } = parseYaml(body);
    if (problems.length > 0 && fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${problems.join(', ')}`);
    if (fieldValidation === 'Warn') for (const problem of problems) warn(call, problem);
    config = value ?? {};
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(config) ? 'array' : typeof config === 'boolean' ? 'bool' : typeof config === 'bigint' ? 'number' : typeof config} into Go value of type map[string]interface {}`);
  }
  const found = config as Config;
  if (found.apiVersion === undefined || found.kind === undefined) throw badRequest(`invalid object type: /, Kind=${typeof found.kind === 'string' ? found.kind : ''}`);
  if (found.apiVersion !== apiVersionOf(resource)) throw badRequest(`Incorrect version specified in apply patch. Specified patch version: ${typeof found.apiVersion === 'string' ? found.apiVersion : ''}, expected: ${apiVersionOf(resource)}`);
  if (found.metadata?.managedFields !== undefined && found.metadata.managedFields !== null) throw badRequest('metadata.managedFields must be nil');
  return found;
}

/** The object as it is, with the configuration over it and without what its manager no longer states. */
function applied(call: Call, there: Item | undefined, config: Config, options: WriteOptions): ApiObject {
  const { served } = call;
  const type = served.resource.type as MessageType<ApiObject>;
  checkTyped(call, type, config);
  const lastApplied = options.fieldManager === kubectl ? there?.object.metadata.annotations?.[lastAppliedAnnotation] : undefined;
  const applier: AppliedManager = { fieldManager: options.fieldManager, isForced: options.isForced === true, stated: statedFields(type, config), free: lastApplied === undefined ? noFields : unchangedSince(type, lastApplied, there) };
  const merged = mergeStated(type, there === undefined ? {} : parseJson(there.form(served.codec, 'json')).value, config);
  const { last, owned } = ownedAfter(call, there?.object, applier);
  const dropped = [...memberPaths(last)].filter((path) => !reaches(owned, path));
  const { object } = decoded(call, type, withoutPaths(type, merged, dropped), namespaceIn(config));
  matchName(call, object);
  matchNamespace(call, object);
  const stored = (wanted: ApiObject): ApiObject => served.conversion?.toStored(wanted) ?? wanted;
  const bare = stored(structuredClone(object));
  manageApplied(call, there?.object, bare, applier);
  withDefaults(call, object);
  const wanted = stored(object);
  if (bare.metadata.managedFields === undefined) delete wanted.metadata.managedFields;
  else wanted.metadata.managedFields = bare.metadata.managedFields;
  if (lastApplied !== undefined) wanted.metadata.annotations = { ...wanted.metadata.annotations, [lastAppliedAnnotation]: `${valueText(config, true)}\n` };
  return wanted;
}

const kubectl = 'kubectl';
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Kubernetes: what kubectl applied by itself, and nobody changed since, is kubectl's to take over; its note of it is kept up to date. */
function unchangedSince(type: MessageType<ApiObject>, lastApplied: string, there: Item | undefined): FieldSet {
  try {
    const { value } = parseJson(new TextEncoder().encode(lastApplied));
    const { removed, modified, added } = compareFields(type, fromJson<ApiObject>(type, value).object, there?.object ?? {} as ApiObject, noFields);
    return differenceOf(statedFields(type, value), unionOf(added, unionOf(removed, modified)));
  } catch (error) {
    if (error instanceof DecodeError) return noFields; // no note of kubectl's
    throw error;
  }
}

/** Kubernetes: what does not fit the schema is a plain failure, whatever validation was asked for. */
function checkTyped(call: Call, type: MessageType<ApiObject>, config: Config): void {
  const { problems } = decoded(call, type, config, namespaceIn(config));
  for (const problem of problems) {
    const unknown = /^unknown field "(.*)"$/.exec(problem);
    if (unknown !== null) throw typeFailure(call, namespaceIn(config), `.${unknown[1] ?? ''}: field not declared in schema`);
  }
}

function decoded(call: Call, type: MessageType<ApiObject>, value: unknown, namespace: string): { readonly object: ApiObject; readonly problems: readonly string[] } {
  try {
    return fromJson<ApiObject>(type, value);
  } catch (error) {
    if (error instanceof DecodeError) throw typeFailure(call, namespace, error.message);
    throw error;
  }
}

const namespaceIn = ({ metadata }: Config): string => (typeof metadata?.namespace === 'string' ? metadata.namespace : '');

function typeFailure({ served: { resource }, request }: Call, namespace: string, why: string): ApiError {
  return plainError(`failed to create typed patch object (${namespace}/${request.target.name}; ${resource.group}/${resource.version}, Kind=${resource.kind}): ${why}`);
}
