import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyResource, ApiObject, Resource } from '@kaji/api';
import { pods } from '@kaji/api/core/v1';
import { clusterrolebindings, clusterroles, rolebindings, roles } from '@kaji/api/rbac/v1';
import type { Action } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';
import { firstOpinion, masters, resourceAction } from './authorizer.ts';
import { nodeAuthorizer } from './node-authorizer.ts';
import { NodeGraph } from './node-graph.ts';
import { nodeRules } from './node-rules.ts';
import { Rbac } from './rbac.ts';

/** Objects by resource, changed by `set`, as the caches would be. */
class Objects implements Reader {
  readonly #objects = new Map<unknown, Map<string, ApiObject>>();
  readonly #listeners = new Map<unknown, ((change: never) => void)[]>();
  set<T extends ApiObject>(resource: Resource<T>, object: T, isThere = true): void {
    const all = this.#objects.get(resource) ?? new Map<string, ApiObject>();
    this.#objects.set(resource, all);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
    const previous = all.get(key);
    if (isThere) all.set(key, object);
    else all.delete(key);
    for (const listener of this.#listeners.get(resource) ?? []) listener({ object: isThere ? object : undefined, previous } as never);
  }
  get<T extends ApiObject>(resource: Resource<T>, namespace: string, name: string): T | undefined {
    return this.#objects.get(resource)?.get(`${namespace}/${name}`) as T | undefined;
  }
  list<T extends ApiObject>(resource: Resource<T>): Iterable<T> {
    return [...this.#objects.get(resource)?.values() ?? []] as T[];
  }
  slice<T extends ApiObject>(resource: Resource<T>, namespace: string, { after, limit }: { readonly after: string; readonly limit: number }): readonly T[] {
    return [...this.list(resource)].filter(({ metadata }) => metadata.namespace === namespace && (metadata.name ?? '') > after).slice(0, limit);
  }
  count(resource: AnyResource, namespace: string): number {
    return this.slice(resource, namespace, { after: '', limit: Infinity }).length;
  }
  subscribe<T extends ApiObject>(resource: Resource<T>, onChange: (change: { readonly object: T | undefined; readonly previous: T | undefined }) => void): void {
    this.#listeners.set(resource, [...(this.#listeners.get(resource) ?? []), onChange as (change: never) => void]);
  }
}

const forever = new AbortController().signal;
const user = (name: string, ...groups: string[]): { name: string; groups: string[] } => ({ name, groups });
const roleRef = (kind: string, name: string): { apiGroup: string; kind: string; name: string } => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const list = (plural: string, namespace = ''): Action => resourceAction({ verb: 'list', plural, namespace });

test('bindings give what their roles say, where they say it, and say why', () => {
  const objects = new Objects();
  objects.set(clusterroles, { metadata: { name: 'reader' }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }] });
  objects.set(roles, { metadata: { name: 'local', namespace: 'a' }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['secrets'] }] });
  const rbac = new Rbac(objects, forever);
  assert.equal(rbac.authorize(user('bob'), list('pods', 'a')).isAllowed, false);
  objects.set(rolebindings, { metadata: { name: 'b', namespace: 'a' }, subjects: [{ kind: 'Group', name: 'devs' }], roleRef: roleRef('ClusterRole', 'reader') });
  objects.set(rolebindings, { metadata: { name: 'l', namespace: 'a' }, subjects: [{ kind: 'ServiceAccount', name: 'robot' }], roleRef: roleRef('Role', 'local') });
  assert.deepEqual(rbac.authorize(user('bob', 'devs'), list('pods', 'a')), { isAllowed: true, reason: 'RBAC: allowed by RoleBinding "b/a" of ClusterRole "reader" to Group "devs"' });
  assert.equal(rbac.authorize(user('bob', 'devs'), list('pods', 'b')).isAllowed, false);
  assert.equal(rbac.authorize(user('bob', 'devs'), list('pods')).isAllowed, false);
  assert.equal(rbac.authorize(user('system:serviceaccount:a:robot'), list('secrets', 'a')).isAllowed, true);
  const binding = { metadata: { name: 'c' }, subjects: [{ kind: 'User', name: 'bob' }], roleRef: roleRef('ClusterRole', 'reader') };
  objects.set(clusterrolebindings, binding);
  assert.equal(rbac.authorize(user('bob'), list('pods')).isAllowed, true);
  objects.set(clusterrolebindings, { ...binding, subjects: [{ kind: 'User', name: 'eve' }] });
  assert.equal(rbac.authorize(user('bob'), list('pods')).isAllowed, false);
  objects.set(clusterrolebindings, { ...binding, subjects: [{ kind: 'User', name: 'eve' }] }, false);
  assert.equal(rbac.authorize(user('eve'), list('pods')).isAllowed, false);
  objects.set(clusterrolebindings, { ...binding, roleRef: roleRef('ClusterRole', 'none') });
  assert.deepEqual(rbac.authorize(user('bob'), list('pods')), { isAllowed: false, reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "none" not found' });
});

test('ten thousand bindings of others cost nothing', () => {
  const objects = new Objects();
  objects.set(clusterroles, { metadata: { name: 'reader' }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }] });
  for (let index = 0; index < 10_000; index++) objects.set(clusterrolebindings, { metadata: { name: `b${index}` }, subjects: [{ kind: 'User', name: `user${index}` }], roleRef: roleRef('ClusterRole', 'reader') });
  const rbac = new Rbac(objects, forever);
  const startedMs = performance.now();
  for (let round = 0; round < 10_000; round++) rbac.authorize(user('user7', 'system:authenticated'), list('secrets'));
  assert.ok(performance.now() - startedMs < 500, 'the bindings were walked');
});

test('a node reads what its pods name, as long as they are there', () => {
  const objects = new Objects();
  const graph = new NodeGraph(objects, forever);
  const authorizer = firstOpinion([masters, nodeAuthorizer(graph, nodeRules)]);
  const node = user('system:node:n1', 'system:nodes');
  const secret = resourceAction({ verb: 'get', plural: 'secrets', namespace: 'd', name: 's' });
  assert.deepEqual(authorizer.authorize(node, secret), { isAllowed: false, reason: "no relationship found between node 'n1' and this object" });
  const pod = { metadata: { name: 'p', namespace: 'd' }, spec: { nodeName: 'n1', serviceAccountName: 'robot', containers: [{ name: 'c', envFrom: [{ secretRef: { name: 's' } }] }] } } as ApiObject;
  objects.set(pods as Resource, pod);
  assert.equal(authorizer.authorize(node, secret).isAllowed, true);
  assert.equal(authorizer.authorize(user('system:node:n2', 'system:nodes'), secret).isAllowed, false);
  assert.equal(authorizer.authorize(user('system:node:n1'), secret).isAllowed, false);
  assert.equal(authorizer.authorize(node, resourceAction({ verb: 'create', plural: 'serviceaccounts', subresource: 'token', namespace: 'd', name: 'robot' })).isAllowed, true);
  assert.equal(authorizer.authorize(node, { ...secret, verb: 'delete' }).reason, 'can only read resources of this type');
  assert.equal(authorizer.authorize(node, { ...list('pods'), fieldSelector: 'spec.nodeName=n1' }).isAllowed, true);
  assert.equal(authorizer.authorize(node, list('pods')).reason, 'can only list/watch pods with spec.nodeName field selector');
  objects.set(pods as Resource, pod, false);
  assert.equal(authorizer.authorize(node, secret).isAllowed, false);
});

test('masters may do everything', () => {
  assert.equal(firstOpinion([masters]).authorize(user('x', 'system:masters'), list('secrets')).isAllowed, true);
});
