/** Bodies as clients want them: JSON (pretty or not), YAML, protobuf; objects, metadata and Status. */
import { type ApiError, apiVersionOf, type GroupVersionKind } from '@kaji/api';
import { Status } from '@kaji/api/meta/v1';
import { encodeEnvelope, encodeJson, encodeProtobuf, type MessageType, parseJson, yamlText } from '@kaji/schema';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Received, Reply } from '../pipeline/request.ts';
import { acceptedForm, contentTypes, errorForm, type Form } from './accept.ts';
import { indent } from './indent.ts';

type Asking = Pick<Received, 'headers' | 'query'>;

/** Kubernetes: smaller answers are not compressed. */
export const gzipThresholdBytes = 128 * 1024;
const newline = new Uint8Array([10]);
const gzipAsync = promisify(gzip);

/** An object of any declared type, as the request accepts it. */
export function encodeReply<T>(request: Asking, type: MessageType<T>, kind: GroupVersionKind, object: T, status: number): Reply {
  return encodeAs(acceptedForm(request), type, kind, object, status);
}

export function encodeAs<T>(form: Form, type: MessageType<T>, kind: GroupVersionKind, object: T, status: number): Reply {
  if (form.media === 'protobuf') return reply(form, status, inEnvelope(type as MessageType<unknown>, { apiVersion: apiVersionOf(kind), kind: kind.kind }, object));
  return jsonReply(form, status, encodeJson(type as MessageType<unknown>, { ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) } as unknown));
}

/** An object of any declared type as protobuf, under that name. */
export const inEnvelope = (type: MessageType<unknown>, name: { readonly apiVersion: string; readonly kind: string }, object: unknown): Uint8Array => encodeEnvelope(name, encodeProtobuf(type, object));

/** JSON bytes, shown as the form wants them: as they are, indented, or as YAML. */
export function jsonReply(form: Form, status: number, json: Uint8Array): Reply {
  if (form.media === 'yaml') return reply(form, status, new TextEncoder().encode(yamlText(parseJson(json).value)));
  return reply(form, status, form.isPretty ? indent(json) : Buffer.concat([json, newline]));
}

export function reply(form: Form, status: number, body: Uint8Array): Reply {
  return { status, headers: { 'content-type': contentTypes[form.media] }, body };
}

/** The Status of a refusal. Never throws: what the client does not accept is answered in JSON. */
export function errorReply(request: Asking, error: ApiError): Reply {
  const { details } = error;
  const form = errorForm(request);
  const status = {
    metadata: error.continue === undefined ? {} : { continue: error.continue }, status: 'Failure', message: error.message,
    ...(error.reason === '' ? {} : { reason: error.reason }),
    ...(details === undefined ? {} : { details: { ...details, causes: details.causes?.map((cause) => ({ ...cause })) } }),
    code: error.code,
  };
  const answer = encodeAs(form, Status as MessageType<unknown>, statusKind, status, error.code);
  const retryAfter = details?.retryAfterSeconds;
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } };
}

/** `status: Success`: what a deletion answers. */
export function successReply(form: Form, details: NonNullable<Status['details']>): Reply {
  return encodeAs(form, Status as MessageType<unknown>, statusKind, { metadata: {}, status: 'Success', details } as unknown, 200);
}

const statusKind: GroupVersionKind = { group: '', version: 'v1', kind: 'Status' };

/** Compresses a whole body where the client wants it and it is worth it. */
export async function compressed(request: Asking, answer: Reply): Promise<Reply> {
  if (!(answer.body instanceof Uint8Array) || answer.body.length < gzipThresholdBytes || !wantsGzip(request)) return answer;
  return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' }, body: await gzipAsync(answer.body, { level: 1 }) };
}

/** Kubernetes: a quality of zero still names the encoding to a Go server, but is taken at its word here as there. */
export function wantsGzip({ headers }: Asking): boolean {
  return (headers['accept-encoding'] ?? '').split(',').some((part) => part.trim() === 'gzip');
}

/** Kubernetes: so many characters of warnings go whole; of more, the start of each, until there are so many of these. */
const warningsLength = 4096;
const shortenedLength = 256;

function shortened(warnings: readonly string[]): readonly string[] {
  let total = 0;
  for (const text of warnings) total += lengthOf(text);
  if (total <= warningsLength) return warnings;
  const kept: string[] = [];
  let written = 0;
  for (const text of warnings) {
    if (written >= warningsLength) break;
    const short = text.length <= shortenedLength ? text : [...text.slice(0, 2 * shortenedLength)].slice(0, shortenedLength).join('');
    kept.push(short);
    written += lengthOf(short);
  }
  return kept;
}

/** In code points. */
const lengthOf = (text: string): number => [...text].length;

/** Adds Warning headers; several go as lines of one value. */
export function withWarnings(answer: Reply, warnings: readonly string[]): Reply {
  if (warnings.length === 0) return answer;
  const lines = shortened([...new Set(warnings)]).map((text) => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return { ...answer, headers: { ...answer.headers, warning: lines.join('\n') } };
}

