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
