import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import { type HorizontalPodAutoscaler as New, horizontalpodautoscalers, roundTripAnnotations } from '@kaji/api/autoscaling/v2';
import { autoscalerConversion } from './horizontal-pod-autoscaler.ts';

type Metric = NonNullable<New['spec']['metrics']>[number];

const scaleTargetRef = { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' };
const processor: Metric = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };
const stored = (spec: Partial<New['spec']>, status: Partial<NonNullable<New['status']>> = {}): New & ApiObject =>
  ({ metadata: { name: 'web' }, spec: { scaleTargetRef, maxReplicas: 3, ...spec }, status: { desiredReplicas: 0, ...status } });
const old = (spec: object, annotations?: Record<string, string>): ApiObject =>
  ({ metadata: { name: 'web', ...(annotations === undefined ? {} : { annotations }) }, spec: { scaleTargetRef, maxReplicas: 3, ...spec } }) as ApiObject;

for (const [name, metric, text] of [
  ['pods', { type: 'Pods', pods: { metric: { name: 'hits', selector: { matchLabels: { b: '1', a: '2' } } }, target: { type: 'AverageValue', averageValue: '5' } } }, '{"type":"Pods","pods":{"metricName":"hits","targetAverageValue":"5","selector":{"matchLabels":{"a":"2","b":"1"}}}}'],
  ['memory', { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } }, '{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}'],
  ['a container', { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 7 } } }, '{"type":"ContainerResource","containerResource":{"name":"cpu","targetAverageUtilization":7,"container":"c"}}'],
  ['from outside', { type: 'External', external: { metric: { name: 'q' }, target: { type: 'Value', value: '3' } } }, '{"type":"External","external":{"metricName":"q","targetValue":"3"}}'],
  ['an object', { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'q' }, target: { type: 'Value', value: '3' } } }, '{"type":"Object","object":{"target":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"},"metricName":"q","targetValue":"3"}}'],
  ['an average of an object', { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '3' } } }, '{"type":"Object","object":{"target":{"kind":"Deployment","name":"web","apiVersion":"apps/v1"},"metricName":"q","targetValue":"0","averageValue":"3"}}'],
] as const satisfies readonly (readonly [string, Metric, string])[]) {
  test(`the first version keeps a metric in an annotation: ${name}`, () => {
    const shown = autoscalerConversion.fromStored(stored({ metrics: [metric, processor] }));
    assert.deepEqual(shown.metadata.annotations, { [roundTripAnnotations.metrics]: `[${text}]` });
    const back = autoscalerConversion.toStored(shown) as New;
    assert.deepEqual(JSON.parse(JSON.stringify(back.spec.metrics)), JSON.parse(JSON.stringify([metric, processor])));
    assert.equal(back.metadata.annotations, undefined);
  });
}

test('the first version keeps rules of scaling, what was measured and conditions', () => {
  const behavior = { scaleUp: { stabilizationWindowSeconds: 3, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] } };
  const currentMetrics = [{ type: 'Resource', resource: { name: 'cpu', current: { averageValue: '20m', averageUtilization: 40 } } }];
  const conditions = [{ type: 'AbleToScale', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'Ready' }];
  const shown = autoscalerConversion.fromStored(stored({ metrics: [processor], behavior }, { currentMetrics, conditions }));
  assert.deepEqual(shown.metadata.annotations, {
    [roundTripAnnotations.behavior]: '{"ScaleUp":{"StabilizationWindowSeconds":3,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":null}',
    [roundTripAnnotations.currentMetrics]: '[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":40,"currentAverageValue":"20m"}}]',
    [roundTripAnnotations.conditions]: '[{"type":"AbleToScale","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"Ready"}]',
  });
  const back = autoscalerConversion.toStored(shown) as New;
  assert.deepEqual(back.spec.behavior, behavior);
  assert.deepEqual(back.status?.currentMetrics, currentMetrics);
  assert.deepEqual(back.status?.conditions, conditions);
});

for (const [name, object, want] of [
  ['no metric', old({}), [80]],
  ['a target', old({ targetCPUUtilizationPercentage: 20 }), [20]],
  ['an annotation that is no list', old({}, { [roundTripAnnotations.metrics]: 'x' }), [80]],
  ['an annotation of another shape', old({}, { [roundTripAnnotations.metrics]: '[{"type":7}]' }), [80]],
] as const) {
  test(`what is stored of the first version has a processor target: ${name}`, () => {
    const { spec, metadata } = autoscalerConversion.toStored(object) as New;
    assert.deepEqual(spec.metrics?.map(({ resource }) => resource?.target.averageUtilization), want);
    assert.equal(metadata.annotations, undefined);
  });
}

test('the second version takes no annotation of the first', () => {
  const object = stored({});
  object.metadata.annotations = { [roundTripAnnotations.scaleUpTolerance]: '1', mine: '2' };
  horizontalpodautoscalers.defaults?.(object);
  assert.deepEqual(object.metadata.annotations, { mine: '2' });
});
