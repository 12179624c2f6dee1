/** Whether a write fits into the quotas of its namespace, and what they show when it does. Pure. */
import type { ApiError, ApiObject } from '@kaji/api';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '@kaji/api/core/v1';
import { addAmounts, type Amounts, concerns, type Evaluator, onlyNames, type QuotaView, requirementsOf, subtractAmounts, withoutZeros } from '@kaji/api/quota';
import { compareQuantities } from '@kaji/schema';
import { plainError } from '../../registry/invalid.ts';
import type { Attempt } from '../admission.ts';
import { deny } from '../deny.ts';
import type { LimitedResource } from './configuration.ts';

export type Quota = ResourceQuota & ApiObject;

export interface Charge {
  readonly attempt: Attempt;
  /** What the attempt would leave. */
  readonly object: ApiObject;
  readonly evaluator: Evaluator;
  readonly limited: readonly LimitedResource[];
  readonly view: QuotaView;
}

/** The quotas as they are once the write is charged; the same ones where it costs nothing. Throws upstream's refusal. */
export function charged(quotas: readonly Quota[], charge: Charge): readonly Quota[] {
  const { attempt, object, evaluator, limited, view } = charge;
  const concerned = quotas.filter((quota) => concerns(quota, evaluator, object, view));
  if (concerned.length === 0 && limited.length === 0) return quotas;
  for (const quota of concerned) checkUsable(quota, charge);
  const all = evaluator.usage(object, view);
  const usage = limited.length > 0 ? all : onlyNames(all, (name) => concerned.some(({ status }) => status?.hard?.[name] !== undefined));
  const negative = Object.keys(usage).filter((name) => compareQuantities(usage[name] ?? '0', '0') < 0).sort();
  if (negative.length > 0) throw deny(attempt, `quota usage is negative for resource(s): ${negative.join(',')}`);
  const costs = new Map(concerned.map((quota) => [quota, withoutZeros(costOf(quota, usage, charge))] as const).filter(([, cost]) => Object.keys(cost).length > 0));
  if (limited.length > 0) {
    const isFree = concerned.length > 0 ? costs.size === 0 : Object.keys(withoutZeros(costOf(undefined, usage, charge))).length === 0;
    if (!isFree) checkCovered(quotas, concerned, usage, charge);
  }
  if (costs.size === 0) return quotas;
  return quotas.map((quota) => {
    const cost = costs.get(quota);
    return cost === undefined ? quota : withCost(quota, cost, attempt);
  });
}

const trackedNames = (quota: Quota, { evaluator, view }: Charge): readonly string[] => Object.keys(quota.status?.hard ?? {}).filter((name) => evaluator.isTracked(name, view));

/** The object says what the quota must know of it, and what is used up is known. */
function checkUsable(quota: Quota, charge: Charge): void {
  const { attempt, evaluator, object } = charge;
  const name = quota.metadata.name ?? '';
  const names = trackedNames(quota, charge);
  const missing = evaluator.missing?.(names, object);
  if (missing !== undefined) throw deny(attempt, `failed quota: ${name}: ${missing}`);
  if (names.some((each) => quota.status?.used?.[each] === undefined)) throw deny(attempt, `status unknown for quota: ${name}, resources: ${names.toSorted().join(',')}`);
}

/** What is new about it: of an object that the quota knew already, the difference. */
function costOf(quota: Quota | undefined, usage: Amounts, { attempt, evaluator, view }: Charge): Amounts {
  const { operation, old } = attempt;
  if (operation !== 'UPDATE' || old === undefined) return usage;
  if (quota !== undefined && !concerns(quota, evaluator, old, view)) return usage;
  return subtractAmounts(usage, evaluator.usage(old, view));
}

function withCost(quota: Quota, cost: Amounts, attempt: Attempt): Quota {
  const { hard = {}, used = {} } = quota.status ?? {};
  const requested = onlyNames(cost, (name) => hard[name] !== undefined);
  const after = addAmounts(used, requested);
  const exceeded = Object.keys(requested).filter((name) => compareQuantities(after[name] ?? '0', hard[name] ?? '0') > 0).sort();
  // Kubernetes: what a status reports has happened already.
  if (exceeded.length > 0 && attempt.subresource !== 'status') {
    const text = (amounts: Amounts): string => exceeded.filter((name) => amounts[name] !== undefined).map((name) => `${name}=${amounts[name]}`).join(',');
    throw deny(attempt, `exceeded quota: ${quota.metadata.name ?? ''}, requested: ${text(requested)}, used: ${text(used)}, limited: ${text(hard)}`);
  }
  return { ...quota, status: { ...quota.status, used: after } };
}

/** What is limited unless a quota grants it needs such a quota. */
function checkCovered(quotas: readonly Quota[], concerned: readonly Quota[], usage: Amounts, charge: Charge): void {
  const { attempt, evaluator, limited, object } = charge;
  const { group, plural } = attempt.resource;
  const fragments = limited.filter(({ apiGroup, resource }) => (apiGroup ?? '') === group && resource === plural).flatMap(({ matchContains = [] }) => matchContains);
  const covered = new Set(concerned.flatMap((quota) => trackedNames(quota, charge)));
  const bare = Object.keys(usage).filter((name) => compareQuantities(usage[name] ?? '0', '0') > 0 && fragments.some((fragment) => name.includes(fragment)) && !covered.has(name)).sort();
  if (bare.length > 0) throw deny(attempt, `insufficient quota to consume: ${bare.join(',')}`);
  const matching = (requirements: readonly ScopedResourceSelectorRequirement[]): readonly ScopedResourceSelectorRequirement[] => requirements.filter((each) => evaluator.matchesScope(each, object));
  const known = new Set(quotas.flatMap((quota) => matching(requirementsOf(quota)).map(({ scopeName }) => scopeName)));
  const open = matching(limited.flatMap(({ matchScopes = [] }) => matchScopes)).filter(({ scopeName }) => !known.has(scopeName));
  if (open.length > 0) throw insufficientScopes(open);
}

/** Kubernetes: not a refusal, but a plain failure. */
const insufficientScopes = (scopes: readonly ScopedResourceSelectorRequirement[]): ApiError =>
  plainError(`insufficient quota to match these scopes: [${scopes.map(({ scopeName, operator, values = [] }) => `{${scopeName} ${operator} [${values.join(' ')}]}`).join(' ')}]`);
