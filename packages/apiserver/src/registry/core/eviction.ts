/** POST of an Eviction: a delete that disruption budgets may refuse. */
import { ApiError, type ApiObject, badRequest, conflict, notFound } from '@kaji/api';
import { type Pod, pods } from '@kaji/api/core/v1';
import { Status } from '@kaji/api/meta/v1';
import { Eviction } from '@kaji/api/policy/v1';
import { isDeepEqual, type MessageType } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, current, keyOfCall, matchNamespace, mutate, provenanceOf, validateAdmission } from '../call.ts';
import { invalid, plainError } from '../invalid.ts';
import { encodeReply, withWarnings } from '../negotiation.ts';
import { checkDeleteOptions, writeOptions } from '../options.ts';
import { formOf } from '../respond.ts';
import type { DeleteRequest } from '../strategy.ts';
import { deleteObject } from '../verbs/delete.ts';
import { withTrueCondition } from './pod-conditions.ts';
import { budgetsOf, isUnguarded, takeDisruption, tooEarly } from './disruption-budget.ts';

type PodObject = Pod & ApiObject;
const attempts = 20;

export async function evict(call: Call): Promise<Reply> {
  const { request } = call;
  const { name } = request.target;
  formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const requested = writeOptions(request, 'CreateOptions');
  const kind = { group: 'policy', version: 'v1', kind: 'Eviction' };
  const eviction = await decodeBody<Eviction & ApiObject>(call, body, {
    resource: { ...kind, type: Eviction as unknown as MessageType<ApiObject> }, media, fieldValidation: requested.fieldValidation, alsoVersions: ['policy/v1beta1'],
  });
  matchNamespace(call, eviction);
  if ((eviction.metadata.name ?? '') !== name) throw badRequest('name in URL does not match name in Eviction object');
  if (eviction.deleteOptions?.ignoreStoreReadErrorWithClusterBreakingPotential === true) {
    throw invalid(kind, name, [{ field: 'deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential', reason: 'FieldValueInvalid', message: 'Invalid value: true: can not be set for pod eviction, try after removing the option' }]);
  }
  const dryRun = dryRunOf(requested.isDryRun ? ['All'] : [], eviction.deleteOptions?.dryRun ?? []);
  const isDryRun = dryRun.length > 0;
  const attempt = attemptOf(call, { operation: 'CREATE', object: eviction, old: undefined, name, isDryRun });
  await mutate(call, attempt);
  await validateAdmission(call, attempt);
  await evictPod(call, { ...eviction.deleteOptions, ...(isDryRun ? { dryRun } : {}) }, isDryRun);
  return withWarnings(encodeReply(request, Status as MessageType<unknown>, { group: '', version: 'v1', kind: 'Status' }, { metadata: {}, status: 'Success', code: 201 } as unknown, 201), call.warnings);
}

/** Asked for by the request, by the object, or by both in the same words. */
function dryRunOf(requested: readonly string[], given: readonly string[]): string[] {
  if (requested.length > 0 && given.length > 0 && !isDeepEqual(requested, given)) throw plainError(`Non-matching dry-run options in request and content: [${requested.join(' ')}] and [${given.join(' ')}]`);
  return [...(given.length > 0 ? given : requested)];
}

const isConflict = (error: unknown): boolean => error instanceof ApiError && error.reason === 'Conflict';
const hasVersion = ({ preconditions }: DeleteRequest): boolean => preconditions?.resourceVersion !== undefined;
const atVersion = (options: DeleteRequest, { metadata }: ApiObject): DeleteRequest => ({ ...options, preconditions: { ...options.preconditions, ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }) } });

async function podOf(call: Call): Promise<PodObject> {
  const there = await current(call, keyOfCall(call));
  if (there === undefined) throw notFound(pods, call.request.target.name);
  return there.object as PodObject; // the cache of pods holds pods
}

