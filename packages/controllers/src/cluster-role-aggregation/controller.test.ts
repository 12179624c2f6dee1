import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterRole } from '@kaji/api/rbac/v1';
import { aggregatedRules } from './controller.ts';

const role = (name: string, labels: Record<string, string>, ...resources: readonly string[]): ClusterRole => ({ metadata: { name, labels }, rules: resources.map((resource) => ({ verbs: ['get'], apiGroups: [''], resources: [resource] })) });
const aggregate: ClusterRole = { metadata: { name: 'sum', labels: { to: 'sum' } }, rules: [], aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'sum' } }] } };

test('takes the rules of the selected roles by name, each once, and never its own', () => {
  const rules = aggregatedRules(aggregate, [aggregate, role('b', { to: 'sum' }, 'pods', 'nodes'), role('a', { to: 'sum' }, 'pods'), role('c', { to: 'other' }, 'secrets')]);
  assert.deepEqual(rules.map((rule) => rule.resources?.[0]), ['pods', 'nodes']);
});
