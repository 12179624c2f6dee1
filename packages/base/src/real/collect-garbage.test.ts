import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** Four threads that run and forget much code. Where a flag changes under a collection that cannot take it, V8 ends the process within a second or two. */
const program = `
  import { isMainThread, Worker } from 'node:worker_threads';
  import { collectGarbage, trimHeap } from ${JSON.stringify(new URL('./collect-garbage.ts', import.meta.url).href)};
  if (isMainThread) for (let count = 0; count < 3; count++) new Worker(new URL(import.meta.url));
  const functions = Array.from({ length: 300 }, (_, index) => new Function('x', 'let sum = ' + index + '; for (let k = 0; k < 200; k++) sum = (sum * 31 + k + x) % 1000003; return JSON.stringify({ sum }).length;'));
  const end = performance.now() + 3000;
  let calls = 0;
  const round = () => {
    for (const until = performance.now() + 10 + Math.random() * 40; performance.now() < until;) functions[calls++ % functions.length](calls);
    collectGarbage();
    if (isMainThread) trimHeap();
    if (performance.now() < end) setTimeout(round, Math.random() * 10);
  };
  round();
`;

test('threads that collect at the same time do not hurt each other', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'kaji-collect-'));
  context.after(() => { rmSync(directory, { recursive: true }); });
  const file = join(directory, 'main.mjs');
  writeFileSync(file, program);
  const { status, signal, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--flush-baseline-code', file], { encoding: 'utf8' });
  assert.deepEqual([status, signal, stderr], [0, null, '']);
});
