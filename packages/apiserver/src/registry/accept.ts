/** What a client accepts: media type, form, pretty or not. The rules are those of upstream, which are not RFC 9110's. */
import { ApiError } from '@kaji/api';
import type { Received } from '../pipeline/request.ts';

export type Media = 'json' | 'yaml' | 'protobuf';

/** What to answer with. `as` is the kind asked for: the object itself, its metadata alone, or rows of a table. */
export interface Form {
  readonly media: Media;
  readonly as: 'object' | 'metadata' | 'metadataList' | 'table';
  /** Version of meta.k8s.io for metadata and tables. */
  readonly metaVersion: 'v1' | 'v1beta1';
  readonly isPretty: boolean;
  /** Discovery of all groups at once. */
  readonly isAggregated?: boolean;
}

export interface AcceptOptions {
  /** Objects can be shown as metadata and tables; discovery and Status cannot. */
  readonly canTransform?: boolean;
  /** Of what can be transformed, some has no columns. */
  readonly hasNoTable?: boolean;
  /** Discovery can be answered for all groups at once. */
  readonly canAggregate?: boolean;
  /** The aggregation layer answers: it does not refuse in the router's words. */
  readonly isAggregator?: boolean;
  /** The path also serves watches: its 406 names their media types too. */
  readonly isCollection?: boolean;
}

export const contentTypes: Readonly<Record<Media, string>> = { json: 'application/json', yaml: 'application/yaml', protobuf: 'application/vnd.kubernetes.protobuf' };
const medias = Object.keys(contentTypes) as Media[]; // keys of a Record<Media, ...>
const supported = Object.values(contentTypes).join(', ');
const streamed = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

interface Clause {
  readonly type: string;
  readonly quality: number;
  readonly parameters: Readonly<Record<string, string>>;
}

type Asking = Pick<Received, 'headers' | 'query'>;

/** Throws NotAcceptable. */
export function acceptedForm(request: Asking, options: AcceptOptions = {}): Form {
  const clauses = parse(request.headers['accept'] ?? '');
  if (options.isAggregator !== true && clauses.length > 0 && !clauses.some(({ type }) => type === '*/*' || medias.some((media) => contentTypes[media] === type))) {
    // Kubernetes: the router refuses what no route produces, in words of its own.
    throw new ApiError('NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${supported}${options.isCollection === true ? `, ${streamed}` : ''}`, { details: {} });
  }
  const form = negotiate(request, clauses, options);
  if (form === undefined) throw new ApiError('NotAcceptable', `only the following media types are accepted: ${supported}`);
  return form;
}

/** For watches: YAML cannot be streamed. */
export function acceptedStream(request: Asking): Form {
  const form = acceptedForm(request, { canTransform: true, isCollection: true });
  if (form.media === 'yaml') throw new ApiError('NotAcceptable', `only the following media types are accepted: ${streamed}`);
  return form;
}

/** For discovery that can also be answered whole: its form where the client wants that first, else undefined. */
export function acceptedAggregated(request: Asking): Form | undefined {
  const form = negotiate(request, parse(request.headers['accept'] ?? ''), { canAggregate: true });
  return form?.isAggregated === true ? form : undefined;
}

/** For pages that are written in JSON only, whatever else the client would like better. */
export function acceptsJson({ headers }: Asking): boolean {
  const clauses = parse(headers['accept'] ?? '');
  return clauses.length === 0 || clauses.some(({ type }) => type === contentTypes.json || type === '*/*');
}

/** For errors, which are answered whatever the client accepts: JSON where nothing else fits. */
export function errorForm(request: Asking): Form {
  // Kubernetes: what cannot be shown as asked is written for people.
  return negotiate(request, parse(request.headers['accept'] ?? ''), {}) ?? { media: 'json', as: 'object', metaVersion: 'v1', isPretty: true };
}

function negotiate(request: Asking, clauses: readonly Clause[], options: AcceptOptions): Form | undefined {
  const pretty = isPretty(request);
  if (clauses.length === 0) return { media: 'json', as: 'object', metaVersion: 'v1', isPretty: pretty };
  for (const { type, parameters } of clauses) {
    for (const media of medias) {
      if (type !== contentTypes[media] && type !== '*/*' && type !== 'application/*') continue;
      const transform = transformOf(parameters, media, options);
      if (transform === undefined || (parameters['stream'] ?? 'watch') !== 'watch') continue;
      return { media, ...transform, isPretty: pretty || parameters['pretty'] === '1' };
    }
  }
  return undefined;
}

function transformOf(parameters: Readonly<Record<string, string>>, media: Media, options: AcceptOptions): Pick<Form, 'as' | 'metaVersion' | 'isAggregated'> | undefined {
  const { as, g: group, v: version } = parameters;
  if (as === undefined && group === undefined && version === undefined) return { as: 'object', metaVersion: 'v1' };
  if (options.canAggregate === true && as === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2') return { as: 'object', metaVersion: 'v1', isAggregated: true };
  if (options.canTransform !== true || group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  switch (as) {
    case 'Table': return media === 'protobuf' || options.hasNoTable === true ? undefined : { as: 'table', metaVersion: version };
    case 'PartialObjectMetadata': return { as: 'metadata', metaVersion: version };
    case 'PartialObjectMetadataList': return { as: 'metadataList', metaVersion: version };
    default: return undefined;
  }
}

/** Kubernetes: a person's tools get indented JSON unless they ask otherwise. */
function isPretty({ headers, query }: Asking): boolean {
  const asked = query.get('pretty');
  if (asked !== null && asked !== '') return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

/** Best quality first; equal ones in the order given. */
function parse(header: string): readonly Clause[] {
  if (header.trim() === '') return [];
  const clauses = header.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((text) => text.trim());
    const parameters: Record<string, string> = {};
    for (const pair of rest) {
      const at = pair.indexOf('=');
      if (at > 0) parameters[pair.slice(0, at)] = pair.slice(at + 1);
    }
    const quality = Number(parameters['q'] ?? 1);
    return { type: type === '*' ? '*/*' : type, quality: Number.isFinite(quality) ? quality : 1, parameters };
  });
  return clauses.sort((a, b) => b.quality - a.quality);
}
