import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { WorkQueue } from './work-queue.ts';

const queueOf = (): { readonly queue: WorkQueue; readonly clock: ReturnType<typeof testRuntime>['clock'] } => {
  const { clock, random } = testRuntime();
  return { queue: new WorkQueue(clock, random.stream('test')), clock };
};

test('hands a key out once however often it was added', async () => {
  const { queue } = queueOf();
  queue.add('a');
  queue.add('a');
  queue.add('b');
  assert.deepEqual([await queue.next(), await queue.next(), queue.depth], ['a', 'b', 0]);
});

test('keeps a key that is worked on from other workers, and gives it again afterwards', async () => {
  const { queue } = queueOf();
  queue.add('a');
  assert.equal(await queue.next(), 'a');
  queue.add('a');
  assert.equal(queue.depth, 0);
  queue.done('a');
  assert.equal(await queue.next(), 'a');
});

test('of two delays the earlier wins', async () => {
  const { queue, clock } = queueOf();
  queue.addAfter('a', 5000);
  queue.addAfter('a', 1000);
  queue.addAfter('a', 3000);
  await clock.advance(999);
  assert.equal(queue.depth, 0);
  await clock.advance(1);
  assert.equal(await queue.next(), 'a');
  queue.done('a');
  await clock.advance(10_000);
  assert.equal(queue.depth, 0);
});

test('waits longer after each failure in a row', async () => {
  const { queue, clock } = queueOf();
  queue.addAfterFailure('a');
  await clock.advance(5);
  assert.equal(queue.depth, 1);
  queue.done((await queue.next()) ?? '');
  queue.addAfterFailure('a');
  await clock.advance(9);
  assert.equal(queue.depth, 0);
  await clock.advance(1);
  assert.equal(queue.depth, 1);
  assert.equal(queue.failures('a'), 2);
  queue.forget('a');
  assert.equal(queue.failures('a'), 0);
});

test('wakes waiting workers, and lets them go when closed', async () => {
  const { queue } = queueOf();
  const [first, second] = [queue.next(), queue.next()];
  queue.add('a');
  queue.close();
  assert.deepEqual([await first, await second], ['a', undefined]);
});
