import type { ApiObject } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { configmaps } from '@kaji/api/core/v1';
import { encodeObject, type MessageType } from '@kaji/schema';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Codec, codecOf, Item } from './item.ts';
import { WatchCache } from './watch-cache.ts';

const object = (name: string): ApiObject => ({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, namespace: 'default', labels: { app: name } } });
const stored = (name: string): Uint8Array => encodeObject(configmaps.type as MessageType<ApiObject>, object(name));

function counting(): { readonly codec: Codec; readonly count: () => number } {
  const codec = codecOf(configmaps);
  let count = 0;
  return { codec: { ...codec, encode: (...of) => { count++; return codec.encode(...of); } }, count: () => count };
}

test('a hundred readers of an event cost one encoding', () => {
  const { codec, count } = counting();
  const cache = new WatchCache('/registry/configmaps/', codec);
  cache.load([], 1);
  const first = cache.ring.next;
  cache.apply({ type: 'put', kv: { key: '/registry/configmaps/default/a', value: stored('a'), createRevision: 2, modRevision: 2 } }, 0);
  cache.advance(2);
  const seen = new Set<Uint8Array | undefined>();
  for (let watcher = 0; watcher < 100; watcher++) seen.add(cache.ring.at(first)?.item?.form(codec, 'json'));
  seen.add(cache.get('/registry/configmaps/default/a')?.form(codec, 'json'));
  assert.equal(count(), 1);
  assert.equal(seen.size, 1);
});

test('labels are read without decoding the object', () => {
  const item = new Item('k', 7, stored('a'), codecOf(configmaps));
  assert.deepEqual(item.labels, { app: 'a' });
  assert.equal(item.isDecoded, false);
  assert.equal(item.object.metadata.resourceVersion, '7');
});

test('every kind begins its JSON with kind and version, which lists leave out', () => {
  for (const resource of kinds) {
    const codec = codecOf(resource);
    const json = codec.encode({ metadata: { name: 'x' } }, 'json');
    assert.equal(Buffer.from(json.subarray(0, codec.jsonHead.length)).toString(), Buffer.from(codec.jsonHead).toString());
  }
});

test('the protobuf form is what encoding gives, for every kind', () => {
  for (const resource of kinds) {
    const codec = codecOf(resource);
    const metadata = { name: 'x', namespace: 'n', labels: { a: 'b' }, annotations: { long: 'x'.repeat(100) }, uid: 'u', generation: 3, creationTimestamp: '2024-01-02T03:04:05Z' };
    const bytes = encodeObject(resource.type as MessageType<ApiObject>, { kind: resource.kind, apiVersion: codec.apiVersion, metadata });
    for (const revision of [7, 1_234_567_890]) {
      const item = new Item('k', revision, bytes, codec);
      assert.deepEqual(Buffer.from(item.form(codec, 'protobuf')), Buffer.from(codec.encode({ metadata: { ...metadata, resourceVersion: String(revision) } }, 'protobuf')), resource.kind);
      assert.equal(item.isDecoded, false);
    }
  }
});

test('the protobuf form of what was never written is that of the object', () => {
  const codec = codecOf(configmaps);
  for (const bytes of [stored('a'), new Uint8Array(0)]) {
    assert.deepEqual(Buffer.from(new Item('k', 0, bytes, codec, object('a')).form(codec, 'protobuf')), Buffer.from(codec.encode(object('a'), 'protobuf')));
  }
});

test('a place that was forgotten is told from one that is still there', () => {
  const cache = new WatchCache('/registry/configmaps/', codecOf(configmaps), { ageMs: 1000, sizeBytes: 1 << 20, count: 1 << 20 });
  cache.load([], 1);
  for (let revision = 2; revision < 300; revision++) {
    cache.apply({ type: 'put', kv: { key: `/registry/configmaps/default/a${revision}`, value: stored('a'), createRevision: revision, modRevision: revision } }, revision * 100);
    cache.advance(revision);
  }
  assert.equal(cache.ring.after(100), undefined);
  assert.notEqual(cache.ring.after(299 - 50), undefined);
});
