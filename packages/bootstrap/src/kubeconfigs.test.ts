import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '@kaji/base';
import { simulatedHost } from '@kaji/host/testing';
import { parse } from 'yaml';
import { isEmptyKubeconfig, kubeconfigFile, mergeKubeconfig, removeFromKubeconfig, renderKubeconfig, writeKubeconfig } from './kubeconfigs.ts';

const access = { server: 'https://172.30.0.2:6443', authorityPem: 'CA', identity: { certificatePem: 'CERT', privateKeyPem: 'KEY' } };
const others = `# mine
apiVersion: v1
kind: Config
clusters:
- name: work # the important one
  cluster: { server: https://work }
contexts:
- name: work
  context: { cluster: work, user: me }
users:
- name: me
  user: { token: secret }
current-context: work
`;

describe('a kubeconfig', () => {
  it('of its own has one context', () => {
    assert.deepEqual(parse(renderKubeconfig('kaji-kaji', access)), {
      apiVersion: 'v1', kind: 'Config',
      clusters: [{ name: 'kaji-kaji', cluster: { 'certificate-authority-data': 'Q0E=', server: 'https://172.30.0.2:6443' } }],
      contexts: [{ name: 'kaji-kaji', context: { cluster: 'kaji-kaji', user: 'kaji-kaji' } }],
      users: [{ name: 'kaji-kaji', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } }],
      'current-context': 'kaji-kaji',
    });
  });

  it('keeps what others wrote, comments too', () => {
    const merged = mergeKubeconfig(others, 'kaji-kaji', access);
    assert.match(merged, /^# mine/);
    assert.match(merged, /work # the important one/);
    assert.deepEqual(parse(merged).contexts.map((each: { name: string }) => each.name), ['work', 'kaji-kaji']);
    assert.equal(parse(merged)['current-context'], 'kaji-kaji');
  });

  it('is the same when merged twice', () => {
    const once = mergeKubeconfig(others, 'kaji-kaji', access);
    assert.equal(mergeKubeconfig(once, 'kaji-kaji', access), once);
  });

  it('grows from one with empty lists', () => {
    const merged = mergeKubeconfig('apiVersion: v1\nkind: Config\nclusters: []\ncontexts: null\nusers: []\n', 'a', access);
    assert.equal(parse(merged).clusters.length, 1);
    assert.equal(parse(merged).contexts.length, 1);
  });

  it('loses only our entries', () => {
    const without = removeFromKubeconfig(mergeKubeconfig(others, 'kaji-kaji', access), 'kaji-kaji');
    assert.deepEqual(parse(without ?? ''), { ...parse(others), 'current-context': '' });
    assert.equal(isEmptyKubeconfig(without ?? ''), false);
  });

  it('says when it had none of ours', () => {
    assert.equal(removeFromKubeconfig(others, 'kaji-kaji'), undefined);
  });

  it('is empty when only ours was in it', () => {
    assert.equal(isEmptyKubeconfig(removeFromKubeconfig(renderKubeconfig('a', access), 'a') ?? ''), true);
  });
});

describe('the kubeconfig to change', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/bash\nana:x:1000:1001::/home/ana:/bin/bash\n';
  const cases: readonly [string, Record<string, string>, ReturnType<typeof kubeconfigFile>][] = [
    ['is root\'s own', { HOME: '/root' }, { path: '/root/.kube/config', owner: undefined }],
    ['is that of who typed sudo', { HOME: '/root', SUDO_USER: 'ana' }, { path: '/home/ana/.kube/config', owner: { uid: 1000, gid: 1001 } }],
    ['is the first of KUBECONFIG', { HOME: '/root', KUBECONFIG: ':/a:/b' }, { path: '/a', owner: undefined }],
  ];
  for (const [name, environment, want] of cases) it(name, () => { assert.deepEqual(kubeconfigFile(environment, passwd), want); });

  it('is written for its owner alone', async () => {
    const host = simulatedHost({ clock: new VirtualClock() });
    await writeKubeconfig(host, { path: '/home/ana/.kube/config', owner: { uid: 1000, gid: 1001 } }, 'x');
    const file = await host.files.status('/home/ana/.kube/config');
    assert.deepEqual([file?.mode, file?.uid, file?.gid], [0o600, 1000, 1001]);
    const directory = await host.files.status('/home/ana/.kube');
    assert.deepEqual([directory?.mode, directory?.uid], [0o700, 1000]);
  });
});
