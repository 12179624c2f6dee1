import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@kaji/client';
import { ApiError, type ApiObject } from '@kaji/api';
import { type ConfigMap, configmaps, type Pod, pods, type ResourceQuota, resourcequotas, type Service, services } from '@kaji/api/core/v1';
import type { ApiServerConfig } from '../../config.ts';
import { startTestServer, type TestServer } from '../../testing.ts';

type Client = ReturnType<typeof createClient>;

/** Without the steps that want a service account. */
async function started(config: Partial<ApiServerConfig> = {}): Promise<{ readonly server: TestServer; readonly client: Client }> {
  const server = await startTestServer({ config: { disabledAdmission: ['ServiceAccount'], ...config } });
  return { server, client: createClient(server.transport(), { userAgent: 'test' }) };
}

/** A quota whose use is known, as the controller leaves it. */
async function grant(client: Client, name: string, hard: Readonly<Record<string, string>>, spec: object = {}): Promise<void> {
  const made = await client.create(resourcequotas, { metadata: { name, namespace: 'default' }, spec: { hard, ...spec } } as ResourceQuota & ApiObject);
  const used = Object.fromEntries(Object.keys(hard).map((each) => [each, '0']));
  await client.updateStatus(resourcequotas, { ...made, status: { hard, used } });
}

const usedOf = async (client: Client, name: string): Promise<unknown> => (await client.get(resourcequotas, { namespace: 'default', name })).status?.used;

const pod = (name: string, resources: object = {}, spec: object = {}): Pod & ApiObject => ({ metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'i', resources }], ...spec } }) as Pod & ApiObject; // literals of the wire

const map = (name: string): ConfigMap & ApiObject => ({ metadata: { name, namespace: 'default' } }) as ConfigMap & ApiObject; // likewise

async function refusal(write: Promise<unknown>): Promise<string> {
  try {
    await write;
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('of many writes at once as many get through as fit, and they are booked together', async () => {
  const { server, client } = await started();
  await using _ = server;
  await grant(client, 'q', { pods: '10' });
  const outcomes = await Promise.all(Array.from({ length: 64 }, (_each, index) => refusal(client.create(pods, pod(`p-${index}`)))));
  assert.equal(outcomes.filter((outcome) => outcome === 'accepted').length, 10);
  const refused = outcomes.map((outcome, index) => [outcome, index] as const).filter(([outcome]) => outcome !== 'accepted');
  for (const [outcome, index] of refused) assert.equal(outcome, `403 pods "p-${index}" is forbidden: exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10`);
  assert.deepEqual(await usedOf(client, 'q'), { pods: '10' });
  assert.equal((await client.list(pods, { namespace: 'default' })).items.length, 10);
  const { metadata } = await client.get(resourcequotas, { namespace: 'default', name: 'q' });
  assert.ok(metadata.managedFields?.some(({ manager, subresource }) => manager === 'kube-apiserver' && subresource === 'status'));
});

test('bookings of others in between are taken into account', async () => {
  const { server, client } = await started();
  await using _ = server;
  await grant(client, 'q', { 'count/configmaps': '40' });
  const booking = async (): Promise<void> => {
    for (let tried = 0; tried < 5; tried++) {
      const quota = await client.get(resourcequotas, { namespace: 'default', name: 'q' });
      await refusal(client.updateStatus(resourcequotas, { ...quota, metadata: { ...quota.metadata, labels: { tried: String(tried) } } }));
    }
  };
  const [outcomes] = await Promise.all([Promise.all(Array.from({ length: 64 }, (_each, index) => refusal(client.create(configmaps, map(`m-${index}`))))), booking()]);
  const made = (await client.list(configmaps, { namespace: 'default' })).items.length;
  assert.equal(outcomes.filter((outcome) => outcome === 'accepted').length, made);
  assert.ok(made <= 40, String(made));
});

test('a quota that was not counted yet lets nothing through that it limits', async () => {
  const { server, client } = await started();
  await using _ = server;
  await client.create(resourcequotas, { metadata: { name: 'q', namespace: 'default' }, spec: { hard: { pods: '1' } } } as ResourceQuota & ApiObject);
  assert.equal(await refusal(client.create(pods, pod('before'))), 'accepted'); // Kubernetes: until its limits are observed, it limits nothing
  const quota = await client.get(resourcequotas, { namespace: 'default', name: 'q' });
  await client.updateStatus(resourcequotas, { ...quota, status: { hard: { pods: '1' } } });
  assert.equal(await refusal(client.create(pods, pod('p'))), '403 pods "p" is forbidden: status unknown for quota: q, resources: pods');
});

const podCases: readonly (readonly [string, Readonly<Record<string, string>>, object, Pod & ApiObject, string])[] = [
  ['names must be given', { 'limits.cpu': '1', 'requests.memory': '1Gi' }, {}, pod('p'), '403 pods "p" is forbidden: failed quota: q: must specify limits.cpu for: c; requests.memory for: c'],
  ['amounts for the pod as a whole will do', { 'limits.cpu': '1' }, {}, pod('p', {}, { resources: { limits: { cpu: '2' } } }), '403 pods "p" is forbidden: exceeded quota: q, requested: limits.cpu=2, used: limits.cpu=0, limited: limits.cpu=1'],
  ['requests that follow from limits', { cpu: '1', 'requests.ephemeral-storage': '1' }, {}, pod('p', { limits: { cpu: '1500m' } }), '403 pods "p" is forbidden: exceeded quota: q, requested: cpu=1500m, used: cpu=0, limited: cpu=1'],
  ['devices', { 'requests.example.com/gpu': '1' }, {}, pod('p', { limits: { 'example.com/gpu': '2' } }), '403 pods "p" is forbidden: exceeded quota: q, requested: requests.example.com/gpu=2, used: requests.example.com/gpu=0, limited: requests.example.com/gpu=1'],
  ['out of the scope', { pods: '0' }, { scopes: ['Terminating'] }, pod('p'), 'accepted'],
  ['in the scope', { pods: '0' }, { scopes: ['NotTerminating', 'BestEffort'] }, pod('p'), '403 pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0'],
  ['in one of two scopes', { pods: '0' }, { scopes: ['NotTerminating', 'NotBestEffort'] }, pod('p'), 'accepted'],
  ['of a priority class', { pods: '0' }, { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'NotIn', values: ['other'] }] } }, pod('p', {}, { priorityClassName: 'system-node-critical' }), '403 pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0'],
];

