import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { silentLog, noMetrics, type Runtime } from '@kaji/base';
import { realClock, realStreams } from '@kaji/base/real';
import { testRuntime } from '@kaji/base/testing';
import { readAll } from '@kaji/client';
import { Authority, createAuthority, createTokenKey, type Identity, TokenSigner } from '@kaji/pki';
import { defaultIssuer } from './config.ts';
import { type Listening, startTestServer, type TestServer } from './testing.ts';

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

async function send(server: TestServer, method: string, path: string, body?: string | Uint8Array, type = 'application/json'): Promise<Answer> {
  const reply = await server.transport().request({ method, path, headers: { 'content-type': type, accept: 'application/json' }, ...(body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body) : body }) });
  const text = Buffer.from(await readAll(reply.body)).toString();
  const status = text.startsWith('{') ? JSON.parse(text) as Partial<Answer> : {};
  return { status: reply.status, reason: status.reason ?? '', message: status.message ?? text };
}

const configMaps = '/api/v1/namespaces/default/configmaps';
const named = (rest: string): string => `{"metadata":{"name":"a"}${rest}}`;

/** A level more than any honest object has; the parser's own limit is 10,000. */
const deep = `${'['.repeat(10_001)}${']'.repeat(10_001)}`;
const bomb = ['a: &a ["lol"]', ...'bcdefghijklmnop'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghijklmnop'.charAt(index)}`).join(',')}]`)].join('\n');

const bodies: readonly (readonly [string, string | Uint8Array, string, number, string])[] = [
  ['malformed JSON', '{"metadata":', 'application/json', 400, 'BadRequest'],
  ['wrong types', named(',"data":{"k":1}'), 'application/json', 400, 'BadRequest'],
  ['a list for an object', '[]', 'application/json', 400, 'BadRequest'],
  ['deep nesting', named(`,"data":${deep}`), 'application/json', 400, 'BadRequest'],
  ['a YAML alias bomb', `metadata: {name: a}\n${bomb}\ndata: *p\n`, 'application/yaml', 400, 'BadRequest'],
  ['malformed protobuf', Buffer.from('k8s\0\xff\xff\xff\xff', 'latin1'), 'application/vnd.kubernetes.protobuf', 400, 'BadRequest'],
  ['an unknown media type', '{}', 'text/html', 415, 'UnsupportedMediaType'],
];

for (const [name, body, type, status, reason] of bodies) {
  test(`${name} in a body is refused, and the server lives`, async () => {
    await using server = await startTestServer();
    const answer = await send(server, 'POST', configMaps, body, type);
    assert.deepEqual([answer.status, answer.reason], [status, reason], answer.message);
    assert.equal((await send(server, 'GET', configMaps)).status, 200);
  });
}

test('keys such as __proto__ are keys', async () => {
  await using server = await startTestServer();
  const created = await send(server, 'POST', `${configMaps}?fieldValidation=Ignore`, '{"metadata":{"name":"a","labels":{"x":"y"}},"__proto__":{"polluted":"yes"},"data":{"constructor":"c"}}');
  assert.equal(created.status, 201, created.message);
  assert.equal(({} as { polluted?: string }).polluted, undefined);
});

const paths: readonly (readonly [string, string, string, number])[] = [
  ['dots for a name', 'GET', `${configMaps}/..`, 400],
  ['an encoded slash', 'GET', `${configMaps}/a%2fb`, 404],
  ['an encoded climb', 'GET', '/api/v1/namespaces/default/configmaps/..%2f..%2fsecrets', 404],
  ['no namespace', 'GET', '/api/v1/namespaces//configmaps/a', 400],
  ['two slashes', 'GET', '//api/v1/pods', 404],
  ['a bad escape', 'GET', '/api/v1/pods/%zz', 400],
  ['an unknown method', 'BREW', configMaps, 405],
  ['an unknown kind', 'GET', '/api/v1/things', 404],
  ['an unknown group', 'GET', '/apis/none.example.com/v1/things', 404],
  ['a selector of a hundred kilobytes', 'GET', `${configMaps}?labelSelector=${encodeURIComponent(Array.from({ length: 5000 }, (_, index) => `key-${index}=value`).join(','))}`, 200],
  ['a selector that is none', 'GET', `${configMaps}?labelSelector=${encodeURIComponent('a in (')}`, 400],
  ['a deadline that is none', 'GET', `${configMaps}?timeout=soon`, 400],
];

for (const [name, method, path, status] of paths) {
  test(`${name} gets ${status}`, async () => {
    await using server = await startTestServer();
    const answer = await send(server, method, path);
    assert.equal(answer.status, status, answer.message);
  });
}

const realDoors = (): Runtime => ({ clock: realClock, random: realStreams(), log: silentLog, metrics: noMetrics });

function ask({ port, authorityPem }: Listening, identity: Identity | undefined, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const client = identity === undefined ? {} : { cert: identity.certificatePem, key: identity.privateKeyPem };
    const request = httpsRequest({ host: '127.0.0.1', port, ca: authorityPem, ...client, path: '/api/v1/namespaces', headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
    });
    request.on('error', reject);
    request.end();
  });
}

