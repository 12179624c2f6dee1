import type { Pod, PodSpec, Volume } from '@kaji/api/core/v1';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadOf, type PayloadSources } from './payload.ts';

const sources: PayloadSources = {
  configMap: () => Promise.resolve(undefined), secret: () => Promise.resolve(undefined), token: () => Promise.resolve('t'),
  node: { nodeName: 'n', addresses: [], allocatable: { milliCpu: 0, memoryBytes: 0, ephemeralStorageBytes: 0 } }, podIps: [],
};

const volume: Volume = { name: 'v', projected: { defaultMode: 0o644, sources: [{ serviceAccountToken: { path: 'token' } }] } };

test('a token belongs to who can be told to use it', async () => {
  const as = (runAsUser: number | undefined) => ({ name: 'c', image: 'i', ...(runAsUser === undefined ? {} : { securityContext: { runAsUser } }) });
  const cases: readonly (readonly [name: string, spec: PodSpec, want: { readonly mode: number; readonly uid?: number }])[] = [
    ['nobody in particular', { containers: [as(undefined)] }, { mode: 0o644 }],
    ['one user', { containers: [as(1000)], initContainers: [as(1000)] }, { mode: 0o600, uid: 1000 }],
    ['a group', { containers: [as(undefined)], securityContext: { fsGroup: 5 } }, { mode: 0o600 }],
    ['one user and a group', { containers: [as(undefined)], securityContext: { runAsUser: 1000, fsGroup: 5 } }, { mode: 0o600, uid: 1000 }],
    ['two users', { containers: [as(1000), as(1001)] }, { mode: 0o644 }],
    ['a user and one not known', { containers: [as(1000), as(undefined)] }, { mode: 0o644 }],
  ];
  for (const [name, spec, want] of cases) {
    const pod: Pod = { metadata: { name: 'p' }, spec };
    const files = await payloadOf(pod, volume, sources);
    assert.deepEqual(files.get('token'), { content: new TextEncoder().encode('t'), ...want }, name);
  }
});
