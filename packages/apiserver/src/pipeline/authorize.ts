// May the user do this? The answer is upstream's text: tools and people search for it.
import { ApiError } from '@kaji/api';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { AccessCounts } from './access-metrics.ts';
import type { Action, Authenticated, Authorized, Filter, User } from './request.ts';

export const authorize = (authorizer: Authorizer, counts: AccessCounts): Filter<Authenticated, Authorized> => (next) => (request) => {
  const decision = authorizer.authorize(request.user, request.action);
  counts.decided(decision.isAllowed, decision.isDenied === true);
  if (decision.isAllowed) return next({ ...request, isAuthorized: true });
  return Promise.reject(forbiddenBy(request.user, request.action, decision.reason));
};

/** Kubernetes: angle brackets and ampersands are escaped, so that a browser sees no markup in a name. */
const sanitize = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function forbiddenBy(user: User, action: Action, reason: string): ApiError {
  const said = sanitize(cannot(user, action));
  const why = reason === '' ? said : `${said}: ${reason}`;
  if (!action.isResource) return new ApiError('Forbidden', `forbidden: ${why}`, { details: {} });
  const { group, plural, name } = action;
  const what = plural === '' && group === '' ? '' : group === '' ? plural : `${plural}.${group}`;
  const message = what === '' ? `forbidden: ${why}` : name === '' ? `${what} is forbidden: ${why}` : `${what} ${JSON.stringify(name)} is forbidden: ${why}`;
  return new ApiError('Forbidden', message, { details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), ...(plural === '' ? {} : { kind: plural }) } });
}

function cannot(user: User, action: Action): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${action.verb}`;
  if (!action.isResource) return `${who} path ${JSON.stringify(action.path)}`;
  const what = action.subresource === '' ? action.plural : `${action.plural}/${action.subresource}`;
  const where = action.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(action.namespace)}`;
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(action.group)} ${where}`;
}
