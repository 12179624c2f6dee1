import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { ApiError } from '@kaji/api';
import { type ConfigMap, configmaps, events } from '@kaji/api/core/v1';
import { Scope } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from './create-client.ts';
import { EventRecorder } from './events.ts';
import { Informer } from './informer.ts';
import { Informers } from './informers.ts';
import type { Transport } from './transport.ts';

const map = (name: string, value = ''): ConfigMap => ({ metadata: { name, namespace: 'default' }, data: { value } });

/** Fails requests while cut, and ends the watches that are open. */
function cuttable(transport: Transport): Transport & { cut(error: ApiError): void; mend(): void } {
  let failure: ApiError | undefined;
  let controller = new AbortController();
  return {
    async request(request) {
      if (failure !== undefined) throw failure;
      const signal = request.signal === undefined ? controller.signal : AbortSignal.any([request.signal, controller.signal]);
      return transport.request({ ...request, signal });
    },
    close: () => transport.close(),
    cut(error) {
      failure = error;
      controller.abort(error);
      controller = new AbortController();
    },
    mend() { failure = undefined; },
  };
}

test('an informer shows what is there, follows changes and comes back after a cut', { timeout: 10_000 }, async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const writer = createClient(server.transport(), { userAgent: 'test' });
  await writer.create(configmaps, map('before'));
  const transport = cuttable(server.transport());
  const informer = new Informer(runtime, createClient(transport, { userAgent: 'test' }), configmaps, { namespace: 'default' });
  const seen: string[] = [];
  informer.subscribe(({ type, object }) => seen.push(`${type} ${object.metadata.name ?? ''}`));
  await using scope = new Scope();
  scope.run('informer', (signal) => informer.run(signal));
  await runtime.clock.advance(10);
  assert.equal(informer.hasSynced, true);
  const created = await writer.create(configmaps, map('during'));
  await writer.update(configmaps, { ...created, data: { value: 'changed' } });
  await runtime.clock.advance(10);
  assert.deepEqual(seen, ['added before', 'added during', 'updated during']);
  assert.equal(informer.resourceVersion, informer.cache.get({ namespace: 'default', name: 'during' })?.metadata.resourceVersion);

  transport.cut(new ApiError('ServiceUnavailable', 'cut'));
  await runtime.clock.advance(10);
  await writer.delete(configmaps, { namespace: 'default', name: 'before' });
  await writer.create(configmaps, map('after'));
  await runtime.clock.advance(1000);
  assert.equal(informer.phase, 'waiting');
  transport.mend();
  await runtime.clock.advance(60_000);
  assert.deepEqual(seen.slice(3), ['deleted before', 'added after']);
});

test('an informer whose revision is gone finds what it missed', { timeout: 10_000 }, async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const writer = createClient(server.transport(), { userAgent: 'test' });
  await writer.create(configmaps, map('goes'));
  const transport = cuttable(server.transport());
  const informer = new Informer(runtime, createClient(transport, { userAgent: 'test' }), configmaps, { namespace: 'default' });
  await using scope = new Scope();
  scope.run('informer', (signal) => informer.run(signal));
  await runtime.clock.advance(10);
  const seen: string[] = [];
  informer.subscribe(({ type, object }) => seen.push(`${type} ${object.metadata.name ?? ''}`));
  transport.cut(new ApiError('Expired', 'too old resource version'));
  await writer.delete(configmaps, { namespace: 'default', name: 'goes' });
  await writer.create(configmaps, map('comes'));
  transport.mend();
  await runtime.clock.advance(60_000);
  assert.deepEqual(seen, ['added goes', 'deleted goes', 'added comes']);
});

test('informers of the same resource are shared, with the indexes of all who ask', async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  const informers = new Informers(runtime, client);
  const first = informers.of(configmaps);
  assert.equal(informers.of(configmaps, { indexes: { value: ({ data }) => [data?.['value'] ?? ''] } }), first);
  assert.notEqual(informers.of(configmaps, { labelSelector: 'a=b' }), first);
  await using scope = new Scope();
  scope.run('informers', (signal) => informers.run(signal));
  await client.create(configmaps, map('a', 'one'));
  await runtime.clock.advance(10);
  assert.deepEqual([...first.cache.by('value', 'one')].map(({ metadata }) => metadata.name), ['a']);
});

test('events that are recorded can be read, counted', { timeout: 10_000 }, async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  const recorder = new EventRecorder(runtime, client, { component: 'kubelet', host: 'node-1' });
  const about = await client.create(configmaps, map('web'));
  await using scope = new Scope();
  scope.run('events', (signal) => recorder.run(signal));
  for (let time = 0; time < 3; time++) {
    recorder.record(configmaps, about, { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container', fieldPath: 'data{value}' });
    await runtime.clock.advance(5000);
  }
  const [event, ...others] = (await client.list(events, { namespace: 'default' })).items;
  assert.deepEqual([others.length, event?.count, event?.involvedObject.fieldPath, event?.source?.host], [0, 3, 'data{value}', 'node-1']);
});
