/** The examples of the guides, each run as a file of its own, the way a reader would. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../..');

const examplesOf = (file: string): readonly string[] => [...readFileSync(file, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');

interface Run {
  readonly isGood: boolean;
  readonly output: string;
}

const run = (directory: string, file: string): Promise<Run> => new Promise((resolve) => {
  // Node's runner would tell a child that it is one of its own.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  execFile(process.execPath, ['--test-reporter=spec', file], { cwd: directory, env: environment }, (error, stdout, stderr) => { resolve({ isGood: error === null, output: `${stdout}${stderr}` }); });
});

for (const guide of globSync('docs/guides/*.md', { cwd: root })) {
  test(`the examples of ${guide} work as written`, { timeout: 60_000 }, async () => {
    const examples = examplesOf(join(root, guide));
    assert.ok(examples.length > 0);
    const directory = mkdtempSync(join(tmpdir(), 'kaji-guide-'));
    try {
      symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
      for (const [index, example] of examples.entries()) {
        const file = join(directory, `example-${index + 1}.mts`);
        writeFileSync(file, example);
        const { isGood, output } = await run(directory, file);
        assert.ok(isGood, `${example}\n${output}`);
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
