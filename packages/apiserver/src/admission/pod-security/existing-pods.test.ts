import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { existingPodWarnings, type Look, lookAt, mostPods } from './existing-pods.ts';

const policy = { level: 'baseline', version: 'latest' } as const;

const look = (name: string, spec: object = {}, owner?: string): Look =>
  lookAt({ metadata: { name, ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }] }) }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } } as unknown as Pod & ApiObject, policy); // literals of the wire

const warnings = (looks: readonly Look[], total = looks.length): readonly string[] => existingPodWarnings(looks, { namespace: 'n', policy, total });

const head = 'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"';

test('pods with the same faults are told of together, by the first of their names', () => {
  assert.deepEqual(warnings([look('c', { hostPID: true }), look('b', { hostPID: true }), look('z')]), [head, 'b (and 1 other pod): host namespaces']);
  assert.deepEqual(warnings([look('c', { hostPID: true }), look('d', { hostPID: true }), look('a', { hostIPC: true }), look('b', { hostPID: true, volumes: [{ name: 'v', hostPath: {} }] })]), [head, 'a (and 2 other pods): host namespaces', 'b: host namespaces, hostPath volumes']);
});

test('pods that nobody had the time to look at are said to be there', () => {
  assert.deepEqual(warnings([look('a'), look('b', { hostPID: true })], 4), ['new PodSecurity enforce level only checked against the first 2 of 4 existing pods', head, 'b: host namespaces']);
});

test('of very many, one of each controller comes first', () => {
  const alike = Array.from({ length: mostPods }, (_each, index) => look(`alike-${index}`, {}, 'set'));
  assert.deepEqual(warnings([...alike, look('other', { hostPID: true })]), [`new PodSecurity enforce level only checked against the first ${mostPods} of ${mostPods + 1} existing pods`, head, 'other: host namespaces']);
});
