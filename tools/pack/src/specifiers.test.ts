import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Packages, rewriteSpecifiers } from './specifiers.ts';

const packages: Packages = new Map([
  ['@kaji/api', { directory: 'packages/api', exports: { '.': './src/index.ts', './meta/v1': './src/meta/v1/special.ts', './*': './src/*/index.ts' } }],
  ['kaji', { directory: 'packages/kaji', exports: { '.': './src/index.ts' } }],
]);

const cases: readonly (readonly [string, string, string])[] = [
  ['a file beside it', `import { a } from './a.ts';`, `import { a } from './a.js';`],
  ['a file for its effect', `import '../b.ts';`, `import '../b.js';`],
  ['a file on demand', `const b = await import('./b.ts');`, `const b = await import('./b.js');`],
  ['a file that is asked for its place', `new URL(import.meta.resolve('./b.ts'));`, `new URL(import.meta.resolve('./b.js'));`],
  ['several lines', `export {\n  a,\n  b,\n} from './a.ts';`, `export {\n  a,\n  b,\n} from './a.js';`],
  ['a package', `import { kinds } from '@kaji/api';`, `import { kinds } from '../../api/src/index.js';`],
  ['a part of a package', `import { pods } from '@kaji/api/core/v1';`, `import { pods } from '../../api/src/core/v1/index.js';`],
  ['the part that is named rather than the pattern', `import type { A } from '@kaji/api/meta/v1';`, `import type { A } from '../../api/src/meta/v1/special.js';`],
  ['a type of a package', `type A = import("@kaji/api").A;`, `type A = import("../../api/src/index.js").A;`],
  ['its own package', `import { x } from 'kaji';`, `import { x } from './index.js';`],
  ['another library', `import { parse } from 'yaml';`, `import { parse } from 'yaml';`],
  ['Node', `import { join } from 'node:path';`, `import { join } from 'node:path';`],
  ['no import', `const text = 'made from a.ts'; const from = './a.ts';`, `const text = 'made from a.ts'; const from = './a.ts';`],
];

for (const [name, source, want] of cases) {
  test(`rewrites ${name}`, () => { assert.equal(rewriteSpecifiers(source, 'packages/kaji/src/main.ts', packages), want); });
}

test('refuses what a package does not export', () => {
  assert.throws(() => rewriteSpecifiers(`import { x } from 'kaji/none';`, 'packages/api/src/a.ts', packages), /kaji does not export \.\/none/);
});
