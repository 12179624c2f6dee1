import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { validateHorizontalPodAutoscaler } from './horizontal-pod-autoscaler-rules.ts';

const withoutGroup = 'Invalid value: "/v1": apiVersion must specify API group';

for (const [kind, apiVersion, want] of [
  ['Deployment', 'apps/v1', []],
  ['Deployment', '/v1', [withoutGroup]],
  ['Deployment', 'v1', [withoutGroup.replace('/v1', 'v1')]],
  ['ReplicationController', '/v1', []],
  ['Deployment', 'a/b/c', ['Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c']],
] as const) {
  test(`what an autoscaler scales is of a group, but for one kind: ${kind} of ${apiVersion}`, () => {
    const autoscaler = { metadata: {}, spec: { scaleTargetRef: { kind, name: 'a', apiVersion }, maxReplicas: 1 } } as HorizontalPodAutoscaler;
    assert.deepEqual(validateHorizontalPodAutoscaler(autoscaler, undefined).map(({ message }) => message), want);
  });
}
