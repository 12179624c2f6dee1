/**
 * Who last set which fields: metadata.managedFields. Every write compares the object as it was with what the client asks
 * for, before admission and the kind's own rules touch it, and books the difference for the client's manager.
 */
import { givenValue } from '@kaji/schema';
import { type AnyResource, type ApiError, type ApiObject, apiVersionOf, type GroupVersionKind } from '@kaji/api';
import type { ManagedFieldsEntry } from '@kaji/api/meta/v1';
import {
  compareFields, compareJson, type Comparison, DecodeError, encodeJson, type FieldSet, formatTime, fromJson, isDeepEqual, mergeStated, type MessageType, parseJson, pruned, settledFields, statedFields,
  unionOf, UnkeyedItem, unstructuredProblem, type Versions, writtenFields,
} from '@kaji/schema';
import type { Call } from './call.ts';
import { conversions } from './conversions.ts';
import { afterApply, afterUpdate, type Compare, serverFieldsOfNew, type Writable, writableOf } from './field-owners.ts';
import { idOf, type Managers, noManagers, readManagers, writeManagers, writtenEntry } from './managed-entries.ts';
import { plainError } from './invalid.ts';
import { isUnprintable } from './options.ts';
import { writableBy } from './reset-fields.ts';
import type { Conversion } from './served.ts';

/** A kind whose fields are managed, as a request speaks of it. */
export interface ManagedKind {
  readonly apiVersion: string;
  readonly type: MessageType<unknown>;
  readonly subresource: string;
  readonly writable: Writable;
  readonly versions: Versions;
  /** The FieldsV1 of a new object, as it is stored. Throws UnkeyedItem. */
  readonly written: (object: ApiObject) => string | undefined;
  /** Of two objects as they are stored. */
  compare(before: ApiObject | undefined, after: ApiObject): Compare;
}

interface ServedVersion {
  readonly type: MessageType<unknown>;
  readonly conversion: Conversion | undefined;
}

/** Kubernetes: a group knows its own versions only: what is owned in another group's is lost. */
function versionOf({ resource: { group }, stored }: Call['served'], apiVersion: string): ServedVersion | undefined {
  if (apiVersion === apiVersionOf(stored) && group === stored.group) return { type: stored.type as MessageType<unknown>, conversion: undefined };
  const converted = conversions.find((each) => each.stored === stored && each.resource.group === group && apiVersionOf(each.resource) === apiVersion);
  return converted && { type: converted.resource.type as MessageType<unknown>, conversion: converted.conversion };
}

export function managedKind({ served, request }: Call): ManagedKind {
  const { resource, hasStatus } = served;
  const { subresource } = request.target;
  const apiVersion = apiVersionOf(resource);
  const writable = writableBy(resource, subresource, hasStatus);
  const find = (version: string): ServedVersion | undefined => versionOf(served, version);
  const versions: Versions = {
    typeOf: (version) => find(version)?.type,
    convert(object, from, to) {
      const [source, target] = [find(from), find(to)];
      if (source === undefined || target === undefined || from === to) return object;
      const decoded = decodedFor(source.type as MessageType<ApiObject>, object, resource, from);
      const inStore = source.conversion?.toStored(decoded) ?? decoded;
      return parseJson(encodeJson(target.type, { ...target.conversion?.fromStored(inStore) ?? inStore, apiVersion: to })).value;
    },
  };
  return {
    apiVersion, type: resource.type as MessageType<unknown>, subresource, writable, versions,
    written: (object) => writtenFields(resource.type as MessageType<unknown>, served.conversion?.fromStored(object) ?? object, unionOf(writable.not, serverFieldsOfNew)),
    compare: (before, after) => inEachVersion((version) => {
      const known = find(version);
      if (known === undefined) return undefined;
      const { type, conversion } = known;
      const own = version === apiVersion ? undefined : served.conversion;
      // Kubernetes: other versions see both by way of the request's own, with what gets lost in that.
      const seen = (object: ApiObject): ApiObject => {
        const stored = own?.toStored(own.fromStored(object)) ?? object;
        return conversion?.fromStored(stored) ?? stored;
      };
      return compareFields(type, before === undefined ? {} : seen(before), seen(after), writable.not);
    }),
  };
}

