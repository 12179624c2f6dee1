/** PATCH: JSON patch, merge patch, strategic merge patch over the object as it is; again on the newer one after a lost race. */
import { ApiError, type ApiObject, apiVersionOf, badRequest } from '@kaji/api';
import { defined } from '@kaji/base';
import { DecodeError, fromJson, goQuoted, goText, jsonPatch, type JsonPatchOperation, type MessageType, mergePatch, type ParsedJson, parseJson, PatchError, readJsonPatch, strategicMergePatch, unstructuredProblem, valueText } from '@kaji/schema';
import type { Reply, ResourceRequest } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { type Call, matchNamespace, warn } from '../call.ts';
import { invalid, plainError } from '../invalid.ts';
import { manageFields } from '../managed-fields.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import { apply, applyType } from './apply.ts';
import { withDefaults } from './create.ts';
import { matchName, updateObject } from './update.ts';

type PatchKind = 'json' | 'merge' | 'strategic';

const kinds: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

export const patchType = ({ headers }: Pick<ResourceRequest, 'headers'>): string => (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';

/** Throws UnsupportedMediaType. The type must be written in lower case. */
function patchKind(request: Pick<ResourceRequest, 'headers'>): PatchKind {
  const kind = kinds[patchType(request)];
  if (kind !== undefined) return kind;
  throw new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
}

export async function patch(call: Call): Promise<Reply> {
  if (patchType(call.request) === applyType) return apply(call);
  patchKind(call.request);
  const form = formOf(call);
  const { options, apply: change } = await patching(call);
  const { item } = await updateObject(call, (there) => change(defined(there, 'a patch never creates')), options);
  return respondItem(call, form, item, 200);
}

export interface Patching {
  readonly options: WriteOptions;
  /** The object as it is, patched. As it is stored. */
  apply(there: Item): ApiObject;
}

/** What a request asks to be patched. */
export async function patching(call: Call): Promise<Patching> {
  const kind = patchKind(call.request);
  const body = await call.request.body();
  const options = writeOptions(call.request, 'PatchOptions');
  let parsed: ParsedPatch | undefined;
  return {
    options,
    apply(there) {
      // Kubernetes: read only now, so that a patch of an object that is not there is 404, whatever it says.
      if (parsed === undefined) {
        parsed = parsePatch(kind, body);
        if (options.fieldValidation === 'Warn') for (const problem of parsed.problems) warn(call, problem);
      }
      const object = patched(call, there, kind, parsed, options);
      manageFields(call, there.object, object, options.fieldManager);
      matchNamespace(call, object);
      matchName(call, object);
      return object;
    },
  };
}

interface ParsedPatch {
  readonly value: unknown;
  /** What strict validation refuses: duplicate keys, unknown members of operations. */
  readonly problems: readonly string[];
}

const operationLimit = 10_000;

function parsePatch(kind: PatchKind, body: Uint8Array): ParsedPatch {
  if (kind === 'json') {
    const { operations, problems } = reading(() => readJsonPatch(body), 'error decoding patch: ');
    if (operations.length > operationLimit) throw new ApiError('RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is ${operationLimit}, got ${operations.length}`);
    return { value: operations, problems };
  }
  const { value, notes } = reading(() => parseJson(body), 'error decoding patch: ');
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) throw badRequest(`${kind === 'merge' ? 'error decoding patch: ' : ''}json: cannot unmarshal ${goName(value)} into Go value of type map[string]interface {}`);
  if (value === null && kind === 'merge') throw badRequest('Invalid JSON Patch');
  const problems: string[] = [];
  if (notes.size > 0 && value !== null) duplicateKeys(value, notes, '', problems);
  return { value: value ?? {}, problems };
}

/** `duplicate field "data.k"`, wherever in the patch. */
function duplicateKeys(value: object, notes: ParsedJson['notes'], path: string, problems: string[]): void {
  for (const key of notes.get(value)?.duplicates ?? []) problems.push(`duplicate field ${JSON.stringify(path === '' ? key : `${path}.${key}`)}`);
  for (const [key, child] of Object.entries(value) as [string, unknown][]) {
    if (typeof child === 'object' && child !== null) duplicateKeys(child, notes, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, problems);
  }
}

const goName = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value);

/** The object as it is, patched, decoded and defaulted. */
function patched(call: Call, there: Item, kind: PatchKind, patch: ParsedPatch, options: Pick<WriteOptions, 'fieldValidation'>): ApiObject {
  const { served } = call;
  const { value: before } = parseJson(there.form(served.codec, 'json'));
  const after = applyPatch(served.resource.type as MessageType<unknown>, before, kind, patch.value);
  const unusable = (why: string): ApiError => invalidPatch(kind === 'strategic' ? goText(patch.value) : jsonOf(after), why);
  const found = after as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const isBare = kind === 'strategic' && found.kind === undefined && found.apiVersion === undefined; // Kubernetes: such a patch never goes through JSON with its kind
  if (!isBare && (found.kind !== served.resource.kind || found.apiVersion !== apiVersionOf(served.resource))) {
    throw unusable(`no kind ${JSON.stringify(found.kind ?? '')} is registered for version ${JSON.stringify(found.apiVersion ?? '')} in scheme "pkg/api/legacyscheme/scheme.go:30"`);
  }
  const misfit = kind === 'strategic' ? unstructuredProblem(served.resource.type as MessageType<unknown>, after) : undefined;
  if (misfit !== undefined) throw unusable(misfit);
  try {
    const { object, problems } = fromJson<ApiObject>(served.resource.type as MessageType<ApiObject>, after);
    const all = [...patch.problems, ...problems];
    if (options.fieldValidation === 'Strict' && all.length > 0) throw unusable(`strict decoding error: ${all.join(', ')}`);
    if (options.fieldValidation === 'Warn') for (const problem of problems) warn(call, problem);
    withDefaults(call, object);
    return served.conversion?.toStored(object) ?? object;
  } catch (error) {
    if (error instanceof DecodeError) throw unusable(error.message);
    throw error;
  }
}

/** Kubernetes: names no object, only the patch. */
function invalidPatch(shown: string, why: string): ApiError {
  return invalid({ group: '', kind: '' }, '', [{ field: 'patch', reason: 'FieldValueInvalid', message: `Invalid value: ${goQuoted(shown)}: ${why}` }]);
}

/** Keys of the outermost object sorted, as Go's library leaves them. */
const jsonOf = (after: unknown): string => valueText(Object.fromEntries(Object.entries(after as object).toSorted(([a], [b]) => (a < b ? -1 : 1))));

function applyPatch(type: MessageType<unknown>, before: unknown, kind: PatchKind, patch: unknown): unknown {
  try {
    switch (kind) {
      case 'merge': return mergePatch(before, patch);
      case 'strategic': return strategicMergePatch(type, before as Readonly<Record<string, unknown>>, patch as Readonly<Record<string, unknown>>);
      case 'json': return jsonPatch(before, patch as readonly JsonPatchOperation[]);
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // Kubernetes: a JSON patch that does not apply is refused without saying why; a strategic one is a plain failure.
    if (kind === 'json') throw new ApiError('Invalid', 'the server rejected our request due to an error in our request', { details: {} });
    throw plainError(error.message);
  }
}

function reading<T>(parse: () => T, prefix: string): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
}
