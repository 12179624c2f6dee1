import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll } from '@kaji/client';
import type { ApiServerConfig } from '../config.ts';
import { startTestServer, type TestServer } from '../testing.ts';
import { podSecurityConfiguration } from './pod-security/configuration.ts';

interface Answer {
  readonly status: number;
  readonly message: string;
  readonly warnings: readonly string[];
  readonly body: { readonly metadata?: { readonly labels?: object; readonly annotations?: object }; readonly spec?: { readonly overhead?: object; readonly nodeSelector?: object; readonly tolerations?: readonly { readonly key: string; readonly effect?: string }[]; readonly containers?: readonly { readonly resources?: unknown }[] }; readonly details?: { readonly causes?: unknown } };
}

const strategic = 'application/strategic-merge-patch+json';
const namespace = '/api/v1/namespaces/default';

async function send(server: TestServer, method: string, path: string, body?: object, user?: string): Promise<Answer> {
  const headers = { 'content-type': method === 'PATCH' ? strategic : 'application/json' };
  const reply = await server.transport(user === undefined ? undefined : { name: user, groups: ['system:masters', 'system:authenticated'] }).request({ method, path, headers, ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }) });
  const parsed = JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as Answer['body'] & { readonly kind?: string; readonly message?: string };
  const warnings = (reply.headers['warning'] ?? '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line.slice('299 - '.length)) as string);
  return { status: reply.status, message: parsed.kind === 'Status' ? parsed.message ?? '' : '', warnings, body: parsed };
}

const started = (config: Partial<ApiServerConfig> = {}): Promise<TestServer> => startTestServer({ config: { disabledAdmission: ['ServiceAccount'], ...config } });

