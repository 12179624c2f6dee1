import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { namespaces, serviceaccounts } from '@kaji/api/core/v1';
import { isReason } from '@kaji/api';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import { kubeletConfiguration } from '../configuration.ts';
import { Access, subresourcesOf } from './access.ts';

const paths: readonly (readonly [path: string, want: readonly string[]])[] = [
  ['/stats/summary', ['stats']], ['/metrics', ['metrics']], ['/metrics/cadvisor', ['metrics']], ['/logs/', ['log']], ['/pods', ['pods', 'proxy']], ['/runningpods/', ['pods', 'proxy']],
  ['/healthz', ['healthz', 'proxy']], ['/configz', ['configz', 'proxy']], ['/containerLogs/a/b/c', ['proxy']], ['/exec/a/b/c', ['proxy']], ['/metricsX', ['proxy']],
];
for (const [path, want] of paths) test(`${path} needs ${want.join(' or ')}`, () => { assert.deepEqual(subresourcesOf(path), want); });

test('certificates and tokens say who it is, the API server what they may', async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  await made(() => client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' }, spec: {} }));
  await made(() => client.create(serviceaccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'default' } }));
  const answer = await client.post(serviceaccounts, { namespace: 'default', name: 'robot' }, 'token', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec: { audiences: [], expirationSeconds: 3600 } }) as { status: { token: string } }; // the shape of a TokenRequest
  const access = new Access(runtime.clock, client, { nodeName: 'node-1', configuration: kubeletConfiguration({}) });
  const robot = await access.authenticate({ certificate: undefined, bearerToken: answer.status.token });
  assert.equal(robot?.name, 'system:serviceaccount:default:robot');
  assert.deepEqual(await access.refuses(robot ?? assert.fail(), 'GET', '/pods'), { verb: 'get', subresources: ['pods', 'proxy'] });
  const admin = await access.authenticate({ certificate: { commonName: 'admin', organizations: ['system:masters'] }, bearerToken: undefined });
  assert.equal(await access.refuses(admin ?? assert.fail(), 'POST', '/exec/a/b/c'), undefined);
  assert.equal(await access.authenticate({ certificate: undefined, bearerToken: 'forged' }), undefined);
  assert.equal(await access.authenticate({ certificate: undefined, bearerToken: undefined }), undefined);
});

/** The server may have made it by itself. */
async function made(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
