import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePath, parseAction } from './action.ts';

const cases: readonly (readonly [string, string, string, Record<string, unknown> | undefined])[] = [
  ['lists a collection', 'GET', '/api/v1/namespaces/d/pods', { verb: 'list', plural: 'pods', namespace: 'd', name: '' }],
  ['lists all namespaces', 'GET', '/apis/apps/v1/deployments', { verb: 'list', group: 'apps', version: 'v1', plural: 'deployments', namespace: '' }],
  ['watches with any value', 'GET', '/api/v1/pods?watch=', { verb: 'watch' }],
  ['does not watch for false', 'GET', '/api/v1/pods?watch=False', { verb: 'list' }],
  ['does not watch for 0', 'GET', '/api/v1/pods?watch=0', { verb: 'list' }],
  ['watches for words', 'GET', '/api/v1/pods?watch=no', { verb: 'watch' }],
  ['gets one object whatever the watch', 'GET', '/api/v1/namespaces/d/pods/a?watch=1', { verb: 'get', name: 'a' }],
  ['reads the old watch path', 'GET', '/api/v1/watch/namespaces/d/pods/a', { verb: 'watch', plural: 'pods', namespace: 'd', name: 'a' }],
  ['finds nothing to watch', 'GET', '/api/v1/watch', undefined],
  ['knows the namespace itself', 'GET', '/api/v1/namespaces/d', { plural: 'namespaces', namespace: 'd', name: 'd' }],
  ['knows its subresources', 'PUT', '/api/v1/namespaces/d/finalize', { verb: 'update', plural: 'namespaces', subresource: 'finalize', name: 'd', namespace: 'd' }],
  ['takes other words for resources', 'GET', '/api/v1/namespaces/d/things', { plural: 'things', namespace: 'd', subresource: '' }],
  ['names the one a field selector names', 'GET', '/api/v1/pods?fieldSelector=metadata.name%3Da', { verb: 'list', name: 'a', fieldSelector: 'metadata.name=a' }],
  ['takes no tricks for names', 'GET', '/api/v1/pods?fieldSelector=metadata.name%3D..', { verb: 'list', name: '' }],
  ['deletes a collection', 'DELETE', '/api/v1/namespaces/d/pods', { verb: 'deletecollection' }],
  ['has no verb for other methods', 'PROPFIND', '/api/v1/namespaces/d/pods', { verb: '', isResource: true }],
  ['sees plain paths', 'GET', '/healthz', { verb: 'get', isResource: false, path: '/healthz' }],
  ['sees discovery as a plain path', 'GET', '/apis/apps/v1', { isResource: false }],
  ['keeps empty parts', 'GET', '/api/v1//namespaces/d/pods', { isResource: true, plural: '' }],
];

for (const [name, method, url, want] of cases) {
  test(name, () => {
    const [path = '', query = ''] = url.split('?');
    const parsed = parseAction(method, path, new URLSearchParams(query));
    if (want === undefined) assert.equal(parsed, undefined);
    else assert.deepEqual(Object.fromEntries(Object.keys(want).map((key) => [key, parsed?.action[key as 'verb']])), want);
  });
}

test('decodes paths before they are taken apart', () => {
  assert.equal(decodePath('/api/v1/namespaces%2Fd/pods'), '/api/v1/namespaces/d/pods');
  assert.equal(decodePath('/a%zz'), undefined);
  assert.equal(decodePath('/a%ff'), '/a\ufffd');
});