const pod = (name: string, spec: object = {}, metadata: object = {}) => ({ metadata: { name, ...metadata }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
const asking = (cpu: string) => [{ name: 'c', image: 'i', resources: { requests: { cpu } } }];

test('a runtime class adds what it costs and where it can run', async () => {
  await using server = await started();
  await send(server, 'POST', '/apis/node.k8s.io/v1/runtimeclasses', {
    metadata: { name: 'vm' }, handler: 'vm', overhead: { podFixed: { cpu: '250m' } },
    scheduling: { nodeSelector: { kind: 'vm' }, tolerations: [{ key: 'vm', operator: 'Exists' }, { key: 'new', operator: 'Exists', effect: 'NoSchedule' }] },
  });
  await send(server, 'POST', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'plain' }, handler: 'plain' });
  const { body } = await send(server, 'POST', `${namespace}/pods`, pod('a', { runtimeClassName: 'vm', nodeSelector: { own: 'x' }, tolerations: [{ key: 'vm', operator: 'Equal', value: 'v', effect: 'NoSchedule' }] }));
  assert.deepEqual([body.spec?.overhead, body.spec?.nodeSelector], [{ cpu: '250m' }, { own: 'x', kind: 'vm' }]);
  const keys = body.spec?.tolerations?.map(({ key, effect = '' }) => `${key}:${effect}`);
  assert.deepEqual(keys, ['node.kubernetes.io/not-ready:NoExecute', 'node.kubernetes.io/unreachable:NoExecute', 'vm:', 'new:NoSchedule']);
  const refused: readonly (readonly [object, string])[] = [
    [{ runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [{ runtimeClassName: 'vm', overhead: { cpu: '1' } }, 'pod rejected: Pod\'s Overhead doesn\'t match RuntimeClass\'s defined Overhead'],
    [{ runtimeClassName: 'plain', overhead: { cpu: '1' } }, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'],
    [{ runtimeClassName: 'vm', nodeSelector: { kind: 'metal' } }, 'conflict: runtimeClass.scheduling.nodeSelector[kind] = vm; pod.spec.nodeSelector[kind] = metal'],
  ];
  for (const [spec, why] of refused) assert.equal((await send(server, 'POST', `${namespace}/pods`, pod('b', spec))).message, `pods "b" is forbidden: ${why}`);
});

test('a pod carries the zone of its node', async () => {
  await using server = await started();
  await send(server, 'POST', '/api/v1/nodes', { metadata: { name: 'n', labels: { 'topology.kubernetes.io/zone': 'z', other: 'x' } } });
  const { body } = await send(server, 'POST', `${namespace}/pods`, pod('made-for-it', { nodeName: 'n' }, { labels: { 'topology.kubernetes.io/zone': 'mine', own: 'y' } }));
  assert.deepEqual(body.metadata?.labels, { 'topology.kubernetes.io/zone': 'z', own: 'y' });
  for (const [name, target, labels] of [['bound', { kind: 'Node', name: 'n' }, { 'topology.kubernetes.io/zone': 'z' }], ['bound-by-name', { name: 'n' }, undefined]] as const) {
    await send(server, 'POST', `${namespace}/pods`, pod(name));
    assert.equal((await send(server, 'POST', `${namespace}/pods/${name}/binding`, { metadata: { name }, target })).status, 201);
    assert.deepEqual((await send(server, 'GET', `${namespace}/pods/${name}`)).body.metadata?.labels, labels);
  }
});

test('a pod grows as far as its node can follow', async () => {
  await using server = await started();
  await send(server, 'POST', '/api/v1/nodes', { metadata: { name: 'n' } });
  await send(server, 'PATCH', '/api/v1/nodes/n/status', { status: { allocatable: { cpu: '2', memory: '1Gi' } } });
  await send(server, 'POST', `${namespace}/pods`, pod('p', { nodeName: 'n', containers: asking('1'), initContainers: [{ ...asking('1')[0], name: 'i' }] }));
  const resize = (spec: object): Promise<Answer> => send(server, 'PATCH', `${namespace}/pods/p/resize`, { spec });
  assert.equal((await resize({ containers: asking('1500m') })).status, 200);
  const tooMuch = await resize({ containers: asking('3') });
  assert.deepEqual([tooMuch.message, tooMuch.body.details?.causes], ['pods "p" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 3000, allocatable: 2000', [{ reason: 'NodeCapacity' }]]);
  const initial = { initContainers: [{ name: 'i', resources: { requests: { cpu: '1200m' } } }] };
  assert.equal((await resize(initial)).message, 'pods "p" is forbidden: pod update requires features InPlacePodVerticalScalingInitContainers which are not available on node "n"');
  await send(server, 'PATCH', '/api/v1/nodes/n/status', { status: { declaredFeatures: ['InPlacePodVerticalScalingInitContainers'] } });
  assert.equal((await resize(initial)).status, 200);
  await send(server, 'PATCH', '/api/v1/nodes/n', { metadata: { labels: { 'kubernetes.io/os': 'windows' } } });
  assert.equal((await resize({ containers: asking('1') })).message, 'pods "p" is forbidden: pod resize is only supported on linux nodes, node "n" is "windows"');
});

test('a LimitRange fills in what containers do not say, and says so', async () => {
  await using server = await started();
  await send(server, 'POST', `${namespace}/limitranges`, { metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', default: { cpu: '500m', memory: '256Mi' }, defaultRequest: { cpu: '100m' }, max: { cpu: '1' } }] } });
  const { body } = await send(server, 'POST', `${namespace}/pods`, pod('p', { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '50m' } } }], initContainers: [{ name: 'i', image: 'i', resources: { limits: { cpu: '1', memory: '1Gi' } } }] }));
  assert.deepEqual(body.spec?.containers?.[0]?.resources, { requests: { cpu: '50m', memory: '256Mi' }, limits: { cpu: '500m', memory: '256Mi' } });
  assert.deepEqual(body.metadata?.annotations, { 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: memory request for container c; cpu, memory limit for container c' });
  assert.equal((await send(server, 'POST', `${namespace}/pods`, pod('q', { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: '2' } } }] }))).message, 'pods "q" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
});

