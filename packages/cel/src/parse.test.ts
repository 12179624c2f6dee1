/**
 * What expressions become, and what bad ones are answered. The rows of parse-cases.json are a text and its expression, or
 * a text and its errors in the order in which they are found; `{0}` stands for the first of the sets of expected words.
 */
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatIssues, kubernetesMacros, parse, type Parsed } from './index.ts';
import { bindMacros } from './library-macros.ts';
import { Source } from './source.ts';
import { describeExpression } from './testing/describe-expression.ts';

interface Cases {
  readonly expected: readonly string[];
  readonly valid: readonly (readonly [text: string, expression: string])[];
  readonly bad: readonly (readonly [text: string, ...errors: string[]])[];
}

const { expected, valid, bad } = JSON.parse(readFileSync(new URL('parse-cases.json', import.meta.url), 'utf8')) as Cases;

const parsed = (text: string): Parsed => parse(text, { macros: kubernetesMacros });
const shown = (text: string): string => {
  const result = parsed(text);
  return 'issues' in result ? formatIssues(text, result.issues) : describeExpression(result.expression);
};

function errorsOf(text: string): readonly string[] {
  const result = parsed(text);
  if (!('issues' in result)) return [];
  const source = new Source(text);
  return result.issues.map(({ offset, message }) => {
    const { line, column } = offset === undefined ? { line: -1, column: -1 } : source.locate(offset);
    return `${String(line)}:${String(column + 1)} ${message}`;
  });
}

test('a text becomes an expression with upstream’s ids and places', () => {
  for (const [text, expression] of valid) assert.equal(shown(text), expression, text);
});

test('a bad text is answered with all that is wrong with it', () => {
  for (const [text, ...errors] of bad) {
    const wanted = errors.map((error) => error.replace(/\{(\d)\}$/u, (_, index: string) => expected[Number(index)] ?? ''));
    assert.deepEqual(errorsOf(text), wanted, text);
  }
});

test('without macros their calls are calls', () => {
  const result = parse('has(a.b) || c.all(x, x)', { macros: new Map() });
  assert.ok('expression' in result);
  assert.equal(describeExpression(result.expression), '_||_(has(a#2@4 .b#3@5)#1@3, c#4@12 -> all(x#6@18, x#7@21)#5@17)#8@9');
});

test('a macro may decline, and is then a call', () => {
  const macros = new Map([...kubernetesMacros, ...bindMacros]);
  const cases: readonly (readonly [text: string, expression: string])[] = [
    ['cel.bind(a, 1, a)', 'for(#unused in []#6@8; a = 1#4@12, false#7@8, a#8@8, a#5@15)#9@8'],
    ['x.bind(a, 1, a)', 'x#1@0 -> bind(a#3@7, 1#4@10, a#5@13)#2@6'],
  ];
  for (const [text, want] of cases) {
    const result = parse(text, { macros });
    assert.ok('expression' in result, text);
    assert.equal(describeExpression(result.expression), want);
  }
});

const repeat = (text: string, times: number): string => text.repeat(times);
const whole = (message: string): string => `ERROR: <input>:-1:0: ${message}`;

test('texts that are too long, too deep or too wrong are given up', () => {
  const tooDeep = whole('expression recursion limit exceeded: 250');
  const tooDeepCalls = whole('max recursion depth exceeded');
  const cases: readonly (readonly [name: string, text: string, end: string])[] = [
    ['parentheses', repeat('(', 250), tooDeep],
    ['lists', repeat('[', 3000), tooDeep],
    ['calls in calls', `${repeat('f(', 300)}x${repeat(')', 300)}`, tooDeep],
    ['conditions', `${repeat('a?b:', 250)}c`, tooDeep],
    ['a chain of fields', `a${repeat('.a', 251)}`, tooDeepCalls],
    ['a chain of sums', repeat('1+', 49_999) + '1', tooDeepCalls],
    ['code points', `"${repeat('😀', 99_999)}"`, whole('expression code point size exceeds limit: size: 100001, limit 100000')],
    ['words to leave out', `1 2 ${repeat('% ', 300)}`, whole('error recovery token lookahead limit exceeded: 256')],
    ['errors', repeat('# ', 120), '1 more errors were truncated'],
  ];
  for (const [name, text, end] of cases) {
    const lines = shown(text).split('\n');
    assert.ok(lines.includes(end), `${name}: ${lines.slice(0, 3).join('\n').slice(0, 400)}`);
  }
});

