/** metadata.managedFields as it is read, ordered, bounded and written. */
import type { ManagedFieldsEntry } from '@kaji/api/meta/v1';
import { type FieldSet, fieldSetText, isDeepEqual, isEmptySet, parseFieldSet, unionOf } from '@kaji/schema';

export interface ManagerName {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface Manager extends ManagerName {
  readonly time: string | undefined;
  readonly fields: FieldSet;
  /** As it was read, while its fields stay the same. */
  readonly entry: ManagedFieldsEntry | undefined;
}

/** By what tells managers apart. */
export type Managers = ReadonlyMap<string, Manager>;

export const noManagers: Managers = new Map();

/** Kubernetes: an applier is the same one whatever version it writes in. The text orders managers in messages, too. */
export function idOf({ manager, operation, apiVersion, subresource }: ManagerName): string {
  return JSON.stringify({ ...(manager === '' ? {} : { manager }), operation, ...(operation === 'Apply' ? {} : { apiVersion }), ...(subresource === '' ? {} : { subresource }) });
}

/** Undefined where any entry is not a valid one. `settled`: of entries that were not written by this server, their fields as the kind knows them. */
export function readManagers(entries: readonly ManagedFieldsEntry[], settled?: (entry: ManagedFieldsEntry, fields: FieldSet) => FieldSet | undefined): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    const { manager = '', operation, apiVersion = '', subresource = '', time, fieldsType, fieldsV1 } = entry;
    if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || fieldsType !== 'FieldsV1') return undefined;
    try {
      const fields = parseFieldSet(fieldsV1 ?? '{}');
      const other = settled?.(entry, fields);
      const read: Manager = { manager, operation, apiVersion, subresource, time, fields: other ?? fields, entry: other === undefined ? entry : undefined };
      managers.set(idOf(read), read);
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return undefined; // no fields
      throw error;
    }
  }
  return managers;
}

/** Undefined when nobody manages anything. */
export const writeManagers = (managers: Managers): ManagedFieldsEntry[] | undefined => (managers.size === 0 ? undefined : [...managers.values()].sort(compareManagers).map(entryOf));

const entryOf = (manager: Manager): ManagedFieldsEntry => manager.entry ?? writtenEntry(manager, manager.time, fieldSetText(manager.fields));

export const writtenEntry = ({ manager, operation, apiVersion, subresource }: ManagerName, time: string | undefined, fieldsV1: string): ManagedFieldsEntry =>
  ({ manager, operation, apiVersion, ...(time === undefined ? {} : { time }), fieldsType: 'FieldsV1', fieldsV1, ...(subresource === '' ? {} : { subresource }) });

/** Appliers first, then by time, then by name. */
function compareManagers(left: Manager, right: Manager): number {
  for (const name of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const [a, b] = [left[name] ?? '', right[name] ?? ''];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** With other fields; gone when there are none. */
export function setFields(managers: Map<string, Manager>, id: string, manager: Manager, fields: FieldSet): void {
  if (isEmptySet(fields)) managers.delete(id);
  else if (fields !== manager.fields) managers.set(id, { ...manager, fields, entry: undefined });
}

/** Kubernetes: at most ten managers that update are remembered; the oldest of a version become one. */
const maximumUpdaters = 10;
const oldUpdaters = 'ancient-changes';

export function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= maximumUpdaters) return managers;
  updaters.sort(([leftId, left], [rightId, right]) => ((left.time ?? '') === (right.time ?? '') ? (leftId < rightId ? -1 : 1) : (left.time ?? '') < (right.time ?? '') ? -1 : 1));
  const kept = new Map(managers);
  const firstOf = new Map<string, string>();
  let count = updaters.length;
  for (const [id, updater] of updaters) {
    if (count <= maximumUpdaters) break;
    const { apiVersion, time } = updater;
    const firstId = firstOf.get(apiVersion);
    if (firstId === undefined) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const name: ManagerName = { manager: oldUpdaters, operation: 'Update', apiVersion, subresource: '' };
    const bucketId = idOf(name);
    const bucket = kept.get(bucketId) ?? kept.get(firstId) ?? updater;
    if (!kept.has(bucketId)) kept.delete(firstId);
    kept.set(bucketId, { ...name, time, fields: unionOf(updater.fields, bucket.fields), entry: undefined });
    kept.delete(id);
    count--;
  }
  return kept;
}

/** As messages name a manager. */
export const managerText = ({ manager, operation, apiVersion, subresource }: ManagerName): string =>
  `${JSON.stringify(manager)}${subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;

/** Whether two lists differ in nothing but times. */
export function isSameManaged(left: readonly ManagedFieldsEntry[] = [], right: readonly ManagedFieldsEntry[] = []): boolean {
  return left.length === right.length && left.every((entry, index) => isDeepEqual({ ...entry, time: undefined }, { ...right[index], time: undefined }));
}
