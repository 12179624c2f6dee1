import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APIGroupDiscoveryList } from '@kaji/api/apidiscovery/v2';
import { readAll } from '@kaji/client';
import { decodeEnvelope, decodeProtobuf, encodeJson } from '@kaji/schema';
import { startTestServer, type TestServer } from '../testing.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

async function ask(server: TestServer, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  const { status, headers: answered, body } = await server.transport().request({ method, path, headers });
  return { status, headers: answered, body: await readAll(body) };
}

const form = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const accepts: readonly (readonly [accept: string, want: string])[] = [
  [`application/json;${form}`, `application/json;${form}`],
  [`application/yaml;${form}`, `application/yaml;${form}`],
  [`application/vnd.kubernetes.protobuf;${form}`, `application/vnd.kubernetes.protobuf;${form}`],
  [`application/json;${form};profile=nopeer,application/json`, `application/json;${form}`],
  [`application/json;${form.replace('v2', 'v2beta1')},application/json`, 'application/json'],
  [`application/json,application/json;${form}`, 'application/json'],
  ['text/html', 'application/json'],
];

test('all groups are told at once in the form the client puts first', async () => {
  await using server = await startTestServer();
  for (const [accept, want] of accepts) {
    const { headers, status } = await ask(server, '/apis', { accept });
    assert.deepEqual([headers['content-type'], status], [want, accept === 'text/html' ? 406 : 200], accept);
  }
});

test('the forms tell the same, under one tag', async () => {
  await using server = await startTestServer();
  const json = await ask(server, '/api', { accept: `application/json;${form}` });
  const protobuf = await ask(server, '/api', { accept: `application/vnd.kubernetes.protobuf;${form}` });
  const itemsOf = (text: Uint8Array): unknown => (JSON.parse(new TextDecoder().decode(text)) as APIGroupDiscoveryList).items; // as its kind says
  assert.deepEqual(itemsOf(encodeJson(APIGroupDiscoveryList, decodeProtobuf(APIGroupDiscoveryList, decodeEnvelope(protobuf.body).raw))), itemsOf(json.body));
  assert.equal(protobuf.headers['etag'], json.headers['etag']);
  const known = await ask(server, '/api', { accept: `application/json;${form}`, 'if-none-match': json.headers['etag'] ?? '' });
  assert.deepEqual([known.status, known.body.length], [304, 0]);
});

const methods: readonly (readonly [method: string, path: string, want: number])[] = [
  ['POST', '/api', 405], ['HEAD', '/api', 405], ['POST', '/apis', 200], ['HEAD', '/apis', 200], ['DELETE', '/apis/apps', 200], ['PUT', '/apis/apps/v1', 405], ['GET', '/apis/none', 404],
];

for (const [method, path, want] of methods) {
  test(`${method} ${path} is answered ${want}`, async () => {
    await using server = await startTestServer();
    assert.equal((await ask(server, path, {}, method)).status, want);
  });
}
