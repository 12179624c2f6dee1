/** Options of requests, from the query or from a body, checked as upstream checks them. */
import { append } from '@kaji/base';
import { badRequest, type FieldError } from '@kaji/api';
import { DeleteOptions } from '@kaji/api/meta/v1';
import { decodeEnvelope, DecodeError, decodeProtobuf, fromJson, parseJson, partLimit } from '@kaji/schema';
import type { YamlReader } from '../server/yaml-reader.ts';
import type { ResourceRequest } from '../pipeline/request.ts';
import { fieldForbidden, fieldInvalid, invalid, notSupported } from './invalid.ts';
import type { DeleteRequest } from './strategy.ts';
import { bodyMedia } from './body.ts';

export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  readonly isForced: boolean | undefined;
}

/** dryRun, fieldManager, fieldValidation of create, update and patch. Throws Invalid. */
export function writeOptions(request: ResourceRequest, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions', isApply = false): WriteOptions {
  const { query } = request;
  const dryRun = query.getAll('dryRun');
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const force = query.get('force');
  const errors: FieldError[] = [];
  if (kind === 'PatchOptions' && !isApply && force !== null) errors.push(fieldForbidden('force', 'may not be specified for non-apply patch'));
  if (isApply && fieldManager === '') errors.push({ field: 'fieldManager', reason: 'FieldValueRequired', message: 'Required value: is required for apply patch' });
  append(errors, managerErrors(fieldManager), dryRunErrors(dryRun));
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(fieldValidation)) errors.push(notSupported('fieldValidation', `"${fieldValidation}"`, ['', 'Ignore', 'Strict', 'Warn']));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    isDryRun: dryRun.length > 0, fieldManager, isForced: force === null ? undefined : isTrue(force),
    fieldValidation: fieldValidation === 'Strict' || fieldValidation === 'Ignore' ? fieldValidation : 'Warn',
  };
}

function managerErrors(manager: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (new TextEncoder().encode(manager).length > 128) errors.push({ field: 'fieldManager', reason: 'FieldValueTooLong', message: 'Too long: may not be more than 128 bytes' });
  let position = 0;
  for (const character of manager) {
    if (isUnprintable(character)) errors.push(fieldInvalid('fieldManager', manager, `invalid character ${unicodeName(character)} (at position ${position})`));
    position += Buffer.byteLength(character);
  }
  return errors;
}

/** Kubernetes: of all spaces, only the plain one counts as printable. */
export const isUnprintable = (character: string): boolean => /^[[\p{C}\p{Z}]--[\u0020]]$/v.test(character);

/** Go's %#U: `U+000A`; what can be shown is shown, too. */
const unicodeName = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const dryRunErrors = (dryRun: readonly string[]): readonly FieldError[] => (dryRun.every((value) => value === 'All') ? [] : [notSupported('dryRun', JSON.stringify(dryRun), ['All'])]);

/** Kubernetes: any text but these two is true. */
export const isTrue = (text: string): boolean => text !== 'false' && text !== '0' && text.toLowerCase() !== 'false';

/** An integer of the query; throws BadRequest with Go's text. */
export function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[+-]?[0-9]+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text.replace('+', ''));
  if (value > 0x7fffffffffffffffn || value < -0x8000000000000000n) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return Number(value);
}

/** From the body, or from the query where there is none. */
export async function deleteOptions(request: ResourceRequest, yaml: Pick<YamlReader, 'parse'>): Promise<DeleteRequest> {
  const body = await request.body();
  const options = body.length > 0 ? optionsOfBody(request, body, yaml) : optionsOfQuery(request.query);
  checkDeleteOptions(options);
  return options;
}

