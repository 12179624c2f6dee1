import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from '@kaji/api/kinds';
import { textReply } from './reply.ts';
import type { Identified, Routed } from './request.ts';
import { dryRunOf, labelsOf } from './request-labels.ts';
import { route, Routes } from './route.ts';

async function routed(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<Routed> {
  const { pathname: path, searchParams: query } = new URL(url, 'https://server');
  let found: Routed | undefined;
  await route(new Routes(kinds))((request) => {
    found = request;
    return Promise.resolve(textReply(200, ''));
  })({ method, path, query, headers } as Identified); // all of a request that finding its way takes
  assert.ok(found);
  return found;
}

const pods = '/api/v1/namespaces/default/pods';

const cases: readonly (readonly [asked: string, verb: string, resource: string, scope: string, subresource: string])[] = [
  [`GET ${pods}/web`, 'GET', 'pods', 'resource', ''],
  [`HEAD ${pods}/web`, 'GET', 'pods', 'resource', ''],
  [`GET ${pods}`, 'LIST', 'pods', 'namespace', ''],
  ['GET /api/v1/pods', 'LIST', 'pods', 'cluster', ''],
  ['GET /api/v1/pods?watch=1', 'WATCH', 'pods', 'cluster', ''],
  ['GET /api/v1/pods?watch=false', 'LIST', 'pods', 'cluster', ''],
  ['GET /api/v1/watch/pods', 'WATCH', 'pods', 'cluster', ''],
  [`POST ${pods}`, 'POST', 'pods', 'resource', ''],
  [`PUT ${pods}/web/status`, 'PUT', 'pods', 'resource', 'status'],
  [`PATCH ${pods}/web`, 'PATCH', 'pods', 'resource', ''],
  [`DELETE ${pods}`, 'DELETE', 'pods', 'namespace', ''],
  [`GET ${pods}/web/log`, 'CONNECT', 'pods', 'resource', 'log'],
  [`POST ${pods}/web/exec`, 'CONNECT', 'pods', 'resource', 'exec'],
  [`BREW ${pods}`, 'other', 'pods', 'namespace', ''],
  ['GET /api/v1/teapots', 'LIST', '', 'cluster', ''],
  ['GET /healthz', 'GET', '', '', '/healthz'],
  ['GET /livez/ping', 'GET', '', '', '/livez'],
  ['GET /openapi/v3/apis/apps/v1', 'GET', '', '', 'openapi/v3/'],
  ['GET /apis/apps', 'GET', '', '', 'apis'],
  ['GET /made-up', 'GET', '', '', ''],
];

for (const [asked, verb, resource, scope, subresource] of cases) {
  test(`${asked} is counted as ${verb} ${resource}`, async () => {
    const [method = '', url = ''] = asked.split(' ');
    const labels = labelsOf(await routed(method, url));
    assert.deepEqual([labels.verb, labels.resource, labels.scope, labels.subresource], [verb, resource, scope, subresource]);
  });
}

test('an apply is told from other patches, and a dry run from what is no such thing', async () => {
  assert.equal(labelsOf(await routed('PATCH', `${pods}/web`, { 'content-type': 'application/apply-patch+yaml' })).verb, 'APPLY');
  assert.deepEqual([dryRunOf(await routed('POST', pods)), dryRunOf(await routed('POST', `${pods}?dryRun=All`)), dryRunOf(await routed('POST', `${pods}?dryRun=x`))], ['', 'All', 'invalid']);
});
