/** PATCH: JSON patch, merge patch, strategic merge patch over the object as it is; again on the newer one after a lost race. */
import { ApiError, type ApiObject, apiVersionOf, badRequest } from '@kaji/api';
import { defined } from '@kaji/base';
import { DecodeError, fromJson, goQuoted, goText, isTooDeep, type JsonNotes, type JsonPatchOperation, jsonPatchSteps, type MessageType, mergePatch, type ParsedJson, parseJson, partLimit, PatchError, readJsonPatch, strategicMergePatch, unknownFields, unstructuredProblem, valueText } from '@kaji/schema';
import type { Reply, ResourceRequest } from '../../pipeline/request.ts';
import type { Item } from '../../watch-cache/item.ts';
import { kindIn, mismatch } from '../body.ts';
import { type Call, matchNamespace, warn } from '../call.ts';
import { invalid, plainError } from '../invalid.ts';
import { manageChange } from '../managed-fields.ts';
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
function patchKind({ request, warnings }: Call): PatchKind {
  const kind = kinds[patchType(request)];
  if (kind !== undefined) return kind;
  // Kubernetes: where one type of several would do, the refusal comes from further in, and in other words.
  const types = [...Object.keys(kinds), applyType];
  const some = (request.headers['content-type'] ?? '').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  if (some.some((type) => types.includes(type))) throw new ApiError('UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`);
  warnings.length = 0;
  throw new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });
}

export async function patch(call: Call): Promise<Reply> {
  if (patchType(call.request) === applyType) return apply(call);
  patchKind(call);
  const form = formOf(call);
  const { options, apply: change } = await patching(call);
  const { item } = await updateObject(call, (there) => change(defined(there, 'a patch never creates')), options);
  return respondItem(call, form, item, 200);
}

export interface Patching {
  readonly options: WriteOptions;
  /** The object as it is, patched. As it is stored. */
  apply(there: Item): Promise<ApiObject>;
}

