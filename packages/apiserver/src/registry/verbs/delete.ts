/** DELETE: at once, after a grace period, or once the last finalizer is gone. */
import { type ApiObject, conflict, notFound } from '@kaji/api';
import { formatTime, parseTime } from '@kaji/schema';
import type { Revision } from '@kaji/store';
import type { Reply } from '../../pipeline/request.ts';
import { type Codec, Item } from '../../watch-cache/item.ts';
import { attemptOf, type Call, current, keyOfCall, mutate, provenanceOf, validateAdmission, warn } from '../call.ts';
import { companionWrites } from '../companions.ts';
import { successReply, withWarnings } from '../negotiation.ts';
import { deleteOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import type { DeleteRequest, Strategy } from '../strategy.ts';

export async function deleteOne(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const options = await deleteOptions(request, call.parts.yaml);
  warnOfOrphans(call, options);
  const deleted = await deleteObject(call, request.target.name, options);
  // Kubernetes: cascading asked for in the old way is answered 202 while it lasts.
  const status = !deleted.isGone && options.orphanDependents === false ? 202 : 200;
  if (!deleted.isGone || served.resource.returnsDeleted === true || served.strategy.returnsDeleted === true) return respondItem(call, form, deleted.item, status);
  const { name, uid } = deleted.item.object.metadata;
  const details = { name: name ?? '', ...(served.resource.group === '' ? {} : { group: served.resource.group }), kind: served.resource.plural, ...(uid === undefined ? {} : { uid }) };
  // A Status is shown as it is, whatever form of the object was asked for.
  return withWarnings(successReply(form, details), call.warnings);
}

export function warnOfOrphans(call: Call, { propagationPolicy, orphanDependents }: DeleteRequest): void {
  const { orphaningWarning } = call.served.strategy;
  if (orphaningWarning !== undefined && propagationPolicy === undefined && orphanDependents === undefined) warn(call, orphaningWarning);
}

export interface Deleted {
  /** Its last state, or the state in which it waits. */
  readonly item: Item;
  readonly isGone: boolean;
}

const attempts = 16;

/** `isAdmitted`: the request was judged by admission already, as something else than a deletion. */
export async function deleteObject(call: Call, name: string, options: DeleteRequest, isAdmitted = false): Promise<Deleted> {
  const key = keyOfCall(call, name);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current(call, key);
    if (there === undefined) throw notFound(call.served.resource, name);
    checkPreconditions(call, there.object, options);
    const deleted = await deleteOnce(call, key, there, { ...options }, isAdmitted);
    if (deleted !== undefined) return deleted;
  }
  throw conflict(call.served.resource, name);
}

/** Undefined when another write came first. */
async function deleteOnce(call: Call, key: string, there: Item, options: DeleteRequest, isAdmitted: boolean): Promise<Deleted | undefined> {
  const { strategy } = call.served;
  const isDryRun = (options.dryRun ?? []).length > 0;
  const object = there.copy();
  const attempt = attemptOf(call, { operation: 'DELETE', object: undefined, old: there.object, name: object.metadata.name ?? '', isDryRun });
  if (!isAdmitted) {
    await mutate(call, attempt);
    await validateAdmission(call, attempt);
  }
  strategy.canDelete?.(object);
  if (strategy.beginDelete !== undefined && object.metadata.deletionTimestamp === undefined) return beginHeldDelete(call, key, there, object, options, isDryRun);
  if (strategy.isHeld?.(object) === true) return { item: there, isGone: false };
  const grace = beginGrace(call, object, options);
  if (grace === 'pending') return { item: there, isGone: false };
  setFinalizers(strategy, object, options);
  const isWaiting = (object.metadata.finalizers ?? []).length > 0;
  if (grace === 'none') {
    if (!isWaiting) return removeNow(call, key, there, there, isDryRun);
    markDeleting(call, object);
  }
  const marked = await putMarked(call, key, there, object, isDryRun);
  if (marked === undefined) return undefined;
  if (isWaiting || grace === 'begun') return { item: marked, isGone: false };
  return removeNow(call, key, marked, marked, isDryRun);
}

/** Kubernetes: a namespace is marked first, whatever else; its controller empties it. */
async function beginHeldDelete(call: Call, key: string, there: Item, object: ApiObject, options: DeleteRequest, isDryRun: boolean): Promise<Deleted | undefined> {
  object.metadata.deletionTimestamp = formatTime(call.parts.runtime.clock.now());
  call.served.strategy.beginDelete?.(object);
  setFinalizers(call.served.strategy, object, options);
  const item = await putMarked(call, key, there, object, isDryRun);
  return item === undefined ? undefined : { item, isGone: false };
}

async function putMarked(call: Call, key: string, there: Item, object: ApiObject, isDryRun: boolean): Promise<Item | undefined> {
  const put = { served: call.served, key, object, expected: there.revision };
  if (there.object.metadata.deletionTimestamp !== undefined && sameMarks(there.object, object)) return there;
  return isDryRun ? call.parts.objects.dryPut(put) : call.parts.objects.put(put, provenanceOf(call));
}

const sameMarks = (a: ApiObject, b: ApiObject): boolean =>
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp && a.metadata.deletionGracePeriodSeconds === b.metadata.deletionGracePeriodSeconds
  && JSON.stringify(a.metadata.finalizers ?? []) === JSON.stringify(b.metadata.finalizers ?? []);

