import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cohort } from './cohort.ts';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

test('what is read in one turn takes each step side by side, some thirty at a time and in order', async () => {
  const cohort = new Cohort();
  const steps: string[] = [];
  const all = Array.from({ length: 40 }, async (_, index) => {
    await cohort.gather();
    steps.push(`decode ${index}`);
    await Promise.resolve();
    steps.push(`check ${index}`);
  });
  assert.deepEqual(steps, [], 'nothing begins while there may be more to read');
  await turn();
  const numbered = (step: string, from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `${step} ${from + index}`);
  assert.deepEqual(steps, [...numbered('decode', 0, 32), ...numbered('check', 0, 32)]);
  await Promise.all(all);
  assert.deepEqual(steps.slice(64), [...numbered('decode', 32, 40), ...numbered('check', 32, 40)]);
});

test('who comes later begins in a turn of his own', async () => {
  const cohort = new Cohort();
  await cohort.gather();
  await cohort.gather();
});
