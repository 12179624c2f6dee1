import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ApiObject } from '@kaji/api';
import { type ValidatingAdmissionPolicy, validatingadmissionpolicies, validatingadmissionpolicybindings } from '@kaji/api/admissionregistration/v1';
import { type CertificateSigningRequest, certificatesigningrequests } from '@kaji/api/certificates/v1';
import { events as coreEvents, namespaces } from '@kaji/api/core/v1';
import { events } from '@kaji/api/events/v1';
import { type ClusterRole, clusterrolebindings, clusterroles } from '@kaji/api/rbac/v1';
import { createClient } from '@kaji/client';
import { createRequest } from '@kaji/pki';
import { startTestServer } from '../testing.ts';

const options = { userAgent: 'test' };
const named = (name: string): { namespace: string; name: string } => ({ namespace: '', name });

const refusal = (pattern: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof ApiError);
  assert.match(error.message, pattern);
  return true;
};

test('who may write an admission policy must be allowed to read its parameters', async () => {
  await using server = await startTestServer();
  const admin = createClient(server.transport(), options);
  const jane = createClient(server.transport({ name: 'jane', groups: ['system:authenticated'], extra: { b: ['1'], a: ['2', '3'] } }), options);
  const rules = (...more: NonNullable<ClusterRole['rules']>): ClusterRole & ApiObject => ({ metadata: { name: 'jane' }, rules: [{ verbs: ['*'], apiGroups: ['admissionregistration.k8s.io'], resources: ['*'] }, ...more] });
  const role = await admin.create(clusterroles, rules());
  await admin.create(clusterrolebindings, { metadata: { name: 'jane' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'jane' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }] });
  const policy: ValidatingAdmissionPolicy & ApiObject = {
    metadata: { name: 'p' },
    spec: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, matchConstraints: { resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }, validations: [{ expression: 'true' }] },
  };
  const binding = { metadata: { name: 'b' }, spec: { policyName: 'p', paramRef: { name: 'c', namespace: 'n', parameterNotFoundAction: 'Deny' as const }, validationActions: ['Deny' as const] } };
  await assert.rejects(jane.create(validatingadmissionpolicies, policy), refusal(/spec\.paramKind: Forbidden: user &\{jane {2}\[system:authenticated\] map\[a:\[2 3\] b:\[1\]\]\} must have "get" permission on all objects of the referenced paramKind \(kind=ConfigMap, apiVersion=v1\)/));
  await assert.rejects(jane.create(validatingadmissionpolicybindings, binding), refusal(/spec\.paramRef: Forbidden: unable to get policy p to determine minimum required permissions/));
  const made = await admin.create(validatingadmissionpolicies, policy);
  await assert.rejects(jane.create(validatingadmissionpolicybindings, binding), refusal(/does not have "get" permission on the object referenced by paramRef/));
  // Other changes are hers to make.
  await jane.update(validatingadmissionpolicies, { ...made, spec: { ...made.spec, failurePolicy: 'Ignore' } });
  await admin.update(clusterroles, { ...role, ...rules({ verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }) });
  await jane.create(validatingadmissionpolicybindings, binding);
});

test('an approval changes what was decided, and nothing else does', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), options);
  const { requestPem } = createRequest({ commonName: 'jane' });
  const made = await client.create(certificatesigningrequests, { metadata: { name: 'jane' }, spec: { request: Buffer.from(requestPem).toString('base64'), signerName: 'example.com/s', usages: ['client auth'] } } as CertificateSigningRequest & ApiObject);
  assert.equal(made.spec.username, 'admin');
  const conditions = [{ type: 'Approved', status: 'True', reason: 'why' }];
  const approved = await client.patch(certificatesigningrequests, named('jane'), { type: 'merge', subresource: 'approval', body: { metadata: { annotations: { a: 'b' } }, spec: { signerName: 'example.com/other' }, status: { certificate: 'YQ==', conditions } } });
  assert.deepEqual(approved.status?.conditions?.map(({ type }) => type), ['Approved']);
  assert.deepEqual([approved.metadata.annotations, approved.status.certificate, approved.spec.signerName], [{ a: 'b' }, undefined, 'example.com/s']);
  await assert.rejects(client.patch(certificatesigningrequests, named('jane'), { type: 'merge', subresource: 'status', body: { status: { conditions: [] } } }), refusal(/updates may not remove a condition of type "Approved"/));
});

test('a namespace is finalized as any part is written, but for its status', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), options);
  const made = await client.create(namespaces, { metadata: { name: 'n' }, spec: {} });
  const written = await client.update(namespaces, { ...made, metadata: { ...made.metadata, labels: { a: 'b' } }, spec: { finalizers: ['kubernetes', 'example.com/f'] }, status: { phase: 'Terminating' } }, { subresource: 'finalize' });
  assert.deepEqual([written.metadata.labels, written.spec.finalizers, written.status?.phase], [{ a: 'b', 'kubernetes.io/metadata.name': 'n' }, ['kubernetes', 'example.com/f'], 'Active']);
  await assert.rejects(client.update(namespaces, { ...written, spec: { finalizers: ['kubernetes', 'F'] } }, { subresource: 'finalize' }), refusal(/spec\.finalizers\[1\]: Invalid value: "F"/));
});

test('events are selected by the names that their group has for fields', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), options);
  await client.create(coreEvents, { metadata: { namespace: 'default', name: 'e' }, involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' }, reason: 'R', type: 'Normal', reportingComponent: 'example.com/c', reportingInstance: 'i', action: 'a', eventTime: '2026-01-01T00:00:00.000000Z' });
  const namesBy = async (fieldSelector: string): Promise<unknown> => (await client.list(events, { fieldSelector })).items.map(({ metadata }) => metadata.name);
  assert.deepEqual(await namesBy('reportingController=example.com/c,regarding.name=p'), ['e']);
  assert.deepEqual(await namesBy('regarding.name=q'), []);
  await assert.rejects(namesBy('involvedObject.name=p'), refusal(/^field label not supported: involvedObject\.name$/));
  await assert.rejects(client.list(coreEvents, { fieldSelector: 'regarding.name=p' }), refusal(/^field label not supported: regarding\.name$/));
});
