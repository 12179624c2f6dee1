import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@kaji/base';
import { SimulatedFiles } from '@kaji/host/testing';
import { writeAtomically } from './atomic-writer.ts';
import { type Payload, VolumeError } from './payload.ts';
import { resolveWithin } from './sub-path.ts';

const payload = (files: Readonly<Record<string, string>>): Payload => new Map(Object.entries(files).map(([path, content]) => [path, { content: Buffer.from(content), mode: 0o644 }]));

async function volume() {
  const files = new SimulatedFiles(new VirtualClock());
  await files.makeDirectory('/v');
  let version = 0;
  return {
    files,
    write: (content: Readonly<Record<string, string>>) => writeAtomically(files, '/v', payload(content), { version: String(version++) }),
    async names() { return (await files.list('/v')).filter((name) => !name.startsWith('..')); },
    async read(path: string) { return files.readText(`/v/${(await files.readLink('/v/..data')) ?? ''}/${path}`); },
  };
}

test('files appear, change and vanish together', async () => {
  const it = await volume();
  assert.equal(await it.write({ a: '1', 'deep/b': '2' }), true);
  assert.deepEqual(await it.names(), ['a', 'deep']);
  assert.equal(await it.files.readLink('/v/a'), '..data/a');
  assert.equal(await it.read('deep/b'), '2');
  assert.equal(await it.write({ a: '3', c: '4' }), true);
  assert.deepEqual(await it.names(), ['a', 'c']);
  assert.equal(await it.read('a'), '3');
  assert.deepEqual((await it.files.list('/v')).filter((name) => name.startsWith('..')), ['..1', '..data']);
});

test('writes nothing when nothing changed', async () => {
  const it = await volume();
  await it.write({ a: '1' });
  const before = await it.files.readLink('/v/..data');
  assert.equal(await it.write({ a: '1' }), false);
  assert.equal(await it.files.readLink('/v/..data'), before);
});

test('a group can read what belongs to it', async () => {
  const it = await volume();
  await writeAtomically(it.files, '/v', new Map([['a', { content: Buffer.from('x'), mode: 0o400 }]]), { version: 'g', gid: 7 });
  const status = await it.files.status('/v/..g/a');
  assert.deepEqual([status?.gid, status?.mode], [7, 0o440]);
});

test('a subPath stays inside its volume', async () => {
  const { files } = await volume();
  await files.makeDirectory('/v/real');
  await files.symlink('real', '/v/link');
  await files.symlink('/etc', '/v/absolute');
  await files.symlink('../../etc', '/v/upward');
  await files.symlink('loop', '/v/loop');
  assert.equal(await resolveWithin(files, '/v', 'link'), '/v/real');
  assert.equal(await resolveWithin(files, '/v', 'link/../new/dir'), '/v/new/dir');
  assert.equal((await files.status('/v/new/dir'))?.kind, 'directory');
  for (const path of ['..', 'absolute', 'upward/x', 'link/../../x', 'loop']) await assert.rejects(resolveWithin(files, '/v', path), VolumeError, path);
});
