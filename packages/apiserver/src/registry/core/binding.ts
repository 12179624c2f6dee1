/** POST of a Binding: the scheduler puts a pod on a node. */
import { ApiError, type ApiObject, badRequest, conflict, notFound } from '@kaji/api';
import { Binding, type Pod, pods } from '@kaji/api/core/v1';
import { Status } from '@kaji/api/meta/v1';
import type { MessageType } from '@kaji/schema';
import { defined } from '@kaji/base';
import type { Reply } from '../../pipeline/request.ts';
import { keyOf } from '../keys.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, current, matchNamespace, mutate, provenanceOf, validateAdmission } from '../call.ts';
import { plainError } from '../invalid.ts';
import { encodeReply, withWarnings } from '../negotiation.ts';
import { writeOptions } from '../options.ts';
import { formOf } from '../respond.ts';
import type { Served } from '../served.ts';
import { withTrueCondition } from './pod-conditions.ts';

type PodObject = Pod & ApiObject;
const attempts = 16;

export async function bind(call: Call): Promise<Reply> {
  const { request, parts } = call;
  formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'CreateOptions');
  const binding = await decodeBody<Binding & ApiObject>(call, body, { resource: { group: '', version: 'v1', kind: 'Binding', type: Binding as unknown as MessageType<ApiObject> }, media, fieldValidation: options.fieldValidation });
  matchNamespace(call, binding);
  // Kubernetes: a path of the binding's own takes it for a new object, which has no identity yet.
  if (request.target.name === '') delete binding.metadata.uid;
  const name = request.target.name === '' ? binding.metadata.name ?? '' : request.target.name;
  if ((binding.metadata.name ?? '') !== name) throw badRequest('name in URL does not match name in Binding object');
  checkTarget(binding);
  const attempt = attemptOf(call, { operation: 'CREATE', object: binding, old: undefined, name, isDryRun: options.isDryRun });
  await mutate(call, attempt);
  await validateAdmission(call, attempt);
  await assign({ ...call, served: defined(parts.servedFor(pods), 'pods') }, name, binding, options.isDryRun);
  return withWarnings(encodeReply(request, Status as MessageType<unknown>, { group: '', version: 'v1', kind: 'Status' }, { metadata: {}, status: 'Success', code: 201 } as unknown, 201), call.warnings);
}

/** Kubernetes: these are plain failures, not refusals with causes. */
function checkTarget({ target }: Binding): void {
  const { kind = '', name = '' } = target;
  const errors: string[] = [];
  if (kind !== '' && kind !== 'Node') errors.push(`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`);
  if (name === '') errors.push('target.name: Required value');
  if (errors.length > 0) throw plainError(errors.length === 1 ? defined(errors[0], 'error') : `[${errors.join(', ')}]`);
}

async function assign(call: Call & { readonly served: Served }, name: string, binding: Binding & ApiObject, isDryRun: boolean): Promise<void> {
  const { served, parts, request } = call;
  const key = keyOf(served.prefix, request.target.namespace, name);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current(call, key);
    if (there === undefined) throw notFound(pods, name);
    const pod = there.copy() as PodObject; // the cache of pods holds pods
    checkPod(pod, binding, key);
    place(pod, binding, parts.runtime.clock.now());
    const put = { served, key, object: pod, expected: there.revision };
    if (isDryRun || await parts.objects.put(put, provenanceOf(call)) !== undefined) return;
  }
  throw conflict(pods, name);
}

function checkPod({ metadata, spec }: PodObject, binding: Binding & ApiObject, key: string): void {
  const refused = (why: string): ApiError => new ApiError('Conflict', `Operation cannot be fulfilled on pods/binding "${metadata.name ?? ''}": ${why}`, { details: { name: metadata.name ?? '', kind: 'pods/binding' } });
  const { uid, resourceVersion } = binding.metadata;
  const mismatch = (field: string, asked: string, is: string | undefined): ApiError =>
    conflict(pods, metadata.name ?? '', `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${field} in precondition: ${asked}, ${field} in object meta: ${is ?? ''}`);
  if (uid !== undefined && uid !== '' && uid !== metadata.uid) throw mismatch('UID', uid, metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== metadata.resourceVersion) throw mismatch('ResourceVersion', resourceVersion, metadata.resourceVersion);
  if (metadata.deletionTimestamp !== undefined) throw refused(`pod ${metadata.name ?? ''} is being deleted, cannot be assigned to a host`);
  if ((spec.nodeName ?? '') !== '') throw refused(`pod ${metadata.name ?? ''} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
  if ((spec.schedulingGates ?? []).length > 0) throw refused(`pod ${metadata.name ?? ''} has non-empty .spec.schedulingGates`);
}

function place(pod: PodObject, binding: Binding, nowMs: number): void {
  pod.spec.nodeName = binding.target.name;
  const { annotations, labels } = binding.metadata;
  if (annotations !== undefined) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels !== undefined) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const status = pod.status ??= {};
  delete status.nominatedNodeName;
  status.conditions = withTrueCondition(status.conditions ?? [], { type: 'PodScheduled' }, nowMs);
}

