// The log of a container, from its node's kubelet, as a stream.
import { ApiError, badRequest, type FieldError, notFound } from '@kaji/api';
import { pods } from '@kaji/api/core/v1';
import type { IncomingMessage } from 'node:http';
import type { Handler, Reply, ResourceRequest } from '../pipeline/request.ts';
import { methodNotAllowed } from '../pipeline/route.ts';
import { invalid } from '../registry/invalid.ts';
import type { Reader } from '../registry/reader.ts';
import type { Fetcher } from './fetch.ts';
import { addressOf, containerOf, kubeletOf } from './locate.ts';

export const podLog = (reader: Reader, fetcher: Fetcher): Handler<ResourceRequest> => async (request) => {
  const { namespace, name } = request.target;
  if (request.method !== 'GET') throw methodNotAllowed();
  const options = logOptions(request.query);
  const errors = optionErrors(request.query);
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
  const pod = reader.get(pods, namespace, name);
  if (pod === undefined) throw notFound(pods, name);
  const container = containerOf(pod, request.query.get('container') ?? '');
  const nodeName = pod.spec?.nodeName ?? '';
  if (nodeName === '') return { status: 204, headers: {}, body: new Uint8Array() };
  const kubelet = kubeletOf(reader, nodeName);
  const query = options.toString();
  const path = `/containerLogs/${namespace}/${name}/${container}${query === '' ? '' : `?${query}`}`;
  let answer: IncomingMessage;
  try {
    answer = await fetcher.fetch(kubelet, { method: 'GET', path, headers: {}, signal: request.signal });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiError('', `Get ${JSON.stringify(`${addressOf(kubelet)}${path}`)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return forwarded(answer, name);
};

async function forwarded(answer: IncomingMessage, name: string): Promise<Reply> {
  const status = answer.statusCode ?? 502;
  if (status >= 200 && status < 300) return { status: 200, headers: { 'content-type': 'text/plain' }, body: answer };
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > 2048) break;
  }
  const details = { name, kind: 'pods/log' };
  if (status === 404) throw new ApiError('NotFound', `the server could not find the requested resource ( pods/log ${name})`, { details: { ...details, causes: [{ reason: 'UnexpectedServerResponse', message: text }] } });
  if (status === 400) throw badRequest(text.trim());
  throw new ApiError('InternalError', `an error on the server (${JSON.stringify(text.trim())}) has prevented the request from succeeding ( pods/log ${name})`, { code: status, details: { ...details, causes: [{ reason: 'UnexpectedServerResponse', message: text.trim() }] } });
}

const isTrue = (value: string | null): boolean => value !== null && value.toLowerCase() !== 'false' && value !== '0';

/** What of the query the kubelet is asked. */
function logOptions(query: URLSearchParams): URLSearchParams {
  const options = new URLSearchParams();
  for (const name of ['follow', 'previous', 'timestamps']) if (isTrue(query.get(name))) options.set(name, 'true');
  for (const name of ['sinceSeconds', 'sinceTime', 'tailLines', 'limitBytes']) {
    const value = query.get(name);
    if (value === null || value === '') continue;
    if (name !== 'sinceTime' && !/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    options.set(name, value);
  }
  return options;
}

function optionErrors(query: URLSearchParams): readonly FieldError[] {
  const errors: FieldError[] = [];
  const number = (name: string): number | undefined => {
    const value = query.get(name);
    return value === null || value === '' ? undefined : Number(value);
  };
  const wrong = (field: string, value: number, why: string): void => { errors.push({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}` }); };
  const [tailLines, limitBytes, sinceSeconds] = [number('tailLines'), number('limitBytes'), number('sinceSeconds')];
  if (tailLines !== undefined && tailLines < 0) wrong('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) wrong('limitBytes', limitBytes, 'must be greater than 0');
  // Kubernetes: a path with no name at all is shown as empty brackets.
  if (sinceSeconds !== undefined && (query.get('sinceTime') ?? '') !== '') errors.push({ field: '[]', reason: 'FieldValueForbidden', message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified' });
  else if (sinceSeconds !== undefined && sinceSeconds < 1) wrong('sinceSeconds', sinceSeconds, 'must be greater than 0');
  if (query.has('stream')) errors.push({ field: 'stream', reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified' });
  return errors;
}
