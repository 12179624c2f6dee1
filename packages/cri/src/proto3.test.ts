import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Field, MessageType } from '@kaji/schema';
import * as container from './messages/container.ts';
import * as image from './messages/image.ts';
import * as runtime from './messages/runtime.ts';
import * as sandbox from './messages/sandbox.ts';
import * as stats from './messages/stats.ts';
import { decode, encode, WireError } from './proto3.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const cases: readonly (readonly [name: string, bytes: Uint8Array, want: string])[] = [
  ['text and numbers', encode(container.ContainerMetadata, { name: 'a', attempt: 300 }), '0a016110ac02'],
  ['zero values, by leaving them out', encode(container.ContainerMetadata, { name: '', attempt: 0 }), ''],
  ['a message that is there but empty', encode(sandbox.ListPodSandboxRequest, { filter: {} }), '0a00'],
  ['a map', encode(sandbox.PodSandboxFilter, { labelSelector: { k: 'v' } }), '1a060a016b120176'],
  ['packed numbers', encode(container.PortForwardRequest, { podSandboxId: 's', port: [80, 443] }), '0a0173' + '120350bb03'],
  ['a negative number', encode(sandbox.LinuxContainerResources, { oomScoreAdj: -1 }), '28ffffffffffffffffff01'],
  ['a word of an enumeration', encode(sandbox.NamespaceOption, { network: 'node', pid: 'pod' }), '0802'],
  ['bytes', encode(container.KeyValue, { key: 'a', value: new Uint8Array([0, 255]) }), '0a01611202' + '00ff'],
];
for (const [name, bytes, want] of cases) test(`writes ${name}`, () => { assert.equal(hex(bytes), want); });

test('reads back what it wrote, with zero values in place', () => {
  const status = decode(container.ContainerStatus, encode(container.ContainerStatus, {
    id: 'c', metadata: { name: 'n', attempt: 1 }, state: 'exited', createdAt: 5, startedAt: 6, finishedAt: 7, exitCode: -1, image: { image: 'i' }, imageRef: 'r', reason: '', message: '',
    labels: { a: '' }, annotations: {}, mounts: [], logPath: '', imageId: '', stopSignal: 'RUNTIME_DEFAULT',
  }));
  assert.equal(status.state, 'exited');
  assert.equal(status.exitCode, -1);
  assert.deepEqual(status.labels, { a: '' });
  assert.equal(status.reason, '');
  assert.deepEqual(status.mounts, []);
});

test('passes over fields it does not know', () => {
  assert.deepEqual(decode(container.ContainerMetadata, Buffer.from('0a0161' + '7a03616263' + 'f80105' + '8101' + '0000000000000000' + '1002', 'hex')), { name: 'a', attempt: 2 });
});

test('refuses bytes that end too early', () => {
  assert.throws(() => decode(container.ContainerMetadata, Buffer.from('0a05', 'hex')), WireError);
});

const wire = join(process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../../shared'), 'facts/wire.json');

test('numbers and types are those of runtime.v1', { skip: existsSync(wire) ? false : 'the facts are not here' }, () => {
  const facts = (JSON.parse(readFileSync(wire, 'utf8')) as { 'runtime.v1': { messages: Record<string, Record<string, [number, string]>> } })['runtime.v1'].messages;
  let count = 0;
  for (const type of Object.values({ ...sandbox, ...container, ...image, ...runtime, ...stats }) as MessageType<unknown>[]) {
    const fact = facts[type.typeName.replace('runtime.v1.', '')];
    assert.ok(fact !== undefined, type.typeName);
    for (const [name, field] of Object.entries(type.fields)) {
      const known: [string, [number, string]] | undefined = Object.entries(fact).find(([other]) => other.toLowerCase().replaceAll('_', '') === name.toLowerCase());
      assert.ok(known !== undefined, `${type.typeName}.${name}`);
      assert.equal(field.number, known[1][0], `${type.typeName}.${name}`);
      if (field.options.oneOf === undefined) assert.equal(shapeOf(field), known[1][1].replace(/^\./, ''), `${type.typeName}.${name}`);
      count++;
    }
  }
  assert.ok(count > 200);
});

/** How the facts name the type of a field; enumerations are named, so those are not compared. */
function shapeOf(field: Field<unknown, boolean>): string {
  const of = typeof field.of === 'string' ? field.of : field.of.typeName.replace('runtime.v1.', '');
  if (field.kind === 'map') return `map<string,${of}>`;
  return field.kind === 'list' ? `${of}[]` : of;
}
