import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll } from '@kaji/client';
import type { User } from '../pipeline/request.ts';
import { startTestServer, type TestServer } from '../testing.ts';

interface Answer {
  readonly status: number;
  readonly message: string;
  readonly body: Record<string, unknown>;
}

async function send(server: TestServer, method: string, path: string, body?: unknown, user?: User): Promise<Answer> {
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const reply = await server.transport(user).request({ method, path, headers, ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }) });
  const parsed = JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as Record<string, unknown>;
  return { status: reply.status, message: parsed['kind'] === 'Status' ? String(parsed['message']) : '', body: parsed };
}

const namespace = '/api/v1/namespaces/default';
const node: User = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };

async function ready(): Promise<TestServer> {
  const server = await startTestServer();
  await send(server, 'POST', `${namespace}/serviceaccounts`, { metadata: { name: 'default' }, imagePullSecrets: [{ name: 'pull' }] });
  return server;
}

const pod = (spec: object = {}, metadata: object = {}): object => ({ metadata: { name: 'p', ...metadata }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });

const refusals: readonly (readonly [string, string, string, unknown, User | undefined, number, string])[] = [
  ['an object in a namespace that is not', 'POST', '/api/v1/namespaces/none/configmaps', { metadata: { name: 'a' } }, undefined, 404, 'namespaces "none" not found'],
  ['the end of kube-system', 'DELETE', '/api/v1/namespaces/kube-system', undefined, undefined, 403, 'namespaces "kube-system" is forbidden: this namespace may not be deleted'],
  ['a pod of a service account that is not', 'POST', `${namespace}/pods`, pod({ serviceAccountName: 'none' }), undefined, 403, 'pods "p" is forbidden: error looking up service account default/none: serviceaccount "none" not found'],
  ['a mirror pod with a service account', 'POST', `${namespace}/pods`, pod({ serviceAccountName: 'default' }, { annotations: { 'kubernetes.io/config.mirror': 'x' } }), undefined, 403, 'pods "p" is forbidden: a mirror pod may not reference service accounts'],
  ['a priority class that is not', 'POST', `${namespace}/pods`, pod({ priorityClassName: 'none' }), undefined, 403, 'pods "p" is forbidden: no PriorityClass with name none was found'],
  ['a priority that its class does not give', 'POST', `${namespace}/pods`, pod({ priority: 5 }), undefined, 403, 'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name'],
  ['a node under another name', 'POST', '/api/v1/nodes', { metadata: { name: 'n2' } }, node, 403, 'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"'],
  ['a node with labels that draw pods', 'POST', '/api/v1/nodes', { metadata: { name: 'n1', labels: { 'node-restriction.kubernetes.io/x': 'y' } } }, node, 403, 'nodes "n1" is forbidden: node "n1" is not allowed to set the following labels: node-restriction.kubernetes.io/x'],
  ['a common pod made by a node', 'POST', `${namespace}/pods`, pod(), node, 403, 'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods'],
];

for (const [name, method, path, body, user, status, message] of refusals) {
  test(`${name} is refused`, async () => {
    await using server = await ready();
    const answer = await send(server, method, path, body, user);
    assert.deepEqual([answer.status, answer.message], [status, message]);
  });
}

test('a pod gets its account, token, pull secrets, priority and tolerations', async () => {
  await using server = await ready();
  const { status, body } = await send(server, 'POST', `${namespace}/pods`, pod({ priorityClassName: 'system-node-critical' }));
  assert.equal(status, 201);
  const spec = body['spec'] as { serviceAccountName: string; priority: number; imagePullSecrets: unknown; volumes: { name: string; projected: { sources: object[] } }[]; containers: { volumeMounts: object[] }[]; tolerations: { key: string; tolerationSeconds: number }[] };
  assert.equal(spec.serviceAccountName, 'default');
  assert.equal(spec.priority, 2_000_001_000);
  assert.deepEqual(spec.imagePullSecrets, [{ name: 'pull' }]);
  assert.match(spec.volumes[0]?.name ?? '', /^kube-api-access-[a-z0-9]{5}$/);
  assert.deepEqual(spec.volumes[0]?.projected.sources.map((source) => Object.keys(source)[0]), ['serviceAccountToken', 'configMap', 'downwardAPI']);
  assert.deepEqual(spec.containers[0]?.volumeMounts, [{ name: spec.volumes[0]?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]);
  assert.deepEqual(spec.tolerations.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]), [['node.kubernetes.io/not-ready', 300], ['node.kubernetes.io/unreachable', 300]]);
});

test('a new node is tainted until it is ready', async () => {
  await using server = await ready();
  const { body } = await send(server, 'POST', '/api/v1/nodes', { metadata: { name: 'n1' } }, node);
  assert.deepEqual((body['spec'] as { taints: unknown }).taints, [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
});

test('nobody grants what they do not hold', async () => {
  await using server = await ready();
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const writer = { metadata: { name: 'writer' }, rules: [{ verbs: ['*'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'] }, { verbs: ['get'], apiGroups: [''], resources: ['pods'] }] };
  await send(server, 'POST', `${rbac}/roles`, { ...writer, rules: writer.rules.map((rule) => ({ ...rule, verbs: rule.verbs[0] === '*' ? ['create', 'update'] : rule.verbs })) });
  await send(server, 'POST', `${rbac}/rolebindings`, { metadata: { name: 'b' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'eve' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'writer' } });
  const eve: User = { name: 'eve', groups: ['system:authenticated'] };
  const held = await send(server, 'POST', `${rbac}/roles`, { metadata: { name: 'held' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }, eve);
  assert.equal(held.status, 201, held.message);
  const more = await send(server, 'POST', `${rbac}/roles`, { metadata: { name: 'more' }, rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'secrets'] }] }, eve);
  assert.deepEqual([more.status, more.message], [403, 'roles.rbac.authorization.k8s.io "more" is forbidden: user "eve" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["list"]}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}']);
});
