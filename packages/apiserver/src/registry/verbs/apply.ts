/** PATCH with a configuration: server-side apply. The object is created where there is none. */
import { type ApiError, type ApiObject, apiVersionOf, badRequest, conflict, isReason, notFound } from '@kaji/api';
import { ManagedFieldsEntry } from '@kaji/api/meta/v1';
import { DecodeError, fromJson, type MessageType, noFields, parseJson, partLimit, typeProblem, unstructuredProblem } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { type Call, current, keyOfCall, matchNamespace, warn } from '../call.ts';
import { linesOf } from '../body.ts';
import { plainError } from '../invalid.ts';
import { kubectl, lastAppliedOf, noteApplied, unchangedSince } from '../last-applied.ts';
import { writeManagers } from '../managed-entries.ts';
import { applyConfig, type ManagedKind, managedKind, managersOf, setManaged, unconverted } from '../managed-fields.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import { createObject, withDefaults } from './create.ts';
import { checkVersion, matchName, requireCreate, updateObject } from './update.ts';

/** What a configuration is before it is checked. */
interface Config {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown; readonly managedFields?: unknown; readonly annotations?: Readonly<Record<string, unknown>> | null };
}

export const applyType = 'application/apply-patch+yaml';

export async function apply(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const { options, apply: change } = await application(call);
  const there = await current(call, keyOfCall(call));
  if (there === undefined) {
    // Kubernetes: what an update may create, an update of its status may, too; and applying the status of one kind more.
    const { createsOnUpdate, createsOnStatusApply } = served.strategy;
    if (request.target.subresource !== '' && !(request.target.subresource === 'status' && (createsOnUpdate === true || createsOnStatusApply === true))) throw notFound(served.resource, request.target.name);
    const item = await createApplied(call, await change(undefined), options);
    if (item !== undefined) return respondItem(call, form, item, 201);
  }
  const { item } = await updateObject(call, change, options);
  return respondItem(call, form, item, 200);
}

export interface Application {
  readonly options: WriteOptions;
  /** The object as it is, with the configuration over it and without what its manager no longer states. As it is stored. */
  apply(there: Item | undefined): Promise<ApiObject>;
}

/** What a request asks to be applied. It is read late: what has no such object is told that first. */
export async function application(call: Call): Promise<Application> {
  const body = await call.request.body();
  call.pace.carry(body.length);
  const options = writeOptions(call.request, 'PatchOptions', true);
  return { options, apply: (there) => applied(call, there, body, options) };
}

/** Undefined when another was faster: then that one is changed. */
async function createApplied(call: Call, object: ApiObject, options: WriteOptions): Promise<Item | undefined> {
  requireCreate(call);
  checkVersion(object.metadata.resourceVersion);
  if (!options.isDryRun) delete object.metadata.resourceVersion;
  try {
    return await createObject(call, object, options);
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) return undefined;
    throw error;
  }
}

