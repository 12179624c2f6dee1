import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesFields, parseFieldSelector } from './field-selector.ts';
import { formatSelector, matchesLabels, parseLabelSelector, selectorOf } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', size: '5' };
const matches: readonly (readonly [string, boolean])[] = [
  ['', true], ['app', true], ['!app', false], ['app=web', true], ['app==web,tier!=front', false], ['app in (web, db)', true], ['app notin (web)', false], ['missing notin (a)', true],
  ['size>4', true], ['size<4', false], ['none', false], ['app in (in,web)', true], ['x in ()', false],
];
for (const [text, wanted] of matches) test(`${JSON.stringify(text)} ${wanted ? 'selects' : 'does not select'}`, () => assert.equal(matchesLabels(parseLabelSelector(text), labels), wanted));

const failures: readonly (readonly [string, string])[] = [
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['a=b,', "found '', expected: identifier after ','"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['own=-x-', "unable to parse requirement: values[0][own]: Invalid value: \"-x-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"],
];
for (const [text, message] of failures) test(`refuses ${JSON.stringify(text)} in upstream's words`, () => assert.throws(() => parseLabelSelector(text), { message }));

test('an absent object selector selects nothing, an empty one everything', () => {
  assert.equal(matchesLabels(selectorOf(undefined), labels), false);
  assert.equal(matchesLabels(selectorOf({}), labels), true);
  assert.equal(formatSelector(selectorOf({ matchLabels: { b: '1', a: '2' }, matchExpressions: [{ key: 'c', operator: 'In', values: ['y', 'x'] }] })), 'a=2,b=1,c in (x,y)');
});

test('field selectors unescape values and refuse what is none', () => {
  const get = (path: string): string => ({ 'metadata.name': 'a,b', 'spec.nodeName': '' })[path] ?? '';
  assert.equal(matchesFields(parseFieldSelector('metadata.name=a\\,b,spec.nodeName!=n'), get), true);
  assert.throws(() => parseFieldSelector('metadata.name'), { message: "invalid selector: 'metadata.name'; can't understand 'metadata.name'" });
});
