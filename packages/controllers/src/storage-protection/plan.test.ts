import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import type { PersistentVolumeClaim, Pod } from '@kaji/api/core/v1';
import { canFreeClaims, claimNames, classesOfClaim, stepFor, usesClaim, withFinalizer, withoutFinalizer } from './plan.ts';

const finalizer = 'kubernetes.io/pvc-protection';
const object = (metadata: object): ApiObject => ({ metadata });
const pod = (volumes: readonly object[], { metadata = {}, nodeName = 'n', phase = 'Running' }: { metadata?: object; nodeName?: string; phase?: string } = {}): Pod =>
  ({ metadata: { namespace: 'default', name: 'p', uid: 'pod-uid', ...metadata }, spec: { containers: [], volumes, ...(nodeName === '' ? {} : { nodeName }) }, status: { phase } }) as unknown as Pod;
const claim = (name: string, owners: readonly object[] = []): PersistentVolumeClaim => ({ metadata: { namespace: 'default', name, ownerReferences: owners }, spec: {} }) as unknown as PersistentVolumeClaim;
const mounts = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
const ephemeral = [{ name: 'v', ephemeral: {} }];
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'pod-uid', controller: true };

for (const [name, metadata, want] of [
  ['without finalizer', {}, 'add'],
  ['with it', { finalizers: [finalizer] }, 'none'],
  ['deleted, with it', { finalizers: [finalizer], deletionTimestamp: '2026-01-01T00:00:00Z' }, 'remove-if-unused'],
  ['deleted, without', { finalizers: ['other'], deletionTimestamp: '2026-01-01T00:00:00Z' }, 'none'],
] as const) {
  test(`what is done about an object ${name}`, () => { assert.equal(stepFor(object(metadata), finalizer), want); });
}

test('a finalizer comes and goes alone', () => {
  const held = withFinalizer(object({ finalizers: ['other'] }), finalizer);
  assert.deepEqual(held.metadata.finalizers, ['other', finalizer]);
  assert.deepEqual(withoutFinalizer(held, finalizer).metadata.finalizers, ['other']);
});

for (const [name, who, of, want] of [
  ['a pod on a node', pod(mounts), claim('data'), true],
  ['a pod without a node', pod(mounts, { nodeName: '' }), claim('data'), false],
  ['a pod of another claim', pod(mounts), claim('other'), false],
  ['a pod that is over', pod(mounts, { phase: 'Succeeded' }), claim('data'), true],
  ['a pod for its own ephemeral volume', pod(ephemeral), claim('p-v', [owner]), true],
  ['a pod beside a claim of the same name', pod(ephemeral), claim('p-v'), false],
] as const) {
  test(`a claim is ${want ? '' : 'not '}used by ${name}`, () => { assert.equal(usesClaim(who, of), want); });
}

test('a pod tells its claims by volume', () => {
  assert.deepEqual(claimNames(pod([...mounts, { name: 'e', ephemeral: {} }, { name: 'c', emptyDir: {} }])), ['data', 'p-e']);
});

test('only a pod that is over, gone or not placed can set claims free', () => {
  assert.deepEqual([pod(mounts), pod(mounts, { phase: 'Failed' }), pod(mounts, { nodeName: '' })].map((each) => canFreeClaims(each, false)), [false, true, true]);
  assert.ok(canFreeClaims(pod(mounts), true));
});

test('a claim holds the classes that it has, had and wants', () => {
  const of = { spec: { volumeAttributesClassName: 'a' }, status: { currentVolumeAttributesClassName: 'b', modifyVolumeStatus: { targetVolumeAttributesClassName: 'a', status: 'Pending' } } } as unknown as PersistentVolumeClaim;
  assert.deepEqual(classesOfClaim(of), ['a', 'b']);
});
