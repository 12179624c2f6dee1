/**
 * Who last set which fields: metadata.managedFields. Every write compares the object as it was with what the client asks
 * for, before admission and the kind's own rules touch it, and books the difference for the client's manager.
 */
import { ApiError, type ApiObject, apiVersionOf } from '@kaji/api';
import type { ManagedFieldsEntry } from '@kaji/api/meta/v1';
import { compareFields, type Comparison, differenceOf, type FieldSet, fieldSetJson, fieldSetOf, formatTime, intersectionOf, isDeepEqual, isEmptySet, memberPaths, type MessageType, noFields, outsideOf, pathText, readFieldSet, unionOf } from '@kaji/schema';
import type { Call } from './call.ts';
import { conversions } from './conversions.ts';

interface Managed {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
  /** As it was read, while its fields stay the same. */
  readonly entry: ManagedFieldsEntry | undefined;
}

/** Sets the managed fields of `object`, which is what `before` is to become. Both as they are stored. */
export function manageFields(call: Call, before: ApiObject | undefined, object: ApiObject, fieldManager: string): void {
  const { served, request, parts } = call;
  const apiVersion = apiVersionOf(served.resource);
  const managed = givenManaged(call, before, object);
  if (managed.length === 0 && before !== undefined) {
    delete object.metadata.managedFields; // Kubernetes: an object that nobody manages stays so until somebody applies
    return;
  }
  const comparisonIn = comparisons(call, before, object);
  const { added, removed, modified } = comparisonIn(apiVersion) ?? neverCompared(apiVersion);
  const self = { manager: managerOf(fieldManager, request.headers['user-agent'] ?? ''), operation: 'Update' as const, apiVersion, subresource: request.target.subresource };
  const rest = managed.flatMap((each) => withoutTaken(each, comparisonIn(each.apiVersion)));
  const taken = differenceOf(unionOf(added, modified), removed);
  if (!isEmptySet(taken)) {
    const index = rest.findIndex((each) => isSameManager(each, self));
    const fields = unionOf(taken, rest[index]?.fields ?? fieldSetOf([]));
    rest.splice(index < 0 ? rest.length : index, 1, { ...self, time: formatTime(parts.runtime.clock.now()), fields, entry: undefined });
  }
  const entries = capped(rest).toSorted(compareManaged).map(entryOf);
  if (entries.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}

const neverCompared = (apiVersion: string): never => { throw new Error(`a request's own version ${apiVersion} is always known`); };

/** What another manager still has: not what this write sets or takes away. In versions that are no longer served: nothing. */
function withoutTaken(each: Managed, comparison: Comparison | undefined): readonly Managed[] {
  if (comparison === undefined) return [];
  const { added, removed, modified } = comparison;
  const fields = differenceOf(differenceOf(differenceOf(each.fields, added), modified), removed);
  if (fields === each.fields) return [each];
  return isEmptySet(fields) ? [] : [{ ...each, fields, entry: undefined }];
}

/** Those in the request, where it brings valid ones; a subresource brings none. A single empty entry asks to forget all. */
function givenManaged(call: Call, before: ApiObject | undefined, object: ApiObject): readonly Managed[] {
  const given = object.metadata.managedFields;
  if (call.request.target.subresource === '' && given !== undefined && given.length > 0) {
    if (given.length === 1 && Object.values(given[0] ?? {}).every((value) => value === undefined)) return [];
    const read = readManaged(given);
    if (read !== undefined) return read;
  }
  return readManaged(before?.metadata.managedFields ?? []) ?? [];
}

function readManaged(entries: readonly ManagedFieldsEntry[]): readonly Managed[] | undefined {
  const managed: Managed[] = [];
  for (const entry of entries) {
    const { manager = '', operation, apiVersion = '', subresource = '', time, fieldsV1 } = entry;
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    try {
      managed.push({ manager, operation, apiVersion, subresource, time, fields: readFieldSet(fieldsV1 ?? {}), entry });
    } catch (error) {
      if (error instanceof TypeError) return undefined; // no fields: Kubernetes takes those of the object as it is
      throw error;
    }
  }
  return managed;
}

function entryOf({ manager, operation, apiVersion, subresource, time, fields, entry }: Managed): ManagedFieldsEntry {
  return entry ?? {
    manager, operation, apiVersion, ...(time === undefined ? {} : { time }), fieldsType: 'FieldsV1', fieldsV1: fieldSetJson(fields), ...(subresource === '' ? {} : { subresource }),
  };
}

/** What an applied configuration owns from now on, and what of the object nobody owns any more. */
export interface AppliedManager {
  readonly fieldManager: string;
  readonly isForced: boolean;
  readonly stated: FieldSet;
  /** What may be taken from others without force. */
  readonly free: FieldSet;
}

/** What the manager applied before, and what all would own after it. Both as of the request's version. */
export function ownedAfter(call: Call, before: ApiObject | undefined, { fieldManager, stated }: AppliedManager): { readonly last: FieldSet; readonly owned: FieldSet } {
  const self = { manager: fieldManager, subresource: call.request.target.subresource };
  const managed = managedOf(call, before);
  const last = managed.find((each) => isApplier(each, self))?.fields ?? noFields;
  return { last, owned: managed.filter((each) => !isApplier(each, self)).reduce((all, { fields }) => unionOf(all, fields), outsideOf(stated, ignoredOf(call))) };
}

/** Sets the managed fields of an object that a configuration was laid over. Throws Conflict where others own what it changes. */
export function manageApplied(call: Call, before: ApiObject | undefined, object: ApiObject, { fieldManager, isForced, stated, free }: AppliedManager): void {
  const { served, request, parts } = call;
  const apiVersion = apiVersionOf(served.resource);
  const self = { manager: fieldManager, operation: 'Apply' as const, apiVersion, subresource: request.target.subresource };
  const managed = managedOf(call, before);
  const comparisonIn = comparisons(call, before, object);
  const others = managed.filter((each) => !isApplier(each, self));
  const conflicts = others.flatMap((each) => {
    const comparison = comparisonIn(each.apiVersion);
    const fields = comparison === undefined ? noFields : differenceOf(intersectionOf(each.fields, unionOf(comparison.modified, comparison.added)), free);
    return isEmptySet(fields) ? [] : [{ each, fields }];
  });
  if (conflicts.length > 0 && !isForced) throw applyConflict(conflicts);
  const last = managed.find((each) => isApplier(each, self));
  const fields = outsideOf(stated, ignoredOf(call));
  const { added, removed, modified } = comparisonIn(apiVersion) ?? neverCompared(apiVersion);
  // Kubernetes: only what changes the object has a time.
  const isChanged = ![added, removed, modified].every(isEmptySet);
  const isSame = last !== undefined && isDeepEqual(fieldSetJson(last.fields), fieldSetJson(fields));
  const mine: Managed = !isChanged && isSame ? last : { ...self, time: isChanged ? formatTime(parts.runtime.clock.now()) : last?.time, fields, entry: undefined };
  const all = [...others.flatMap((each) => withoutTaken(each, comparisonIn(each.apiVersion))), ...(isEmptySet(fields) ? [] : [mine])];
  if (all.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = all.toSorted(compareManaged).map(entryOf);
}

/** Who manages the object; where nobody did, all that is there belongs to those who came before the first apply. */
function managedOf(call: Call, before: ApiObject | undefined): readonly Managed[] {
  const managed = readManaged(before?.metadata.managedFields ?? []) ?? [];
  if (managed.length > 0 || before === undefined) return managed;
  const apiVersion = apiVersionOf(call.served.resource);
  const fields = comparisons(call, undefined, before)(apiVersion)?.added ?? noFields;
  if (isEmptySet(fields)) return [];
  return [{ manager: beforeFirstApply, operation: 'Update', apiVersion, subresource: '', time: formatTime(call.parts.runtime.clock.now()), fields, entry: undefined }];
}

const beforeFirstApply = 'before-first-apply';

/** Kubernetes: the same applier whatever version it writes in. */
const isApplier = (each: Managed, self: { readonly manager: string; readonly subresource: string }): boolean => each.operation === 'Apply' && each.manager === self.manager && each.subresource === self.subresource;

function applyConflict(conflicts: readonly { readonly each: Managed; readonly fields: FieldSet }[]): ApiError {
  const named = conflicts.map(({ each, fields }) => ({ who: managerText(each), paths: [...memberPaths(fields)].map(pathText) })).sort((left, right) => (left.who < right.who ? -1 : 1));
  const count = named.reduce((sum, { paths }) => sum + paths.length, 0);
  const text = count === 1 ? `conflict with ${named[0]?.who ?? ''}: ${named[0]?.paths[0] ?? ''}` : named.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join('\n')}`).join('\n');
  const causes = named.flatMap(({ who, paths }) => paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })));
  return new ApiError('Conflict', `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text}`, { details: { causes } });
}

const managerText = ({ manager, operation, apiVersion, subresource }: Managed): string =>
  `${JSON.stringify(manager)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;

/** Each version's comparison is made when its first manager comes up. */
function comparisons(call: Call, before: ApiObject | undefined, object: ApiObject): (apiVersion: string) => Comparison | undefined {
  const { served: { resource, stored } } = call;
  const ignored = ignoredOf(call);
  const made = new Map<string, Comparison | undefined>();
  const compare = (apiVersion: string): Comparison | undefined => {
    if (apiVersion === apiVersionOf(stored)) return compareFields(stored.type as MessageType<unknown>, before ?? {}, object, ignored);
    const converted = conversions.find((each) => each.stored === stored && apiVersionOf(each.resource) === apiVersion);
    if (converted === undefined) return undefined;
    const { fromStored } = converted.conversion;
    return compareFields(converted.resource.type as MessageType<unknown>, before === undefined ? {} : fromStored(before), fromStored(object), ignored);
  };
  return (apiVersion) => {
    if (!made.has(apiVersion)) made.set(apiVersion, compare(apiVersion === '' ? apiVersionOf(resource) : apiVersion));
    return made.get(apiVersion);
  };
}

/** The server's own, never anybody's. */
const systemFields = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion'].map((name) => ['f:metadata', `f:${name}`]);
const ofObject = fieldSetOf(systemFields);
const ofObjectWithStatus = fieldSetOf([...systemFields, ['f:status']]);

/** Also what a write through this path cannot change. */
function ignoredOf({ served, request }: Call): FieldSet {
  if (request.target.subresource === 'status') return fieldSetOf([...systemFields, ['f:spec'], ...(served.strategy.statusIgnores ?? []).map((name) => ['f:metadata', `f:${name}`])]);
  return served.hasStatus && served.strategy.keepsStatus !== true ? ofObjectWithStatus : ofObject;
}

const managerBytes = 128;

/** Kubernetes: who names no manager is known by what comes before the slash in the User-Agent. */
function managerOf(fieldManager: string, userAgent: string): string {
  if (fieldManager !== '') return fieldManager;
  const printable = (userAgent.split('/')[0] ?? '').replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '');
  return printable === '' ? 'unknown' : Buffer.from(printable).subarray(0, managerBytes).toString();
}

function isSameManager(left: Pick<Managed, 'manager' | 'operation' | 'apiVersion' | 'subresource'>, right: typeof left): boolean {
  return left.manager === right.manager && left.operation === right.operation && left.apiVersion === right.apiVersion && left.subresource === right.subresource;
}

/** Appliers first, then by time, then by name. */
function compareManaged(left: Managed, right: Managed): number {
  for (const name of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const [a, b] = [left[name] ?? '', right[name] ?? ''];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** Kubernetes: at most ten managers that update are remembered; the oldest become one. */
const maximumUpdaters = 10;
const oldUpdaters = 'ancient-changes';

function capped(managed: readonly Managed[]): readonly Managed[] {
  const updaters = managed.filter(({ operation }) => operation === 'Update').toSorted(compareManaged);
  if (updaters.length <= maximumUpdaters) return managed;
  const kept = new Set(managed);
  const buckets = new Map<string, Managed>();
  for (const oldest of updaters) {
    if (kept.size - (managed.length - updaters.length) <= maximumUpdaters) break;
    const bucket = buckets.get(oldest.apiVersion);
    kept.delete(oldest);
    if (bucket !== undefined) kept.delete(bucket);
    const joined: Managed = { ...oldest, manager: oldUpdaters, subresource: '', fields: bucket === undefined ? oldest.fields : unionOf(bucket.fields, oldest.fields), entry: undefined };
    buckets.set(oldest.apiVersion, joined);
    kept.add(joined);
  }
  return [...kept];
}

/** Whether two lists differ in nothing but times. */
export function isSameManaged(left: readonly ManagedFieldsEntry[] = [], right: readonly ManagedFieldsEntry[] = []): boolean {
  return left.length === right.length && left.every((entry, index) => isDeepEqual({ ...entry, time: undefined }, { ...right[index], time: undefined }));
}
