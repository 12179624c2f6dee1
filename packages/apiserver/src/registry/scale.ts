/** The subresource `scale`: how many there are and shall be, of whatever kind. */
import { type AnyResource, type ApiObject, apiVersionOf, badRequest, type GroupVersionKind, notFound, resource } from '@kaji/api';
import { Scale } from '@kaji/api/autoscaling/v1';
import type { LabelSelector, ObjectMeta } from '@kaji/api/meta/v1';
import { applyDefaults, DecodeError, encodeJson, fromJson, formatSelector, humanDuration, type MessageType, parseJson, parseTime, selectorOf, valueText } from '@kaji/schema';
import type { Reply } from '../pipeline/request.ts';
import { codecOf, Item } from '../watch-cache/item.ts';
import { bodyMedia, decodeBody } from './body.ts';
import { type Call, current, keyOfCall, matchNamespace, warn } from './call.ts';
import { fieldInvalid, invalid } from './invalid.ts';
import { manageFields } from './managed-fields.ts';
import { writeOptions, type WriteOptions } from './options.ts';
import { formOf, respondItem } from './respond.ts';
import { applyPatch, invalidPatch, parsePatch, patchKind } from './verbs/patch.ts';
import { matchName, updateObject } from './verbs/update.ts';

const kind: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const type = Scale as unknown as MessageType<Scale & ApiObject>; // kind and apiVersion stand beside the declared fields

interface Scalable extends ApiObject {
  spec: { replicas?: number; selector?: LabelSelector | Record<string, string> };
  status?: { replicas?: number };
}

export async function getScale(call: Call): Promise<Reply> {
  const item = await current(call, keyOfCall(call));
  if (item === undefined) throw notFound(call.served.resource, call.request.target.name);
  return show(call, item);
}

export async function updateScale(call: Call): Promise<Reply> {
  const { request } = call;
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'UpdateOptions');
  const scale = decodeScale(call, body, media, options.fieldValidation);
  matchName(call, scale);
  matchNamespace(call, scale);
  const { item } = await updateObject(call, (there) => withScale(call, there, scale, options), options);
  return show(call, item);
}

export async function patchScale(call: Call): Promise<Reply> {
  const { request } = call;
  const patchType = patchKind(request);
  const body = await request.body();
  const options = writeOptions(request, 'PatchOptions');
  const parsed = parsePatch(patchType, body);
  const { item } = await updateObject(call, (there) => {
    if (there === undefined) throw notFound(call.served.resource, request.target.name);
    const before = parseJson(encodeJson(type, { ...scaleOf(there), kind: kind.kind, apiVersion: apiVersionOf(kind) })).value;
    const object = decodePatched(applyPatch(Scale as MessageType<unknown>, before, patchType, parsed.value));
    matchName(call, object);
    return withScale(call, there, object, options);
  }, options);
  return show(call, item);
}

/** Versions that once had this kind. */
const olderVersions: ReadonlySet<string> = new Set(['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2']);

function decodeScale(call: Call, body: Uint8Array, media: ReturnType<typeof bodyMedia>, validation: 'Ignore' | 'Warn' | 'Strict'): Scale & ApiObject {
  const given = media === 'json' ? apiVersionIn(body) : undefined;
  if (given !== undefined && olderVersions.has(given)) throw badRequest(`the API version in the data (${given}) does not match the expected API version (${apiVersionOf(kind)})`);
  const scale = decodeBody<Scale & ApiObject>(body, media, { resource: { ...kind, type: type as AnyResource['type'] }, known: call.parts.knownKinds }, validation, (text) => { warn(call, text); });
  applyDefaults(type, scale);
  return scale;
}

function decodePatched(after: unknown): Scale & ApiObject {
  try {
    return fromJson(type, after).object;
  } catch (error) {
    if (error instanceof DecodeError) throw invalidPatch(valueText(after, true), error.message);
    throw error;
  }
}

function apiVersionIn(body: Uint8Array): string | undefined {
  const match = /"apiVersion"\s*:\s*"([^"]*)"/.exec(Buffer.from(body.subarray(0, 4096)).toString());
  return match?.[1];
}

/** The scaled object with the new count. */
function withScale(call: Call, there: Item | undefined, scale: Scale & ApiObject, { fieldManager }: Pick<WriteOptions, 'fieldManager'>): ApiObject {
  if (there === undefined) throw notFound(call.served.resource, call.request.target.name);
  const replicas = scale.spec.replicas ?? 0;
  if (replicas < 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, scale.metadata.name ?? '', [fieldInvalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  const object = there.copy() as Scalable; // kinds with this subresource have these fields
  object.spec.replicas = replicas;
  object.metadata.resourceVersion = scale.metadata.resourceVersion;
  if ((scale.metadata.uid ?? '') !== '') object.metadata.uid = scale.metadata.uid;
  manageFields(call, there.object, object, fieldManager);
  return object;
}

function scaleOf(item: Item): Scale {
  const { metadata, spec, status } = item.object as Scalable; // as above
  const shown: ObjectMeta = { name: metadata.name, namespace: metadata.namespace, uid: metadata.uid, resourceVersion: metadata.resourceVersion, creationTimestamp: metadata.creationTimestamp };
  const replicas = spec.replicas ?? 0;
  return { metadata: shown, spec: replicas === 0 ? {} : { replicas }, status: { replicas: status?.replicas ?? 0, selector: selectorText(spec.selector) } };
}

function selectorText(selector: Scalable['spec']['selector']): string {
  if (selector === undefined) return '';
  const isLabelSelector = 'matchLabels' in selector || 'matchExpressions' in selector;
  return formatSelector(selectorOf(isLabelSelector ? selector as LabelSelector : { matchLabels: selector as Record<string, string> }));
}

const scales = resource({
  ...kind, plural: 'scales', singular: 'scale', isNamespaced: true, type,
  columns: [
    { name: 'Name', type: 'string', value: ({ metadata }) => metadata.name ?? '' },
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Available', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
    { name: 'Age', type: 'string', value: ({ metadata }, now) => humanDuration(now - (parseTime(metadata.creationTimestamp ?? '') ?? now)) },
  ],
});
const scaleCodec = codecOf(scales);

/** As any object is shown: whole, its metadata alone, or as a row. */
function show(call: Call, item: Item): Promise<Reply> {
  const scale = { ...scaleOf(item), kind: kind.kind, apiVersion: apiVersionOf(kind) } as Scale & ApiObject;
  const shown: Call = { ...call, served: { ...call.served, resource: scales, stored: scales, codec: scaleCodec, conversion: undefined } };
  return respondItem(shown, formOf(shown), new Item(item.key, item.revision, item.stored, scaleCodec, scale), 200);
}
