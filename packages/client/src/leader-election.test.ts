import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '@kaji/api/coordination/v1';
import { claim } from './leader-election.ts';

const now = '2030-01-01T00:00:10.000000Z';
const held = (holderIdentity: string): Lease => ({ metadata: { name: 'l' }, spec: { holderIdentity, leaseDurationSeconds: 15, acquireTime: '2030-01-01T00:00:00.000000Z', renewTime: '2030-01-01T00:00:08.000000Z', leaseTransitions: 3 } });

test('takes a lease that is not there', () => {
  assert.deepEqual(claim(undefined, 'me', false, now, 15), { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: now, renewTime: now, leaseTransitions: 0 });
});
test('renews its own, keeping the time it was taken', () => {
  assert.deepEqual(claim(held('me'), 'me', true, now, 15), { ...held('me').spec, renewTime: now });
});
test('leaves a lease that somebody renews', () => { assert.equal(claim(held('other'), 'me', true, now, 15), undefined); });
test('takes a lease that nobody renewed, and counts that', () => {
  assert.deepEqual(claim(held('other'), 'me', false, now, 15), { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: now, renewTime: now, leaseTransitions: 4 });
});
test('takes a lease that was given back', () => { assert.equal(claim(held(''), 'me', true, now, 15)?.holderIdentity, 'me'); });
