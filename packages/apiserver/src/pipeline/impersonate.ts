// Acting as somebody else. Kubernetes 1.36 tries the constrained modes first (KEP 5284), each with a verb of its own for whom
// one may be and for what one may do as them, and the old unconstrained `impersonate` verb last. The first refusal is the one told.
import { ApiError, badRequest } from '@kaji/api';
import { dns1123SubdomainErrors } from '@kaji/schema';
import type { Authorizer } from '../authorization/authorizer.ts';
import { resourceAction } from '../authorization/authorizer.ts';
import { decodePath } from './action.ts';
import { forbiddenBy } from './authorize.ts';
import type { Action, Authenticated, Filter, User } from './request.ts';

interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

export const impersonate = (authorizer: Authorizer): Filter<Authenticated, Authenticated> => (next) => async (request) => {
  const wanted = wantedUser(request.headers);
  if (wanted === undefined) return next(request);
  return next({ ...request, user: impersonated(authorizer, request.user, wanted, request.action), headers: withoutImpersonation(request.headers) });
};

function wantedUser(headers: Readonly<Record<string, string>>): Wanted | undefined {
  const name = firstLine(headers['impersonate-user']);
  const uid = firstLine(headers['impersonate-uid']);
  const groups = headers['impersonate-group']?.split('\n') ?? [];
  const extra = new Map<string, readonly string[]>();
  // On the way of every request: no list of headers is made for the many that impersonate nobody.
  for (const header in headers) {
    const value = headers[header];
    if (value === undefined || !header.startsWith(extraPrefix)) continue;
    const encoded = header.slice(extraPrefix.length);
    const key = decodePath(encoded) ?? encoded;
    extra.set(key, [...(extra.get(key) ?? []), ...value.split('\n')]);
  }
  if (name !== '') return { name, uid, groups, extra };
  if (uid !== '' || groups.length > 0 || extra.size > 0) throw badRequest(`requested ${goUser(uid, groups, extra)} without impersonating a user name`);
  return undefined;
}

/** Of a header that was sent several times, the first. */
const firstLine = (value = ''): string => value.split('\n', 1)[0] ?? '';

const extraPrefix = 'impersonate-extra-';

