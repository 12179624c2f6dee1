/** Who owns which fields after a write: the rules of server-side ownership, on managers and comparisons alone. */
import { ApiError } from '@kaji/api';
import { type Comparison, differenceOf, type FieldSet, fieldSetOf, intersectionOf, isEmptySet, memberPaths, noFields, outsideOf, pathText, unionOf } from '@kaji/schema';
import { capped, idOf, type Manager, type ManagerName, type Managers, managerText, setFields } from './managed-entries.ts';

/** Which fields a path's writes can change. */
export interface Writable {
  /** Never changed, with what is below them. */
  readonly not: FieldSet;
}

export const writableOf = (set: FieldSet, { not }: Writable): FieldSet => outsideOf(set, not);

/** What a write changes, in the words of a version. Undefined for a version that is no longer served. */
export type Compare = (apiVersion: string) => Comparison | undefined;

/** The server's own, never anybody's. */
const serverMetadata = ['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((name) => ['f:metadata', `f:${name}`]);
const serverFields = fieldSetOf([['f:apiVersion'], ['f:kind'], ['f:metadata'], ...serverMetadata]);
/** Those of them that come with a new object, with whatever is below them. */
export const serverFieldsOfNew = fieldSetOf(serverMetadata);

/** After an update: whoever writes owns what it sets or changes, and nobody else does. */
export function afterUpdate(managers: Managers, writer: ManagerName, { compare, time }: { readonly compare: Compare; readonly time: string }): Managers {
  const { added, modified } = compare(writer.apiVersion) ?? neverCompared(writer.apiVersion);
  const owners = new Map(managers);
  for (const [id, manager] of managers) takeFrom(owners, id, manager, compare);
  const taken = differenceOf(unionOf(added, modified), serverFields);
  if (!isEmptySet(taken)) {
    const id = idOf(writer);
    owners.set(id, { ...writer, time, fields: unionOf(taken, owners.get(id)?.fields ?? noFields), entry: undefined });
  }
  return capped(owners);
}

const neverCompared = (apiVersion: string): never => { throw new Error(`a request's own version ${apiVersion} is always known`); };

/** What another manager still has: not what this write sets or takes away. In versions that are no longer served: nothing. */
function takeFrom(owners: Map<string, Manager>, id: string, manager: Manager, compare: Compare): void {
  const comparison = compare(manager.apiVersion);
  if (comparison === undefined) owners.delete(id);
  else setFields(owners, id, manager, differenceOf(differenceOf(differenceOf(manager.fields, comparison.added), comparison.modified), comparison.removed));
}

export interface Application {
  readonly compare: Compare;
  /** Which fields the configuration states. */
  readonly stated: FieldSet;
  /** Whether others give way. */
  readonly isForced: boolean;
  /** Of these, others give way without force. */
  readonly free: () => FieldSet;
  /** When the object was changed; undefined when it was not. Kubernetes: only what changes the object has a time. */
  readonly time: string | undefined;
}

/** After an apply: the applier owns what it states. Throws Conflict where others own what it changes. */
export function afterApply(managers: Managers, applier: ManagerName, { compare, stated, isForced, free, time }: Application): Managers {
  const self = idOf(applier);
  const conflicts = conflictsOf(managers, self, compare);
  if (conflicts.length > 0 && !isForced) {
    const allowed = free();
    const left = conflicts.map(({ manager, fields }) => ({ manager, fields: differenceOf(fields, allowed) })).filter(({ fields }) => !isEmptySet(fields));
    if (left.length > 0) throw applyConflict(left);
  }
  const owners = new Map(managers);
  for (const [id, manager] of managers) if (id !== self) takeFrom(owners, id, manager, compare);
  const mine = managers.get(self);
  const fields = differenceOf(stated, serverFields);
  if (isEmptySet(fields)) owners.delete(self);
  else owners.set(self, { ...applier, time: time ?? mine?.time, fields, entry: undefined });
  return owners;
}

interface Conflicting {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function conflictsOf(managers: Managers, self: string, compare: Compare): readonly Conflicting[] {
  return [...managers].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([id, manager]) => {
    const comparison = id === self ? undefined : compare(manager.apiVersion);
    const fields = comparison === undefined ? noFields : intersectionOf(manager.fields, unionOf(comparison.modified, comparison.added));
    return isEmptySet(fields) ? [] : [{ manager, fields }];
  });
}

function applyConflict(conflicts: readonly Conflicting[]): ApiError {
  const named = conflicts.map(({ manager, fields }) => ({ who: managerText(manager), paths: [...memberPaths(fields)].map(pathText) }));
  const count = named.reduce((sum, { paths }) => sum + paths.length, 0);
  const text = count === 1 ? `conflict with ${named[0]?.who ?? ''}: ${named[0]?.paths[0] ?? ''}` : named.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join('\n')}`).join('\n');
  const causes = named.flatMap(({ who, paths }) => paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })));
  return new ApiError('Conflict', `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${text}`, { details: { causes } });
}
