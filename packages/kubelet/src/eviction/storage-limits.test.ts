import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Volume } from '@kaji/api/core/v1';
import { hasStorageLimit, isCritical, storageEviction } from './storage-limits.ts';

const pod = (limits: readonly (string | undefined)[], volumes: Volume[] = [], more: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name: 'p' },
  spec: { containers: limits.map((limit, index) => ({ name: `c${index}`, ...(limit === undefined ? {} : { resources: { limits: { 'ephemeral-storage': limit } } }) })), volumes, ...more },
});
const dir = (sizeLimit?: string, medium?: 'Memory'): Volume => ({ name: 'work', emptyDir: { ...(sizeLimit === undefined ? {} : { sizeLimit }), ...(medium === undefined ? {} : { medium }) } });
const mebi = 2 ** 20;

const cases: readonly [name: string, pod: Pod, emptyDir: number, containers: readonly number[], want: string | undefined][] = [
  ['below the limit of the volume', pod([undefined], [dir('1Mi')]), mebi, [0], undefined],
  ['over the limit of the volume', pod([undefined], [dir('1Mi')]), mebi + 1, [0], 'Usage of EmptyDir volume "work" exceeds the limit "1Mi". '],
  ['a limit of nothing is none', pod([undefined], [dir('0')]), mebi, [0], undefined],
  ['no limit', pod([undefined], [dir()]), 100 * mebi, [100 * mebi], undefined],
  ['the pod over the sum of its containers', pod(['1Mi', '2Mi'], [dir()]), 3 * mebi, [1, 0], 'Pod ephemeral local storage usage exceeds the total limit of containers 3Mi. '],
  ['one container over its own', pod(['1Mi', '2Mi']), 0, [mebi + 1, 0], 'Container c0 exceeded its local ephemeral storage limit "1Mi". '],
  ['the volume is named before the pod', pod(['1Mi'], [dir('1Mi')]), 2 * mebi, [0], 'Usage of EmptyDir volume "work" exceeds the limit "1Mi". '],
];
for (const [name, of, emptyDir, containers, want] of cases) {
  test(`storage: ${name}`, () => {
    const ending = storageEviction(of, { emptyDirs: new Map([['work', emptyDir]]), containers: new Map(containers.map((bytes, index) => [`c${index}`, bytes])) });
    assert.equal(ending?.message, want);
    if (ending !== undefined) assert.deepEqual([ending.phase, ending.reason, ending.graceSeconds], ['Failed', 'Evicted', 1]);
  });
}

test('only limits that the disk has to be looked at for are looked at', () => {
  assert.equal(hasStorageLimit(pod([undefined], [dir()])), false);
  assert.equal(hasStorageLimit(pod([undefined], [dir('1Mi', 'Memory')])), false);
  assert.equal(hasStorageLimit(pod([undefined], [dir('1Mi')])), true);
  assert.equal(hasStorageLimit(pod(['1Mi'])), true);
});

test('what the node cannot do without stays', () => {
  assert.equal(isCritical(pod([undefined], [], { priority: 2_000_000_000 })), true);
  assert.equal(isCritical(pod([undefined], [], { priority: 1000 })), false);
});