/** What a request asks to be patched. */
export async function patching(call: Call): Promise<Patching> {
  const kind = patchKind(call);
  const body = await call.request.body();
  const options = writeOptions(call.request, 'PatchOptions');
  call.pace.carry(body.length);
  let known: ParsedPatch | undefined;
  return {
    options,
    async apply(there) {
      // Kubernetes: read only now, so that a patch of an object that is not there is 404, whatever it says.
      // A strategic patch is used up as it is applied: to a newer object, another is.
      const parsed = known === undefined || kind === 'strategic' ? parsePatch(kind, body, options) : known;
      if (known === undefined && options.fieldValidation === 'Warn') for (const problem of parsed.problems) warn(call, problem);
      known = parsed;
      await call.pace.rest();
      const object = await patched(call, there, kind, parsed, options);
      await call.pace.rest();
      await manageChange(call, there.object, object, options.fieldManager);
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
  /** How numbers were written that are not written as such. */
  readonly literals: ReadonlyMap<object, JsonNotes>;
}

const operationLimit = 10_000;

/** Kubernetes: who asks for no validation has a patch read by another decoder, of other words. */
function parsePatch(kind: PatchKind, body: Uint8Array, { fieldValidation }: Pick<WriteOptions, 'fieldValidation'>): ParsedPatch {
  const isChecked = fieldValidation !== 'Ignore';
  if (kind === 'json') {
    const { operations, problems } = reading(() => readJsonPatch(body, isChecked), isChecked ? 'error decoding patch: ' : '');
    refuseDepth(operations);
    if (operations.length > operationLimit) throw new ApiError('RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is ${operationLimit}, got ${operations.length}`);
    return { value: operations, problems, literals: new Map() };
  }
  const isMerge = kind === 'merge';
  const prefix = isMerge ? 'error decoding patch: ' : '';
  const { value, notes } = isMerge && !isChecked ? readingLoosely(body) : reading(() => parseJson(body, partLimit), prefix);
  refuseDepth(value);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isMerge && (value === null || (!isChecked && !isObject && !Array.isArray(value)))) throw invalidMergePatch();
  if (value !== null && !isObject && !(isMerge && !isChecked)) throw badRequest(`${prefix}json: cannot unmarshal ${goName(value)} into Go value of type map[string]interface {}`);
  const problems: string[] = [];
  if (notes.size > 0 && isObject) duplicateKeys(value, notes, '', problems);
  return { value: value ?? {}, problems, literals: new Map([...notes].map(([holder, { literals }]) => [holder, { duplicates: new Set<string>(), literals }])) };
}

/** Patches are walked by the stack. */
function refuseDepth(patch: unknown): void {
  if (isTooDeep(patch)) throw badRequest('error decoding patch: json: exceeded max depth');
}

const invalidMergePatch = (): ApiError => badRequest('Invalid JSON Patch');

function readingLoosely(body: Uint8Array): ParsedJson {
  try {
    return parseJson(body, partLimit);
  } catch (error) {
    if (error instanceof DecodeError) throw invalidMergePatch();
    throw error;
  }
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
async function patched(call: Call, there: Item, kind: PatchKind, patch: ParsedPatch, options: Pick<WriteOptions, 'fieldValidation'>): Promise<ApiObject> {
  const { served } = call;
  const type = served.resource.type as MessageType<ApiObject>;
  const json = there.form(served.codec, 'json');
  await call.pace.rest();
  const { value: before } = parseJson(json);
  await call.pace.rest();
  const literals = new Map(patch.literals);
  const { value } = patch;
  const after = await applyPatch(call, before, { kind, value, literals });
  await call.pace.rest();
  const unusable = (why: string): ApiError => invalidPatch(kind === 'strategic' ? goText(value) : valueText(after), why);
  const misfit = kind === 'strategic' ? unstructuredProblem(type, after) : undefined;
  if (misfit !== undefined) throw unusable(misfit);
  // Kubernetes: a strategic patch never goes through text, so that its kind does not matter.
  const isKnown = kind === 'strategic' || hasItsKind(call, after, unusable);
  try {
    const { object, problems: decoding } = fromJson<ApiObject>(type, isKnown ? after : {}, literals, partLimit);
    await call.pace.rest();
    const problems = kind === 'strategic' ? unknownFields(type, after).map((path) => `unknown field "${path}"`).toSorted() : isKnown ? decoding : Object.keys(after as object).filter((key) => key !== 'kind' && key !== 'apiVersion').map((key) => `unknown field "${key}"`);
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

/** Whether the patched object says what it is. Kubernetes: without a version it is read as upstream's internal type, which knows none of its fields. */
function hasItsKind({ served: { resource }, parts }: Call, after: unknown, unusable: (why: string) => ApiError): boolean {
  const found = kindIn(after);
  if (typeof found === 'string') throw unusable(`couldn't get version/kind; json parse error: ${found}`);
  const { apiVersion } = found;
  const kind = found.kind === '' ? resource.kind : found.kind;
  if (apiVersion.split('/').length > 2) throw unusable(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === resource.kind && (apiVersion === '' || apiVersion === apiVersionOf(resource))) return apiVersion !== '';
  throw unusable(mismatch({ apiVersion, kind }, apiVersion.slice(apiVersion.indexOf('/') + 1), { resource, known: parts.knownKinds }));
}

/** Kubernetes: names no object, only the patch. */
function invalidPatch(shown: string, why: string): ApiError {
  return invalid({ group: '', kind: '' }, '', [{ field: 'patch', reason: 'FieldValueInvalid', message: `Invalid value: ${goQuoted(shown)}: ${why}` }]);
}

interface Patch {
  readonly kind: PatchKind;
  readonly value: unknown;
  readonly literals: Map<object, JsonNotes>;
}

async function applyPatch(call: Call, before: unknown, { kind, value, literals }: Patch): Promise<unknown> {
  try {
    switch (kind) {
      case 'merge': return mergePatch(before, value, (merged, from) => {
        const notes = literals.get(from);
        if (notes !== undefined) literals.set(merged, notes);
      });
      case 'strategic': return strategicMergePatch(call.served.resource.type as MessageType<unknown>, before as Record<string, unknown>, value as Record<string, unknown>);
      case 'json': {
        const steps = jsonPatchSteps(before, value as readonly JsonPatchOperation[]);
        for (;;) {
          const step = steps.next();
          if (step.done === true) return step.value;
          await call.pace.rest();
        }
      }
      default: return kind satisfies never;
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // Kubernetes: a JSON patch that does not apply is refused without saying why; a strategic one mostly is a plain failure.
    if (kind === 'json' || error.answer === 'rejected') throw new ApiError('Invalid', 'the server rejected our request due to an error in our request', { details: {} });
    throw error.answer === 'malformed' ? badRequest(error.message) : plainError(error.message);
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