/** Kubernetes: the message shows the user as Go prints a struct. */
function goUser(uid: string, groups: readonly string[], extra: ReadonlyMap<string, readonly string[]>): string {
  const list = (values: readonly string[]): string => `[]string{${values.map((one) => JSON.stringify(one)).join(', ')}}`;
  const shownGroups = groups.length === 0 ? '[]string(nil)' : list(groups);
  const shownExtra = extra.size === 0 ? 'map[string][]string(nil)' : `map[string][]string{${[...extra].map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`).join(', ')}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${shownGroups}, Extra:${shownExtra}}`;
}

function withoutImpersonation(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('impersonate-')));
}

type Mode = 'associated-node' | 'arbitrary-node' | 'serviceaccount' | 'user-info';

/** The user one may act as; throws the first mode's refusal when none allows it. */
function impersonated(authorizer: Authorizer, requestor: User, wanted: Wanted, action: Action): User {
  let refusal: unknown;
  for (const mode of modesFor(requestor, wanted)) {
    try {
      if (mode !== 'legacy') {
        const asks = mode === 'associated-node' ? withNodeKeysOnly(requestor) : requestor;
        check(authorizer, asks, { ...action, verb: `impersonate-on:${mode}:${action.verb}` });
        return checkUser(authorizer, asks, wanted, mode);
      }
      return checkUser(authorizer, requestor, wanted, undefined);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function modesFor(requestor: User, wanted: Wanted): readonly (Mode | 'legacy')[] {
  const node = nodeOf(wanted.name);
  const account = accountOf(wanted.name);
  const isNameOnly = wanted.uid === '' && wanted.groups.length === 0 && wanted.extra.size === 0;
  const modes: (Mode | 'legacy')[] = [];
  const ownNode = requestor.extra?.['authentication.kubernetes.io/node-name'];
  if (isNameOnly && node !== undefined && accountOf(requestor.name) !== undefined && ownNode?.length === 1 && ownNode[0] === node) modes.push('associated-node');
  if (isNameOnly && node !== undefined) modes.push('arbitrary-node');
  if (isNameOnly && account !== undefined) modes.push('serviceaccount');
  if (node === undefined && account === undefined) modes.push('user-info');
  return [...modes, 'legacy'];
}

/** Whoever runs beside a node may be that node, whichever it is: the rule is about the account, so the node's own values are hidden. */
const withNodeKeysOnly = (user: User): User => ({ ...user, extra: { 'authentication.kubernetes.io/associated-node-keys': Object.keys(user.extra ?? {}).sort() } });

function checkUser(authorizer: Authorizer, requestor: User, wanted: Wanted, mode: Mode | undefined): User {
  const verb = mode === undefined ? 'impersonate' : `impersonate:${mode}`;
  const group = mode === undefined ? '' : 'authentication.k8s.io';
  let groups = [...wanted.groups];
  const node = nodeOf(wanted.name);
  const account = accountOf(wanted.name);
  if (account !== undefined) {
    if (groups.length === 0) groups = ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
    check(authorizer, requestor, resourceAction({ verb, group, version: 'v1', plural: 'serviceaccounts', namespace: account.namespace, name: account.name }));
  } else if (node !== undefined && mode !== undefined) {
    groups = ['system:nodes'];
    check(authorizer, requestor, resourceAction({ verb, group, version: 'v1', plural: 'nodes', name: mode === 'associated-node' ? '*' : node }));
  } else {
    check(authorizer, requestor, resourceAction({ verb, group, version: 'v1', plural: 'users', name: wanted.name }));
  }
  if (wanted.uid !== '') check(authorizer, requestor, resourceAction({ verb, group: 'authentication.k8s.io', version: 'v1', plural: 'uids', name: wanted.uid }));
  checkGroups(authorizer, requestor, wanted.groups, { verb, group, isConstrained: mode !== undefined });
  checkExtra(authorizer, requestor, wanted.extra, { verb, isConstrained: mode !== undefined });
  const isAnonymous = wanted.name === 'system:anonymous';
  const implied = isAnonymous ? 'system:unauthenticated' : groups.includes('system:unauthenticated') ? undefined : 'system:authenticated';
  if (implied !== undefined && !groups.includes(implied)) groups.push(implied);
  return { name: wanted.name, groups, ...(wanted.uid === '' ? {} : { uid: wanted.uid }), ...(wanted.extra.size === 0 ? {} : { extra: Object.fromEntries(wanted.extra) }) };
}

/** From so many values on, a rule for all of them is tried before one by one. */
const manyValues = 4;

function checkGroups(authorizer: Authorizer, requestor: User, groups: readonly string[], how: { verb: string; group: string; isConstrained: boolean }): void {
  const action = (name: string): Action => resourceAction({ verb: how.verb, group: how.group, version: 'v1', plural: 'groups', name });
  if (how.isConstrained) {
    if (groups.includes('')) throw forbiddenBy(requestor, action(''), 'impersonating the empty string group is not allowed');
    if (groups.includes('system:masters')) throw forbiddenBy(requestor, action('system:masters'), 'impersonating the system:masters group is not allowed');
    if (groups.length >= manyValues && authorizer.authorize(requestor, action('*')).isAllowed) return;
  }
  for (const name of groups) check(authorizer, requestor, action(name));
}

function checkExtra(authorizer: Authorizer, requestor: User, extra: ReadonlyMap<string, readonly string[]>, how: { verb: string; isConstrained: boolean }): void {
  const action = (subresource: string, name: string): Action => resourceAction({ verb: how.verb, group: 'authentication.k8s.io', version: 'v1', plural: 'userextras', subresource, name });
  if (how.isConstrained && extra.size > 0) {
    const wrong = extraError(extra);
    if (wrong !== undefined) throw forbiddenBy(requestor, action('', ''), wrong);
    const count = [...extra.values()].reduce((sum, values) => sum + values.length, 0);
    if ((extra.size >= manyValues || count >= manyValues) && authorizer.authorize(requestor, action('*', '*')).isAllowed) return;
  }
  for (const [key, values] of extra) for (const value of values) check(authorizer, requestor, action(key, value));
}

function extraError(extra: ReadonlyMap<string, readonly string[]>): string | undefined {
  for (const [key, values] of extra) {
    if (key === '') return 'impersonating the empty string key in extra is not allowed';
    const slash = key.indexOf('/');
    if (slash <= 0 || slash === key.length - 1) return `impersonating an invalid key in extra is not allowed: extra.key: Invalid value: ${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`;
    if (key !== key.toLowerCase()) return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
    if (values.includes('')) return 'impersonating the empty string value in extra is not allowed';
  }
  return undefined;
}

function check(authorizer: Authorizer, user: User, action: Action): void {
  const decision = authorizer.authorize(user, action);
  if (decision.isAllowed) return;
  const { evaluationError, reason } = decision;
  throw forbiddenBy(user, action, evaluationError === undefined ? reason : reason === '' ? evaluationError : `${evaluationError}: ${reason}`);
}

function nodeOf(username: string): string | undefined {
  const name = username.startsWith('system:node:') ? username.slice('system:node:'.length) : '';
  return name !== '' && dns1123SubdomainErrors(name).length === 0 ? name : undefined;
}

/** The account behind a user name such as `system:serviceaccount:default:builder`. */
export function accountOf(username: string): { readonly namespace: string; readonly name: string } | undefined {
  const match = /^system:serviceaccount:([a-z0-9](?:[-a-z0-9]*[a-z0-9])?):([^:]+)$/.exec(username);
  return match?.[1] === undefined || match[2] === undefined || dns1123SubdomainErrors(match[2]).length > 0 ? undefined : { namespace: match[1], name: match[2] };
}
