/**
 * What upstream gave for expressions, and what they cost it. Each row of program-cases.json is the name of the object that the expression is about,
 * its text, the value (or, below `failures`, the complaint) and the cost.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile } from '../compile.ts';
import { baseEnvironment } from '../environments/base.ts';
import { bindMacros } from '../library-macros.ts';
import { describeValue } from '../testing/describe-value.ts';
import { dynType } from '../type.ts';
import { type Evaluation, Program } from './program.ts';
import { Failure, toValue } from './value.ts';

interface Cases {
  readonly objects: Readonly<Record<string, object>>;
  readonly values: readonly Row[];
  readonly failures: readonly Row[];
}
type Row = readonly [object: string, text: string, want: string, cost: number];

// The file is beside this one, and of this form.
const { objects, values, failures } = JSON.parse(readFileSync(new URL('program-cases.json', import.meta.url), 'utf8')) as Cases;

const environment = baseEnvironment('new').extend({ macros: bindMacros, variables: { object: dynType } });

function run(text: string, object: object = {}, limit?: number): Evaluation {
  const outcome = compile(text, environment);
  assert.ok('checked' in outcome, text);
  return new Program(outcome.checked, environment).run((name) => (name === 'object' ? toValue(object) : undefined), limit);
}

test('expressions give what upstream gives, at its cost', () => {
  for (const [object, text, want, cost] of values) {
    const evaluation = run(text, objects[object]);
    assert.deepEqual([describeValue(evaluation.value), evaluation.cost], [want, cost], `${object}: ${text}`);
  }
});

test('expressions fail as upstream fails, at its cost', () => {
  for (const [object, text, want, cost] of failures) {
    const { value, cost: found } = run(text, objects[object]);
    assert.ok(value instanceof Failure, `${object}: ${text} gave ${describeValue(value)}`);
    assert.deepEqual([value.message, found], [want, cost], `${object}: ${text}`);
  }
});

test('a run ends where its cost exceeds the limit', () => {
  const { value, cost } = run('object.list.all(x, x > 0)', { list: [1, 2, 3] }, 7);
  assert.ok(value instanceof Failure && value.message === 'operation cancelled: actual cost limit exceeded');
  assert.equal(cost, 8);
});

test('a program runs any number of times', () => {
  const outcome = compile('object.a + 1', environment);
  assert.ok('checked' in outcome);
  const program = new Program(outcome.checked, environment);
  assert.deepEqual([1, 2].map((a) => program.run((name) => (name === 'object' ? toValue({ a }) : undefined)).value), [2n, 3n]);
});
