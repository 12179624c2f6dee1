/** Rules of metadata, which all kinds share. Names are the kind's own business: `nameErrors` says how they may look. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, givenValue, isDeepEqual, labelValueErrors, pathSegmentErrors, qualifiedNameErrors } from '@kaji/schema';
import { errorsOf } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { ObjectMeta, type OwnerReference } from './object-meta.ts';

/** What is wrong with a name, or with the start of one. */
export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

export interface ObjectMetaRules {
  readonly isNamespaced: boolean;
  /** A segment of a path, when absent. */
  readonly nameErrors?: NameRule | undefined;
  readonly path?: string | undefined;
}

const annotationsLimitBytes = 256 * 1024;

const invalid = (field: string, value: unknown, why: string): FieldError => ({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` });

export function validateObjectMeta(metadata: ObjectMeta, { isNamespaced, nameErrors = segmentErrors, path = 'metadata' }: ObjectMetaRules): FieldError[] {
  const errors: FieldError[] = [];
  const { name = '', generateName = '', namespace = '' } = metadata;
  if (generateName !== '') append(errors, nameErrors(generateName, true).map((why) => invalid(`${path}.generateName`, generateName, why)));
  if (name === '') errors.push({ field: `${path}.name`, reason: 'FieldValueRequired', message: 'Required value: name or generateName is required' });
  else append(errors, nameErrors(name, false).map((why) => invalid(`${path}.name`, name, why)));
  if (!isNamespaced) {
    if (namespace !== '') errors.push({ field: `${path}.namespace`, reason: 'FieldValueForbidden', message: 'Forbidden: not allowed on this type' });
  } else if (namespace === '') errors.push({ field: `${path}.namespace`, reason: 'FieldValueRequired', message: 'Required value' });
  else append(errors, dns1123LabelErrors(namespace).map((why) => invalid(`${path}.namespace`, namespace, why)));
  if ((metadata.generation ?? 0) < 0) errors.push(invalid(`${path}.generation`, metadata.generation, 'must be greater than or equal to 0'));
  append(errors, validateLabels(metadata.labels, `${path}.labels`), validateAnnotations(metadata.annotations, `${path}.annotations`));
  append(errors, validateOwners(metadata.ownerReferences ?? [], `${path}.ownerReferences`), validateFinalizers(metadata.finalizers ?? [], `${path}.finalizers`));
  return errors;
}

const segmentErrors: NameRule = (name) => pathSegmentErrors(name);

export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  if (labels === undefined) return [];
  return errorsOf(Object.keys(labels), (key) => {
    const value = labels[key] ?? '';
    const [keyErrors, valueErrors] = [qualifiedNameErrors(key), labelValueErrors(value)];
    if (keyErrors.length + valueErrors.length === 0) return [];
    return [...keyErrors.map((why) => invalid(path, key, why)), ...valueErrors.map((why) => invalid(path, value, why))];
  });
}

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const errors = errorsOf(entries, ([key]) => qualifiedNameErrors(key.toLowerCase()).map((why) => invalid(path, key, why)));
  // A character takes at most three bytes a code unit: most annotations need no measuring.
  const roughBytes = entries.reduce((sum, [key, value]) => sum + 3 * (key.length + value.length), 0);
  if (roughBytes > annotationsLimitBytes && sizeBytes(entries) > annotationsLimitBytes) {
    errors.push({ field: path, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${annotationsLimitBytes} bytes` });
  }
  return errors;
}

function sizeBytes(entries: readonly (readonly [string, string])[]): number {
  const encoder = new TextEncoder();
  return entries.reduce((sum, [key, value]) => sum + encoder.encode(key).length + encoder.encode(value).length, 0);
}

