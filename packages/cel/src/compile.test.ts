/**
 * What upstream's API server answered to texts in its environments. Each row of compile-cases.json is an environment, a text and the answer:
 * the result's type (of a selector with its cost), or each error as `@line:column: message`. Letters after `policy:` are what may be named there:
 * the authorizer (a), mutations (m), parameters (p).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile, instantiationProblem } from './compile.ts';
import type { Environment } from './environment.ts';
import { baseEnvironment } from './environments/base.ts';
import { deviceEnvironment, selectorCost } from './environments/device.ts';
import { policyEnvironment, variableType } from './environments/policy.ts';
import { dynType, intType, listType, nullableType, objectType, optionalType, resultText, stringType } from './type.ts';

// The file is beside this one, and of this form.
const cases = JSON.parse(readFileSync(new URL('compile-cases.json', import.meta.url), 'utf8')) as readonly (readonly [environment: string, text: string, answer: string])[];

function environmentOf(name: string): Environment {
  if (name === 'device') return deviceEnvironment('new');
  if (name === 'base') return baseEnvironment('new');
  return policyEnvironment('new', { hasAuthorizer: name.includes('a', 7), hasParams: name.includes('p', 7), hasPatches: name.includes('m', 7) });
}

function answer(name: string, text: string): string {
  const environment = environmentOf(name);
  const outcome = compile(text, environment);
  if ('problem' in outcome) return outcome.problem.replace('compilation failed: ', '').split('\n').filter((line) => !line.startsWith(' | ')).map((line) => line.replace('ERROR: <input>:', '@')).join('\n');
  const { checked } = outcome;
  return instantiationProblem(checked, environment) ?? `${resultText(checked.type)}${name === 'device' ? ` ${String(selectorCost(checked))}` : ''}`;
}

test('expressions are what upstream takes them for', () => {
  for (const [environment, text, want] of cases) assert.equal(answer(environment, text), want, `${environment}: ${text}`);
});

test('the line that an error is about is shown', () => {
  const outcome = compile('object.a &&\n\t1 + "a"', environmentOf('policy'));
  assert.deepEqual(outcome, { problem: 'compilation failed: ERROR: <input>:2:4: found no matching overload for \'_+_\' applied to \'(int, string)\'\n |  1 + "a"\n | ...^' });
});

test('only what is stored already may use what is not open yet', () => {
  const text = "device.attributes['d.example.com'].model.includes('a')";
  assert.match(JSON.stringify(compile(text, deviceEnvironment('new'))), /undeclared reference to 'includes'/);
  const stored = compile(text, deviceEnvironment('stored'));
  assert.ok('checked' in stored && selectorCost(stored.checked) === 52n);
});

test('variables keep simple types for the expressions after them', () => {
  const names = { hasAuthorizer: true, hasParams: false, hasPatches: false };
  const environment = policyEnvironment('new', { ...names, variables: new Map([['count', intType], ['names', listType(stringType)]]) });
  const typeOf = (text: string): string => {
    const outcome = compile(text, environment);
    return 'problem' in outcome ? outcome.problem.split('\n')[0] ?? '' : resultText(outcome.checked.type);
  };
  for (const [text, want] of [
    ['variables.count', 'int'], ['variables.names[0]', 'string'], ['variables', 'kubernetes.variables'],
    ['variables.other', "compilation failed: ERROR: <input>:1:10: undefined field 'other'"],
  ] as const) assert.equal(typeOf(text), want);
  for (const [type, want] of [[listType(intType), 'list(int)'], [optionalType(intType), 'dyn'], [objectType('kubernetes.Quantity'), 'dyn'], [nullableType(intType), 'dyn'], [dynType, 'dyn'], [undefined, 'dyn']] as const) {
    assert.equal(resultText(variableType(type)), want);
  }
});

test('a type that macros double again and again is refused', () => {
  let text = 'true';
  for (let index = 40; index > 0; index--) text = `[{v${String(index - 1)}: v${String(index - 1)}}].all(v${String(index)}, ${text})`;
  const outcome = compile(`[1].all(v0, ${text})`, environmentOf('policy'));
  assert.ok('problem' in outcome && outcome.problem.includes('type is made of more than 1024 types'));
});