test('certificates count when the authority signed them and their time has not passed', async () => {
  const doors = realDoors();
  await using server = await startTestServer({ runtime: doors });
  const listening = await server.listen();
  const foreign = new Authority(doors, createAuthority(doors, { commonName: 'kubernetes' })).issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const past: Runtime = { ...doors, clock: { ...realClock, now: () => realClock.now() - 10 * 24 * 3600_000 } };
  const expired = new Authority(past, { certificatePem: server.authority.certificatePem, privateKeyPem: server.authorityKeyPem }).issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['client'], validForMs: 3600_000 });
  const wrongUse = server.authority.issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['server'] });
  const answers = await Promise.all([server.admin, foreign, expired, wrongUse, undefined].map((identity) => ask(listening, identity)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 401, 401, 401, 403]);
  assert.match(answers[1]?.text ?? '', /"message":"Unauthorized"/);
});

test('tokens count when we signed them, for us, and while what they are bound to is there', async () => {
  const runtime = testRuntime();
  const { privateKeyPem, publicKeyPem } = createTokenKey();
  await using server = await startTestServer({ runtime, config: { serviceAccounts: { issuer: defaultIssuer, audiences: [defaultIssuer], privateKeyPem, publicKeyPems: [publicKeyPem] } } });
  const made = await send(server, 'POST', '/api/v1/namespaces/default/serviceaccounts', '{"metadata":{"name":"robot"}}');
  assert.equal(made.status, 201, made.message);
  const reply = await server.transport().request({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts/robot/token', headers: { 'content-type': 'application/json' }, body: Buffer.from('{"spec":{"expirationSeconds":600}}') });
  const { status: { token } } = JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as { status: { token: string } };
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const own = new TokenSigner(privateKeyPem);
  const forged = new TokenSigner(createTokenKey().privateKeyPem).sign(claims);
  const [head = '', , signature = ''] = token.split('.');
  const changed = `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'system:serviceaccount:kube-system:admin' })).toString('base64url')}.${signature}`;
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`;
  const statusOf = async (bearer: string): Promise<number> => (await server.server.handle({
    method: 'GET', path: '/api/v1/namespaces/default/pods', query: new URLSearchParams(), rawQuery: '', headers: { authorization: `Bearer ${bearer}` }, signal: new AbortController().signal, abort: () => undefined,
    body: () => Promise.resolve(new Uint8Array()), stream: async function* () { /* no body */ }, remote: { address: '' },
  })).status;
  // 403 is the answer to somebody who is known and may not.
  assert.equal(await statusOf(token), 403);
  const elsewhere = own.sign({ ...claims, aud: ['elsewhere'] });
  const early = own.sign({ ...claims, nbf: Number(claims['nbf']) + 3600 });
  const stranger = own.sign({ ...claims, iss: 'https://example.com' });
  for (const wrong of [forged, changed, unsigned, elsewhere, early, stranger, 'nonsense', `${token}x`]) assert.equal(await statusOf(wrong), 401);
  await runtime.clock.advance(700_000);
  assert.equal(await statusOf(token), 401);
  const fresh = own.sign({ ...claims, iat: Math.floor(runtime.clock.now() / 1000), nbf: Math.floor(runtime.clock.now() / 1000), exp: Math.floor(runtime.clock.now() / 1000) + 600 });
  assert.equal(await statusOf(fresh), 403);
  assert.equal((await send(server, 'DELETE', '/api/v1/namespaces/default/serviceaccounts/robot')).status, 200);
  assert.equal(await statusOf(fresh), 401);
});

test('paths, queries and tokens of any kind get an answer of the API', { timeout: 60_000 }, async () => {
  await using server = await startTestServer();
  const segment = fc.constantFrom('api', 'apis', 'v1', 'apps', 'namespaces', 'default', 'configmaps', 'pods', 'status', 'scale', 'eviction', 'deployments', 'a', '', '.', '..', '%2e%2e', '%2f', 'a%2fb', '%00', '%zz', '%', '%f0%9f%98%80', '%ff', 'openapi', 'v2', 'v3', 'healthz', 'version', 'proxy', '*', '__proto__', 'constructor', 'watch');
  const value = fc.oneof(fc.constantFrom('', '0', '1', '-1', 'true', 'false', 'All', '9'.repeat(40), '1e3', 'NaN', 'Exact', 'NotOlderThan', '%00', '%ff', '__proto__', 'a in (', '!', ',', 'a=b=c', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi8uLiJ9', 'e30', 'bnVsbA', '1h', '-1s'), fc.string().filter((text) => !/^\d+$/.test(text)).map(encodeURIComponent)); // a revision still to come is waited for, by a clock that stands still here
  const parameter = fc.tuple(fc.constantFrom('labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'dryRun', 'fieldManager', 'fieldValidation', 'force', 'propagationPolicy', 'gracePeriodSeconds', 'pretty', 'includeObject', 'watch', 'allowWatchBookmarks', 'timeout', '__proto__'), value).map(([name, text]) => `${name}=${text}`);
  const path = fc.oneof(fc.array(segment, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`), fc.constantFrom(configMaps, `${configMaps}/a`, '/api/v1/pods', '/apis/apps/v1/namespaces/default/deployments/a/scale'));
  const body = fc.constantFrom(undefined, '{}', '[]', 'null', '{"metadata":null}', '{"metadata":{"name":"a\\u0000b"}}', '{"kind":"DeleteOptions"}', '[{"op":"test"}]', 'a: &a [*a]', '{"metadata":{"__proto__":{"a":1}}}');
  const type = fc.constantFrom('application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml', '', 'x');
  const accept = fc.constantFrom('application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', '*/*', 'text/html', '', ';;', 'application/json;q=x');
  await fc.assert(fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'), path, fc.array(parameter, { maxLength: 4 }), body, type, accept, async (method, target, query, content, contentType, accepted) => {
    const stop = new AbortController();
    const reply = await server.transport().request({
      method, path: `${target}${query.length === 0 ? '' : `?${query.join('&')}`}`, headers: { accept: accepted, 'content-type': contentType }, signal: stop.signal, ...(content === undefined ? {} : { body: Buffer.from(content) }),
    });
    stop.abort(); // a watch would go on
    if (reply.status < 500) return;
    const text = Buffer.from(await readAll(reply.body)).toString();
    assert.ok(!text.includes('panic'), `${method} ${target}?${query.join('&')} ${contentType} ${content ?? ''}: ${text}`);
  }), { numRuns: 1500 });
});