/** Throws a plain failure for what no object of the version can be. */
function decodedFor(type: MessageType<ApiObject>, object: unknown, { kind }: AnyResource, apiVersion: string): ApiObject {
  const misfit = (why: string): ApiError => plainError(`failed to convert new object: ${unconverted(apiVersion, kind, why)}`);
  const problem = unstructuredProblem(type, object);
  if (problem !== undefined) throw misfit(problem);
  try {
    return fromJson<ApiObject>(type, object).object;
  } catch (error) {
    if (error instanceof DecodeError) throw misfit(error.message);
    throw error;
  }
}

export const unconverted = (apiVersion: string, kind: string, why: string): string =>
  `unable to convert unstructured object to ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}: ${why}`;

/** Each version's comparison is made when its first manager comes up. */
function inEachVersion(compare: Compare): Compare {
  const made = new Map<string, Comparison | undefined>();
  return (version) => {
    if (!made.has(version)) made.set(version, compare(version));
    return made.get(version);
  };
}

/** As manageFields, of an object that is there, with rests. */
export async function manageChange(call: Call, before: ApiObject, object: ApiObject, fieldManager: string): Promise<void> {
  const given = givenManagers(call, before, object);
  const kind = managedKind(call);
  const compare = kind.compare(before, object);
  await call.pace.rest();
  unlessUnkeyed(() => compare(kind.apiVersion), undefined); // from now on it is known
  await call.pace.rest();
  const managers = managersAfter(call, kind, { isNew: false, compare, given, fieldManager });
  await call.pace.rest();
  setManaged(object, writeManagers(managers));
}

/** Sets the managed fields of `object`, which is what `before` is to become. Both as they are stored. */
export function manageFields(call: Call, before: ApiObject | undefined, object: ApiObject, fieldManager: string): void {
  const given = givenManagers(call, before, object);
  const kind = managedKind(call);
  const isFirst = before === undefined && given.size === 0;
  setManaged(object, isFirst ? firstEntries(call, kind, object, fieldManager) : writeManagers(managersAfter(call, kind, { isNew: before === undefined, compare: kind.compare(before, object), given, fieldManager })));
}

/** Says who set the fields of an object that is answered but never kept. */
export function manageUnkept(call: Call, { type, ...of }: GroupVersionKind & { readonly type: MessageType<ApiObject> }, object: ApiObject, fieldManager: string): void {
  const written = (): string | undefined => writtenFields(type as MessageType<unknown>, object, serverFieldsOfNew);
  setManaged(object, firstEntries(call, { apiVersion: apiVersionOf(of), subresource: call.request.target.subresource, written }, object, fieldManager));
}

/** What managersAfter gives for a new object, written at once: see writtenFields. */
function firstEntries({ request, parts }: Call, { apiVersion, subresource, written }: Pick<ManagedKind, 'apiVersion' | 'subresource' | 'written'>, object: ApiObject, fieldManager: string): ManagedFieldsEntry[] | undefined {
  const fieldsV1 = unlessUnkeyed(() => written(object), undefined);
  if (fieldsV1 === undefined) return undefined;
  const writer = { manager: managerOf(fieldManager, request.headers['user-agent'] ?? ''), operation: 'Update' as const, apiVersion, subresource };
  return [writtenEntry(writer, formatTime(parts.runtime.clock.now()), fieldsV1)];
}

/** Kubernetes: an object that cannot be compared is nobody's. */
function unlessUnkeyed<T>(compute: () => T, otherwise: T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UnkeyedItem) return otherwise;
    throw error;
  }
}

export function setManaged({ metadata }: ApiObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries === undefined) delete metadata.managedFields;
  else metadata.managedFields = entries;
}

export interface Update {
  readonly isNew: boolean;
  readonly compare: Compare;
  readonly given: Managers;
  readonly fieldManager: string;
}

/** Kubernetes: an object that nobody manages stays so until somebody applies. */
export function managersAfter({ request, parts }: Call, kind: ManagedKind, { isNew, compare, given, fieldManager }: Update): Managers {
  if (given.size === 0 && !isNew) return noManagers;
  const writer = { manager: managerOf(fieldManager, request.headers['user-agent'] ?? ''), operation: 'Update' as const, apiVersion: kind.apiVersion, subresource: kind.subresource };
  return unlessUnkeyed(() => afterUpdate(given, writer, { compare, time: formatTime(parts.runtime.clock.now()) }), noManagers);
}

