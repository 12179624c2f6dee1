/** Answers that show stored objects: shared bytes where the form allows it, tables and metadata otherwise. */
import { ApiError, type ApiObject } from '@kaji/api';
import type { Reply } from '../pipeline/request.ts';
import { enveloped, type FormName, type Item } from '../watch-cache/item.ts';
import { acceptedForm, type Form } from './accept.ts';
import type { Call } from './call.ts';
import { compressed, jsonReply, reply, withWarnings } from './negotiation.ts';
import { encodeEnvelope } from '@kaji/schema';
import { tableOf } from './table.ts';

/** Decided before anything is done, as upstream does: a write is not made for an answer that cannot be given. */
export const formOf = ({ request }: Call): Form => acceptedForm(request, {
  canTransform: true, hasNoTable: !withTables.has(request.target.subresource), isCollection: request.target.name === '' && request.method === 'GET',
});

/** Kubernetes: other subresources have no columns, though they answer whole objects. */
const withTables: ReadonlySet<string> = new Set(['', 'status', 'scale']);

const plainJson = { 'content-type': 'application/json' };

/** One object, as stored. */
export async function respondItem(call: Call, form: Form, item: Item, status: number): Promise<Reply> {
  await call.pace.rest();
  return compressed(call.request, withWarnings(showItem(call, form, item, status), call.warnings));
}

function showItem(call: Call, form: Form, item: Item, status: number): Reply {
  const { codec } = call.served;
  switch (form.as) {
    case 'object':
      if (form.media === 'protobuf') return reply(form, status, enveloped(codec, item.form(codec, 'protobuf')));
      if (form.media === 'json' && !form.isPretty) return { status, headers: plainJson, body: item.form(codec, 'json') };
      return jsonReply(form, status, item.form(codec, 'json').subarray(0, -1));
    case 'metadata':
      return metadataReply(form, status, (name) => item.form(codec, name));
    case 'table':
      return jsonReply(form, status, tableOf(call, form, [item], item.revision === 0 ? {} : { resourceVersion: String(item.revision) }, true));
    case 'metadataList':
      throw new ApiError('NotAcceptable', `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(call, item.object)})`);
  }
}

export const noSingleObject = (call: Call): ApiError => new ApiError('NotAcceptable', `you requested PartialObjectMetadata, but the requested object is a list (${goType(call)}List)`);

export function metadataReply(form: Form, status: number, bytes: (name: FormName) => Uint8Array): Reply {
  if (form.media !== 'protobuf') return jsonReply(form, status, metadataJson(form, bytes('metadataJson')));
  return reply(form, status, encodeEnvelope({ apiVersion: `meta.k8s.io/${form.metaVersion}`, kind: 'PartialObjectMetadata' }, bytes('metadataProtobuf')));
}

/** The older version differs in its name only. */
export function metadataJson(form: Form, json: Uint8Array): Uint8Array {
  return form.metaVersion === 'v1' ? json : Buffer.from(Buffer.from(json).toString().replace('"apiVersion":"meta.k8s.io/v1"', '"apiVersion":"meta.k8s.io/v1beta1"'));
}

/** `*core.ConfigMap`: Go's name of the internal type. */
export function goType({ served }: Call, _object?: ApiObject): string {
  const { group, kind } = served.stored;
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}`;
}
