import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { seededStreams } from '@kaji/base';
import { type Acknowledged, acknowledgedIn, verify } from './testing/verify.ts';

/** Hundreds before a release: `KAJI_STORE_KILLS=500`; each takes about a sixth of a second. */
const kills = Number(process.env['KAJI_STORE_KILLS'] ?? 20);
const writer = join(import.meta.dirname, 'testing', 'writer.ts');

/** Starts a writer, lets it write for a while, kills it, and gives what it had been acknowledged. */
async function writeUntilKilled(path: string, first: number, forMs: number): Promise<string> {
  const child = spawn(process.execPath, [writer, path, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), forMs);
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { errors += chunk; });
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); });
  assert.equal(code, null, `the writer ended by itself: ${errors}`);
  return output;
}

it(`killed ${kills} times in the middle of writes, the store loses nothing it acknowledged`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-kill-'));
  const random = seededStreams(7).stream('kills');
  try {
    const path = join(folder, 'data', 'log.db');
    const all: Acknowledged[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const output = await writeUntilKilled(path, kill * 1_000_000, random() * 60);
      const acknowledged = acknowledgedIn(output);
      verify(path, acknowledged);
      all.push(...acknowledged);
    }
    verify(path, all);
    assert.ok(all.length > kills * 5, `only ${all.length} writes were acknowledged: the test has seen too little`);
    assert.equal(new Set(all.map(({ revision }) => revision)).size, all.length, 'no revision is given twice');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