/** Those in the request, where it brings valid ones; a subresource brings none. An empty list, or a single empty entry, asks to forget all. */
function givenManagers(call: Call, before: ApiObject | undefined, object: ApiObject): Managers {
  const given = givenValue(object.metadata, 'managedFields');
  if (call.request.target.subresource === '' && given !== undefined) {
    if (given.length === 0 || (given.length === 1 && Object.values(given[0] ?? {}).every((value) => value === undefined))) return noManagers;
    const read = readManagers(given, (entry, fields) => (isKept(entry, before) ? undefined : settledIn(call, entry, fields)));
    if (read !== undefined && read.size > 0) return read;
  }
  return managersOf(before);
}

const isKept = ({ apiVersion, fieldsV1 }: ManagedFieldsEntry, before: ApiObject | undefined): boolean =>
  before?.metadata.managedFields?.some((each) => each.fieldsV1 === fieldsV1 && each.apiVersion === apiVersion) === true;

/** Kubernetes: what others say of the inside of values that are replaced whole is said of those. */
function settledIn({ served }: Call, { apiVersion = '' }: ManagedFieldsEntry, fields: FieldSet): FieldSet {
  const version = versionOf(served, apiVersion);
  return version === undefined ? fields : settledFields(version.type, fields);
}

export const managersOf = (object: ApiObject | undefined): Managers => readManagers(object?.metadata.managedFields ?? []) ?? noManagers;

/** An object that a configuration is applied to. */
export interface ApplyTo {
  readonly before: ApiObject | undefined;
  readonly managers: Managers;
  /** The same in JSON, in the request's version; empty where there is none. */
  readonly live: unknown;
  readonly config: unknown;
  readonly fieldManager: string;
  readonly isForced: boolean;
  /** What may be taken from others without force. */
  readonly free: () => FieldSet;
}

export interface Applied {
  /** In JSON, in the request's version; undefined when the configuration changes nothing. */
  readonly merged: unknown;
  readonly managers: Managers;
}

/** Lays a configuration over an object. Throws Conflict where others own what it changes. */
export async function applyConfig({ parts, pace }: Call, kind: ManagedKind, { before, managers, live, config, fieldManager, isForced, free }: ApplyTo): Promise<Applied> {
  const { apiVersion, type, subresource, versions, writable } = kind;
  const now = formatTime(parts.runtime.clock.now());
  const applier = { manager: fieldManager, operation: 'Apply' as const, apiVersion, subresource };
  const known = managers.size === 0 && before !== undefined ? beforeFirstApply(kind, before, now) : managers;
  const stated = writableOf(statedFields(type, config), writable);
  const last = known.get(idOf(applier));
  const held = [{ apiVersion, fields: stated }, ...[...known.values()].filter((manager) => manager !== last)];
  await pace.rest();
  const whole = mergeStated(type, live, config);
  await pace.rest();
  const merged = last === undefined ? whole : await pruned({ versions, merged: whole, apiVersion, last, held, rest: () => pace.rest() });
  await pace.rest();
  const isChanged = before === undefined || !isDeepEqual(live, merged);
  const compare = inEachVersion((version) => {
    const ofVersion = versions.typeOf(version);
    return ofVersion === undefined ? undefined : compareJson(ofVersion, versions.convert(live, apiVersion, version), versions.convert(merged, apiVersion, version), writable.not);
  });
  await pace.rest();
  compare(apiVersion); // from now on it is known
  await pace.rest();
  return { merged: isChanged ? merged : undefined, managers: afterApply(known, applier, { compare, stated, isForced, free, time: isChanged ? now : undefined }) };
}

/** Where nobody manages the object, all that is there belongs to those who came before the first apply. */
function beforeFirstApply(kind: ManagedKind, object: ApiObject, time: string): Managers {
  const writer = { manager: 'before-first-apply', operation: 'Update' as const, apiVersion: kind.apiVersion, subresource: kind.subresource };
  return afterUpdate(noManagers, writer, { compare: kind.compare(undefined, object), time });
}

const managerBytes = 128;

/** Kubernetes: who names no manager is known by what comes before the slash in the User-Agent. */
function managerOf(fieldManager: string, userAgent: string): string {
  if (fieldManager !== '') return fieldManager;
  let name = '';
  let bytes = 0;
  for (const character of userAgent.split('/')[0] ?? '') {
    if (isUnprintable(character)) continue;
    bytes += Buffer.byteLength(character);
    if (bytes > managerBytes) break;
    name += character;
  }
  return name === '' ? 'unknown' : name;
}
