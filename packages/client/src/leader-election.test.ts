import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '@kaji/api/coordination/v1';
import { startTestServer } from '@kaji/apiserver/testing';
import { ApiError } from '@kaji/api';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from './create-client.ts';
import { claim, leaderElect } from './leader-election.ts';

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

test('one leads at a time, and the next one takes over when the first lets go', { timeout: 10_000 }, async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  const told: string[] = [];
  const run = (identity: string, stop: AbortSignal): Promise<void> => leaderElect(runtime, client, { lease: { namespace: 'kube-system', name: 'test' }, identity }, (signal) => {
    told.push(`${identity} leads`);
    return new Promise((resolve) => { signal.addEventListener('abort', () => { told.push(`${identity} ends`); resolve(); }); });
  }, stop).catch(() => undefined);
  const [first, second] = [new AbortController(), new AbortController()];
  const running = [run('first', first.signal)];
  await runtime.clock.advance(1000);
  running.push(run('second', second.signal));
  // Long past the lease's duration: the first renews it.
  await runtime.clock.advance(60_000);
  assert.deepEqual(told, ['first leads']);
  first.abort();
  await runtime.clock.advance(10_000);
  assert.deepEqual(told, ['first leads', 'first ends', 'second leads']);
  second.abort();
  await runtime.clock.advance(1000);
  await Promise.all(running);
});

test('a leader that cannot renew its lease stops before another may take it', { timeout: 10_000 }, async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  let isCut = false;
  const transport = server.transport();
  const client = createClient({ request: (request) => (isCut ? Promise.reject(new ApiError('ServiceUnavailable', 'cut')) : transport.request(request)), close: () => transport.close() }, { userAgent: 'test' });
  let endedAtMs: number | undefined;
  const start = runtime.clock.now();
  const lost = assert.rejects(leaderElect(runtime, client, { lease: { namespace: 'kube-system', name: 'test' }, identity: 'me' }, (signal) => new Promise((resolve) => {
    signal.addEventListener('abort', () => { endedAtMs = runtime.clock.now(); resolve(); });
  }), new AbortController().signal), /lost the lease/);
  await runtime.clock.advance(1000);
  isCut = true;
  await runtime.clock.advance(30_000);
  await lost;
  assert.ok(endedAtMs !== undefined && endedAtMs - start < 15_000);
});
