import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admissionConfiguration } from './configuration.ts';

const kind = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration' };
const nothing = (path: string): Promise<never> => Promise.reject(new Error(`${path} was read`));

test('steps are configured in place or by files', async () => {
  const file = { ...kind, plugins: [{ name: 'PodSecurity', configuration: { kind: 'PodSecurityConfiguration', defaults: { enforce: 'baseline' } } }, { name: 'ResourceQuota', path: 'quota.yaml' }] };
  const { podSecurity, limitedResources } = await admissionConfiguration(file, (path) => Promise.resolve(path === 'quota.yaml' ? { kind: 'ResourceQuotaConfiguration', limitedResources: [{ resource: 'pods', matchContains: ['cpu'] }] } : undefined));
  assert.deepEqual(podSecurity.defaults.enforce, { level: 'baseline', version: 'latest' });
  assert.deepEqual(limitedResources, [{ resource: 'pods', matchContains: ['cpu'] }]);
});

test('without a configuration nothing is limited', async () => {
  const { podSecurity, limitedResources } = await admissionConfiguration(kind, nothing);
  assert.deepEqual([podSecurity.defaults.enforce.level, podSecurity.exemptNamespaces.size, limitedResources], ['privileged', 0, []]);
});

test('a configuration that nobody heeds is refused', async () => {
  await assert.rejects(admissionConfiguration({ ...kind, plugins: [{ name: 'EventRateLimit', path: 'limits.yaml' }] }, nothing), /the admission step "EventRateLimit" takes no configuration here/);
  await assert.rejects(admissionConfiguration({ kind: 'Other' }, nothing), /is of kind "Other"/);
});
