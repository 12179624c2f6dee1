import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import { Cache } from './cache.ts';

const object = (name: string, resourceVersion: string, rest: Partial<ApiObject['metadata']> = {}): ApiObject => ({ metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion, ...rest } });
const names = (objects: Iterable<ApiObject>): readonly (string | undefined)[] => [...objects].map(({ metadata }) => metadata.name);

test('tells what a new state changed', () => {
  const cache = new Cache<ApiObject>();
  for (const staged of [object('stays', '1'), object('changes', '1'), object('goes', '1')]) cache.stage(staged);
  assert.deepEqual(cache.commit(true).map(({ type, object: { metadata } }) => [type, metadata.name]), [['added', 'stays'], ['added', 'changes'], ['added', 'goes']]);
  for (const staged of [object('stays', '1'), object('changes', '2'), object('comes', '3')]) cache.stage(staged);
  assert.deepEqual(cache.commit(false).map(({ type, object: { metadata } }) => [type, metadata.name]), [['deleted', 'goes'], ['updated', 'changes'], ['added', 'comes']]);
});

test('tells a deletion that was missed when the name is taken by another object', () => {
  const cache = new Cache<ApiObject>();
  cache.put(object('a', '1', { uid: 'first' }));
  cache.stage(object('a', '5', { uid: 'second' }));
  assert.deepEqual(cache.commit(false).map(({ type, object: { metadata } }) => [type, metadata.uid]), [['deleted', 'first'], ['added', 'second']]);
});

test('finds objects by namespace, owner and asked-for indexes as they change', () => {
  const cache = new Cache<ApiObject>({ app: ({ metadata }) => (metadata.labels?.['app'] === undefined ? [] : [metadata.labels['app']]) });
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'owner' };
  cache.put(object('a', '1', { labels: { app: 'web' }, ownerReferences: [owner] }));
  cache.put(object('b', '2', { namespace: 'other', labels: { app: 'web' } }));
  assert.deepEqual(names(cache.by('app', 'web')), ['a', 'b']);
  assert.deepEqual(names(cache.inNamespace('other')), ['b']);
  assert.deepEqual(names(cache.owned({ metadata: { uid: 'owner' } })), ['a']);
  cache.put(object('a', '3', { labels: { app: 'db' } }));
  assert.deepEqual(names(cache.by('app', 'web')), ['b']);
  assert.deepEqual(names(cache.owned({ metadata: { uid: 'owner' } })), []);
  cache.remove(object('b', '4', { namespace: 'other' }));
  assert.deepEqual(names(cache.by('app', 'web')), []);
});

test('an index added later covers what is there already', () => {
  const cache = new Cache<ApiObject>();
  cache.put(object('a', '1'));
  cache.addIndex('uid', ({ metadata }) => [metadata.uid ?? '']);
  assert.deepEqual(names(cache.by('uid', 'uid-a')), ['a']);
});

test('says nothing of a revision it knows', () => {
  const cache = new Cache<ApiObject>();
  cache.put(object('a', '1'));
  assert.equal(cache.put(object('a', '1')), undefined);
});

test('knows what nobody controls', () => {
  const cache = new Cache<ApiObject>();
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r' };
  cache.put(object('free', '1', { ownerReferences: [owner] }));
  cache.put(object('controlled', '1', { ownerReferences: [{ ...owner, controller: true }] }));
  assert.deepEqual(names(cache.uncontrolledIn('default')), ['free']);
});