test('an object that etcd would not take is refused in its words, one of very many parts before it is checked, and very many mistakes are told', async () => {
  await using server = await startTestServer();
  const large = await send(server, 'POST', configMaps, `{"metadata":{"name":"a"},"data":{${Array.from({ length: 200 }, (_, index) => `"${'k'.repeat(240)}${index}":"${'v'.repeat(5000)}"`).join(',')}},"binaryData":{"x":"${'QUFB'.repeat(10)}"},"immutable":true}`);
  assert.equal(large.status, 201, large.message);
  const labels = `{"metadata":{"name":"b","labels":{${Array.from({ length: 30_000 }, (_, index) => `"${'l'.repeat(50)}${index}":"v"`).join(',')}}}}`;
  const refused = await send(server, 'POST', configMaps, labels);
  assert.deepEqual([refused.status, refused.reason, refused.message], [500, '', 'etcdserver: request is too large']);
  const mistakes = await send(server, 'POST', configMaps, `{"metadata":{"name":"c","labels":{${Array.from({ length: 60_000 }, (_, index) => `"${index.toString(36)}-":"-"`).join(',')}}}}`);
  assert.deepEqual([mistakes.status, mistakes.reason], [422, 'Invalid']);
  const parts = await send(server, 'POST', '/api/v1/namespaces/default/pods', `{"metadata":{"name":"a"},"spec":{"containers":[${'{},'.repeat(150_000)}{}]}}`);
  assert.deepEqual([parts.status, parts.reason], [400, 'BadRequest']);
  assert.match(parts.message, /more than 65536 objects and entries in one body/);
  const names = await send(server, 'POST', configMaps, `{"metadata":{"name":"d"},${Array.from({ length: 140_000 }, (_, index) => `"${index.toString(36)}":1`).join(',')}}`);
  assert.deepEqual([names.status, names.reason], [400, 'BadRequest']);
  assert.match(names.message, /more than 131072 different names in one body/);
});

