import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventCorrelator, type Involved } from './events.ts';

const involved: Involved = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web', uid: 'u', resourceVersion: '1', fieldPath: '' };
const source = { component: 'kubelet', host: 'node-1' };
const start = Date.UTC(2030, 0, 1);

test('counts an event that comes again', () => {
  const correlator = new EventCorrelator();
  const first = correlator.plan(involved, source, { type: 'Warning', reason: 'BackOff', message: 'again' }, start);
  const second = correlator.plan(involved, source, { type: 'Warning', reason: 'BackOff', message: 'again' }, start + 5000);
  assert.equal(first.type, 'create');
  assert.ok(second.type === 'count' && first.type === 'create');
  assert.deepEqual([second.name, second.count, second.event.firstTimestamp, second.event.lastTimestamp], [first.event.metadata.name, 2, '2030-01-01T00:00:00Z', '2030-01-01T00:00:05Z']);
});

test('names an event after its object and the time, each once', () => {
  const correlator = new EventCorrelator();
  const names = ['a', 'b'].map((message) => correlator.plan(involved, source, { type: 'Normal', reason: 'Pulled', message }, start)).map((plan) => (plan.type === 'create' ? plan.event.metadata.name : undefined));
  assert.match(names[0] ?? '', /^web\.[0-9a-f]{16}$/);
  assert.notEqual(names[0], names[1]);
});

test('combines the tenth different message and those after it', () => {
  const correlator = new EventCorrelator();
  const plans = Array.from({ length: 12 }, (_, index) => correlator.plan(involved, source, { type: 'Normal', reason: 'Scaled', message: `to ${index}` }, start + index));
  assert.deepEqual(plans.map(({ type }) => type), [...Array.from({ length: 10 }, () => 'create'), 'count', 'count']);
  const last = plans.at(-1);
  assert.equal(last?.type === 'count' && last.event.message, '(combined from similar events): to 11');
});

test('drops what floods one object, and lets one through every five minutes', () => {
  const correlator = new EventCorrelator();
  const plan = (atMs: number): string => correlator.plan(involved, source, { type: 'Normal', reason: 'Same', message: 'same' }, atMs).type;
  const types = Array.from({ length: 26 }, () => plan(start));
  assert.deepEqual([types[24], types[25]], ['count', 'drop']);
  assert.deepEqual([plan(start + 299_000), plan(start + 301_000)], ['drop', 'count']);
});

test('events about objects of no namespace live in default', () => {
  const plan = new EventCorrelator().plan({ ...involved, kind: 'Node', namespace: '' }, source, { type: 'Normal', reason: 'NodeReady', message: 'm' }, start);
  assert.ok(plan.type === 'create');
  assert.deepEqual([plan.event.metadata.namespace, plan.event.involvedObject.namespace], ['default', undefined]);
});
