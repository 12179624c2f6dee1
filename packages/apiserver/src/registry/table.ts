/** The Table form: rows of printer columns, as `kubectl get` shows them. Ages are those at the moment of the request. */
import type { AnyResource, Column } from '@kaji/api';
import type { Item } from '../watch-cache/item.ts';
import type { Form } from './accept.ts';
import { badRequest } from '@kaji/api';
import { goQuoted } from '@kaji/schema';
import type { Call } from './call.ts';

export interface ListMetadata {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

const encoder = new TextEncoder();

/** JSON of a whole Table. Events of a watch after the first leave the columns out. */
export function tableOf(call: Call, form: Form, items: Iterable<Item>, metadata: ListMetadata, hasColumns: boolean): Uint8Array {
  const rows: string[] = [];
  for (const item of items) rows.push(rowOf(call, form, item));
  return encoder.encode(tableHead(call, form, metadata, hasColumns) + rows.join(',') + tableTail);
}

export const tableTail = ']}';

export function tableHead(call: Call, form: Form, metadata: ListMetadata, hasColumns: boolean): string {
  const columns = hasColumns ? JSON.stringify(columnsOf(call.served.resource).filter(({ isUnnamed }) => isUnnamed !== true).map(({ name, type, format, isWide }) => ({ name, type, format: format ?? '', description: '', priority: isWide === true ? 1 : 0 }))) : 'null';
  return `{"kind":"Table","apiVersion":"meta.k8s.io/${form.metaVersion}","metadata":${JSON.stringify(metadata)},"columnDefinitions":${columns},"rows":[`;
}

export function rowOf(call: Call, form: Form, item: Item): string {
  const { codec, resource } = call.served;
  const now = call.parts.runtime.clock.now();
  const object = codec.fromStored?.(item.object) ?? item.object;
  const cells = columnsOf(resource).map((column) => column.value(object, now) ?? null);
  const conditions = resource.rowConditions?.(object) ?? [];
  return `{"cells":${JSON.stringify(cells)},${conditions.length === 0 ? '' : `"conditions":${JSON.stringify(conditions)},`}"object":${included(call, form, item)}}`;
}

function included(call: Call, form: Form, item: Item): string {
  switch (includedObject(call)) {
    case 'None': return 'null';
    case 'Object': return Buffer.from(item.form(call.served.codec, 'json').subarray(0, -1)).toString();
    case 'Metadata': {
      const json = Buffer.from(item.form(call.served.codec, 'metadataJson')).toString();
      return form.metaVersion === 'v1' ? json : json.replace('"apiVersion":"meta.k8s.io/v1"', '"apiVersion":"meta.k8s.io/v1beta1"');
    }
  }
}

/** How much of its object each row carries. Throws BadRequest. */
export function includedObject({ request }: Call): 'None' | 'Metadata' | 'Object' {
  const asked = request.query.get('includeObject') ?? '';
  switch (asked) {
    case 'None': case 'Object': case 'Metadata': return asked;
    case '': return 'Metadata';
    default: throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${goQuoted(asked)}: must be 'Metadata', 'Object', 'None', or empty`);
  }
}

/** Kinds without columns of their own show name and time of creation. */
const plainColumns: readonly Column<{ metadata?: { name?: string | undefined; creationTimestamp?: string | undefined } | undefined }>[] = [
  { name: 'Name', type: 'string', format: 'name', value: (object) => object.metadata?.name ?? '' },
  { name: 'Created At', type: 'date', value: (object) => object.metadata?.creationTimestamp },
];

function columnsOf(resource: AnyResource): readonly Column<unknown>[] {
  return (resource.columns ?? plainColumns) as readonly Column<unknown>[]; // a resource's columns read its own objects
}
