// The `token` subresource of service accounts: a new token, bound to the account and, if asked for, to an object beside it.
import { type ApiError, type ApiObject, badRequest, conflict, type FieldError, notFound, type Resource } from '@kaji/api';
import type { TokenRequest } from '@kaji/api/authentication/v1';
import { nodes, pods, secrets, serviceaccounts } from '@kaji/api/core/v1';
import { type Runtime, uuid } from '@kaji/base';
import { TokenSigner } from '@kaji/pki';
import { formatTime } from '@kaji/schema';
import { invalid } from '../registry/invalid.ts';
import type { Evaluate } from '../registry/parts.ts';
import type { Reader } from '../registry/reader.ts';
import type { BoundTo } from './service-account-tokens.ts';

export interface IssuerConfig {
  readonly issuer: string;
  /** What a token is for that names nothing: this server's own audiences. */
  readonly audiences: readonly string[];
  readonly privateKeyPem: string;
}

const tokenRequest = { group: 'authentication.k8s.io', kind: 'TokenRequest' };

/** Kubernetes: what kubelets ask for; such tokens live for a year, because old clients never read the file again. */
const warnAfterSeconds = 3607;
const extendedSeconds = 365 * 24 * 60 * 60;

export function tokenIssuer({ clock, random }: Pick<Runtime, 'clock' | 'random'>, reader: () => Reader, config: IssuerConfig): Evaluate {
  const signer = new TokenSigner(config.privateKeyPem);
  const ids = random.stream('token-id');
  return (object, { target }) => {
    const request = object as TokenRequest & ApiObject; // the registry decoded the body as the subresource's kind
    const { namespace, name } = target;
    checkMetadata(request, namespace, name);
    const account = reader().get(serviceaccounts, namespace, name);
    if (account === undefined) throw notFound(serviceaccounts, name);
    const uid = account.metadata.uid ?? '';
    const { uid: asked } = request.metadata;
    if (asked !== undefined && asked !== '' && asked !== uid) {
      throw conflict({ group: tokenRequest.group, plural: tokenRequest.kind }, name, `the UID in the token request (${asked}) does not match the UID of the service account (${uid})`);
    }
    const expirationSeconds = Number(request.spec.expirationSeconds ?? 3600);
    const audiences = (request.spec.audiences ?? []).length === 0 ? [...config.audiences] : request.spec.audiences ?? [];
    const errors = expirationErrors(expirationSeconds);
    if (errors.length > 0) throw invalid(tokenRequest, '', errors);
    const nowMs = clock.now();
    const bound: BoundTo = { namespace, serviceaccount: { name, uid }, ...boundObject(reader(), request, namespace, name) };
    const isExtended = bound.pod !== undefined && expirationSeconds === warnAfterSeconds && audiences.every((audience) => config.audiences.includes(audience));
    const now = Math.floor(nowMs / 1000);
    const token = signer.sign({
      aud: audiences, exp: now + (isExtended ? extendedSeconds : expirationSeconds), iat: now, iss: config.issuer, jti: uuid(ids),
      'kubernetes.io': { ...bound, ...(isExtended ? { warnafter: now + expirationSeconds } : {}) }, nbf: now, sub: `system:serviceaccount:${namespace}:${name}`,
    });
    return {
      ...request,
      metadata: { ...request.metadata, name, namespace, uid, creationTimestamp: formatTime(nowMs) },
      spec: { ...request.spec, audiences, expirationSeconds },
      status: { token, expirationTimestamp: formatTime(nowMs + expirationSeconds * 1000) },
    };
  };
}

function checkMetadata(request: TokenRequest, namespace: string, name: string): void {
  const { name: ownName = '', namespace: ownNamespace = '' } = request.metadata;
  const mismatch = (field: string, value: string, of: string): ApiError =>
    invalid(tokenRequest, name, [{ field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: must match the service account ${of} if specified` }]);
  if (ownName !== '' && ownName !== name) throw mismatch('metadata.name', ownName, 'name');
  if (ownNamespace !== '' && ownNamespace !== namespace) throw mismatch('metadata.namespace', ownNamespace, 'namespace');
}

function expirationErrors(seconds: number): readonly FieldError[] {
  const error = (message: string): readonly FieldError[] => [{ field: 'spec.expirationSeconds', reason: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${message}` }];
  if (seconds < 600) return error('may not specify a duration less than 10 minutes');
  if (seconds > 2 ** 32) return error('may not specify a duration larger than 2^32 seconds');
  return [];
}

function boundObject(reader: Reader, request: TokenRequest, namespace: string, account: string): Partial<BoundTo> {
  const reference = request.spec.boundObjectRef;
  if (reference === undefined) return {};
  const { kind = '', apiVersion = '', name = '', uid = '' } = reference;
  const find = <T extends ApiObject>(resource: Resource<T>, inNamespace: string): T => {
    if (name === '') throw badRequest('Name parameter required.');
    const object = reader.get(resource, inNamespace, name);
    if (object === undefined) throw notFound(resource, name);
    return object;
  };
  const checked = (object: ApiObject): { name: string; uid: string } => {
    const own = object.metadata.uid ?? '';
    if (uid !== '' && uid !== own) {
      throw conflict({ group: '', plural: kind }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
    }
    return { name, uid: own };
  };
  // Kubernetes: a version that cannot be read counts as none.
  const parts = apiVersion.split('/');
  const [group = '', version = ''] = parts.length > 2 ? [] : parts.length === 2 ? parts : ['', apiVersion];
  switch (group === '' ? kind : '') {
    case 'Pod': {
      const pod = find(pods, namespace);
      if (pod.spec?.serviceAccountName !== account) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
      const nodeName = pod.spec.nodeName ?? '';
      const node = nodeName === '' ? undefined : reader.get(nodes, '', nodeName);
      return { pod: checked(pod), ...(nodeName === '' ? {} : { node: { name: nodeName, uid: node?.metadata.uid ?? '' } }) };
    }
    case 'Node': return { node: checked(find(nodes, '')) };
    case 'Secret': return { secret: checked(find(secrets, namespace)) };
    default: throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
}
