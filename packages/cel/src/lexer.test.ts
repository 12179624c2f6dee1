import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenStream } from './lexer.ts';
import { Source } from './source.ts';
import { endOfText, tokenName } from './tokens.ts';

/** All words of a text by kind, and in between what the lexer says is none. */
function cut(text: string): readonly string[] {
  const found: string[] = [];
  const tokens = new TokenStream(new Source(text), (offset, message) => found.push(`${String(offset)} ${message}`));
  for (let token = tokens.ahead(1); token.type !== endOfText; token = tokens.ahead(1)) {
    found.push(`${tokenName(token.type)} ${token.text}`);
    tokens.consume();
  }
  return found;
}

test('a text is cut into its longest words', () => {
  const cases: readonly (readonly [text: string, words: readonly string[]])[] = [
    ['1.5.5', ['NUM_FLOAT 1.5', 'NUM_FLOAT .5']],
    ['1.a', ['NUM_INT 1', "'.' .", 'IDENTIFIER a']],
    ['0xfu0x', ['NUM_UINT 0xfu', 'NUM_INT 0', 'IDENTIFIER x']],
    ['1e+', ['NUM_INT 1', 'IDENTIFIER e', "'+' +"]],
    ['inn in', ['IDENTIFIER inn', "'in' in"]],
    ['rb"a"', ['IDENTIFIER rb', 'STRING "a"']],
    ['bR"\\"b', [String.raw`BYTES bR"\"`, 'IDENTIFIER b']],
    ['""""a"" """', ['STRING """"a"" """']],
    ['""""', ['STRING ""', 'STRING ""']],
    ['`a-b/c.d e``', ['ESC_IDENTIFIER `a-b/c.d e`', "11 token recognition error at: '`'"]],
    ['a&b&&c', ['IDENTIFIER a', "1 token recognition error at: '&b'", "'&&' &&", 'IDENTIFIER c']],
    ['<==', ["'<=' <=", "2 token recognition error at: '='"]],
    ['"\\u00e"x', [String.raw`0 token recognition error at: '"\u00e"'`, 'IDENTIFIER x']],
    ["'a\nb", ["0 token recognition error at: ''a\n'", 'IDENTIFIER b']],
  ];
  for (const [text, words] of cases) assert.deepEqual(cut(text), words, text);
});