async function evictPod(call: Call, options: DeleteRequest, isDryRun: boolean): Promise<void> {
  const pod = await evictFree(call, options, isDryRun);
  if (pod === undefined) return;
  const budgets = await budgetsOf(call, pod);
  if (budgets.length > 1) throw plainError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const [budget] = budgets;
  if (budget === undefined || !isUnguarded(budget, pod)) {
    if (budget !== undefined) await takeDisruption(call, pod, budget, isDryRun);
    await markAndDelete(call, options, isDryRun);
    return;
  }
  try {
    // Only as it was seen: it may have become ready, and then it counts.
    await markAndDelete(call, atVersion(options, pod), isDryRun);
  } catch (error) {
    throw isConflict(error) && !hasVersion(options) ? tooEarly(budget.metadata.name ?? '') : error;
  }
}

/** Evicts a pod that disrupts nothing by leaving. Any other is returned. */
async function evictFree(call: Call, options: DeleteRequest, isDryRun: boolean): Promise<PodObject | undefined> {
  for (let attempt = 1; ; attempt++) {
    const pod = await podOf(call);
    if (!isFree(pod)) return pod;
    try {
      // A pod that waits may become ready meanwhile, and then it counts.
      await markAndDelete(call, isOver(pod) || hasVersion(options) ? options : atVersion(options, pod), isDryRun);
      return undefined;
    } catch (error) {
      if (!isConflict(error) || hasVersion(options) || attempt >= attempts) throw error;
    }
  }
}

/** Kubernetes: pods that are over, not yet running, or already being deleted disrupt nothing. */
const isOver = ({ metadata, status }: PodObject): boolean => metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed';
const isFree = (pod: PodObject): boolean => isOver(pod) || pod.status?.phase === 'Pending';

/** The pod says itself why it goes, and goes. */
async function markAndDelete(call: Call, options: DeleteRequest, isDryRun: boolean): Promise<void> {
  const { name } = call.request.target;
  if (isDryRun) {
    checkDeleteOptions(options);
    await deleteObject(call, name, options, true);
    return;
  }
  const version = await markDisrupted(call, options);
  // Kubernetes: only now, when the pod is marked.
  checkDeleteOptions(options);
  await deleteObject(call, name, hasVersion(options) ? { ...options, preconditions: { ...options.preconditions, resourceVersion: version } } : options, true);
}

/** Answers with the version that the pod has then. */
async function markDisrupted(call: Call, { preconditions }: DeleteRequest): Promise<string> {
  const key = keyOfCall(call);
  const { name } = call.request.target;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current(call, key);
    if (there === undefined) throw notFound(pods, name);
    const pod = there.copy() as PodObject; // as above
    checkPreconditions(pod, preconditions);
    const before = pod.status?.conditions ?? [];
    const conditions = withTrueCondition(before, { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' }, call.parts.runtime.clock.now());
    if (isDeepEqual(before, conditions)) return pod.metadata.resourceVersion ?? '';
    pod.status = { ...pod.status, conditions };
    const item = await call.parts.objects.put({ served: call.served, key, object: pod, expected: there.revision }, provenanceOf(call));
    if (item !== undefined) return item.object.metadata.resourceVersion ?? '';
  }
  throw conflict(pods, name);
}

function checkPreconditions({ metadata }: PodObject, { uid = '', resourceVersion = '' }: NonNullable<DeleteRequest['preconditions']> = {}): void {
  const refuse = (field: string, asked: string, is: string | undefined, why: string): ApiError =>
    conflict({ group: '', plural: 'Pod' }, metadata.name ?? '', `the ${field} in the precondition (${asked}) does not match the ${field} in record (${is ?? ''}). The object might have been ${why}`);
  if (uid !== '' && uid !== metadata.uid) throw refuse('UID', uid, metadata.uid, 'deleted and then recreated');
  if (resourceVersion !== '' && resourceVersion !== metadata.resourceVersion) throw refuse('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified');
}
