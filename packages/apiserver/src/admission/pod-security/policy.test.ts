import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '@kaji/api';
import { podSecurityConfiguration, podSecurityDefaults } from './configuration.ts';
import { modes, policyOf, policyText } from './policy.ts';

const at = (name: string): string => `pod-security.kubernetes.io/${name}`;

const cases: readonly (readonly [string, Readonly<Record<string, string>>, string, readonly string[]])[] = [
  ['no labels', {}, 'privileged:latest privileged:latest privileged:latest', []],
  ['enforced is warned of, too', { enforce: 'restricted', 'enforce-version': 'v1.25' }, 'restricted:v1.25 privileged:latest restricted:v1.25', []],
  ['unless another warning is asked for', { enforce: 'restricted', warn: 'baseline' }, 'restricted:latest privileged:latest baseline:latest', []],
  ['a version of warnings stands for itself', { enforce: 'baseline', 'warn-version': 'v1.20' }, 'baseline:latest privileged:latest baseline:v1.20', []],
  ['a level that there is not', { enforce: 'strict', audit: 'strict', warn: 'strict' }, 'restricted:latest privileged:latest privileged:latest', ['enforce', 'audit', 'warn']],
  ['a version that there is not', { 'enforce-version': '1.25', 'audit-version': 'v1.01', 'warn-version': 'v1.99999999999999999999' }, 'privileged:latest privileged:latest privileged:latest', ['enforce-version', 'audit-version', 'warn-version']],
];

for (const [name, labels, want, wrong] of cases) {
  test(`labels of a namespace: ${name}`, () => {
    const { policy, problems } = policyOf(Object.fromEntries(Object.entries(labels).map(([key, value]) => [at(key), value])), podSecurityDefaults.defaults);
    assert.equal(modes.map((mode) => policyText(policy[mode])).join(' '), want);
    assert.deepEqual(problems.map(({ field }) => field), wrong.map((key) => `metadata.labels[${at(key)}]`));
  });
}

test('a configuration says what holds without labels, and who is exempt', () => {
  const config = podSecurityConfiguration({
    apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', defaults: { enforce: 'baseline', 'enforce-version': 'v1.30' }, exemptions: { namespaces: ['kube-system'], usernames: ['root'] },
  });
  assert.equal(modes.map((mode) => policyText(config.defaults[mode])).join(' '), 'baseline:v1.30 privileged:latest privileged:latest');
  assert.deepEqual([[...config.exemptNamespaces], [...config.exemptUsers], [...config.exemptRuntimeClasses]], [['kube-system'], ['root'], []]);
});

test('a configuration with wrong values is refused', () => {
  assert.throws(() => podSecurityConfiguration({ defaults: { warn: 'none' }, exemptions: { namespaces: ['a', 'a', 'A_'], usernames: [''] } }), (error) =>
    error instanceof ApiError && JSON.stringify(error.details?.causes?.map(({ field }) => field)) === '["defaults.warn","exemptions.namespaces[1]","exemptions.namespaces[2]","exemptions.usernames[0]"]');
});