test('recovery is tried thirty times', () => {
  const errors = errorsOf(repeat('+ ', 100));
  assert.deepEqual([errors.length, errors.at(-1)], [32, '1:61 Syntax error: error recovery attempt limit exceeded: 30']);
});

test('as deep and as long as may be is parsed', () => {
  for (const text of [`${repeat('(', 249)}1${repeat(')', 249)}`, `a${repeat('.a', 250)}`, `${repeat('!', 5000)}a`, repeat('a && ', 5000) + 'a', `"${repeat('a', 99_998)}"`]) {
    assert.ok('expression' in parsed(text), text.slice(0, 20));
  }
});

test('macros that copy what they are called on cannot fill the memory', () => {
  assert.match(shown(`a${repeat('.optMap(x, x)', 60)}`), /expression has more than 300000 nodes/u);
});

test('the place of an error is shown below its line', () => {
  const operand = `expecting ${expected[0] ?? ''}`;
  const cases: readonly (readonly [text: string, shown: string])[] = [
    ['', `ERROR: <input>:1:0: Syntax error: mismatched input '<EOF>' ${operand}`],
    ['+', `ERROR: <input>:1:1: Syntax error: mismatched input '+' ${operand}\n | +\n | ^\nERROR: <input>:1:2: Syntax error: mismatched input '<EOF>' ${operand}\n | +\n | .^`],
    ['1\n\t2', "ERROR: <input>:2:2: Syntax error: extraneous input '2' expecting <EOF>\n |  2\n | .^"],
    ['"é" 日', "ERROR: <input>:1:5: Syntax error: token recognition error at: '日'\n | \"é\" 日\n | .．..＾"],
    // By place, not in the order in which they are found.
    ['as b', "ERROR: <input>:1:1: reserved identifier: as\n | as b\n | ^\nERROR: <input>:1:4: Syntax error: extraneous input 'b' expecting <EOF>\n | as b\n | ...^"],
    // A line that is too long is not shown.
    [`${repeat(' ', 16_384)}1 2`, "ERROR: <input>:1:16387: Syntax error: extraneous input '2' expecting <EOF>"],
  ];
  for (const [text, want] of cases) assert.equal(shown(text), want, text.slice(0, 20));
});

const words = Array.from('+-*/%<>=!&|?:()[]{}.,\'"`\\#;abrx01\n\t é😀', (word) => word).concat(['&&', '||', '==', 'in', 'true', 'as', 'has(', '.all(x, ', '"""', '//', '1u', '0x', '1e999', '"\\q"', 'b"\\u1234"']);

test('no text breaks the parser', () => {
  const text = fc.oneof(fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join('')), fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 200 }));
  fc.assert(
    fc.property(text, (source) => {
      const result = parsed(source);
      if (!('issues' in result)) return;
      assert.notEqual(result.issues.length, 0);
      assert.ok(formatIssues(source, result.issues).startsWith('ERROR: <input>:'));
    }),
    { numRuns: 1500 },
  );
});

test('what is much too large or too deep is refused soon', () => {
  const garbage = repeat('](&"a\n', 524_288);
  const texts = [garbage, garbage.slice(0, 100_000), ...Array.from('([{!-.a', (word) => repeat(word, 100_000)), repeat('-1[', 33_000), repeat('a.', 50_000), repeat('1+', 50_000), repeat('a,', 50_000), `[${repeat('a.b,', 24_000)}`];
  for (const text of texts) {
    const start = performance.now();
    parsed(text);
    const took = performance.now() - start;
    assert.ok(took < 5000, `${text.slice(0, 10)} took ${String(took)} ms`);
  }
});
