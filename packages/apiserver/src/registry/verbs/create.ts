/** POST: decode -> mutate -> prepare -> validate -> admit -> commit. Also the creation that a PUT may be. */
import { ApiError, type ApiObject, conflict, type FieldError, qualified } from '@kaji/api';
import { metadataErrors, sharedCreateErrors } from '@kaji/api/meta/v1';
import { append, nameSuffix } from '@kaji/base';
import { applyDefaults, copyOf } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, contextOf, current, keyOfCall, matchNamespace, mutate, provenanceOf, validateAdmission, warn } from '../call.ts';
import { type Companion, companionWrites } from '../companions.ts';
import { invalid, plainError } from '../invalid.ts';
import { judge, type Judgement } from '../judge.ts';
import { manageFields } from '../managed-fields.ts';
import { type WriteOptions, writeOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import type { WriteContext } from '../strategy.ts';
import { fillSystemFields } from '../system-fields.ts';
import { dedupeOwners, warningsFor } from '../warnings.ts';

export async function create(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'CreateOptions');
  const decoded = await decodeBody<ApiObject>(call, body, { resource: served.resource, media, fieldValidation: options.fieldValidation });
  await call.pace.rest();
  withDefaults(call, decoded);
  await call.pace.rest();
  const object = served.conversion?.toStored(decoded) ?? decoded;
  matchNamespace(call, object);
  manageFields(call, undefined, object, options.fieldManager);
  await call.pace.rest();
  return respondItem(call, form, await createObject(call, object, options), 201);
}

/** Declared defaults, those of single fields first. */
export function withDefaults({ served }: Call, object: ApiObject): void {
  applyDefaults(served.resource.type, object);
  served.resource.defaults?.(object);
}

/** How often a taken generated name is replaced by another. */
const generateAttempts = 8;

export async function createObject(call: Call, object: ApiObject, options: Pick<WriteOptions, 'isDryRun'>): Promise<Item> {
  const { metadata } = object;
  const isGenerated = (metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '';
  fillSystemFields(call, object);
  dedupeOwners(call, object);
  // Kubernetes: once, and before there is a name: what is refused here is refused under the name's beginning.
  await mutate(call, attemptOf(call, { operation: 'CREATE', object, old: undefined, name: metadata.name ?? '', isDryRun: options.isDryRun }));
  for (let attempt = 1; ; attempt++) {
    const trial = isGenerated && attempt < generateAttempts ? copyOf(object) : object;
    if (isGenerated) trial.metadata.name = generateName(call, trial.metadata.generateName ?? '');
    try {
      return await createOnce(call, trial, options);
    } catch (error) {
      if (!isGenerated || attempt >= generateAttempts || !(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    }
  }
}

/** Kubernetes: 63 characters at most, five of them random. */
function generateName({ parts }: Call, base: string): string {
  return `${base.slice(0, 58)}${nameSuffix(parts.runtime.random.stream('names'))}`;
}

async function createOnce(call: Call, object: ApiObject, { isDryRun }: Pick<WriteOptions, 'isDryRun'>): Promise<Item> {
  const { served } = call;
  const { strategy } = served;
  const context = contextOf(call, isDryRun);
  // Kubernetes: what is allocated is allocated before the rules are looked at.
  const reservation = strategy.reserve?.(object, undefined, context);
  try {
    prepareForCreate(call, object);
    strategy.prepareForCreate?.(object, context);
    await call.pace.rest();
    const judgement = await validateNew(call, object, context);
    await call.pace.rest();
    for (const text of warningsFor(call, object, undefined, judgement)) warn(call, text);
    strategy.canonicalize?.(object);
    await validateAdmission(call, attemptOf(call, { operation: 'CREATE', object, old: undefined, name: object.metadata.name ?? '', isDryRun }));
    return await commitNew(call, object, { isDryRun, companions: reservation?.companions ?? [] });
  } finally {
    reservation?.settle();
  }
}

/** What every kind does: no status from clients, the first generation. */
function prepareForCreate({ served }: Call, object: ApiObject): void {
  if (served.hasStatus && served.strategy.keepsStatus !== true) delete (object as ApiObject & { status?: unknown }).status;
  if (served.strategy.hasGeneration === true) object.metadata.generation = 1;
}

async function validateNew(call: Call, object: ApiObject, context: WriteContext): Promise<Judgement> {
  const { served, pace } = call;
  const { metadata } = object;
  const { stored } = served;
  const errors: FieldError[] = [];
  append(errors, served.strategy.errors?.(object, undefined, context) ?? [], metadataErrors(stored, 'create', metadata));
  await pace.rest();
  const judgement = await judge(call, object, undefined);
  append(errors, judgement.errors);
  if (errors.length === 0) append(errors, sharedCreateErrors(stored, metadata));
  if (errors.length > 0) throw invalid(stored, metadata.name ?? '', errors);
  return judgement;
}

async function commitNew(call: Call, object: ApiObject, { isDryRun, companions }: { readonly isDryRun: boolean; readonly companions: readonly Companion[] }): Promise<Item> {
  const { served, parts } = call;
  const { metadata } = object;
  // Kubernetes: this is found late, by the storage, and has no reason; what is no version at all is passed over.
  if (!isDryRun && /^0*[1-9][0-9]*$/.test(metadata.resourceVersion ?? '')) throw plainError('resourceVersion should not be set on objects to be created');
  const name = metadata.name ?? '';
  const key = keyOfCall(call, name);
  const put = { served, key, object, expected: 0 };
  // A name that seems free is tried without waiting: the store has the last word.
  const there = served.cache.get(key) === undefined && !isDryRun ? undefined : await current(call, key);
  if (there !== undefined) throw taken(call, object, there);
  await call.pace.rest();
  if (isDryRun) return parts.objects.dryPut(put);
  delete object.metadata.selfLink; // the storage forgets it
  const item = await parts.objects.put(put, provenanceOf(call), companionWrites(call, companions));
  if (item !== undefined) return item;
  const winner = served.cache.get(key);
  // Somebody else made what goes with it.
  if (winner === undefined && companions.length > 0) throw conflict(served.resource, name);
  throw taken(call, object, winner);
}

function taken({ served }: Call, { metadata: { name = '', generateName = '' } }: ApiObject, there: Item | undefined): ApiError {
  const { resource } = served;
  const isDeleting = there?.object.metadata.deletionTimestamp !== undefined;
  // Kubernetes: whoever sends a beginning of a name is told so, even with a whole name beside it.
  const text = `${qualified(resource)} "${name}" already exists${generateName === '' ? '' : ', the server was not able to generate a unique name for the object'}`;
  return new ApiError('AlreadyExists', isDeleting ? `object is being deleted: ${text}` : text, {
    details: { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, ...(generateName === '' ? {} : { retryAfterSeconds: 1 }) },
  });
}
