import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

/** Another process: in this one other tests may have loaded anything. It tells after each step whether the language of expressions is there. */
const program = `
  import { registerHooks } from 'node:module';
  let isLoaded = false;
  registerHooks({ load: (url, context, next) => { isLoaded ||= /\\/(?:cel\\/src|re2js)\\//.test(url); return next(url, context); } });
  const { startCluster } = await import('./start-cluster.ts');
  const { deviceclasses } = await import('@kaji/api/resource/v1');
  const { customresourcedefinitions } = await import('@kaji/api/apiextensions/v1');
  const { validatingwebhookconfigurations } = await import('@kaji/api/admissionregistration/v1');
  const steps = [];
  const cluster = await startCluster();
  steps.push(['start', isLoaded]);
  await cluster.client.create(deviceclasses, { metadata: { name: 'any' }, spec: {} });
  const clientConfig = { url: 'https://example.com' };
  await cluster.client.create(validatingwebhookconfigurations, { metadata: { name: 'all' }, webhooks: [{ name: 'all.example.com', clientConfig, sideEffects: 'None', admissionReviewVersions: ['v1'] }] });
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', default: 3 } } } } } };
  const spec = { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [{ name: 'v1', served: true, storage: true, schema }] };
  await cluster.client.create(customresourcedefinitions, { metadata: { name: 'widgets.example.com' }, spec });
  steps.push(['no expressions', isLoaded]);
  const refused = await cluster.client.create(deviceclasses, { metadata: { name: 'bad' }, spec: { selectors: [{ cel: { expression: 'device.' } }] } }).catch((error) => error.reason);
  const { metadata } = await cluster.client.create(deviceclasses, { metadata: { name: 'good' }, spec: { selectors: [{ cel: { expression: "device.driver == 'a.example.com'" } }] } });
  steps.push(['expressions', isLoaded, refused, metadata.name]);
  await cluster.close();
  console.log(JSON.stringify(steps));
`;

test('a server loads the language of expressions when it is sent the first one', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
  assert.deepEqual(JSON.parse(stdout), [['start', false], ['no expressions', false], ['expressions', true, 'Invalid', 'good']]);
});
