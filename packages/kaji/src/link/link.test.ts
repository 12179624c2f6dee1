import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { link } from './link.ts';

function linked(context: TestContext, sources: Readonly<Record<string, string>>, parts: readonly string[] = []): string {
  const project = mkdtempSync(join(tmpdir(), 'kaji-link-'));
  context.after(() => { rmSync(project, { recursive: true }); });
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return link('packages/a/src/main.ts', 'main.js', { project, output: join(project, 'out'), parts });
}

test('modules, parts, threads and libraries find each other', (context) => {
  const file = linked(context, {
    'packages/a/src/main.ts': `import { join } from 'node:path';
import { b } from '@kaji/base';
import lib, { named } from 'lib';
import { Worker } from 'node:worker_threads';
const { later } = await import('./later.ts');
const message = await new Promise((resolve) => { new Worker(new URL(import.meta.resolve('./thread.ts'))).once('message', resolve); });
console.log(JSON.stringify([join('x', 'y'), b as string, lib.named, named, later(), message, import.meta.filename.endsWith('packages/a/src/main.ts')]));
`,
    'packages/a/src/later.ts': 'import { b } from \'@kaji/base\';\nexport const later = () => `later ${b}`;\n',
    'packages/a/src/thread.ts': 'import { parentPort } from \'node:worker_threads\';\nimport { b } from \'@kaji/base\';\nparentPort?.postMessage(`thread ${b}`);\n',
    'packages/base/package.json': '{ "exports": { ".": "./src/index.ts" } }',
    'packages/base/src/index.ts': 'export { b } from \'./b.ts\';\n',
    'packages/base/src/b.ts': 'export const b: string = \'b\';\n',
    'node_modules/lib/package.json': '{ "main": "lib.js" }',
    'node_modules/lib/lib.js': 'try { require(\'absent\'); } catch { exports.named = require(\'./other\').value; }\n',
    'node_modules/lib/other.js': 'module.exports = { value: 42 };\n',
  }, ['packages/a/src/later.ts']);
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })), ['x/y', 'b', 42, 42, 'later b', 'thread b', true]);
});

test('an error tells the file and the line of the sources', (context) => {
  const file = linked(context, {
    'packages/a/src/main.ts': '/** A comment. */\nimport { fail } from \'./fail.ts\';\n\nfail();\n',
    'packages/a/src/fail.ts': '// One.\n\nexport function fail(): never {\n  throw new Error(\'no\');\n}\n',
  });
  const { stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  assert.match(stderr, /packages\/a\/src\/fail\.ts:4:/);
  assert.match(stderr, /packages\/a\/src\/main\.ts:4:/);
});

test('modules that import each other are refused', (context) => {
  assert.throws(() => linked(context, { 'packages/a/src/main.ts': 'import { b } from \'./b.ts\';\n', 'packages/a/src/b.ts': 'import { a } from \'./main.ts\';\nexport const b = 1;\n' }), /in a circle/);
});

test('the processes of a cluster are linked, each with no more than it needs', (context) => {
  const output = mkdtempSync(join(tmpdir(), 'kaji-link-'));
  context.after(() => { rmSync(output, { recursive: true }); });
  execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), output], { stdio: ['ignore', 'pipe', 'pipe'] });
  const help = (main: string): string => execFileSync(process.execPath, [main, 'dns', '--help'], { encoding: 'utf8' });
  assert.equal(help(join(output, 'main.js')), help(join(import.meta.dirname, '../main.ts')));
  const modules = (name: string): string[] => [...readFileSync(join(output, name), 'utf8').matchAll(/^"(packages\/[^"]+)": \[/gm)].map(([, path = '']) => path);
  const heavy = /^packages\/(?:schema|api|client|apiserver)\//;
  for (const name of ['main.js', 'kaji-commands-supervise.js', 'store-sqlite-worker.js']) assert.deepEqual(modules(name).filter((path) => heavy.test(path)), [], name);
  // What a node decodes is a few kinds: it need not hold all of them and their rules.
  for (const name of ['cluster-node.js', 'dns-index.js']) assert.deepEqual(modules(name).filter((path) => /^packages\/(?:cel|apiserver|controllers)\/|^packages\/api\/src\/(?:kinds\.ts|openapi\/|batch\/|resource\/)/.test(path)), [], name);
  assert.ok(modules('cluster-server.js').includes('packages/api/src/kinds.ts'));
});
