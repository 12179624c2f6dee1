/** How signing requests are written: who asks is filled in once; what was decided about one stays. */
import type { ApiObject, FieldError } from '@kaji/api';
import { type CertificateSigningRequest, type CertificateSigningRequestCondition, validateSigningRequest } from '@kaji/api/certificates/v1';
import { formatTime } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';
import { certificateProblem, requestProblem } from './problems.ts';

type SigningRequest = CertificateSigningRequest & ApiObject;

export const certificateSigningRequestStrategy: Strategy<SigningRequest> = {
  prepareForCreate({ spec }, { user }) {
    const { name, uid, groups, extra } = user;
    spec.username = name;
    spec.groups = [...groups];
    if (uid === undefined) delete spec.uid;
    else spec.uid = uid;
    if (extra === undefined || Object.keys(extra).length === 0) delete spec.extra;
    else spec.extra = Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
  },
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  prepareForStatus(object, old, { subresource, nowMs }) {
    const status = object.status ??= {};
    const before = old.status?.conditions ?? [];
    const conditions = subresource === 'approval' ? status.conditions ?? [] : keepDecisions(status.conditions ?? [], before);
    const stamped = conditions.map((condition) => withTimes(condition, before, formatTime(nowMs)));
    object.status = { ...(subresource === 'approval' ? old.status : status), conditions: stamped };
  },
  errors: (object, old, { subresource }) => errorsOf(object, old, subresource),
};

function errorsOf(object: SigningRequest, old: SigningRequest | undefined, subresource: string): readonly FieldError[] {
  return validateSigningRequest(object, old, subresource, {
    request: requestProblem(object.spec.request), certificate: certificateProblem(object.status?.certificate ?? ''), wasUnreadable: certificateProblem(old?.status?.certificate ?? '') !== undefined,
  });
}

type Condition = CertificateSigningRequestCondition;

/** Who writes the status takes approvals and denials as they are. */
function keepDecisions(conditions: readonly Condition[], before: readonly Condition[]): readonly Condition[] {
  let kept = conditions;
  for (const type of ['Approved', 'Denied']) {
    const was = before.filter((condition) => condition.type === type);
    if (was.length !== kept.filter((condition) => condition.type === type).length) continue;
    let next = 0;
    kept = kept.map((condition) => (condition.type === type ? was[next++] ?? condition : condition));
  }
  return kept;
}

function withTimes(condition: Condition, before: readonly Condition[], now: string): Condition {
  const same = before.find(({ type, status, lastTransitionTime }) => type === condition.type && status === condition.status && lastTransitionTime !== undefined);
  return { ...condition, lastUpdateTime: condition.lastUpdateTime ?? now, lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? now };
}