test('pods that ask for devices tolerate their taints, where the server is set up so', async () => {
  const body = pod('p', { containers: [{ name: 'c', image: 'i', resources: { limits: { 'example.com/b': '1', 'a.example/a': '1' } } }] });
  const added = async (config: Partial<ApiServerConfig>): Promise<readonly string[] | undefined> => {
    await using server = await started(config);
    const answer = await send(server, 'POST', `${namespace}/pods`, body);
    return answer.body.spec?.tolerations?.filter(({ effect }) => effect === 'NoSchedule').map(({ key }) => key);
  };
  assert.deepEqual(await added({}), []);
  assert.deepEqual(await added({ enabledAdmission: ['ExtendedResourceToleration'] }), ['a.example/a', 'example.com/b']);
});

test('a step that there is not can be neither left out nor added', async () => {
  await assert.rejects(started({ disabledAdmission: ['PodSecurty'] }), /no admission step is called "PodSecurty"/);
});

test('pod security refuses pods, warns of templates and of pods that stay, and lets the exempt be', async () => {
  const podSecurity = podSecurityConfiguration({ defaults: { enforce: 'baseline', warn: 'restricted', 'warn-version': 'v1.7' }, exemptions: { usernames: ['root'], namespaces: ['free'], runtimeClasses: ['vm'] } });
  await using server = await started({ podSecurity });
  await send(server, 'POST', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'vm' }, handler: 'vm' });
  const shared = { hostNetwork: true };
  const warning = 'would violate PodSecurity "restricted:v1.7": runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)';
  assert.equal((await send(server, 'POST', `${namespace}/pods`, pod('a', shared))).message, 'pods "a" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)');
  assert.match((await send(server, 'POST', `${namespace}/pods`, { ...pod('x', shared), metadata: { generateName: 'gen-' } })).message, /^pods "gen-[a-z0-9]{5}" is forbidden: violates PodSecurity/);
  assert.deepEqual((await send(server, 'POST', `${namespace}/pods`, pod('warned'))).warnings, [warning]);
  const template = { metadata: { labels: { a: 'b' } }, spec: pod('', shared).spec };
  const made = await send(server, 'POST', '/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } });
  assert.deepEqual([made.status, made.warnings], [201, ['would violate PodSecurity "restricted:v1.7": host namespaces (hostNetwork=true), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)']]);
  assert.equal((await send(server, 'POST', `${namespace}/pods`, pod('b', shared), 'root')).status, 201);
  assert.equal((await send(server, 'POST', `${namespace}/pods`, pod('c', { ...shared, runtimeClassName: 'vm' }))).status, 201);
  const free = await send(server, 'POST', '/api/v1/namespaces', { metadata: { name: 'free', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } });
  assert.deepEqual(free.warnings, ['namespace "free" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored']);
  assert.equal((await send(server, 'POST', '/api/v1/namespaces/free/pods', pod('d', shared))).status, 201);
  const labelled = (labels: object): Promise<Answer> => send(server, 'PATCH', namespace, { metadata: { labels } });
  assert.deepEqual((await labelled({ 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.0' })).warnings, [
    'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:v1.0"', 'b: host namespaces, runAsNonRoot != true', 'warned: runAsNonRoot != true',
  ]);
  assert.equal((await labelled({ 'pod-security.kubernetes.io/warn': 'strict' })).message, 'Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "strict": must be one of privileged, baseline, restricted');
});

test('all pods of a namespace are looked at, however many slices that takes', async () => {
  await using server = await started();
  for (let index = 0; index < 120; index++) await send(server, 'POST', `${namespace}/pods`, pod(`p-${index}`, { hostPID: index !== 7 }));
  const { warnings } = await send(server, 'PATCH', namespace, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } });
  assert.deepEqual(warnings, ['existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"', 'p-0 (and 118 other pods): host namespaces']);
});
