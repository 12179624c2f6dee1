// What a strict strategic patch with unknown fields is answered: the fields in order of their text, and the patch as applying it left it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { readAll } from '@kaji/client';
import { startTestServer, type TestServer } from '../../testing.ts';

let server: TestServer;
before(async () => { server = await startTestServer({ runtime: testRuntime() }); });
after(() => server.close());

const deployments = '/apis/apps/v1/namespaces/default/deployments';

async function send(method: string, path: string, body: unknown, contentType: string): Promise<{ readonly status: number; readonly warnings: string; readonly message: string }> {
  const reply = await server.transport().request({ method, path, headers: { 'content-type': contentType }, body: Buffer.from(JSON.stringify(body)) });
  const { message = '' } = JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as { readonly message?: string };
  return { status: reply.status, warnings: reply.headers.warning ?? '', message };
}

test('unknown fields of a strategic patch are told in order of their text, with what was left of the patch', async () => {
  const labels = { app: 'web' };
  const web = { metadata: { name: 'web' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } } } };
  assert.equal((await send('POST', deployments, web, 'application/json')).status, 201);
  const patch = { spec: { replica: 2, template: { spec: { '$setElementOrder/containers': [{ name: 'web' }], containers: [{ name: 'web', imagee: 'web:2' }] } } } };
  const unknown = ['spec.replica', 'spec.template.spec.containers[0].imagee'].map((field) => `unknown field "${field}"`);

  const strict = await send('PATCH', `${deployments}/web?fieldValidation=Strict`, patch, 'application/strategic-merge-patch+json');
  assert.deepEqual([strict.status, strict.message], [422, ` "" is invalid: patch: Invalid value: "map[spec:map[replica:2 template:map[spec:map[]]]]": strict decoding error: ${unknown.join(', ')}`]);
  const warned = await send('PATCH', `${deployments}/web`, patch, 'application/strategic-merge-patch+json');
  assert.equal(warned.status, 200);
  assert.equal(warned.warnings, unknown.map((text) => `299 - ${JSON.stringify(text)}`).join('\n'));
});

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
};

for (const [depth, isRefused] of [[900, false], [1500, true], [9000, true]] as const) {
  for (const [type, body] of [
    ['application/merge-patch+json', { data: nested(depth) }],
    ['application/strategic-merge-patch+json', { data: nested(depth) }],
    ['application/json-patch+json', [{ op: 'replace', path: '/data', value: nested(depth) }]],
  ] as const) {
    test(`${type} with objects ${depth} deep in each other is ${isRefused ? 'too deep' : 'read'}`, async () => {
      const path = '/apis/apps/v1/namespaces/default/controllerrevisions';
      await send('POST', path, { metadata: { name: 'deep' }, revision: 1, data: { a: {} } }, 'application/json');
      const { message } = await send('PATCH', `${path}/deep?dryRun=All`, body, type);
      assert.equal(message.includes('exceeded max depth'), isRefused); // a panic would answer no Status
    });
  }
}
