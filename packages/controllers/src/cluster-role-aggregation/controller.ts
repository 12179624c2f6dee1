/** Keeps the rules of an aggregating ClusterRole equal to those of the roles it selects. */
import { isReason } from '@kaji/api';
import { type ClusterRole, clusterroles, type PolicyRule } from '@kaji/api/rbac/v1';
import { keyOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { type Controller, watch } from '../controller.ts';

export const clusterRoleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  watches: [watch(clusterroles, (_change, caches) => [...caches.of(clusterroles).all()].filter((role) => role.aggregationRule !== undefined).map(keyOf))],
  async reconcile(key, { client, caches }) {
    const cache = caches.of(clusterroles);
    const role = cache.get(key);
    if (role?.aggregationRule === undefined) return 'done';
    const rules = aggregatedRules(role, [...cache.all()]);
    if (isDeepEqual(rules, role.rules ?? [])) return 'done';
    try {
      await client.update(clusterroles, { ...role, rules: [...rules] });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error; // deleted meanwhile
    }
    return 'done';
  },
};

/** The rules of all other roles that the selectors choose, by role name, each rule once. */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const labels of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorOf(labels);
    const matching = all.filter((other) => other.metadata.name !== role.metadata.name && matchesLabels(selector, other.metadata.labels ?? {}));
    for (const other of matching.sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))) {
      for (const rule of other.rules ?? []) if (!rules.some((known) => isDeepEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