for (const [name, hard, spec, object, want] of podCases) {
  test(`pods and quotas: ${name}`, async () => {
    const { server, client } = await started();
    await using _ = server;
    await grant(client, 'q', hard, spec);
    assert.equal(await refusal(client.create(pods, object)), want);
  });
}

test('an update costs the difference, and a dry run nothing', async () => {
  const { server, client } = await started();
  await using _ = server;
  await grant(client, 'q', { services: '5', 'services.nodeports': '2' });
  const service = await client.create(services, { metadata: { name: 's', namespace: 'default' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } } as Service & ApiObject);
  assert.deepEqual(await usedOf(client, 'q'), { services: '1', 'services.nodeports': '1' });
  const ports = [80, 81].map((port) => ({ name: `p${port}`, port }));
  await client.update(services, { ...service, spec: { ...service.spec, ports } } as Service & ApiObject, { dryRun: true });
  assert.deepEqual(await usedOf(client, 'q'), { services: '1', 'services.nodeports': '1' });
  const wider = await client.update(services, { ...service, spec: { ...service.spec, ports } } as Service & ApiObject);
  assert.deepEqual(await usedOf(client, 'q'), { services: '1', 'services.nodeports': '2' });
  assert.equal(await refusal(client.update(services, { ...wider, spec: { ...wider.spec, ports: [...ports, { name: 'p82', port: 82 }] } } as Service & ApiObject)), '403 services "s" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=2, limited: services.nodeports=2');
});

test('what is limited needs a quota that grants it, where the server is set up so', async () => {
  const { server, client } = await started({ limitedResources: [{ resource: 'pods', matchContains: ['pods'], matchScopes: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] }] }] });
  await using _ = server;
  assert.equal(await refusal(client.create(pods, pod('p'))), '403 pods "p" is forbidden: insufficient quota to consume: count/pods,pods');
  await grant(client, 'q', { pods: '5', 'count/pods': '5' });
  assert.equal(await refusal(client.create(pods, pod('p'))), 'accepted');
  const urgent = pod('u', {}, { priorityClassName: 'system-node-critical' });
  assert.equal(await refusal(client.create(pods, urgent)), '500 insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]');
  await grant(client, 'urgent', { pods: '1' }, { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }] } });
  assert.equal(await refusal(client.create(pods, urgent)), 'accepted');
});