/** Metadata of a template, for objects that others name: labels and annotations, nothing else. */
export function validateTemplateMeta(metadata: ObjectMeta | undefined, path: string): FieldError[] {
  const given: Readonly<Record<string, unknown>> = { ...metadata }; // a note of what was given empty comes along
  const others = Object.keys(ObjectMeta.fields).filter((name) => name !== 'labels' && name !== 'annotations' && givenValue(given, name) !== undefined);
  return [
    ...validateAnnotations(metadata?.annotations, `${path}.annotations`), ...validateLabels(metadata?.labels, `${path}.labels`),
    // Kubernetes: by the names of Go's fields.
    ...others.map((name): FieldError => ({ field: `${path}.${name === 'uid' ? 'uID' : name}`, reason: 'FieldValueForbidden', message: 'Forbidden: cannot be set' })),
  ];
}


/** In the order in which upstream prints its fields. */
const shownOwner = ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): unknown => ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion });

/** All owners are told with each of their mistakes: of very many, only the first mistakes are. */
const ownersTextLength = 4 * 1024 * 1024;

function validateOwners(owners: readonly OwnerReference[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  let controller = '';
  let text: string | undefined;
  for (const owner of owners) {
    const { apiVersion, kind, name, uid } = owner;
    const parts = apiVersion.split('/');
    const [group, version] = parts.length === 1 ? ['', apiVersion] : parts.length === 2 ? parts : ['', ''];
    if ((version ?? '') === '') errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
    if (kind === '') errors.push(invalid(`${path}.kind`, kind, 'must not be empty'));
    if (name === '') errors.push(invalid(`${path}.name`, name, 'must not be empty'));
    if (uid === '') errors.push(invalid(`${path}.uid`, uid, 'must not be empty'));
    if (group === '' && version === 'v1' && kind === 'Event') errors.push(invalid(path, shownOwner(owner), '/v1, Kind=Event is disallowed from being an owner'));
    if (owner.controller !== true) continue;
    const current = `${kind}/${name}`;
    if (controller === '') controller = current;
    else {
      text ??= JSON.stringify(owners.map(shownOwner));
      errors.push({ field: path, reason: 'FieldValueInvalid', message: `Invalid value: ${text}: Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}` });
      if (errors.length * text.length > ownersTextLength) return errors;
    }
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: string): FieldError[] {
  const errors = errorsOf(finalizers, (name) => qualifiedNameErrors(name).map((why) => invalid(path, name, why)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  return errors;
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Kubernetes: what each kind asks of finalizers beyond their form: a domain, or a name it knows. */
export function validateFinalizerDomains(finalizers: readonly string[] | undefined, path: string): FieldError[] {
  return errorsOf(finalizers ?? [], (name, index) => (name.includes('/') || standardFinalizers.has(name) ? [] : [invalid(`${path}[${index}]`, name, 'name is neither a standard finalizer name nor is it fully qualified')]));
}

const immutable = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** What an update may not do to metadata. */
export function validateObjectMetaUpdate(metadata: ObjectMeta, old: ObjectMeta, path = 'metadata'): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    const before = new Set(old.finalizers);
    const added = (metadata.finalizers ?? []).filter((name) => !before.has(name)).toSorted();
    if (added.length > 0) {
      const listed = added.map((name) => JSON.stringify(name)).join(', ');
      errors.push({ field: `${path}.finalizers`, reason: 'FieldValueForbidden', message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${listed}}` });
    }
  }
  if ((metadata.resourceVersion ?? '') === '') errors.push(invalid(`${path}.resourceVersion`, '', 'must be specified for an update'));
  if ((metadata.generation ?? 0) < (old.generation ?? 0)) errors.push(invalid(`${path}.generation`, metadata.generation ?? 0, 'must not be decremented'));
  for (const name of immutable) if (!isDeepEqual(metadata[name] ?? undefined, old[name] ?? undefined)) errors.push(invalid(`${path}.${name}`, metadata[name] ?? null, 'field is immutable'));
  append(errors, validateLabels(metadata.labels, `${path}.labels`), validateAnnotations(metadata.annotations, `${path}.annotations`), validateOwners(metadata.ownerReferences ?? [], `${path}.ownerReferences`));
  return errors;
}
