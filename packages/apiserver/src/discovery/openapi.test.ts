import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@kaji/base';
import type { Reply, Routed } from '../pipeline/request.ts';
import { openApi } from './openapi.ts';

const startMs = Date.UTC(2026, 4, 1);
const served = openApi(new VirtualClock(startMs), { v2: () => ({ swagger: '2.0' }), v3Names: ['api/v1', 'version'], v3: (name) => ({ openapi: '3.0.0', info: { title: name } }) });

async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const { pathname: path, searchParams: query } = new URL(url, 'https://server');
  const reply = await served.answer({ action: { path }, query, headers } as unknown as Routed); // all of a request that documents depend on
  assert.ok(reply);
  return reply;
}

const digestOf = (reply: Reply): string => (reply.headers['etag'] ?? '').replaceAll('"', '');

test('the index leads to each document by its digest', async () => {
  const { paths } = JSON.parse(new TextDecoder().decode((await ask('/openapi/v3')).body as Uint8Array)) as { paths: Readonly<Record<string, { serverRelativeURL: string }>> }; // whole, as all but lists are
  assert.deepEqual(Object.keys(paths), ['api/v1', 'version']);
  const reply = await ask(paths['version']?.serverRelativeURL ?? '');
  assert.deepEqual([reply.status, reply.headers['cache-control'], reply.headers['expires']], [200, 'public, immutable', 'Sat, 01 May 2027 00:00:00 UTC']);
  assert.equal(paths['version']?.serverRelativeURL, `/openapi/v3/version?hash=${digestOf(reply)}`);
});

test('a digest that is no longer right leads to the one that is', async () => {
  const reply = await ask('/openapi/v3/version?hash=OLD');
  assert.deepEqual([reply.status, reply.headers['location']], [301, `/openapi/v3/version?hash=${digestOf(reply)}`]);
});

const accepts: readonly (readonly [accept: string, want: number | string])[] = [
  ['', 'application/json'], ['*/*', 'application/json'], ['application/yaml', 406],
  ['application/com.github.proto-openapi.spec.v3@v1.0+protobuf', 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'],
  ['application/com.github.proto-openapi.spec.v3.v1.0+protobuf', 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'],
  ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', 406],
  ['application/json;q=0.1,application/com.github.proto-openapi.spec.v3@v1.0+protobuf', 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf'],
];

for (const [accept, want] of accepts) {
  test(`who accepts "${accept}" gets ${want}`, async () => {
    const { status, headers } = await ask('/openapi/v3/version', accept === '' ? {} : { accept });
    assert.equal(status === 200 ? headers['content-type'] : status, want);
  });
}

const known: readonly (readonly [name: string, headers: (digest: string) => Readonly<Record<string, string>>, want: number])[] = [
  ['its digest', (digest) => ({ 'if-none-match': `"${digest}"` }), 304], ['its digest among others', (digest) => ({ 'if-none-match': `"x", W/"${digest}"` }), 304], ['another digest', () => ({ 'if-none-match': '"x"' }), 200],
  ['a later time', () => ({ 'if-modified-since': new Date(startMs + 1000).toUTCString() }), 304], ['an earlier time', () => ({ 'if-modified-since': new Date(startMs - 1000).toUTCString() }), 200],
];

for (const [name, headers, want] of known) {
  test(`of a document that the client knows by ${name}`, async () => {
    assert.equal((await ask('/openapi/v2', headers(digestOf(await ask('/openapi/v2'))))).status, want);
  });
}

test('what there is not is not found', async () => {
  assert.equal((await ask('/openapi/v3/none')).status, 404);
});
