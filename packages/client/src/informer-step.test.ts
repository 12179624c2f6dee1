import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ApiObject } from '@kaji/api';
import { initial, type Input, type State, step } from './informer-step.ts';

const object = (name: string, resourceVersion: string): ApiObject => ({ metadata: { name, resourceVersion } });
const syncing: State = { phase: 'syncing', mode: 'stream' };
const watching: State = { phase: 'watching', mode: 'stream', resourceVersion: '7' };

const cases: readonly [name: string, state: State, input: Input<ApiObject>, next: State, effects: readonly string[]][] = [
  ['begins with a stream', initial, { type: 'started' }, syncing, ['discard', 'watch']],
  ['stages what comes before the end of the state', syncing, { type: 'event', event: { type: 'ADDED', object: object('a', '3') } }, syncing, ['stage']],
  ['passes over bookmarks before the end of the state', syncing, { type: 'event', event: { type: 'BOOKMARK', resourceVersion: '5', isInitialEnd: false } }, syncing, []],
  ['commits at the end of the state', syncing, { type: 'event', event: { type: 'BOOKMARK', resourceVersion: '7', isInitialEnd: true } }, watching, ['commit', 'recovered']],
  ['follows changes', watching, { type: 'event', event: { type: 'MODIFIED', object: object('a', '9') } }, { ...watching, resourceVersion: '9' }, ['put']],
  ['follows deletions', watching, { type: 'event', event: { type: 'DELETED', object: object('a', '9') } }, { ...watching, resourceVersion: '9' }, ['remove']],
  ['notes bookmarks', watching, { type: 'event', event: { type: 'BOOKMARK', resourceVersion: '12', isInitialEnd: false } }, { ...watching, resourceVersion: '12' }, []],
  ['goes on from its revision after a watch ended', watching, { type: 'ended' }, { phase: 'waiting', mode: 'stream', resourceVersion: '7' }, ['wait']],
  ['watches from its revision after waiting', { phase: 'waiting', mode: 'stream', resourceVersion: '7' }, { type: 'waited' }, watching, ['watch']],
  ['begins anew when the revision is gone', watching, { type: 'failed', error: new ApiError('Expired', 'too old') }, syncing, ['discard', 'watch']],
  ['begins anew on 410 Gone', watching, { type: 'failed', error: new ApiError('Gone', 'gone') }, syncing, ['discard', 'watch']],
  ['waits out other failures', watching, { type: 'failed', error: new ApiError('ServiceUnavailable', 'down') }, { phase: 'waiting', mode: 'stream', resourceVersion: '7' }, ['wait']],
  ['lists where streams are refused', syncing, { type: 'failed', error: new ApiError('Invalid', 'sendInitialEvents is forbidden') }, { phase: 'syncing', mode: 'list' }, ['discard', 'list']],
  ['begins anew after a state that broke off', syncing, { type: 'ended' }, { phase: 'waiting', mode: 'stream', resourceVersion: undefined }, ['wait']],
  ['stages pages', { phase: 'syncing', mode: 'list' }, { type: 'listed', items: [object('a', '1')], resourceVersion: '7', isLast: false }, { phase: 'syncing', mode: 'list' }, ['stage']],
  ['watches from the list', { phase: 'syncing', mode: 'list' }, { type: 'listed', items: [], resourceVersion: '7', isLast: true }, { phase: 'watching', mode: 'list', resourceVersion: '7' }, ['stage', 'commit', 'recovered', 'watch']],
];

for (const [name, state, input, next, effects] of cases) {
  test(`an informer ${name}`, () => {
    const result = step(state, input);
    assert.deepEqual(result.state, next);
    assert.deepEqual(result.effects.map((effect) => effect.type), effects);
  });
}
