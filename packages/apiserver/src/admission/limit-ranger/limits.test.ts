import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LimitRange, PersistentVolumeClaim, Pod } from '@kaji/api/core/v1';
import { claimProblems, podProblems } from './limits.ts';

const range = (limit: object): LimitRange => ({ metadata: {}, spec: { limits: [limit] } }) as unknown as LimitRange; // literals of the wire, as below
const asking = (...resources: readonly object[]): Pod => ({ metadata: {}, spec: { containers: resources.map((each, index) => ({ name: `c${index}`, resources: each })) } }) as unknown as Pod;

const cases: readonly (readonly [string, object, Pod, readonly string[]])[] = [
  ['enough', { type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } }, asking({ requests: { cpu: '100m' }, limits: { cpu: '1' } }), []],
  ['too little asked', { type: 'Container', min: { memory: '100Mi' } }, asking({ requests: { memory: '5Mi' } }), ['minimum memory usage per Container is 100Mi, but request is 5Mi']],
  ['too low a limit', { type: 'Container', min: { cpu: '1' } }, asking({ requests: { cpu: '1' }, limits: { cpu: '999m' } }), ['minimum cpu usage per Container is 1, but limit is 999m']],
  ['nothing asked', { type: 'Container', min: { cpu: '1' } }, asking({}), ['minimum cpu usage per Container is 1.  No request is specified']],
  ['too high a limit', { type: 'Container', max: { cpu: '1' } }, asking({ limits: { cpu: '1001m' } }), ['maximum cpu usage per Container is 1, but limit is 1001m']],
  ['too much asked', { type: 'Container', max: { 'example.com/x': '1' } }, asking({ requests: { 'example.com/x': '2' }, limits: { 'example.com/x': '1' } }), ['maximum example.com/x usage per Container is 1, but request is 2']],
  ['no limit', { type: 'Container', max: { cpu: '1', memory: '1Gi' } }, asking({}), ['maximum cpu usage per Container is 1.  No limit is specified', 'maximum memory usage per Container is 1Gi.  No limit is specified']],
  ['too wide a ratio', { type: 'Container', maxLimitRequestRatio: { cpu: '1500m' } }, asking({ requests: { cpu: '3' }, limits: { cpu: '5' } }), ['cpu max limit to request ratio per Container is 1500m, but provided ratio is 1.666667']],
  ['a ratio of nothing', { type: 'Container', maxLimitRequestRatio: { cpu: '2' } }, asking({ requests: { cpu: '0' } }, { requests: { cpu: '1' } }), ['cpu max limit to request ratio per Container is 2, but no request is specified or request is 0', 'cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0']],
  ['containers together', { type: 'Pod', max: { cpu: '1' } }, asking({ limits: { cpu: '600m' } }, { limits: { cpu: '600m' } }), ['maximum cpu usage per Pod is 1, but limit is 1200m']],
  ['claims are another matter', { type: 'PersistentVolumeClaim', max: { storage: '1' } }, asking({}), []],
];

for (const [name, limit, pod, want] of cases) test(`limits of a pod: ${name}`, () => { assert.deepEqual(podProblems(range(limit), pod), want); });

test('what is asked for the pod as a whole takes the place of the sum', () => {
  const pod = asking({ limits: { cpu: '5' } });
  assert.deepEqual(podProblems(range({ type: 'Pod', max: { cpu: '1' } }), { ...pod, spec: { ...pod.spec, resources: { limits: { cpu: '1' } } } } as Pod), []);
});

const claims: readonly (readonly [string, object, readonly string[]])[] = [
  ['2Gi', { min: { storage: '1Gi' }, max: { storage: '5Gi' } }, []],
  ['1Mi', { min: { storage: '1Gi' }, max: { storage: '5Gi' } }, ['minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi']],
  ['6Gi', { min: { storage: '1Gi' }, max: { storage: '5Gi' } }, ['maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi']],
];

for (const [storage, limit, want] of claims) {
  test(`limits of a claim of ${storage}`, () => {
    assert.deepEqual(claimProblems(range({ type: 'PersistentVolumeClaim', ...limit }), { metadata: {}, spec: { resources: { requests: { storage } } } } as unknown as PersistentVolumeClaim), want);
  });
}
