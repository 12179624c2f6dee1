import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusMetrics } from './metrics.ts';

const lines = async (metrics: ReturnType<typeof prometheusMetrics>, name: string): Promise<string[]> => (await metrics.render()).split('\n').filter((line) => line.startsWith(name));

test('counts of a series and counts by labels come to one sum', async () => {
  const metrics = prometheusMetrics();
  const counter = metrics.counter({ name: 'c_total', help: 'Counts.', labels: ['a'] });
  const series = counter.with({ a: 'x' });
  assert.deepEqual(await lines(metrics, 'c_total'), ['c_total{a="x"} 0']);
  series.add();
  counter.add({ a: 'x' }, 2);
  counter.with({ a: 'x' }).add(4);
  assert.deepEqual(await lines(metrics, 'c_total'), ['c_total{a="x"} 7']);
  assert.deepEqual(await lines(metrics, 'c_total'), ['c_total{a="x"} 7']);
});

test('what is looked up is asked at each rendering', async () => {
  const metrics = prometheusMetrics();
  const gauge = metrics.gauge({ name: 'g', help: 'Says.', labels: [] });
  let value = 0;
  metrics.onRender(() => { gauge.set({}, ++value); });
  await metrics.render();
  assert.deepEqual(await lines(metrics, 'g '), ['g 2']);
});

test('a histogram sums what its series observe', async () => {
  const metrics = prometheusMetrics();
  const histogram = metrics.histogram({ name: 'h', help: 'Spreads.', labels: ['a'], buckets: [1, 10] });
  histogram.with({ a: 'x' }).observe(5);
  histogram.observe({ a: 'x' }, 20);
  assert.deepEqual(await lines(metrics, 'h_sum'), ['h_sum{a="x"} 25']);
});

test('the process tells of itself', async () => {
  const text = await prometheusMetrics().render();
  for (const name of ['process_start_time_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total']) assert.match(text, new RegExp(`^${name} [1-9\\d.]+$`, 'm'));
});
