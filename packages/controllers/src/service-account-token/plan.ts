/** What becomes of a Secret that asks for a token of a service account: pure. */
import type { Secret, ServiceAccount } from '@kaji/api/core/v1';

export const tokenType = 'kubernetes.io/service-account-token';
export const accountNameAnnotation = 'kubernetes.io/service-account.name';
export const accountUidAnnotation = 'kubernetes.io/service-account.uid';

const tokenKey = 'token';
const namespaceKey = 'namespace';
const authorityKey = 'ca.crt';

export interface TokenParts {
  readonly authorityPem: string;
  sign(claims: Readonly<Record<string, unknown>>): string;
}

export type TokenPlan = { readonly do: 'nothing' } | { readonly do: 'delete' } | { readonly do: 'update'; readonly secret: Secret };

const base64 = (text: string): string => new TextEncoder().encode(text).toBase64();

/** `account` is the one that the Secret names, with its uid where it names one; undefined when there is none. */
export function planToken(secret: Secret, account: ServiceAccount | undefined, { authorityPem, sign }: TokenParts): TokenPlan {
  if (account === undefined) return { do: 'delete' };
  const { data = {}, metadata } = secret;
  const wanted = {
    ...(data[authorityKey] === base64(authorityPem) ? {} : { [authorityKey]: base64(authorityPem) }),
    ...((data[namespaceKey] ?? '') === '' ? { [namespaceKey]: base64(metadata.namespace ?? '') } : {}),
    ...((data[tokenKey] ?? '') === '' ? { [tokenKey]: base64(sign(claimsOf(secret, account))) } : {}),
  };
  if (Object.keys(wanted).length === 0) return { do: 'nothing' };
  const annotations = { ...metadata.annotations, [accountNameAnnotation]: account.metadata.name ?? '', [accountUidAnnotation]: account.metadata.uid ?? '' };
  return { do: 'update', secret: { ...secret, metadata: { ...metadata, annotations }, data: { ...data, ...wanted } } };
}

/** Whether a Secret names this account: by name, and by uid if it names one. */
export function isTokenOf({ metadata }: Pick<Secret, 'metadata'>, account: Pick<ServiceAccount, 'metadata'>): boolean {
  const uid = metadata.annotations?.[accountUidAnnotation] ?? '';
  return metadata.annotations?.[accountNameAnnotation] === account.metadata.name && (uid === '' || uid === account.metadata.uid);
}

/** Kubernetes: the claims from before tokens had an end and an audience. */
function claimsOf({ metadata }: Secret, account: ServiceAccount): Readonly<Record<string, unknown>> {
  const { namespace = '', name = '', uid = '' } = account.metadata;
  const prefix = 'kubernetes.io/serviceaccount/';
  return {
    'iss': 'kubernetes/serviceaccount', [`${prefix}namespace`]: namespace, [`${prefix}secret.name`]: metadata.name ?? '',
    [`${prefix}service-account.name`]: name, [`${prefix}service-account.uid`]: uid, 'sub': `system:serviceaccount:${namespace}:${name}`,
  };
}
