import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleText } from './module-text.ts';

const isOwn = (specifier: string): boolean => specifier.startsWith('.');
const cases: readonly (readonly [string, string, string])[] = [
  ['a list of names', 'import { a, b as c } from \'./x.ts\';', 'const { a, b: c } = $load(\'./x.ts\');\nreturn { };'],
  ['over lines, which stay', 'import {\n  a,\n} from \'./x.ts\';\na;', 'const { a } = $load(\'./x.ts\');\n\n\na;\nreturn { };'],
  ['all of a module', 'import * as x from \'./x.ts\';', 'const x = $load(\'./x.ts\');\nreturn { };'],
  ['a library with and without its names', 'import d, { e } from \'lib\';', 'const d = $library(\'lib\'); const { e } = $library(\'lib\');\nreturn { };'],
  ['types alone', 'import {           } from \'./x.ts\';', '\nreturn { };'],
  ['declarations', 'export const a = 1;\nexport async function b() {}\nexport class C {}\nexport const { d, e: f } = g;', 'const a = 1;\nasync function b() {}\nclass C {}\nconst { d, e: f } = g;\nreturn { a, b, C, d, f };'],
  ['lists', 'const a = 1;\nexport { a as b };', 'const a = 1;\n\nreturn { b: a };'],
  ['what is passed on', 'export { a, b as c } from \'./x.ts\';\nexport * from \'./y.ts\';', 'const $from0 = $load(\'./x.ts\');\nconst $from2 = $load(\'./y.ts\');\nreturn { a: $from0.a, c: $from0.b, ...$from2 };'],
  ['imports for later, and places', 'const a = () => import(\'./x.ts\');\nimport.meta.resolve(\'./y.ts\');', 'const a = () => $start(\'./x.ts\');\n$meta.resolve(\'./y.ts\');\nreturn { };'],
];

for (const [name, text, want] of cases) test(`module text: ${name}`, () => { assert.equal(moduleText(text, isOwn).body, want); });

test('a module tells what it needs, and when', () => {
  const { imports, laterImports, threads } = moduleText('import { a } from \'./a.ts\';\nimport b from \'b\';\nawait import(\'./c.ts\');\nnew Worker(import.meta.resolve(\'./d.ts\'));', isOwn);
  assert.deepEqual({ imports, laterImports, threads }, { imports: ['./a.ts', 'b'], laterImports: ['./c.ts'], threads: ['./d.ts'] });
});

test('a form that is not known is refused, not passed over', () => {
  assert.throws(() => moduleText('export default 1;', isOwn), /a form that is not known: export default 1/);
});
