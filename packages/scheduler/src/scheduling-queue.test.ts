import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import { schedulerConfiguration } from './configuration.ts';
import { profileOf } from './profile.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

const client = createClient({ request: () => Promise.reject(new Error('a queue makes no requests')), close: () => Promise.resolve() }, { userAgent: 'test' });
const pod = (uid: string, spec: object = {}): Pod => ({ metadata: { name: uid, namespace: 'default', uid }, spec: { containers: [], ...spec } }) as Pod; // as much of a pod as the queue reads

function open() {
  const { clock } = testRuntime();
  const [configuration] = schedulerConfiguration().profiles;
  assert.ok(configuration !== undefined);
  const profile = profileOf(configuration, client);
  return { clock, queue: new SchedulingQueue(clock, { initialBackoffMs: 1000, maxBackoffMs: 10_000 }, () => profile) };
}

/** What comes next, or undefined when nothing does now. */
async function next(queue: SchedulingQueue): Promise<string | undefined> {
  return Promise.race([queue.pop().then((queued) => queued?.pod.metadata.uid), new Promise<undefined>((resolve) => { setImmediate(() => { resolve(undefined); }); })]);
}

it('the more important pod is next, then the older one', async () => {
  const { clock, queue } = open();
  queue.add(pod('a'));
  await clock.advance(1);
  queue.add(pod('b'));
  queue.add(pod('c', { priority: 10 }));
  assert.deepEqual([await next(queue), await next(queue), await next(queue)], ['c', 'a', 'b']);
  queue.close();
});

it('a gated pod waits for its gates', async () => {
  const { queue } = open();
  queue.add(pod('a', { schedulingGates: [{ name: 'x' }] }));
  queue.add(pod('b'));
  assert.equal(await next(queue), 'b');
  queue.unblock('node/add');
  queue.add(pod('a'));
  assert.equal(await next(queue), 'a');
  queue.close();
});

it('a refused pod comes back when something happens that its plugin named, after its back-off', async () => {
  const { clock, queue } = open();
  queue.add(pod('a'));
  const tried = await queue.pop();
  assert.ok(tried !== undefined);
  queue.park({ ...tried, rejectedBy: new Set(['NodeResourcesFit']) });
  queue.unblock('node/labels');
  await clock.advance(2000);
  const waiting = queue.pop();
  let hasCome = false;
  void waiting.then(() => { hasCome = true; });
  await clock.advance(1);
  assert.equal(hasCome, false, 'labels do not free resources');
  queue.unblock('pod/delete');
  assert.equal((await waiting)?.attempts, 2, 'its back-off of a second is over already');
  queue.close();
});

it('back-off doubles with the attempts, and ends', async () => {
  const { clock, queue } = open();
  queue.add(pod('a'));
  const waits: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    const tried = await queue.pop();
    assert.ok(tried !== undefined);
    queue.retry(tried);
    const at = clock.monotonic();
    await clock.advanceTo(clock.next() ?? 0);
    waits.push(clock.monotonic() - at);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 10_000, 10_000]);
  queue.close();
});

it('a pod is tried again after five minutes, whatever happens', async () => {
  const { clock, queue } = open();
  queue.add(pod('a'));
  const tried = await queue.pop();
  assert.ok(tried !== undefined);
  queue.park({ ...tried, rejectedBy: new Set(['NodeName']) });
  const again = queue.pop();
  await clock.advance(301_000);
  assert.equal((await again)?.pod.metadata.uid, 'a');
  queue.close();
});

it('a pod that was deleted does not come', async () => {
  const { queue } = open();
  queue.add(pod('a'));
  queue.add(pod('b'));
  queue.remove('a');
  assert.equal(await next(queue), 'b');
  queue.close();
  assert.equal(await queue.pop(), undefined);
});
