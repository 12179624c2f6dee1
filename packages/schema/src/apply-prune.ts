/** What goes when a manager no longer states what it did: fields that it alone held. */
import { statedFields, withNamedFields, withoutFields } from './apply-merge.ts';
import { differenceOf, type FieldSet, intersectionOf, isEmptySet, unionOf } from './field-set.ts';
import type { MessageType } from './field.ts';

/** Fields as some manager holds them, named as that version of the kind names them. */
export interface VersionedFields {
  readonly apiVersion: string;
  readonly fields: FieldSet;
}

/** A kind in several versions. Undefined for a version that is not served. */
export interface Versions {
  typeOf(apiVersion: string): MessageType<unknown> | undefined;
  convert(object: unknown, from: string, to: string): unknown;
}

export interface Pruning {
  readonly versions: Versions;
  /** The object as it would be if nothing were taken away, in `apiVersion`. */
  readonly merged: unknown;
  readonly apiVersion: string;
  readonly last: VersionedFields;
  /** What everybody holds now, the manager that applies among them. */
  readonly held: readonly VersionedFields[];
  /** Between two steps, where they may be long ones. */
  rest(): Promise<void> | undefined;
}

/** The merged object without what was only the manager's last time and is nobody's now. */
export async function pruned({ versions, merged, apiVersion, last, held, rest }: Pruning): Promise<unknown> {
  const type = versions.typeOf(last.apiVersion);
  // Mostly all that was stated is stated again: then nothing goes.
  const alike = held.filter((each) => each.apiVersion === last.apiVersion).reduce((all, { fields }) => differenceOf(all, fields), last.fields);
  if (type === undefined || isEmptySet(alike)) return merged;
  const whole = versions.convert(merged, apiVersion, last.apiVersion);
  let left = withoutFields(type, whole, withNamedFields(type, last.fields));
  let version = last.apiVersion;
  await rest();
  for (const each of byVersion(held, last.apiVersion)) {
    const ofVersion = versions.typeOf(each.apiVersion);
    if (ofVersion === undefined) continue;
    const named = (set: FieldSet): FieldSet => withNamedFields(ofVersion, set);
    const all = versions.convert(merged, apiVersion, each.apiVersion);
    const kept = versions.convert(left, version, each.apiVersion);
    const stays = unionOf(named(statedFields(ofVersion, kept)), named(each.fields));
    await rest();
    left = withoutFields(ofVersion, all, differenceOf(named(statedFields(ofVersion, all)), stays));
    version = each.apiVersion;
    await rest();
  }
  const named = (object: unknown): FieldSet => withNamedFields(type, statedFields(type, object));
  // What nobody holds stays, unless it was the manager's own.
  const gone = differenceOf(named(whole), named(versions.convert(left, version, last.apiVersion)));
  await rest();
  return versions.convert(withoutFields(type, whole, intersectionOf(gone, withNamedFields(type, last.fields))), last.apiVersion, apiVersion);
}

/** One set for each version, `first` before the others. */
function byVersion(held: readonly VersionedFields[], first: string): readonly VersionedFields[] {
  const sets = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of held) sets.set(apiVersion, unionOf(sets.get(apiVersion) ?? { isMember: false, children: new Map() }, fields));
  return [...sets].map(([apiVersion, fields]) => ({ apiVersion, fields })).sort((left, right) => Number(right.apiVersion === first) - Number(left.apiVersion === first));
}