export function checkDeleteOptions(options: DeleteRequest): void {
  const errors: FieldError[] = [];
  if (options.propagationPolicy !== undefined && options.orphanDependents !== undefined) {
    errors.push({ field: 'propagationPolicy', reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(options.propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set` });
  }
  if (options.propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(options.propagationPolicy)) {
    errors.push(notSupported('propagationPolicy', JSON.stringify(options.propagationPolicy), ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  append(errors, dryRunErrors(options.dryRun ?? []));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
}

function optionsOfBody(request: ResourceRequest, body: Uint8Array, yaml: Pick<YamlReader, 'parse'>): DeleteRequest {
  const media = bodyMedia(request);
  try {
    if (media === 'protobuf') return optionsOfEnvelope(body);
    const value = media === 'yaml' ? yaml.parse(body).value : parseJson(body, partLimit).value;
    if (value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
      throw badRequest(`couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
    }
    const { object } = fromJson<DeleteRequest & { kind?: string; apiVersion?: string }>(DeleteOptions as never, value, undefined, partLimit);
    needKind(object);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(media === 'json' && body.length > 0 && isSyntax(error) ? `couldn't get version/kind; json parse error: ${error.message}` : error.message);
    throw error;
  }
}

/** What client-go's typed clients send. */
function optionsOfEnvelope(body: Uint8Array): DeleteRequest {
  const { raw, ...type } = decodeEnvelope(body);
  needKind(type);
  return decodeProtobuf<DeleteRequest>(DeleteOptions as never, raw, partLimit);
}

/** Kinds that this scheme of upstream's knows beside the one that is wanted. */
const otherKinds: ReadonlySet<string> = new Set(['Status', 'APIVersions', 'APIGroup', 'APIGroupList', 'APIResourceList']);

function needKind({ kind = 'DeleteOptions', apiVersion = 'meta.k8s.io/v1' }: { readonly kind?: string; readonly apiVersion?: string }): void {
  if (apiVersion === 'v1' && otherKinds.has(kind)) throw badRequest(`converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`);
  if (kind !== 'DeleteOptions' && kind !== '') throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/apis/meta/internalversion/scheme/register.go:27"`);
}

const isSyntax = (error: Error): boolean => /^(invalid character|unexpected end)/.test(error.message);

function optionsOfQuery(query: URLSearchParams): DeleteRequest {
  const gracePeriodSeconds = integer(query, 'gracePeriodSeconds');
  const propagationPolicy = query.get('propagationPolicy');
  const orphanDependents = query.get('orphanDependents');
  const uid = query.get('uid');
  const resourceVersion = query.get('resourceVersion');
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === null ? {} : { propagationPolicy }),
    ...(orphanDependents === null ? {} : { orphanDependents: isTrue(orphanDependents) }),
    ...(uid === null && resourceVersion === null ? {} : { preconditions: { ...(uid === null ? {} : { uid }), ...(resourceVersion === null ? {} : { resourceVersion }) } }),
    ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
  };
}

export interface ListRequest {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly limit: number;
  readonly continue: string;
  readonly timeoutSeconds: number | undefined;
  readonly allowsBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

export function listOptions({ query }: ResourceRequest, isWatch: boolean): ListRequest {
  const sendInitialEvents = query.get('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const options = {
    labelSelector: query.get('labelSelector') ?? '', fieldSelector: query.get('fieldSelector') ?? '', resourceVersion: query.get('resourceVersion') ?? '',
    limit: integer(query, 'limit') ?? 0, continue: query.get('continue') ?? '', timeoutSeconds: integer(query, 'timeoutSeconds'),
    allowsBookmarks: query.has('allowWatchBookmarks') && isTrue(query.get('allowWatchBookmarks') ?? ''),
    sendInitialEvents: sendInitialEvents === null ? undefined : isTrue(sendInitialEvents),
  };
  const errors = isWatch ? watchErrors(match, options) : listErrors(match, options);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  return { ...options, match: match === 'Exact' || match === 'NotOlderThan' ? match : '' };
}

type Unmatched = Omit<ListRequest, 'match'>;

function listErrors(match: string, options: Unmatched): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (match !== '') {
    if (options.resourceVersion === '') errors.push(fieldForbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (options.continue !== '') errors.push(fieldForbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', `"${match}"`, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && options.resourceVersion === '0') errors.push(fieldForbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (options.sendInitialEvents !== undefined) errors.push(fieldForbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return errors;
}

function watchErrors(match: string, options: Unmatched): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (options.sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    errors.push(fieldForbidden('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '') {
    if (options.sendInitialEvents === undefined) errors.push(fieldForbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    if (match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', `"${match}"`, ['NotOlderThan']));
  }
  // Kubernetes: a watch from any state on has a match, though none was given.
  const isMatched = match !== '' || (options.sendInitialEvents === undefined && (options.resourceVersion === '' || options.resourceVersion === '0'));
  if (options.continue !== '' && isMatched) errors.push(fieldForbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
  return errors;
}

