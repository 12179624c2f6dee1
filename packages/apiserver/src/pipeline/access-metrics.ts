// What is counted of who may come in and what they may do, under upstream's names.
import type { Count, Metrics } from '@kaji/base';
import type { User } from './request.ts';

const attempts = { name: 'authentication_attempts', help: 'Requests by whether it could be told who asked.', labels: ['result'] } as const;
const requests = { name: 'authenticated_user_requests', help: 'Requests of known users, by name; most names are told as other.', labels: ['username'] } as const;
const decisions = { name: 'authorization_attempts_total', help: 'Requests by whether they were allowed.', labels: ['result'] } as const;

/** Kubernetes: the names that are told; there must be no series for every user. */
const toldNames: ReadonlySet<string> = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default']);

const toldName = (name: string): string => (toldNames.has(name) ? name : name.includes('@') ? 'email_id' : 'other');

export interface AccessCounts {
  known(user: User): void;
  /** Something was shown that is wrong. */
  refused(): void;
  decided(isAllowed: boolean, isDenied: boolean): void;
}

export function accessCounts(metrics: Metrics): AccessCounts {
  const attempt = metrics.counter(attempts);
  const success = attempt.with({ result: 'success' });
  const error = attempt.with({ result: 'error' });
  const ofUsers = metrics.counter(requests);
  const byName = new Map<string, Count>();
  const decision = metrics.counter(decisions);
  const allowed = decision.with({ result: 'allowed' });
  const denied = decision.with({ result: 'denied' });
  const noOpinion = decision.with({ result: 'no-opinion' });
  return {
    known({ name }) {
      success.add();
      const username = toldName(name);
      let count = byName.get(username);
      if (count === undefined) byName.set(username, count = ofUsers.with({ username }));
      count.add();
    },
    refused: () => { error.add(); },
    decided: (isAllowed, isDenied) => { (isAllowed ? allowed : isDenied ? denied : noOpinion).add(); },
  };
}
