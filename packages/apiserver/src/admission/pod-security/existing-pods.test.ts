import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { existingPodWarnings, type Inspection } from './existing-pods.ts';

const pod = (name: string, spec: object = {}, owner?: string): Pod & ApiObject =>
  ({ metadata: { name, ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }] }) }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } }) as unknown as Pod & ApiObject; // literals of the wire

const inspect = (pods: readonly (Pod & ApiObject)[], options: Partial<Inspection> = {}): readonly string[] =>
  existingPodWarnings(pods, { namespace: 'n', policy: { level: 'baseline', version: 'latest' }, isExempt: () => false, isOver: () => false, ...options });

const head = 'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"';

test('pods with the same faults are told of together, by the first of their names', () => {
  assert.deepEqual(inspect([pod('c', { hostPID: true }), pod('b', { hostPID: true }), pod('z')]), [head, 'b (and 1 other pod): host namespaces']);
  assert.deepEqual(inspect([pod('c', { hostPID: true }), pod('d', { hostPID: true }), pod('a', { hostIPC: true }), pod('b', { hostPID: true, volumes: [{ name: 'v', hostPath: {} }] })]), [head, 'a (and 2 other pods): host namespaces', 'b: host namespaces, hostPath volumes']);
});

test('what is left out for want of time is said, and one pod of each controller comes first', () => {
  let looks = 0;
  const pods = [pod('a', {}, 'set'), pod('b', {}, 'set'), pod('c', { hostPID: true }), pod('d')];
  assert.deepEqual(inspect(pods, { isOver: () => ++looks > 1 }), ['new PodSecurity enforce level only checked against the first 2 of 4 existing pods', head, 'c: host namespaces']);
});

test('exempt pods are no matter', () => {
  assert.deepEqual(inspect([pod('a', { hostPID: true, runtimeClassName: 'vm' })], { isExempt: ({ spec }) => spec.runtimeClassName === 'vm' }), []);
});
