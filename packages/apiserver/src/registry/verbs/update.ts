/** PUT, and the tail that PATCH shares: find -> change -> mutate -> prepare -> validate -> admit -> commit, again after a lost race. */
import { append } from '@kaji/base';
import { type AnyResource, type ApiError, type ApiObject, badRequest, conflict, type FieldError, forbidden, notFound } from '@kaji/api';
import { metadataErrors, sharedUpdateErrors } from '@kaji/api/meta/v1';
import { copyOf, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, contextOf, current, keyOfCall, matchNamespace, mutate, provenanceOf, validateAdmission, warn } from '../call.ts';
import { companionWrites } from '../companions.ts';
import { fieldInvalid, invalid, plainError } from '../invalid.ts';
import { judge, type Judgement } from '../judge.ts';
import { encodeStored } from '../object-store.ts';
import { isSameManaged } from '../managed-entries.ts';
import { manageChange, manageFields } from '../managed-fields.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import type { WriteContext } from '../strategy.ts';
import { dedupeOwners, warningsFor } from '../warnings.ts';
import { createObject, withDefaults } from './create.ts';
import { finishDeletion, isReleased } from './delete.ts';

export async function update(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'UpdateOptions');
  const decoded = await decodeBody<ApiObject>(call, body, { resource: served.resource, media, fieldValidation: options.fieldValidation });
  await call.pace.rest();
  withDefaults(call, decoded);
  const object = served.conversion?.toStored(decoded) ?? decoded;
  matchNamespace(call, object);
  matchName(call, object);
  const { item, isNew } = await updateObject(call, async (there) => {
    await call.pace.rest();
    const wanted = copyOf(object);
    await (there === undefined ? manageFields(call, undefined, wanted, options.fieldManager) : manageChange(call, there.object, wanted, options.fieldManager));
    return wanted;
  }, options);
  return respondItem(call, form, item, isNew ? 201 : 200);
}

/** Kubernetes: the name may not be left out of an update's body. */
export function matchName({ request }: Call, object: ApiObject): void {
  const { name } = request.target;
  if ((object.metadata.name ?? '') === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (object.metadata.name !== name) throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
}

export interface Updated {
  readonly item: Item;
  readonly isNew: boolean;
}

/** Makes the object wanted out of the one there is. Runs again, on what is there then, when another write came first. */
export type Change = (there: Item | undefined) => ApiObject | Promise<ApiObject>;

/** How often a race may be lost before the client is told. */
const attempts = 16;

export async function updateObject(call: Call, change: Change, options: Pick<WriteOptions, 'isDryRun'>): Promise<Updated> {
  const key = keyOfCall(call);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current(call, key);
    if (there === undefined) return { item: await createByUpdate(call, change, options), isNew: true };
    const item = await updateOnce(call, key, there, await change(there), options);
    if (item !== undefined) return { item, isNew: false };
  }
  throw conflict(call.served.resource, call.request.target.name);
}

async function createByUpdate(call: Call, change: Change, options: Pick<WriteOptions, 'isDryRun'>): Promise<Item> {
  const { served, request } = call;
  if (served.strategy.createsOnUpdate !== true || !['', 'status'].includes(request.target.subresource) || request.method === 'PATCH' || options.isDryRun) throw notFound(served.resource, request.target.name);
  requireCreate(call);
  const object = await change(undefined);
  // Whoever names a uid means an object that was there: a lease of a node that is gone does not come back by being renewed.
  const { uid = '' } = object.metadata;
  if (uid !== '') throw otherIdentity(served.resource, request.target.name, { key: keyOfCall(call), wanted: uid });
  checkVersion(object.metadata.resourceVersion);
  delete object.metadata.resourceVersion;
  return createObject(call, object, options);
}

/** Kubernetes: whoever creates by an update or by applying must be allowed to create. */
export function requireCreate({ parts, served, request }: Call): void {
  const { isAllowed, reason } = parts.authorizer.authorize(request.user, { ...request.action, verb: 'create' });
  if (!isAllowed) throw forbidden(served.resource, request.target.name, reason);
}

async function updateOnce(call: Call, key: string, there: Item, object: ApiObject, { isDryRun }: Pick<WriteOptions, 'isDryRun'>): Promise<Item | undefined> {
  const { served, parts } = call;
  const { strategy } = served;
  const old = there.object;
  checkIdentity(call, { key, isDryRun }, object, there);
  const attempt = attemptOf(call, { operation: 'UPDATE', object, old, name: object.metadata.name ?? '', isDryRun });
  await call.pace.rest();
  dedupeOwners(call, object);
  await mutate(call, attempt);
  const context = contextOf(call, isDryRun);
  const reservation = call.request.target.subresource === '' ? strategy.reserve?.(object, old, context) : undefined;
  try {
    prepareForUpdate(call, object, old, context);
    keepSystemFields(object, old);
    await call.pace.rest();
    const judgement = await validateChanged(call, object, old, context);
    await call.pace.rest();
    for (const text of warningsFor(call, object, old, judgement)) warn(call, text);
    strategy.canonicalize?.(object);
    await validateAdmission(call, attempt);
    if (!isDryRun) delete object.metadata.selfLink; // the storage forgets it
    if (isReleased(strategy, object, old)) return await finishDeletion(call, key, there, object, isDryRun);
    await call.pace.rest();
    if (isUnchanged(call, object, there)) return there;
    await call.pace.rest();
    const put = { served, key, object, expected: there.revision };
    return isDryRun ? parts.objects.dryPut(put) : await parts.objects.put(put, provenanceOf(call), companionWrites(call, reservation?.companions ?? []));
  } finally {
    reservation?.settle();
  }
}

