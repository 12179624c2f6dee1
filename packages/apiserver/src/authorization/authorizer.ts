// What every authorizer is, and how several are asked.
import type { Action, User } from '../pipeline/request.ts';

/** `isDenied` ends the search: nobody after may allow. */
export interface Decision {
  readonly isAllowed: boolean;
  readonly isDenied?: boolean;
  readonly reason: string;
  /** What went wrong on the way: bindings to roles that do not exist. */
  readonly evaluationError?: string;
}

export interface Authorizer {
  authorize(user: User, action: Action): Decision;
}

/** An action on a resource, for questions that no request asked. */
export const resourceAction = (of: Partial<Action> & Pick<Action, 'verb' | 'plural'>): Action => ({
  isResource: true, path: '', group: '', version: '', subresource: '', namespace: '', name: '', ...of,
});

/** Asks in order; the reasons of all that had no opinion are told together. */
export function firstOpinion(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(user, action) {
      const reasons: string[] = [];
      const errors: string[] = [];
      for (const authorizer of authorizers) {
        const decision = authorizer.authorize(user, action);
        if (decision.isAllowed || decision.isDenied === true) return decision;
        if (decision.reason !== '') reasons.push(decision.reason);
        if (decision.evaluationError !== undefined) errors.push(decision.evaluationError);
      }
      return { isAllowed: false, reason: reasons.join('\n'), ...(errors.length === 0 ? {} : { evaluationError: errors.join(', ') }) };
    },
  };
}

/** The group that no rule binds: what a cluster is set up and repaired with. */
export const masters: Authorizer = {
  authorize: (user) => (user.groups.includes('system:masters') ? { isAllowed: true, reason: '' } : { isAllowed: false, reason: '' }),
};
