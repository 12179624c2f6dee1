import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededStreams } from '@kaji/base';
import { SortedMap } from './sorted-map.ts';

const all = (view: { range(start: string, end: string): Iterable<number> }): number[] => [...view.range('', '\uffff')];

test('behaves as a sorted dictionary under random writes, and snapshots stand still', () => {
  const random = seededStreams(5).stream('map');
  const map = new SortedMap<number>();
  const model = new Map<string, number>();
  const kept: { readonly view: ReturnType<typeof map.snapshot>; readonly want: number[]; readonly size: number }[] = [];
  const sorted = (): number[] => [...model.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  for (let step = 0; step < 20_000; step++) {
    const key = `k${Math.floor(random() * 3000)}`;
    if (random() < 0.3) assert.equal(map.delete(key), model.delete(key));
    else {
      map.set(key, step);
      model.set(key, step);
    }
    if (step % 1500 === 0) kept.push({ view: map.snapshot(), want: sorted(), size: model.size });
  }
  assert.deepEqual(all(map), sorted());
  assert.equal(map.size, model.size);
  for (const { view, want, size } of kept) {
    assert.deepEqual(all(view), want);
    assert.equal(view.size, size);
  }
  const between = [...model.keys()].filter((key) => key >= 'k2' && key < 'k25');
  assert.equal(map.count('k2', 'k25'), between.length);
  for (const [key, value] of model) assert.equal(map.get(key), value);
});

test('keys loaded in order fill the leaves', () => {
  const map = new SortedMap<number>();
  for (let index = 0; index < 1000; index++) map.set(String(index).padStart(5, '0'), index);
  assert.equal(map.count('00000', '00500'), 500);
  assert.deepEqual([...map.range('00010', '00013')], [10, 11, 12]);
});
