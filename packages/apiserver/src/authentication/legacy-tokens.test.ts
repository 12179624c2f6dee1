import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Secret, secrets, serviceaccounts } from '@kaji/api/core/v1';
import { TokenSigner } from '@kaji/pki';
import { createClient } from '@kaji/client';
import { startTestServer } from '../testing.ts';
import { dueLabel, lastUsedLabel } from './legacy-tokens.ts';

const account = { namespace: 'default', name: 'robot' };

function claimsOf(uid: string): Readonly<Record<string, unknown>> {
  const prefix = 'kubernetes.io/serviceaccount/';
  return { 'iss': 'kubernetes/serviceaccount', 'sub': 'system:serviceaccount:default:robot', [`${prefix}namespace`]: 'default', [`${prefix}secret.name`]: 'tok', [`${prefix}service-account.name`]: 'robot', [`${prefix}service-account.uid`]: uid };
}

test('a token in a Secret is believed as long as the Secret holds it, and its use is written down', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), { userAgent: 'test' });
  const { metadata } = await client.create(serviceaccounts, { metadata: account });
  const token = new TokenSigner(server.tokenKeyPem).sign(claimsOf(metadata.uid ?? ''));
  const annotations = { 'kubernetes.io/service-account.name': 'robot', 'kubernetes.io/service-account.uid': metadata.uid ?? '' };
  await client.create(secrets, { metadata: { namespace: 'default', name: 'tok', annotations }, type: 'kubernetes.io/service-account-token', data: { token: Buffer.from(token).toString('base64') } });
  const review = async (): Promise<{ readonly authenticated?: boolean; readonly error?: string; readonly user?: { readonly username?: string } }> => {
    const reply = await server.transport().request({ method: 'POST', path: '/apis/authentication.k8s.io/v1/tokenreviews', headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ spec: { token } })) });
    const chunks: Uint8Array[] = [];
    for await (const chunk of reply.body) chunks.push(chunk);
    return (JSON.parse(Buffer.concat(chunks).toString()) as { status: object }).status; // as a TokenReview is
  };
  const first = await review();
  assert.deepEqual([first.authenticated, first.user?.username], [true, 'system:serviceaccount:default:robot']);
  const key = { namespace: 'default', name: 'tok' };
  const isLabelled = ({ metadata: { labels: said } }: Secret): boolean => said?.[lastUsedLabel] !== undefined;
  let labelled = await client.get(secrets, key);
  if (!isLabelled(labelled)) for await (const event of client.watch(secrets, { namespace: 'default', resourceVersion: labelled.metadata.resourceVersion ?? '' })) {
    if (event.type !== 'MODIFIED') continue;
    labelled = event.object;
    break;
  }
  assert.match(labelled.metadata.labels?.[lastUsedLabel] ?? '', /^\d{4}-\d\d-\d\d$/);
  await client.patch(secrets, key, { type: 'merge', body: { data: { token: 'eA==' } } });
  assert.match((await review()).error ?? '', /Token does not match server's copy/);
  await client.delete(secrets, key);
  assert.match((await review()).error ?? '', /Token has been invalidated/);
});

const noon = Date.UTC(2026, 4, 1, 12);
const labels: readonly (readonly [name: string, said: string | undefined, want: string | undefined])[] = [
  ['never', undefined, '2026-05-01'], ['yesterday', '2026-04-30', '2026-05-01'], ['today', '2026-05-01', undefined], ['by a clock that is ahead', '2026-05-02', undefined],
];

for (const [name, said, want] of labels) {
  test(`the label of a token that was used ${name}`, () => {
    const secret: Secret = { metadata: { ...(said === undefined ? {} : { labels: { [lastUsedLabel]: said } }) } };
    assert.equal(dueLabel(secret, noon), want);
  });
}
