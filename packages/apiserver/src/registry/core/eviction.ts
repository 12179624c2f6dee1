/** POST of an Eviction: a delete that disruption budgets may refuse. */
import { ApiError, type ApiObject, badRequest, conflict, notFound } from '@kaji/api';
import { type Pod, pods } from '@kaji/api/core/v1';
import { Status } from '@kaji/api/meta/v1';
import { Eviction, type PodDisruptionBudget, poddisruptionbudgets } from '@kaji/api/policy/v1';
import { formatTime, matchesLabels, type MessageType, selectorOf } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, current, keyOfCall, matchNamespace, mutate, provenanceOf, validateAdmission, warn } from '../call.ts';
import { keyOf } from '../keys.ts';
import { plainError } from '../invalid.ts';
import { encodeReply, withWarnings } from '../negotiation.ts';
import { writeOptions } from '../options.ts';
import { formOf } from '../respond.ts';
import type { DeleteRequest } from '../strategy.ts';
import { deleteObject } from '../verbs/delete.ts';

type PodObject = Pod & ApiObject;
type Budget = PodDisruptionBudget & ApiObject;
const attempts = 16;

export async function evict(call: Call): Promise<Reply> {
  const { request } = call;
  const { name } = request.target;
  formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'CreateOptions');
  const eviction = decodeBody<Eviction & ApiObject>(body, media, {
    resource: { group: 'policy', version: 'v1', kind: 'Eviction', type: Eviction as unknown as MessageType<ApiObject> }, known: call.parts.knownKinds, alsoVersions: ['policy/v1beta1'],
  }, options.fieldValidation, (text) => { warn(call, text); });
  matchNamespace(call, eviction);
  if ((eviction.metadata.name ?? '') !== name) throw badRequest('name in URL does not match name in Eviction object');
  const isDryRun = options.isDryRun || (eviction.deleteOptions?.dryRun ?? []).length > 0;
  const attempt = attemptOf(call, { operation: 'CREATE', object: eviction, old: undefined, name, isDryRun });
  await mutate(call, attempt);
  await validateAdmission(call, attempt);
  await evictPod(call, { ...eviction.deleteOptions, ...(isDryRun ? { dryRun: ['All'] } : {}) }, isDryRun);
  return withWarnings(encodeReply(request, Status as MessageType<unknown>, { group: '', version: 'v1', kind: 'Status' }, { metadata: {}, status: 'Success', code: 201 } as unknown, 201), call.warnings);
}

async function evictPod(call: Call, options: DeleteRequest, isDryRun: boolean): Promise<void> {
  const { name } = call.request.target;
  const there = await current(call, keyOfCall(call));
  if (there === undefined) throw notFound(pods, name);
  const pod = there.object as PodObject; // the cache of pods holds pods
  if (!isFree(pod)) await takeFromBudget(call, pod, isDryRun);
  if (!isDryRun) await markDisrupted(call, options);
  await deleteObject(call, name, options, true);
}

/** Kubernetes: pods that are over, not yet running, or already being deleted disrupt nothing. */
function isFree({ metadata, status }: PodObject): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed' || status?.phase === 'Pending';
}

const isReady = ({ status }: PodObject): boolean => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;

async function takeFromBudget(call: Call, pod: PodObject, isDryRun: boolean): Promise<void> {
  const budgets = [...call.parts.reader.list(poddisruptionbudgets, pod.metadata.namespace)].filter(({ spec }) => spec?.selector !== undefined && matchesLabels(selectorOf(spec.selector), pod.metadata.labels ?? {}));
  if (budgets.length > 1) throw plainError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  const [budget] = budgets;
  if (budget === undefined || isUnhealthyAllowed(budget, pod)) return;
  await decrement(call, budget.metadata.name ?? '', pod.metadata.name ?? '', isDryRun);
}

function isUnhealthyAllowed({ spec, status }: Budget, pod: PodObject): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

const refusal = 'Cannot evict pod as it would violate the pod\'s disruption budget.';

async function decrement(call: Call, budgetName: string, podName: string, isDryRun: boolean): Promise<void> {
  const served = call.parts.servedFor(poddisruptionbudgets);
  if (served === undefined) return;
  const key = keyOf(served.prefix, call.request.target.namespace, budgetName);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current({ ...call, served }, key);
    if (there === undefined) return;
    const budget = there.copy() as Budget; // its cache holds budgets
    const { metadata } = budget;
    const status = budget.status ??= { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    const allowed = status.disruptionsAllowed ?? 0;
    const details = { retryAfterSeconds: 10, causes: [{ reason: 'DisruptionBudget', message: `The disruption budget ${budgetName} is still being processed by the server.` }] };
    if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) throw new ApiError('TooManyRequests', refusal, { details });
    if (allowed <= 0) {
      const message = `The disruption budget ${budgetName} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`;
      throw new ApiError('TooManyRequests', refusal, { details: { causes: [{ reason: 'DisruptionBudget', message }] } });
    }
    status.disruptionsAllowed = allowed - 1;
    status.disruptedPods = { ...status.disruptedPods, [podName]: formatTime(call.parts.runtime.clock.now()) };
    if (isDryRun || await call.parts.objects.put({ served, key, object: budget, expected: there.revision }, provenanceOf(call)) !== undefined) return;
  }
  throw conflict(poddisruptionbudgets, budgetName);
}

/** The pod's own words for why it goes. */
async function markDisrupted(call: Call, { preconditions }: DeleteRequest): Promise<void> {
  const key = keyOfCall(call);
  const { name } = call.request.target;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current(call, key);
    if (there === undefined) throw notFound(pods, name);
    const pod = there.copy() as PodObject; // as above
    if (preconditions?.uid !== undefined && preconditions.uid !== '' && preconditions.uid !== pod.metadata.uid) {
      throw conflict({ group: '', plural: 'Pod' }, name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${pod.metadata.uid ?? ''}). The object might have been deleted and then recreated`);
    }
    if (preconditions?.resourceVersion !== undefined) return; // marking would change the version that is asked for
    const conditions = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
    const lastTransitionTime = formatTime(call.parts.runtime.clock.now());
    pod.status = { ...pod.status, conditions: [...conditions, { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting', lastTransitionTime }] };
    if (await call.parts.objects.put({ served: call.served, key, object: pod, expected: there.revision }, provenanceOf(call)) !== undefined) return;
  }
  throw conflict(pods, name);
}