async function removeNow(call: Call, key: string, there: Item, shown: Item, isDryRun: boolean): Promise<Deleted | undefined> {
  if (isDryRun) return { item: shown, isGone: true };
  const { served, parts } = call;
  const companions = companionWrites(call, served.strategy.companionsOfDeletion?.(there.object) ?? []);
  const revision = await parts.objects.remove({ served, key, revision: there.revision }, provenanceOf(call), companions);
  if (revision === undefined) return undefined;
  return { item: shown === there ? goneAt(there, served.cache.codec, revision) : shown, isGone: true };
}

/** Kubernetes: what was deleted is shown with the version of its deletion. */
function goneAt({ key, stored, object }: Item, codec: Codec, revision: Revision): Item {
  return new Item(key, revision, stored, codec, { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
}

/** Kubernetes: checked here with the kind in place of the resource. */
function checkPreconditions({ served }: Call, { metadata }: ApiObject, { preconditions }: DeleteRequest): void {
  const of = { group: served.stored.group, plural: served.stored.kind };
  const name = metadata.name ?? '';
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid) {
    throw conflict(of, name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== metadata.resourceVersion) {
    throw conflict(of, name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`);
  }
}

/** Fills in the grace period and marks the object with it. `now`: marked, and to be removed right after. */
function beginGrace(call: Call, object: ApiObject, options: DeleteRequest): 'none' | 'pending' | 'begun' | 'now' {
  const { metadata } = object;
  const { strategy } = call.served;
  if (options.gracePeriodSeconds !== undefined && options.gracePeriodSeconds < 0) options.gracePeriodSeconds = 1;
  if (strategy.gracePeriod === undefined) return 'none';
  if (metadata.deletionTimestamp !== undefined) return shorten(call, object, options);
  const seconds = strategy.gracePeriod(object, options);
  if (seconds === undefined) return 'none';
  metadata.deletionTimestamp = formatTime(call.parts.runtime.clock.now() + seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  if ((metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
  return seconds > 0 ? 'begun' : 'now';
}

/** Kubernetes: a grace period that runs can only be made shorter. */
function shorten(call: Call, { metadata }: ApiObject, options: DeleteRequest): 'none' | 'pending' | 'begun' | 'now' {
  const running = metadata.deletionGracePeriodSeconds ?? 0;
  if (running === 0) return 'none';
  if (options.gracePeriodSeconds === undefined || options.gracePeriodSeconds >= running) return 'pending';
  const now = call.parts.runtime.clock.now();
  const end = (parseTime(metadata.deletionTimestamp ?? '') ?? now) + (options.gracePeriodSeconds - running) * 1000;
  const isPast = end < now;
  metadata.deletionTimestamp = formatTime(isPast ? now : end);
  const seconds = isPast && options.gracePeriodSeconds !== 0 ? 1 : options.gracePeriodSeconds;
  metadata.deletionGracePeriodSeconds = seconds;
  return seconds > 0 ? 'begun' : 'now';
}

function markDeleting(call: Call, { metadata }: ApiObject): void {
  const now = call.parts.runtime.clock.now();
  if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
  if (metadata.deletionTimestamp === undefined || (parseTime(metadata.deletionTimestamp) ?? 0) > now) metadata.deletionTimestamp = formatTime(now);
  metadata.deletionGracePeriodSeconds = 0;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/** What happens to dependents is told to the garbage collector by finalizers. */
function setFinalizers(strategy: Strategy, { metadata }: ApiObject, options: DeleteRequest): void {
  const old = metadata.finalizers ?? [];
  const wanted = old.filter((name) => name !== orphan && name !== foreground);
  if (orphansDependents(strategy, old, options)) wanted.push(orphan);
  if (deletesInForeground(old, options)) wanted.push(foreground);
  if (wanted.length === old.length && wanted.every((name) => old.includes(name))) return;
  if (wanted.length === 0) delete metadata.finalizers;
  else metadata.finalizers = wanted;
}

function orphansDependents(strategy: Strategy, old: readonly string[], options: DeleteRequest): boolean {
  if (options.orphanDependents !== undefined) return options.orphanDependents;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Orphan';
  const first = old.find((name) => name === orphan || name === foreground);
  return first === undefined ? strategy.orphansByDefault === true : first === orphan;
}

function deletesInForeground(old: readonly string[], options: DeleteRequest): boolean {
  if (options.orphanDependents !== undefined) return false;
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Foreground';
  return old.find((name) => name === orphan || name === foreground) === foreground;
}

/** Whether an update takes the last thing away that a deleted object waited for. */
export function isReleased(strategy: Strategy, object: ApiObject, old: ApiObject): boolean {
  if ((object.metadata.finalizers ?? []).length > 0 || old.metadata.deletionTimestamp === undefined) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0 && strategy.isHeld?.(object) !== true;
}

/** Removes what an update has released; the answer shows the update. */
export async function finishDeletion(call: Call, key: string, there: Item, object: ApiObject, isDryRun: boolean): Promise<Item | undefined> {
  const shown = call.parts.objects.dryPut({ served: call.served, key, object, expected: there.revision });
  const deleted = await removeNow(call, key, there, shown, isDryRun);
  return deleted?.item;
}

