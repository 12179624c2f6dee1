import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secret, ServiceAccount } from '@kaji/api/core/v1';
import { isTokenOf, planToken, type TokenParts } from './plan.ts';

const parts: TokenParts = { authorityPem: 'CA', sign: (claims) => JSON.stringify(claims) };
const account: ServiceAccount = { metadata: { namespace: 'ns', name: 'robot', uid: 'u1' } };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secret = (data: Readonly<Record<string, string>> = {}, annotations: Readonly<Record<string, string>> = {}): Secret => ({
  metadata: { namespace: 'ns', name: 'tok', annotations: { 'kubernetes.io/service-account.name': 'robot', ...annotations } }, data: { ...data }, type: 'kubernetes.io/service-account-token',
});

const claims = {
  'iss': 'kubernetes/serviceaccount', 'kubernetes.io/serviceaccount/namespace': 'ns', 'kubernetes.io/serviceaccount/secret.name': 'tok', 'kubernetes.io/serviceaccount/service-account.name': 'robot',
  'kubernetes.io/serviceaccount/service-account.uid': 'u1', 'sub': 'system:serviceaccount:ns:robot',
};
const whole = { 'ca.crt': base64('CA'), 'namespace': base64('ns'), 'token': base64(JSON.stringify(claims)) };

const cases: readonly (readonly [name: string, data: Readonly<Record<string, string>>, want: Readonly<Record<string, string>> | undefined])[] = [
  ['an empty one is filled', {}, whole],
  ['other entries stay', { more: 'eA==' }, { more: 'eA==', ...whole }],
  ['a whole one is left alone', whole, undefined],
  ['another token that is there is kept', { ...whole, token: 'eA==' }, undefined],
  ['another namespace that is there is kept', { ...whole, namespace: 'eA==' }, undefined],
  ['an old authority is replaced', { ...whole, 'ca.crt': 'eA==' }, whole],
];

for (const [name, data, want] of cases) {
  test(`of Secrets that ask for a token ${name}`, () => {
    const plan = planToken(secret(data), account, parts);
    assert.deepEqual(plan.do === 'update' ? plan.secret.data : undefined, want);
    if (plan.do === 'update') assert.equal(plan.secret.metadata.annotations?.['kubernetes.io/service-account.uid'], 'u1');
  });
}

test('one without an account is deleted', () => {
  assert.deepEqual(planToken(secret(whole), undefined, parts), { do: 'delete' });
});

test('a Secret names an account by name, and by uid if it names one', () => {
  assert.ok(isTokenOf(secret(), account));
  assert.ok(isTokenOf(secret({}, { 'kubernetes.io/service-account.uid': 'u1' }), account));
  assert.ok(!isTokenOf(secret({}, { 'kubernetes.io/service-account.uid': 'u2' }), account));
  assert.ok(!isTokenOf(secret({}, { 'kubernetes.io/service-account.name': 'other' }), account));
});
