/** Objects out of request bodies: media type, kind, decoding, and what upstream says when any of them is wrong. */
import { ApiError, apiVersionOf, type ApiObject, badRequest, type AnyResource } from '@kaji/api';
import { DecodeError, decodeEnvelope, decodeProtobuf, fromJson, type MessageType, nameLimit, parseJson, partLimit } from '@kaji/schema';
import type { ResourceRequest } from '../pipeline/request.ts';
import { type Call, warn } from './call.ts';
import type { Media } from './accept.ts';
import { otherVersionsOf } from './conversions.ts';
import type { WriteOptions } from './options.ts';

/** Throws UnsupportedMediaType. */
export function bodyMedia(request: Pick<ResourceRequest, 'headers'>): Media {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  switch (type) {
    case '': if ((request.headers['content-type'] ?? '') === '') return 'json'; break;
    case 'application/json': return 'json';
    case 'application/yaml': return 'yaml';
    case 'application/vnd.kubernetes.protobuf': return 'protobuf';
    default: break;
  }
  throw new ApiError('UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf');
}

/** The kind a body is to be of. */
export interface Wanted {
  readonly resource: Pick<AnyResource, 'group' | 'version' | 'kind' | 'type'>;
  readonly media: Media;
  readonly fieldValidation: WriteOptions['fieldValidation'];
  /** Other versions that are taken as this one (`policy/v1beta1` for an Eviction). */
  readonly alsoVersions?: readonly string[];
  /** Versions that are the same kind, but not what this path takes. */
  readonly otherVersions?: readonly string[];
}

