// exec, attach and portforward: authorized here, then joined to the kubelet's own connection.
import { badRequest, notFound } from '@kaji/api';
import { pods } from '@kaji/api/core/v1';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { KubeletAccess } from '../config.ts';
import { forbiddenBy } from '../pipeline/authorize.ts';
import type { Handler, ResourceRequest } from '../pipeline/request.ts';
import { methodNotAllowed } from '../pipeline/route.ts';
import type { Reader } from '../registry/reader.ts';
import { containerOf, kubeletOf } from './locate.ts';
import { passOn } from './upgrade.ts';

interface Doors {
  readonly reader: Reader;
  readonly authorizer: Authorizer;
  readonly kubelet: KubeletAccess | undefined;
}

export const podStream = ({ reader, authorizer, kubelet }: Doors, kind: 'exec' | 'attach' | 'portForward'): Handler<ResourceRequest> => async (request) => {
  const { namespace, name } = request.target;
  if (request.method !== 'GET' && request.method !== 'POST') throw methodNotAllowed();
  requireCreate(authorizer, request);
  const query = kind === 'portForward' ? portQuery(request.query) : streamQuery(request.query);
  const pod = reader.get(pods, namespace, name);
  if (pod === undefined) throw notFound(pods, name);
  const container = kind === 'portForward' ? '' : `/${containerOf(pod, request.query.get('container') ?? '')}`;
  const nodeName = pod.spec?.nodeName ?? '';
  if (nodeName === '') throw badRequest(`pod ${name} does not have a host assigned`);
  const location = kubeletOf(reader, nodeName);
  const search = query.toString();
  return passOn(request, location, `/${kind}/${namespace}/${name}${container}${search === '' ? '' : `?${search}`}`, { kubelet });
};

/** WebSockets begin with a GET: whoever may only read must not get a shell by that. */
function requireCreate(authorizer: Authorizer, { user, action }: ResourceRequest): void {
  const create = { ...action, verb: 'create' };
  const decision = authorizer.authorize(user, create);
  if (!decision.isAllowed) throw forbiddenBy(user, create, decision.reason);
}

const isTrue = (value: string | null): boolean => value !== null && value.toLowerCase() !== 'false' && value !== '0';

/** The kubelet's names for the same switches. */
function streamQuery(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams();
  for (const [name, own] of [['stdin', 'input'], ['stdout', 'output'], ['stderr', 'error'], ['tty', 'tty']] as const) if (isTrue(query.get(name))) asked.set(own, '1');
  for (const word of query.getAll('command')) asked.append('command', word);
  return asked;
}

function portQuery(query: URLSearchParams): URLSearchParams {
  const ports = query.getAll('ports');
  for (const port of ports) if (!/^\d+$/.test(port)) throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(port)}: invalid syntax`);
  return new URLSearchParams(ports.length === 0 ? {} : { port: ports.join(',') });
}
