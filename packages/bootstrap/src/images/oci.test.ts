import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { unpackTar } from 'modern-tar';
import { parseLinkedLibraries } from './kaji.ts';
import { imageArchive } from './oci.ts';
import { pauseImage, pauseProgram } from './pause.ts';

describe('an image archive', () => {
  it('holds an index, a manifest, a configuration and layers that match their digests', async () => {
    const entries = new Map((await unpackTar(await imageArchive(pauseImage('amd64')))).map((entry) => [entry.header.name, entry.data ?? new Uint8Array()]));
    const read = <T>(bytes: Uint8Array | undefined): T => JSON.parse(new TextDecoder().decode(bytes)) as T;
    const blob = (digest: string): Uint8Array => entries.get(`blobs/${digest.replace(':', '/')}`) ?? assert.fail(digest);
    for (const [name, data] of entries) if (name.startsWith('blobs/')) assert.equal(name, `blobs/sha256/${createHash('sha256').update(data).digest('hex')}`);
    const [described] = read<{ manifests: { digest: string; annotations: Record<string, string> }[] }>(entries.get('index.json')).manifests;
    assert.ok(described !== undefined);
    assert.equal(described.annotations['io.containerd.image.name'], 'localhost/kaji/pause:1');
    const manifest = read<{ config: { digest: string }; layers: { digest: string }[] }>(blob(described.digest));
    const config = read<{ rootfs: { diff_ids: string[] } }>(blob(manifest.config.digest));
    assert.deepEqual(config.rootfs.diff_ids, manifest.layers.map((layer) => layer.digest));
    const [layer] = await unpackTar(blob(manifest.layers[0]?.digest ?? ''));
    assert.equal(layer?.header.name, 'pause');
    assert.equal(layer?.header.mode, 0o755);
  });

  it('is the same each time', async () => {
    assert.deepEqual(await imageArchive(pauseImage('arm64')), await imageArchive(pauseImage('arm64')));
  });
});

describe('the pause program', () => {
  for (const [architecture, machine] of [['amd64', 0x3e], ['arm64', 0xb7]] as const) {
    it(`is an executable for ${architecture} that starts behind its headers`, () => {
      const program = pauseProgram(architecture);
      const view = new DataView(program.buffer);
      assert.equal(view.getUint16(18, true), machine);
      assert.equal(view.getBigUint64(24, true), 0x400000n + 120n);
      assert.equal(view.getBigUint64(96, true), BigInt(program.length));
    });
  }

  it('does not exist for other machines', () => { assert.throws(() => pauseProgram('riscv64'), /no pause program/); });
});

describe('linked libraries', () => {
  it('are read from what ldd says', () => {
    const output = '\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f01)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)\n';
    assert.deepEqual(parseLinkedLibraries(output), ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
  });
});
