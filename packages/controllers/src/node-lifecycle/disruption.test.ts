import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@kaji/api/core/v1';
import { evictionOf } from './disruption.ts';

const node = (name: string, status: 'True' | 'Unknown', zone = 'a'): Node => ({ metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } }, spec: {}, status: { conditions: [{ type: 'Ready', status }] } });
const many = (count: number, status: 'True' | 'Unknown', zone?: string): readonly Node[] => Array.from({ length: count }, (_, index) => node(`${status}-${index}`, status, zone));
const lost = node('lost', 'Unknown');

const cases: readonly [name: string, others: readonly Node[], want: ReturnType<typeof evictionOf>][] = [
  ['one of two', many(1, 'True'), { everyMs: 10_000 }],
  ['the only one', [], 'never'],
  ['all of the cluster', many(9, 'Unknown'), 'never'],
  ['all of its zone, while another zone is well', [...many(4, 'Unknown'), ...many(1, 'True', 'b')], { everyMs: 10_000 }],
  ['most of a small zone', [...many(5, 'Unknown'), ...many(3, 'True')], { everyMs: Infinity }],
  ['most of a large zone', [...many(40, 'Unknown'), ...many(20, 'True')], { everyMs: 100_000 }],
  ['two of three', [...many(1, 'Unknown'), ...many(1, 'True')], { everyMs: 10_000 }],
];
for (const [name, others, want] of cases) test(`a lost node that is ${name}`, () => { assert.deepEqual(evictionOf(lost, [lost, ...others]), want); });
