import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodTemplateSpec } from '@kaji/api/core/v1';
import { stateOf } from './plan.ts';

test('a state is kept in the bytes that Go writes of it', () => {
  const template = { metadata: { labels: { b: '1', a: '2' } }, spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', containers: [{ name: 'main', image: 'main:1', resources: {} }] } } as PodTemplateSpec;
  assert.equal(JSON.stringify(stateOf(template)),
    '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"a":"2","b":"1"}},"spec":{"containers":[{"image":"main:1","name":"main","resources":{}}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always"}}}}');
});
