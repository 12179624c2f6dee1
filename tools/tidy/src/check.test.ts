import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { check } from './check.ts';
import { lockfileProblems } from './lockfile.ts';

const root = join(import.meta.dirname, '../../..');

test('the project keeps its own rules', () => {
  assert.deepEqual(check(root), []);
});

test('the lockfile knows every workspace with its dependencies, so that a new clone can be installed', () => {
  assert.deepEqual(lockfileProblems(root), []);
});

test('a workspace that the lockfile does not know, or knows otherwise, is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-tidy-'));
  try {
    for (const workspace of ['packages/known', 'packages/changed', 'tools/unknown']) mkdirSync(join(folder, workspace), { recursive: true });
    const manifests: readonly (readonly [path: string, content: object])[] = [
      ['package.json', {}],
      ['packages/known/package.json', { dependencies: { ws: '8.0.0' } }],
      ['packages/changed/package.json', { dependencies: { ws: '8.0.0' } }],
      ['tools/unknown/package.json', {}],
      ['package-lock.json', { packages: { '': {}, 'packages/known': { dependencies: { ws: '8.0.0' } }, 'packages/changed': {} } }],
    ];
    for (const [path, content] of manifests) writeFileSync(join(folder, path), JSON.stringify(content));
    assert.deepEqual(lockfileProblems(folder).toSorted(), [
      'packages/changed/package.json: package-lock.json has other dependencies', 'tools/unknown/package.json: package-lock.json does not know this workspace',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const cases: readonly (readonly [name: string, path: string, text: string, want: RegExp])[] = [
  ['an import that points up', 'packages/store/src/x.ts', "import { a } from '@kaji/client';\n", /store may not import client/],
  ['an import of a peer', 'packages/proxy/src/x.ts', "import { a } from '@kaji/dns';\n", /proxy may not import dns/],
  ['an undeclared dependency', 'packages/api/src/x.ts', "import { a } from '@kaji/base';\n", /@kaji\/base is not in its package.json/],
  ['the wall clock', 'packages/api/src/x.ts', 'export const a = Date.now();\n', /use clock\.now/],
  ['a bare timer', 'packages/kubelet/src/x.ts', 'setTimeout(() => undefined, 1);\n', /clock\.setTimer/],
  ['chance', 'packages/kubelet/src/x.ts', 'export const a = Math.random();\n', /runtime\.random/],
  ['a file opened in the middle', 'packages/kubelet/src/x.ts', "import { readFileSync } from 'node:fs';\n", /edge only/],
  ['a node module in portable code', 'packages/schema/src/x.ts', "import { Buffer } from 'node:buffer';\n", /runs in a browser/],
  ['a library without a reason', 'packages/kubelet/src/x.ts', "import x from 'left-pad';\n", /no line with its reason/],
  ['a name that says nothing', 'packages/kubelet/src/utils.ts', 'export {};\n', /name it for the thing/],
  ['a default export', 'packages/kubelet/src/x.ts', 'export default 1;\n', /named export/],
  ['a field that nobody described', 'packages/api/src/apps/v1/x.ts', "/** A thing. */\nexport class X extends message('x.X', {\n  a: string(1),\n}) {}\n", /x\.X a has no comment/],
  ['a description that is no sentence', 'packages/api/src/apps/v1/x.ts', "/** A thing. */\nexport class X extends message('x.X', {\n  /** the first */\n  a: string(1),\n}) {}\n", /x\.X a is not a sentence/],
  ['a file too long', 'packages/kubelet/src/x.ts', '\n'.repeat(801), /the limit is 800/],
];

for (const [name, path, text, want] of cases) {
  test(`refuses ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'kaji-tidy-'));
    try {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      writeFileSync(join(folder, path.split('/').slice(0, 2).join('/'), 'package.json'), '{}');
      assert.match(check(folder, ['packages/api/src/']).join('\n'), want);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
