import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { link, type LinkedFile } from './link.ts';

function folder(context: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'kaji-link-'));
  context.after(() => { rmSync(made, { recursive: true }); });
  return made;
}

async function linked(context: TestContext, sources: Readonly<Record<string, string>>): Promise<string> {
  const project = folder(context);
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  await link({ entry: join(project, 'main.ts'), output: join(project, 'out') });
  return join(project, 'out/main.js');
}

test('modules, later modules, threads and libraries find each other', async (context) => {
  const file = await linked(context, {
    'main.ts': `import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { b } from './b.ts';
import lib, { named } from 'lib';
const { later } = await import('./later.ts');
const message = await new Promise((resolve) => { new Worker(new URL(import.meta.resolve('./thread.ts'))).once('message', resolve); });
console.log(JSON.stringify([join('x', 'y'), b as string, lib.named, named, later(), message, import.meta.filename.endsWith('/main.ts'), import.meta.url.endsWith('/main.ts')]));
`,
    'later.ts': 'import { b } from \'./b.ts\';\nexport const later = () => `later ${b}`;\n',
    'thread.ts': 'import { parentPort } from \'node:worker_threads\';\nimport { b } from \'./b.ts\';\nparentPort?.postMessage(`thread ${b}`);\n',
    'b.ts': 'export const b: string = \'b\';\n',
    'node_modules/lib/package.json': '{ "main": "lib.js" }',
    'node_modules/lib/lib.js': 'exports.named = require(\'./other\').value;\n',
    'node_modules/lib/other.js': 'module.exports = { value: 42 };\n',
    'package.json': '{ "type": "module" }',
  });
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })), ['x/y', 'b', 42, 42, 'later b', 'thread b', true, true]);
});

test('an error tells where it was made: a line that can be read', async (context) => {
  const file = await linked(context, {
    'main.ts': '/** A comment. */\nimport { fail } from \'./fail.ts\';\n\nfail(\'no\');\n',
    'fail.ts': '// One.\n\nexport function fail(reason: string): never {\n  throw new Error(reason);\n}\n',
    'package.json': '{ "type": "module" }',
  });
  const { stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  const [, line = ''] = /Error: no\n +at fail \([^\n]*\/main\.js:(\d+):/.exec(stderr) ?? [];
  const text = readFileSync(file, 'utf8');
  assert.equal(text.split('\n')[Number(line) - 1]?.trim(), 'throw new Error(reason);');
  assert.doesNotMatch(text, /A comment|One\./);
});

test('the processes of a cluster are linked, each with no more than it needs', async (context) => {
  const output = folder(context);
  const program = join(import.meta.dirname, '../../../packages/kaji/src');
  const files = await link({ entry: join(program, 'linked-main.ts'), output });
  const help = (main: string): string => execFileSync(process.execPath, [main, 'dns', '--help'], { encoding: 'utf8' });
  writeFileSync(join(output, 'package.json'), '{ "type": "module" }');
  assert.equal(help(join(output, 'main.js')), help(join(program, 'main.ts')));

  const loads = (module: string): readonly string[] => modulesWith(files, module);
  assert.ok(loads('packages/cluster/src/server.ts').includes('packages/api/src/kinds.ts'));
  const heavy = /^packages\/(?:schema|api|cel|client|apiserver)\//;
  for (const light of ['packages/kaji/src/linked-main.ts', 'packages/kaji/src/commands/supervise.ts', 'packages/store/src/sqlite/worker.ts']) assert.deepEqual(loads(light).filter((path) => heavy.test(path)), [], light);
  // What a node decodes is a few kinds: it need not hold all of them and their rules.
  const ofServers = /^packages\/(?:cel|apiserver|controllers)\/|^packages\/api\/src\/(?:kinds\.ts|openapi\/|batch\/|resource\/)/;
  for (const some of ['packages/cluster/src/node.ts', 'packages/dns/src/index.ts']) assert.deepEqual(loads(some).filter((path) => ofServers.test(path)), [], some);
});

/** The project's modules that are loaded with one, by their paths in the project. */
function modulesWith(files: readonly LinkedFile[], module: string): readonly string[] {
  const first = files.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/${module}`)));
  assert.ok(first, `${module} is in no file`);
  const names = new Set([first.fileName]);
  for (const name of names) for (const imported of files.find(({ fileName }) => fileName === name)?.imports ?? []) names.add(imported);
  return files.filter(({ fileName }) => names.has(fileName)).flatMap(({ moduleIds }) => moduleIds).map((id) => id.replace(/^.*\/(?=packages\/)/, ''));
}
