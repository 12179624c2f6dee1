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
  const { configmaps } = await import('@kaji/api/core/v1');
  const { deviceclasses } = await import('@kaji/api/resource/v1');
  const steps = [];
  const cluster = await startCluster();
  steps.push(['start', isLoaded]);
  await cluster.client.create(configmaps, { metadata: { namespace: 'default', name: 'any' } });
  await cluster.client.list(deviceclasses);
  steps.push(['other kinds', isLoaded]);
  const refused = await cluster.client.create(deviceclasses, { metadata: { name: 'bad' }, spec: { selectors: [{ cel: { expression: 'device.' } }] } }).catch((error) => error.reason);
  const { metadata } = await cluster.client.create(deviceclasses, { metadata: { name: 'good' }, spec: { selectors: [{ cel: { expression: "device.driver == 'a.example.com'" } }] } });
  steps.push(['expressions', isLoaded, refused, metadata.name]);
  await cluster.close();
  console.log(JSON.stringify(steps));
`;

test('a server loads the language of expressions when a kind that has expressions is written', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { cwd: import.meta.dirname });
  assert.deepEqual(JSON.parse(stdout), [['start', false], ['other kinds', false], ['expressions', true, 'Invalid', 'good']]);
});