export interface KindOf {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Parsed {
  readonly kind: KindOf;
  readonly value: unknown;
  readonly raw: Uint8Array | undefined;
  readonly notes: unknown;
  readonly problems: readonly string[];
}

/** Decodes, checks kind and fields; unknown fields become warnings or, in strict mode, a refusal. */
export async function decodeBody<T extends ApiObject>(call: Call, body: Uint8Array, wanted: Wanted): Promise<T> {
  const { resource } = wanted;
  call.pace.carry(body.length);
  const parsed = parse(call, body, wanted);
  const kind = withDefaults(parsed.kind, resource);
  const version = kind.apiVersion.includes('/') ? kind.apiVersion.slice(kind.apiVersion.indexOf('/') + 1) : kind.apiVersion;
  const unusable = (why: string): ApiError => badRequest(`${kind.kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: ${why}`);
  if (kind.kind === resource.kind && (wanted.otherVersions ?? otherVersionsOf(resource)).includes(kind.apiVersion)) {
    throw badRequest(`the API version in the data (${kind.apiVersion}) does not match the expected API version (${apiVersionOf(resource)})`);
  }
  const isWanted = kind.kind === resource.kind && (kind.apiVersion === apiVersionOf(resource) || wanted.alsoVersions?.includes(kind.apiVersion) === true);
  if (!isWanted) throw unusable(mismatch(kind, version, { resource, known: call.parts.knownKinds }));
  await call.pace.rest();
  try {
    if (parsed.raw !== undefined) return { ...decodeProtobuf<T>(resource.type as MessageType<T>, parsed.raw, partLimit) };
    const { object, problems } = fromJson<T>(resource.type as MessageType<T>, parsed.value, parsed.notes as Parameters<typeof fromJson>[2], partLimit);
    report(call, [...parsed.problems, ...problems], wanted, unusable);
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw unusable(error.message);
    throw error;
  }
}

function report(call: Call, problems: readonly string[], { fieldValidation }: Pick<Wanted, 'fieldValidation'>, unusable: (why: string) => ApiError): void {
  if (problems.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw unusable(`strict decoding error: ${problems.join(', ')}`);
  for (const problem of problems) for (const text of linesOf(problem)) warn(call, text);
}

/** Kubernetes: duplicate keys in YAML are told by the YAML reader in one text of several lines; each is a warning of its own. */
export const linesOf = (problem: string): readonly string[] => (problem.startsWith('yaml: ') ? problem.split('\n').slice(1).map((line) => line.trim()) : [problem]);

function parse({ parts: { yaml } }: Call, body: Uint8Array, { resource, media }: Wanted): Parsed {
  const unrecognized = (why: string): ApiError => badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${why} (${summary(body)})`);
  try {
    if (media === 'protobuf') {
      const { apiVersion, kind: name, raw } = decodeEnvelope(body);
      return { kind: { apiVersion: apiVersion ?? '', kind: name ?? '' }, value: undefined, raw, notes: undefined, problems: [] };
    }
    const { value, notes, problems } = media === 'json' ? { ...parseJson(body, nameLimit), problems: [] } : { ...yaml.parse(body), notes: undefined };
    const object = value ?? {};
    const found = kindIn(object);
    if (typeof found === 'string') throw unrecognized(`couldn't get version/kind; json parse error: ${found}`);
    if (found.apiVersion.split('/').length > 2) throw unrecognized(`unexpected GroupVersion string: ${found.apiVersion}`);
    return { kind: found, value: object, raw: undefined, notes, problems };
  } catch (error) {
    if (error instanceof DecodeError) throw unrecognized(media === 'json' ? `couldn't get version/kind; json parse error: ${error.message}` : error.message);
    throw error;
  }
}

/** Kubernetes: kind and version are read first, into a Go struct of two strings; its texts show through. */
export function kindIn(value: unknown): KindOf | string {
  const name = (of: unknown): string => (Array.isArray(of) ? 'array' : typeof of === 'boolean' ? 'bool' : typeof of === 'bigint' ? 'number' : typeof of);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `json: cannot unmarshal ${name(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  }
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  if (apiVersion !== undefined && apiVersion !== null && typeof apiVersion !== 'string') return `json: cannot unmarshal ${name(apiVersion)} into Go struct field .apiVersion of type string`;
  if (kind !== undefined && kind !== null && typeof kind !== 'string') return `json: cannot unmarshal ${name(kind)} into Go struct field .kind of type string`;
  return { apiVersion: apiVersion ?? '', kind: kind ?? '' };
}

const withDefaults = (found: KindOf, resource: Wanted['resource']): KindOf => ({
  kind: found.kind === '' ? resource.kind : found.kind,
  apiVersion: found.apiVersion === '' ? apiVersionOf(resource) : found.apiVersion,
});

/** Kinds that every group of upstream knows. */
const metaKinds: ReadonlySet<string> = new Set(['DeleteOptions', 'ListOptions', 'GetOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions', 'WatchEvent']);

/** Why an object of another kind cannot be what is wanted. */
export function mismatch({ apiVersion, kind }: KindOf, version: string, { resource, known }: { readonly resource: Wanted['resource']; readonly known: ReadonlySet<string> }): string {
  const isKnown = known.has(`${apiVersion}/${kind}`) || (metaKinds.has(kind) && [...known].some((name) => name.startsWith(`${apiVersion}/`))) || (apiVersion === 'v1' && (kind === 'List' || kind === 'Status'));
  if (!isKnown) return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${schemeOf(resource)}"`;
  return `converting (${version}.${kind}) to (${packageOf(resource)}.${resource.kind}): unknown conversion`;
}

/** Where upstream's source makes what knows the kinds of a group. */
function schemeOf({ group }: Wanted['resource']): string {
  switch (group) {
    case 'apiregistration.k8s.io': return 'k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28';
    case 'apiextensions.k8s.io': return 'k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55';
    default: return 'pkg/api/legacyscheme/scheme.go:30';
  }
}

/** The Go package of a group's internal types. */
function packageOf({ group }: Wanted['resource']): string {
  if (group === '' || group === 'events.k8s.io') return 'core';
  return group.split('.')[0] ?? group;
}

function summary(body: Uint8Array): string {
  const limit = 30;
  if (body.length === 0) return '<empty>';
  const head = Buffer.from(body.subarray(0, limit));
  return `${body[0] === 123 ? head.toString() : head.toString('hex')}${body.length > limit ? ' ...' : ''}`;
}