async function applied(call: Call, there: Item | undefined, body: Uint8Array, options: WriteOptions): Promise<ApiObject> {
  const { served, pace } = call;
  const { config, problems } = readConfig(call, body);
  const kind = managedKind(call);
  await pace.rest();
  checkKind(config, served.resource);
  const live = there === undefined ? {} : withoutManaged(parseJson(there.form(served.codec, 'json')).value);
  await pace.rest();
  const isKubectl = options.fieldManager === kubectl;
  const before = managersOf(there?.object);
  const isManaged = before.size > 0;
  if (there !== undefined && !isManaged) checkLive(live, kind, served.resource, isManaged);
  await pace.rest();
  checkConfig(config, kind.type, served.resource);
  await pace.rest();
  if (there !== undefined && isManaged) checkLive(live, kind, served.resource, isManaged);
  await pace.rest();
  const { merged, managers } = await applyConfig(call, kind, {
    before: there?.object, managers: before, live, config, fieldManager: options.fieldManager, isForced: options.isForced === true,
    free: () => (isKubectl && there !== undefined ? unchangedSince(kind.type, kind.apiVersion, lastAppliedOf(there.object), live) : noFields),
  });
  await pace.rest();
  const object = merged === undefined && there !== undefined ? structuredClone(there.object) : decoded(call, config, merged);
  await pace.rest();
  if (isKubectl && lastAppliedOf(object) !== '') noteApplied(object, config);
  setManaged(object, writeManagers(managers));
  await pace.rest();
  reportStrict(call, problems, options);
  const { uid = '' } = object.metadata;
  if (there === undefined && uid !== '') throw conflict(served.resource, call.request.target.name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  matchNamespace(call, object);
  matchName(call, object);
  return object;
}

/** Of one's own copy. Who manages what is reckoned with apart, and is as long as the rest. */
function withoutManaged(live: unknown): unknown {
  delete (live as ApiObject).metadata.managedFields; // what is stored has metadata
  return live;
}

/** Any YAML is read, and what is doubtful of it told. Throws BadRequest. */
function readConfig(call: Call, body: Uint8Array): { readonly config: Config; readonly problems: readonly string[] } {
  try {
    const { value, problems } = call.parts.yaml.parse(body);
    const config = value ?? {};
    if (typeof config !== 'object' || Array.isArray(config)) {
      throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(config) ? 'array' : typeof config === 'boolean' ? 'bool' : typeof config === 'bigint' ? 'number' : typeof config} into Go value of type map[string]interface {}`);
    }
    return { config, problems };
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
}

/** Told only once the configuration was applied: its conflicts come first. */
function reportStrict(call: Call, problems: readonly string[], { fieldValidation }: Pick<WriteOptions, 'fieldValidation'>): void {
  if (problems.length === 0) return;
  if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${problems.join(', ')}`);
  if (fieldValidation === 'Warn') for (const problem of problems) for (const text of linesOf(problem)) warn(call, text);
}

interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function checkKind(config: Config, wanted: KindName): void {
  const apiVersion = typeof config.apiVersion === 'string' ? config.apiVersion : '';
  const found = apiVersion.split('/').length > 2 ? { apiVersion: '', kind: '' } : { apiVersion, kind: typeof config.kind === 'string' ? config.kind : '' };
  if (found.apiVersion !== apiVersionOf(wanted) || found.kind !== wanted.kind) throw badRequest(`invalid object type: ${found.apiVersion.includes('/') ? found.apiVersion : `/${found.apiVersion}`}, Kind=${found.kind}`);
}

/** Kubernetes: what does not fit the schema is a plain failure, whatever validation was asked for. */
function checkConfig(config: Config, type: MessageType<unknown>, wanted: KindName): void {
  if (namesManagers(config.metadata?.managedFields)) throw badRequest('metadata.managedFields must be nil');
  const problem = typeProblem(type, config);
  if (problem !== undefined) throw plainError(`failed to create typed patch object (${nameOf(config, wanted)}): ${problem}`);
}

/** Kubernetes: entries that cannot be read are as good as none. */
const namesManagers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry) && unstructuredProblem(ManagedFieldsEntry, entry) === undefined);

/** Kubernetes: onto what holds items without a key nothing can be applied, and that is a plain failure. */
function checkLive(live: unknown, { type }: ManagedKind, resource: KindName, isManaged: boolean): void {
  const problem = typeProblem(type, live, 'repeats');
  if (problem === undefined) return;
  const name = `(${nameOf(live as Config, resource)})`; // an object with metadata
  throw plainError(`${isManaged ? `failed to create typed live object ${name}` : `failed to create manager for existing fields: failed to convert new object ${name} to smd typed`}: ${problem}`);
}

function nameOf({ metadata }: Config, { group, version, kind }: KindName): string {
  const [namespace, name] = [metadata?.namespace, metadata?.name].map((value) => (typeof value === 'string' ? value : ''));
  return `${namespace}/${name}; ${group}/${version}, Kind=${kind}`;
}

function decoded(call: Call, config: Config, merged: unknown): ApiObject {
  const { resource, conversion } = call.served;
  const type = resource.type as MessageType<ApiObject>;
  const misfit = (why: string): ApiError => plainError(`failed to convert new object (${nameOf(config, resource)}) to proper version: ${unconverted(apiVersionOf(resource), resource.kind, why)}`);
  const problem = unstructuredProblem(type, merged);
  if (problem !== undefined) throw misfit(problem);
  try {
    const { object } = fromJson<ApiObject>(type, merged, undefined, partLimit);
    withDefaults(call, object);
    return conversion?.toStored(object) ?? object;
  } catch (error) {
    if (error instanceof DecodeError) throw misfit(error.message);
    throw error;
  }
}
