import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { VirtualClock } from '@kaji/base';
import type { Files } from './host.ts';
import { realHost } from './real-host.ts';
import { SimulatedFiles } from './testing.ts';

const forms: readonly [string, () => { files: Files; root: string; end: () => void }][] = [
  ['real', () => {
    const root = mkdtempSync(join(tmpdir(), 'kaji-host-'));
    return { files: realHost().files, root, end: () => { rmSync(root, { recursive: true }); } };
  }],
  ['simulated', () => ({ files: new SimulatedFiles(new VirtualClock()), root: '', end: () => undefined })],
];

for (const [name, make] of forms) {
  describe(`${name} files`, () => {
    const inside = (title: string, test: (files: Files, root: string) => Promise<void>): void => {
      it(title, async () => {
        const { files, root, end } = make();
        try {
          await test(files, root);
        } finally {
          end();
        }
      });
    };

    inside('gives undefined or nothing for what does not exist', async (files, root) => {
      assert.equal(await files.read(`${root}/none`), undefined);
      assert.equal(await files.status(`${root}/none`), undefined);
      assert.equal(await files.readLink(`${root}/none`), undefined);
      assert.deepEqual(await files.list(`${root}/none`), []);
      await files.remove(`${root}/none`);
    });

    inside('adds up what lies below a directory', async (files, root) => {
      await files.makeDirectory(`${root}/a/b`);
      await files.write(`${root}/a/one`, new Uint8Array(20_000));
      await files.write(`${root}/a/b/two`, new Uint8Array(30_000));
      const used = await files.usedBytes(`${root}/a`);
      assert.ok(used >= 50_000 && used < 100_000, `${used} bytes`);
      assert.equal(await files.usedBytes(`${root}/none`), 0);
    });

    inside('reads back what was written, with its mode', async (files, root) => {
      await files.makeDirectory(`${root}/a/b`);
      await files.write(`${root}/a/b/c`, 'one', { mode: 0o600, isAtomic: true });
      await files.append(`${root}/a/b/c`, ' two');
      assert.equal(await files.readText(`${root}/a/b/c`), 'one two');
      assert.equal((await files.status(`${root}/a/b/c`))?.mode, 0o600);
      assert.deepEqual(await files.list(`${root}/a/b`), ['c']);
      assert.equal(new TextDecoder().decode(await files.readAt(`${root}/a/b/c`, 4, 2)), 'tw');
    });

    inside('refuses to write where there is no directory', async (files, root) => {
      await assert.rejects(files.write(`${root}/none/file`, ''), /ENOENT/);
    });

    inside('follows symlinks when reading, not when asked for a status', async (files, root) => {
      await files.makeDirectory(`${root}/v1`);
      await files.write(`${root}/v1/key`, 'value');
      await files.symlink('v1', `${root}/data`);
      assert.equal(await files.readText(`${root}/data/key`), 'value');
      assert.equal(await files.readLink(`${root}/data`), 'v1');
      assert.equal((await files.status(`${root}/data`))?.kind, 'symlink');
    });

    inside('moves and removes whole directories', async (files, root) => {
      await files.makeDirectory(`${root}/a/b`);
      await files.write(`${root}/a/b/c`, 'x');
      await files.rename(`${root}/a`, `${root}/z`);
      assert.equal(await files.readText(`${root}/z/b/c`), 'x');
      await files.remove(`${root}/z`);
      assert.deepEqual(await files.list(root), []);
    });

    inside('tells of a change in a watched directory', async (files, root) => {
      const stop = new AbortController();
      const changes = files.watch(root, stop.signal)[Symbol.asyncIterator]();
      const first = changes.next();
      await files.write(`${root}/new`, 'x');
      assert.equal((await first).done, false);
      stop.abort();
      assert.equal((await drain(changes)).done, true);
    });
  });
}

async function drain(changes: AsyncIterator<void>): Promise<IteratorResult<void>> {
  for (;;) {
    const result = await changes.next();
    if (result.done === true) return result;
  }
}