/** Kubernetes: a write that changes nothing is none; no event, the same version. */
function isUnchanged({ served }: Call, object: ApiObject, there: Item): boolean {
  const { metadata } = object;
  const { managedFields } = there.object.metadata;
  // That somebody set again what there is does not change when it was set.
  const shown = metadata.managedFields !== managedFields && isSameManaged(metadata.managedFields, managedFields) ? { ...object, metadata: { ...metadata, managedFields } } : object;
  return Buffer.compare(encodeStored(served, shown), there.stored) === 0;
}

/** Kubernetes: a dry run ends before the storage, which alone knows the prefix. */
const withoutPrefix = (key: string): string => key.slice('/registry'.length);

export const otherIdentity = (resource: AnyResource, name: string, { key, wanted, actual = '', isDryRun = false }: { readonly key: string; readonly wanted: string; readonly actual?: string | undefined; readonly isDryRun?: boolean }): ApiError =>
  conflict(resource, name, `StorageError: invalid object, Code: 4, Key: ${isDryRun ? withoutPrefix(key) : key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${actual}`);

/** Kubernetes: found late, by the storage, and has no reason. */
export function checkVersion(version = ''): void {
  if (version !== '' && !/^[0-9]+$/.test(version)) throw plainError(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
}

function checkIdentity({ served, request }: Call, { key, isDryRun }: { readonly key: string; readonly isDryRun: boolean }, object: ApiObject, there: Item): void {
  const { resource, strategy } = served;
  const { name } = request.target;
  const { uid } = object.metadata;
  const old = there.object.metadata;
  if (uid !== undefined && uid !== '' && uid !== old.uid && request.method === 'PUT') throw otherIdentity(resource, name, { key, wanted: uid, actual: old.uid, isDryRun });
  const version = object.metadata.resourceVersion ?? '';
  checkVersion(version);
  if (version === '' || version === '0') {
    if (strategy.requiresVersion === true) throw invalid({ group: resource.group, kind: resource.plural }, name, [fieldInvalid('metadata.resourceVersion', 0, 'must be specified for an update')]);
    object.metadata.resourceVersion = old.resourceVersion;
  } else if (version !== old.resourceVersion) {
    throw conflict(resource, name);
  }
}

/** Subresources that change the status, or some of it. */
const statusParts: ReadonlySet<string> = new Set(['status', 'approval']);

function prepareForUpdate(call: Call, object: ApiObject, old: ApiObject, context: WriteContext): void {
  const { served, request } = call;
  const { strategy } = served;
  if (old.metadata.generation === undefined) delete object.metadata.generation;
  else object.metadata.generation = old.metadata.generation;
  if (statusParts.has(request.target.subresource)) {
    keepAllButStatus(object, old);
    strategy.prepareForStatus?.(object, old, context);
    return;
  }
  if (served.hasStatus) keepStatus(object, old);
  strategy.prepareForUpdate?.(object, old, context);
  if (strategy.hasGeneration === true && (strategy.isNewGeneration?.(object, old) ?? specDiffers(served, object, old))) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

interface WithSpecAndStatus extends ApiObject {
  spec?: unknown;
  status?: unknown;
}

/** Whether what is wanted means something else than before. */
function specDiffers({ stored }: Call['served'], object: WithSpecAndStatus, old: WithSpecAndStatus): boolean {
  const type = stored.type.fields['spec']?.of;
  return type !== undefined && typeof type !== 'string' ? !isSemanticallyEqual(type, object.spec, old.spec) : !isDeepEqual(object.spec, old.spec);
}

function keepStatus(object: WithSpecAndStatus, old: WithSpecAndStatus): void {
  if (old.status === undefined) delete object.status;
  else object.status = old.status;
}

/** A write of the status changes that, and such metadata as any write may. */
function keepAllButStatus(object: WithSpecAndStatus, old: WithSpecAndStatus): void {
  for (const name of Object.keys(object)) if (name !== 'status' && name !== 'metadata') delete (object as unknown as Record<string, unknown>)[name];
  for (const [name, value] of Object.entries(old)) if (name !== 'status' && name !== 'metadata') (object as unknown as Record<string, unknown>)[name] = value;
}

/** What no update changes. */
function keepSystemFields({ metadata }: ApiObject, { metadata: old }: ApiObject): void {
  if ((metadata.uid ?? '') === '') metadata.uid = old.uid;
  if (old.creationTimestamp !== undefined) metadata.creationTimestamp = old.creationTimestamp;
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined && metadata.deletionGracePeriodSeconds === undefined) metadata.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds;
}

/** Kubernetes: metadata is checked for all kinds and again by each; clients see its causes twice. */
async function validateChanged(call: Call, object: ApiObject, old: ApiObject, context: WriteContext): Promise<Judgement> {
  const { served, request, pace } = call;
  const { stored } = served;
  const { subresource } = request.target;
  const errors: FieldError[] = [
    ...sharedUpdateErrors(stored, object.metadata, old.metadata),
    ...(served.strategy.errors?.(object, old, context) ?? []),
    ...metadataErrors(stored, subresource === '' ? 'update' : subresource, object.metadata, old.metadata),
  ];
  await pace.rest();
  const judgement = await judge(call, object, old);
  append(errors, judgement.errors);
  if (errors.length > 0) throw invalid(stored, object.metadata.name ?? '', errors);
  return judgement;
}

