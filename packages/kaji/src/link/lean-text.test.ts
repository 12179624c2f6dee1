import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asciiText, leanText } from './lean-text.ts';

const cases: readonly (readonly [string, string, string])[] = [
  ['comments go, lines stay', 'a; // one\n/* two\n * three */ b;', 'a;\n\nb;'],
  ['blanks become one, indentation none', 'const   a =  1;\n    b;', 'const a = 1;\nb;'],
  ['strings keep theirs', '\'a  // b\' + "c /* d */"', '\'a  // b\' + "c /* d */"'],
  ['an escaped quote does not end a string', '\'it\\\'s //\' // x', '\'it\\\'s //\' '],
  ['templates keep theirs, expressions in them do not', '`a  // ${ b  /* c */ + `d  ${e}  //` }  // f`; // g', '`a  // ${ b + `d  ${e}  //` }  // f`; '],
  ['braces in expressions of templates', '`${[{ a: 1 }].map(() => { return `  `; })}  //`', '`${[{ a: 1 }].map(() => { return `  `; })}  //`'],
  ['a regular expression may hold what looks like a comment', 'x = /[/"]\\/\\/*/g; // y', 'x = /[/"]\\/\\/*/g; '],
  ['after a word of the language, too', 'return /\'  /.test(a) // b', 'return /\'  /.test(a) '],
  ['a slash after a value divides', 'a / b; c() / 2 // d / e', 'a / b; c() / 2 '],
];

for (const [name, text, want] of cases) test(`lean text: ${name}`, () => { assert.equal(leanText(text), want); });

test('characters beyond ASCII are written by their numbers', () => { assert.equal(asciiText('\'✓ é\''), '\'\\u2713 \\u00e9\''); });
