import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indentedText } from './go-form.ts';
import { unifiedDiff } from './unified-diff.ts';

const lines = (text: string): string => [...text].join('\n');

// What Python's difflib makes of the same texts.
for (const [name, before, after, want] of [
  ['nothing', 'abc', 'abc', ''],
  ['one line', 'abcdefgh', 'abcdXfgh', '@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n'],
  ['a line more at the end', 'abcdefgh', 'abcdefghi', '@@ -6,3 +6,4 @@\n f\n g\n h\n+i\n'],
  ['a line less at the start', 'abc', 'bc', '@@ -1,3 +1,2 @@\n-a\n b\n c\n'],
  ['far apart: two hunks', 'abcdefghijklm', 'Xbcdefghijklm1', '@@ -1,4 +1,4 @@\n-a\n+X\n b\n c\n d\n@@ -11,3 +11,4 @@\n k\n l\n m\n+1\n'],
  ['near: one hunk', 'abcdefgh', 'XbcdefgY', '@@ -1,8 +1,8 @@\n-a\n+X\n b\n c\n d\n e\n f\n g\n-h\n+Y\n'],
  ['the longest block stays', 'xabcdy', 'abcdxabcdy', '@@ -1,3 +1,7 @@\n+a\n+b\n+c\n+d\n x\n a\n b\n'],
] as const) {
  test(`a difference of ${name}`, () => { assert.equal(unifiedDiff(lines(before), lines(after)), want); });
}

test('values are indented by one space', () => {
  assert.equal(indentedText({ A: null, B: [1], C: { D: 'x' } }), '{\n "A": null,\n "B": [\n  1\n ],\n "C": {\n  "D": "x"\n }\n}');
});
