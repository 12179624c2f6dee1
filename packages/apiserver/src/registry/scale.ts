/** The subresource `scale`: how many there are and shall be, of whatever kind. */
import { type AnyResource, type ApiObject, apiVersionOf, conflict, type GroupVersionKind, notFound, resource } from '@kaji/api';
import { Scale } from '@kaji/api/autoscaling/v1';
import type { LabelSelector, ManagedFieldsEntry, ObjectMeta } from '@kaji/api/meta/v1';
import { applyDefaults, differenceOf, fieldSetOf, formatSelector, humanDuration, intersectionOf, isEmptySet, type MessageType, parseTime, selectorOf } from '@kaji/schema';
import type { Reply } from '../pipeline/request.ts';
import { codecOf, Item } from '../watch-cache/item.ts';
import { bodyMedia, decodeBody, type Wanted } from './body.ts';
import { type Call, current, keyOfCall, matchNamespace } from './call.ts';
import { fieldInvalid, invalid } from './invalid.ts';
import { type Manager, noManagers, readManagers, setFields, writeManagers } from './managed-entries.ts';
import { manageFields, managersOf, setManaged } from './managed-fields.ts';
import { writeOptions, type WriteOptions } from './options.ts';
import { formOf, respondItem } from './respond.ts';
import { application, applyType } from './verbs/apply.ts';
import { patching, patchType } from './verbs/patch.ts';
import { matchName, otherIdentity, updateObject } from './verbs/update.ts';

const kind: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
type ScaleObject = Scale & ApiObject;
const type = Scale as unknown as MessageType<ScaleObject>; // kind and apiVersion stand beside the declared fields

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
  formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'UpdateOptions');
  const scale = await decodeScale(call, body, { media, fieldValidation: options.fieldValidation });
  matchNamespace(call, scale);
  matchName(call, scale);
  const shown = asScale(call);
  return changeScale(call, options, (item) => {
    const wanted = structuredClone(scale);
    manageFields(shown, item.object, wanted, options.fieldManager);
    return wanted;
  });
}

export async function patchScale(call: Call): Promise<Reply> {
  const { request } = call;
  formOf(call);
  const shown = asScale(call);
  const change = patchType(request) === applyType ? await application(shown) : await patching(shown);
  return changeScale(call, change.options, change.apply);
}

/** Makes the change on the object's scale, and carries the outcome over to the object. */
async function changeScale(call: Call, options: WriteOptions, change: (scale: Item) => ApiObject | Promise<ApiObject>): Promise<Reply> {
  const { item } = await updateObject(call, async (there) => {
    if (there === undefined) throw notFound(call.served.resource, call.request.target.name);
    return withScale(call, there, await change(scaleItem(there)) as ScaleObject); // both deal in scales
  }, options);
  return show(call, item);
}

/** Versions that once had this kind. */
const otherVersions = ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'];

async function decodeScale(call: Call, body: Uint8Array, how: Pick<Wanted, 'media' | 'fieldValidation'>): Promise<ScaleObject> {
  const scale = await decodeBody<ScaleObject>(call, body, { ...how, resource: { ...kind, type: type as AnyResource['type'] }, otherVersions });
  applyDefaults(type, scale);
  return scale;
}

/** The scaled object with the new count. */
function withScale(call: Call, there: Item, { metadata, spec }: ScaleObject): ApiObject {
  const { resource } = call.served;
  const object = structuredClone(there.object) as Scalable; // kinds with this subresource have these fields
  const [name = '', actual] = [object.metadata.name, object.metadata.uid];
  const { uid = '' } = metadata;
  const isOther = uid !== '' && uid !== actual;
  // Kubernetes: a PUT says beforehand whom it means, and the storage refuses it.
  if (isOther && call.request.method === 'PUT') throw otherIdentity(resource, name, { key: there.key, wanted: uid, actual });
  const replicas = spec.replicas ?? 0;
  if (replicas < 0) throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [fieldInvalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  if (isOther) throw conflict({ ...resource, plural: `${resource.plural}/scale` }, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${actual ?? ''}`);
  object.spec.replicas = replicas;
  object.metadata.resourceVersion = metadata.resourceVersion;
  setManaged(object, ownersOfScaled(call, object, metadata.managedFields ?? []));
  return object;
}

const replicasField = fieldSetOf([['f:spec', 'f:replicas']]);
const isOwner = ({ fields }: Manager): boolean => !isEmptySet(intersectionOf(fields, replicasField));

/** Who owns the count, in the scale's terms. */
const ownersOfScale = (object: ApiObject): ManagedFieldsEntry[] | undefined =>
  writeManagers(new Map([...managersOf(object)].filter(([, manager]) => isOwner(manager)).map(([id, manager]) => [id, { ...manager, apiVersion: apiVersionOf(kind), fields: replicasField, entry: undefined }])));

/**
 * Who owns what of the scaled object, after its scale has new owners. Kubernetes: those whom the scale names by another version
 * than the object lose the count and have it again, in an entry of its own and without a time.
 */
function ownersOfScaled(call: Call, object: ApiObject, scaleEntries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] | undefined {
  const apiVersion = apiVersionOf(call.served.resource);
  const before = managersOf(object);
  const scaling = new Map(readManagers(scaleEntries) ?? noManagers);
  const owners = new Map<string, Manager>();
  for (const [id, manager] of before) {
    if (!isOwner(manager) || scaling.delete(id)) owners.set(id, manager);
    else {
      owners.set(id, manager);
      setFields(owners, id, manager, differenceOf(manager.fields, replicasField));
    }
  }
  for (const [id, manager] of scaling) if (isOwner(manager)) owners.set(id, { ...manager, apiVersion, fields: replicasField, time: before.get(id)?.time, entry: undefined });
  return writeManagers(owners);
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

/** A scale is made of its object and has no bytes of its own. */
const notStored = new Uint8Array(0);

/** The call as if the scale were an object of its own. */
const asScale = (call: Call): Call => ({ ...call, served: { ...call.served, resource: scales, stored: scales, codec: scaleCodec, conversion: undefined, hasStatus: false } });

function scaleItem(item: Item): Item {
  const { metadata, ...rest } = scaleOf(item);
  const managedFields = ownersOfScale(item.object);
  const scale = { ...rest, kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) } } as ScaleObject;
  return new Item(item.key, item.revision, notStored, scaleCodec, scale);
}

/** As any object is shown: whole, its metadata alone, or as a row. */
function show(call: Call, item: Item): Promise<Reply> {
  const scale = { ...scaleOf(item), kind: kind.kind, apiVersion: apiVersionOf(kind) } as ScaleObject;
  const shown = asScale(call);
  return respondItem(shown, formOf(shown), new Item(item.key, item.revision, notStored, scaleCodec, scale), 200);
}