const keys = (count: number, value: string): string => Array.from({ length: count }, (_, index) => `"${index.toString(36)}":${value}`).join(',');

test('a long request gives way to others between its steps', async () => {
  await using server = await startTestServer();
  let isOver = false;
  const long = send(server, 'POST', configMaps, `{"metadata":{"name":"a"},"data":{${keys(20_000, '""')}}}`).finally(() => { isOver = true; });
  let others = 0;
  while (!isOver) {
    assert.equal((await send(server, 'GET', '/api/v1/namespaces/default')).status, 200);
    others++;
    await nextTurn();
  }
  assert.equal((await long).status, 201);
  assert.ok(others > 5, `${others} others were answered meanwhile`);
});

test('the rules of very many parts are asked in a thread, and say the same', async () => {
  await using server = await startTestServer({ config: { disabledAdmission: ['ServiceAccount'] } });
  const map = (data: string): string => `{"metadata":{"name":"a"},"data":{"long":"${'x'.repeat(70_000)}",${keys(3000, '""')},${data}}}`;
  const wrong = await send(server, 'POST', configMaps, map('"a b":"c"'));
  assert.deepEqual([wrong.status, wrong.message.slice(0, 79)], [422, 'ConfigMap "a" is invalid: data[a b]: Invalid value: "a b": a valid config key m']);
  assert.equal((await send(server, 'POST', configMaps, map('"good":"c"'))).status, 201);
  assert.equal((await send(server, 'PUT', `${configMaps}/a`, map('"a b":"c"'))).status, 422);
  assert.equal((await send(server, 'PATCH', `${configMaps}/a`, '{"immutable":true}', 'application/merge-patch+json')).status, 200);
  const frozen = await send(server, 'PATCH', `${configMaps}/a`, '{"data":{"good":"d"}}', 'application/merge-patch+json');
  assert.deepEqual([frozen.status, frozen.message], [422, 'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set']);
  const env = Array.from({ length: 3000 }, (_, index) => `{"name":"VARIABLE_${index === 2999 ? 0 : index}","value":"v"}`).join(',');
  const pod = await server.transport().request({ method: 'POST', path: '/api/v1/namespaces/default/pods', headers: { 'content-type': 'application/json' }, body: Buffer.from(`{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","env":[${env}]}]}}`) });
  assert.equal(pod.status, 201);
  assert.equal(pod.headers['warning'], '299 - "spec.containers[0].env[2999]: hides previous definition of \\"VARIABLE_0\\", which may be dropped when using apply"');
  await readAll(pod.body);
});
