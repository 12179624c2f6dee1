import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceAction } from './authorizer.ts';
import { describeRules, ruleAllows, uncovered } from './rules.ts';

const rule = (verbs: string, groups: string, resources: string, names = ''): { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames?: string[] } =>
  ({ verbs: verbs.split(' '), apiGroups: groups.split(' '), resources: resources.split(' '), ...(names === '' ? {} : { resourceNames: names.split(' ') }) });

const core = ['', '*'] as const;
const allows: readonly (readonly [string, ReturnType<typeof rule>, Parameters<typeof resourceAction>[0], boolean])[] = [
  ['the verb and resource named', { ...rule('get', '*', 'pods'), apiGroups: [core[0]] }, { verb: 'get', plural: 'pods' }, true],
  ['no other verb', rule('get', '*', 'pods'), { verb: 'list', plural: 'pods' }, false],
  ['no other group', rule('get', 'apps', 'pods'), { verb: 'get', plural: 'pods' }, false],
  ['no subresource unless named', rule('get', '*', 'pods'), { verb: 'get', plural: 'pods', subresource: 'log' }, false],
  ['a subresource of any resource', rule('get', '*', '*/log'), { verb: 'get', plural: 'pods', subresource: 'log' }, true],
  ['everything', rule('*', '*', '*'), { verb: 'get', plural: 'pods', subresource: 'log' }, true],
  ['named objects only', rule('get', '*', 'pods', 'a b'), { verb: 'get', plural: 'pods', name: 'b' }, true],
  ['no unnamed object', rule('get', '*', 'pods', 'a b'), { verb: 'get', plural: 'pods', name: 'c' }, false],
  ['no list where names are given', rule('list', '*', 'pods', 'a'), { verb: 'list', plural: 'pods' }, false],
];
for (const [name, given, action, want] of allows) test(`a rule allows ${name}`, () => { assert.equal(ruleAllows(given, resourceAction(action)), want); });

test('a rule allows paths below a star', () => {
  const path = (path: string): boolean => ruleAllows({ verbs: ['get'], nonResourceURLs: ['/healthz', '/logs/*'] }, { ...resourceAction({ verb: 'get', plural: '' }), isResource: false, path });
  assert.deepEqual(['/healthz', '/healthz/x', '/logs/a', '/logs'].map(path), [true, false, true, false]);
});

const coverage: readonly (readonly [string, ReturnType<typeof rule>[], ReturnType<typeof rule>[], string])[] = [
  ['nothing is missing for equals', [rule('get list', '*', 'pods')], [rule('get', '*', 'pods')], ''],
  ['a star covers all', [rule('*', '*', '*')], [rule('get', 'apps', 'deployments/scale')], ''],
  ['verbs of one resource are told together', [rule('get', 'apps', 'deployments')], [rule('get list watch', 'apps', 'deployments')], '{APIGroups:["apps"], Resources:["deployments"], Verbs:["list" "watch"]}'],
  ['a star for names is not covered by names', [rule('get', 'apps', 'deployments', 'a')], [rule('get', 'apps', 'deployments')], '{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}'],
];
for (const [name, owned, wanted, want] of coverage) test(name, () => { assert.equal(describeRules(uncovered(owned, wanted)), want); });
