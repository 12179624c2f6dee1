import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerStatus } from '@kaji/api/core/v1';
import { logOptions, runToRead } from './container-logs.ts';

const status = (more: Partial<ContainerStatus>): ContainerStatus => ({ name: 'c', state: {}, lastState: {}, ready: false, restartCount: 0, image: '', imageID: '', ...more });
const ended = (id: string) => ({ terminated: { exitCode: 1, startedAt: undefined, finishedAt: undefined, containerID: id } });
const where = 'container "c" in pod "p"';

const cases: readonly (readonly [name: string, status: ContainerStatus, isPrevious: boolean, want: string])[] = [
  ['the run there is', status({ state: { running: { startedAt: undefined } }, containerID: 'containerd://1' }), false, '1'],
  ['the run before', status({ state: { running: { startedAt: undefined } }, containerID: 'containerd://2', lastState: ended('containerd://1') }), true, '1'],
  ['no run before', status({ state: { running: { startedAt: undefined } } }), true, `previous terminated ${where} not found`],
  ['a run that ended', status({ state: ended('containerd://1') }), false, '1'],
  ['the last run of one that waits', status({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended('containerd://1') }), false, '1'],
  ['an image that cannot be pulled', status({ state: { waiting: { reason: 'ErrImagePull' } } }), false, `${where} is waiting to start: image can't be pulled`],
  ['a start to come', status({ state: { waiting: { reason: 'ContainerCreating' } } }), false, `${where} is waiting to start: ContainerCreating`],
  ['another container', status({ name: 'other' }), false, `${where} is not available`],
];
for (const [name, of, isPrevious, want] of cases) {
  test(`finds ${name}`, () => {
    const run = runToRead({ containerStatuses: [of] }, 'p', 'c', isPrevious);
    assert.equal('problem' in run ? run.problem : run.id, want);
  });
}

test('reads the options of kubectl and of older callers, and refuses nonsense', () => {
  const read = (query: string) => logOptions(new URLSearchParams(query), 100_000);
  assert.deepEqual(read('follow=true&tailLines=5&timestamps=true&sinceSeconds=10'), { isPrevious: false, follow: true, timestamps: true, tailLines: 5, limitBytes: undefined, sinceMs: 90_000 });
  assert.equal(read('tail=7')?.tailLines, 7);
  assert.equal(read('tail=all')?.tailLines, undefined);
  assert.equal(read('stream=Stderr')?.stream, 'stderr');
  for (const query of ['tailLines=-1', 'tailLines=x', 'limitBytes=0', 'sinceSeconds=0', 'sinceSeconds=1&sinceTime=2030-01-01T00:00:00Z', 'stream=Both']) assert.equal(read(query), undefined, query);
});
