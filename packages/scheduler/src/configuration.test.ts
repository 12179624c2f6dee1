import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { createClient } from '@kaji/client';
import { parseYaml } from '@kaji/schema';
import { schedulerConfiguration } from './configuration.ts';
import { plugins } from './plugins/index.ts';
import { profileOf } from './profile.ts';

const header = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' };
const client = createClient({ request: () => Promise.reject(new Error('a profile makes no requests')), close: () => Promise.resolve() }, { userAgent: 'test' });

function profileFor(profile: object) {
  const [first] = schedulerConfiguration({ ...header, profiles: [profile] }).profiles;
  assert.ok(first !== undefined);
  return profileOf(first, client);
}

describe('KubeSchedulerConfiguration', () => {
  it('an empty one is upstream\'s default', () => {
    const { profiles, ...rest } = schedulerConfiguration();
    assert.deepEqual(rest, {
      podInitialBackoffMs: 1000, podMaxBackoffMs: 10_000,
      leaderElection: { leaderElect: true, resourceName: 'kube-scheduler', resourceNamespace: 'kube-system', leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000 },
    });
    assert.deepEqual(profiles.map(({ schedulerName }) => schedulerName), ['default-scheduler']);
  });

  it('plugins are switched off, on and weighted', () => {
    const profile = profileFor({ schedulerName: 'own', plugins: { multiPoint: { disabled: [{ name: 'NodePorts' }] }, score: { disabled: [{ name: '*' }], enabled: [{ name: 'ImageLocality', weight: 7 }] } } });
    assert.equal(profile.filter.some(({ name }) => name === 'NodePorts'), false);
    assert.deepEqual(profile.score.map(({ plugin, weight }) => [plugin.name, weight]), [['ImageLocality', 7]]);
    assert.equal(profile.filter.some(({ name }) => name === 'NodeResourcesFit'), true);
  });

  it('weights are upstream\'s', () => {
    assert.deepEqual(profileFor({}).score.map(({ plugin, weight }) => `${plugin.name} ${weight}`), ['TaintToleration 3', 'NodeAffinity 2', 'NodeResourcesFit 1', 'NodeResourcesBalancedAllocation 1', 'ImageLocality 1']);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['another kind', { ...header, kind: 'KubeletConfiguration' }, /no kind "KubeletConfiguration"/],
    ['a wrong type', { ...header, podMaxBackoffSeconds: 'long' }, /podMaxBackoffSeconds: expected a number/],
    ['back-offs the wrong way round', { ...header, podInitialBackoffSeconds: 20 }, /podMaxBackoffSeconds/],
    ['one name twice', { ...header, profiles: [{}, {}] }, /must differ/],
    ['a strategy that is none', { ...header, profiles: [{ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'Best' } } }] }] }, /Unsupported value: "Best"/],
  ];
  for (const [name, value, want] of refused) it(`refuses ${name}`, () => { assert.throws(() => schedulerConfiguration(value), want); });

  it('refuses a plugin that is not there', () => {
    assert.throws(() => profileFor({ plugins: { multiPoint: { enabled: [{ name: 'Oracle' }] } } }), /there is no plugin "Oracle"/);
  });

  const facts = resolve(process.env['KAJI_SHARED'] ?? '../shared', 'facts/config/KubeSchedulerConfiguration.defaults.yaml');
  it('our plugins and weights are those of upstream\'s default list', { skip: !existsSync(facts) && 'the facts are not here' }, () => {
    const value = parseYaml(readFileSync(facts)).value as { profiles: { plugins: { multiPoint: { enabled: { name: string; weight?: number }[] } } }[] }; // the file's own form
    const upstream = value.profiles[0]?.plugins.multiPoint.enabled.filter(({ name }) => plugins.some((plugin) => plugin.name === name)) ?? [];
    assert.deepEqual(plugins.map(({ name, weight }) => ({ name, weight })), upstream.map(({ name, weight = 0 }) => ({ name, weight })));
  });
});
