import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pods } from '@kaji/api/core/v1';
import { checkShape } from './route.ts';
import type { Routed } from './request.ts';

const routed = (method: string, subresource: string): Routed => ({
  method, target: { type: 'resource', resource: pods, namespace: 'default', name: 'a', subresource, subpath: '' },
  action: { isResource: true, verb: 'get', path: '/api/v1/namespaces/default/pods/a', group: '', version: 'v1', plural: 'pods', namespace: 'default', name: 'a', subresource },
} as unknown as Routed); // what the shape is judged by

const cases: readonly (readonly [method: string, subresource: string, isAllowed: boolean])[] = [
  ['GET', '', true], ['PATCH', '', true], ['OPTIONS', '', false], ['HEAD', '', false], ['TRACE', '', false],
  ['OPTIONS', 'proxy', true], ['HEAD', 'proxy', true], ['TRACE', 'proxy', false],
];
for (const [method, subresource, isAllowed] of cases) {
  test(`${method} of a pod${subresource === '' ? '' : `'s ${subresource}`} is ${isAllowed ? 'allowed' : 'refused'}`, () => {
    const check = (): void => { checkShape(routed(method, subresource)); };
    if (isAllowed) check();
    else assert.throws(check, { code: 405, message: 'the server does not allow this method on the requested resource' });
  });
}
