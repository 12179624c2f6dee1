import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, missingPackages } from './checks.ts';
import type { Observed } from './observe.ts';

const fine: Observed = { isRoot: true, osImage: 'Debian', hasApt: true, missingPrograms: [], cniPlugins: '/usr/lib/cni', cgroups: 'v2', missingControllers: [], hasSwap: false, kernelProblems: [], canLowerOomScore: true, freeBytes: 2 ** 40, inotifyInstances: 1024 };

describe('machine checks', () => {
  it('say nothing of a machine that is fine', () => { assert.deepEqual(check(fine), []); });

  const cases: readonly [string, Partial<Observed>, 'error' | 'warning', RegExp][] = [
    ['want root', { isRoot: false }, 'error', /only root may/],
    ['want cgroups', { cgroups: 'none', missingControllers: ['cpu'] }, 'error', /no cgroups are mounted/],
    ['want their controllers', { missingControllers: ['memory'] }, 'error', /no cgroup controller memory/],
    ['pass on what the kernel refused', { kernelProblems: ['bridges: Operation not supported'] }, 'error', /refused bridges: Operation not supported/],
    ['warn of swap', { hasSwap: true }, 'warning', /swap is on/],
    ['warn of a full disk', { freeBytes: 2 ** 20 }, 'warning', /only 1 MiB are free/],
    ['warn of few inotify instances', { inotifyInstances: 64 }, 'warning', /only 64 inotify instances/],
  ];
  for (const [name, change, severity, message] of cases) {
    it(name, () => {
      const [finding, ...more] = check({ ...fine, ...change });
      assert.equal(more.length, 0);
      assert.equal(finding?.severity, severity);
      assert.match(finding?.message ?? '', message);
    });
  }

  it('name each Debian package once', () => {
    assert.deepEqual(missingPackages({ ...fine, missingPrograms: ['ctr', 'containerd', 'nft', 'kubectl'], cniPlugins: undefined }), ['containerd', 'containernetworking-plugins', 'kubernetes-client', 'nftables']);
  });
});
