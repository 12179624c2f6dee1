import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StorageClass } from '@kaji/api/storage/v1';
import { asked, bestVolume, boundClaim, boundVolume, type Claim, claimStatus, claimStep, freedVolume, type Known, type Volume, volumeStep } from './plan.ts';

interface VolumeParts {
  readonly size?: string;
  readonly modes?: readonly string[];
  readonly className?: string;
  readonly phase?: string;
  readonly claimRef?: object;
  readonly labels?: Record<string, string>;
  readonly mode?: string;
}

const volume = (name: string, { size = '1Gi', modes = ['ReadWriteOnce'], className = 'fast', phase = 'Available', claimRef, labels, mode = 'Filesystem' }: VolumeParts = {}): Volume => ({
  metadata: { name, uid: `uid-${name}`, ...(labels === undefined ? {} : { labels }) },
  spec: { capacity: { storage: size }, accessModes: modes, storageClassName: className, volumeMode: mode, ...(claimRef === undefined ? {} : { claimRef }) },
  status: { phase },
}) as unknown as Volume;

const claim = (spec: object = {}, annotations?: Record<string, string>, phase = 'Pending'): Claim => ({
  metadata: { namespace: 'default', name: 'data', uid: 'u', resourceVersion: '5', ...(annotations === undefined ? {} : { annotations }) },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', volumeMode: 'Filesystem', resources: { requests: { storage: '1Gi' } }, ...spec },
  status: { phase },
}) as Claim;

const mine = { namespace: 'default', name: 'data' };
const known = (volumes: readonly Volume[], classes: readonly object[] = []): Known => ({
  volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
  volumes: () => volumes,
  storageClass: (name) => (classes as readonly StorageClass[]).find(({ metadata }) => metadata.name === name),
});

for (const [name, of, volumes, want] of [
  ['the smallest that is large enough', claim(), [volume('a', { size: '5Gi' }), volume('b', { size: '2Gi' }), volume('c', { size: '512Mi' })], 'b'],
  ['the one with the fewest modes', claim(), [volume('a', { modes: ['ReadWriteOnce', 'ReadOnlyMany'] }), volume('b', { size: '9Gi' })], 'b'],
  ['the one kept for it, whatever its class', claim(), [volume('a'), volume('b', { size: '9Gi', className: 'slow', phase: 'Pending', claimRef: mine })], 'b'],
  ['none of another class', claim(), [volume('a', { className: '' })], undefined],
  ['none of another mode', claim(), [volume('a', { mode: 'Block' })], undefined],
  ['none that is kept for another', claim(), [volume('a', { claimRef: { ...mine, name: 'other' } }), volume('b', { claimRef: { ...mine, uid: 'older' } })], undefined],
  ['none that is not available', claim(), [volume('a', { phase: 'Released' })], undefined],
  ['the one with the labels', claim({ selector: { matchLabels: { a: '1' } } }), [volume('a'), volume('b', { size: '3Gi', labels: { a: '1' } })], 'b'],
] as const) {
  test(`a claim is given ${name}`, () => {
    assert.equal(bestVolume(of, volumes, false)?.metadata.name, want);
  });
}

const completed = { 'pv.kubernetes.io/bind-completed': 'yes' };
for (const [name, of, about, want] of [
  ['no class and no volume', claim({ storageClassName: '' }), known([]), ['pending', 'FailedBinding']],
  ['a class that is not there', claim(), known([]), ['pending', 'ProvisioningFailed']],
  ['a class that waits for pods', claim(), known([volume('a')], [{ metadata: { name: 'fast' }, provisioner: 'x', volumeBindingMode: 'WaitForFirstConsumer' }]), ['pending', 'WaitForFirstConsumer']],
  ['a class with a provisioner', claim(), known([], [{ metadata: { name: 'fast' }, provisioner: 'x', volumeBindingMode: 'Immediate' }]), ['provision', undefined]],
  ['a volume that is not there', claim({ volumeName: 'v' }), known([]), ['pending', undefined]],
  ['a volume that is too small', claim({ volumeName: 'v' }), known([volume('v', { size: '1Mi' })]), ['pending', 'VolumeMismatch']],
  ['a volume of another claim', claim({ volumeName: 'v' }), known([volume('v', { claimRef: { ...mine, name: 'other' } })]), ['pending', 'FailedBinding']],
  ['a volume that is free', claim({ volumeName: 'v' }), known([volume('v')]), ['bind', undefined]],
  ['bound before, without a volume', claim({}, completed), known([]), ['lost', 'ClaimLost']],
  ['bound before, its volume gone', claim({ volumeName: 'v' }, completed), known([]), ['lost', 'ClaimLost']],
  ['bound before, its volume given away', claim({ volumeName: 'v' }, completed), known([volume('v', { claimRef: { ...mine, uid: 'other' } })]), ['lost', 'ClaimMisbound']],
  ['bound before', claim({ volumeName: 'v' }, completed), known([volume('v', { claimRef: { ...mine, uid: 'u' } })]), ['bind', undefined]],
] as const) {
  test(`what becomes of a claim: ${name}`, () => {
    const step = claimStep(of, about);
    assert.deepEqual([step.kind, 'note' in step ? step.note?.reason : undefined], want);
  });
}

for (const [name, of, its, want] of [
  ['free', volume('v', { phase: 'Pending' }), undefined, 'Available'],
  ['kept for a claim to come', volume('v', { phase: 'Pending', claimRef: mine }), undefined, 'Available'],
  ['its claim gone', volume('v', { phase: 'Bound', claimRef: { ...mine, uid: 'u' } }), undefined, 'Released'],
  ['its claim long gone', volume('v', { phase: 'Released', claimRef: { ...mine, uid: 'u' } }), undefined, 'none'],
  ['its claim on the way', volume('v', { claimRef: { ...mine, uid: 'u' } }), claim(), 'none'],
  ['its claim bound', volume('v', { claimRef: { ...mine, uid: 'u' } }), claim({ volumeName: 'v' }), 'Bound'],
  ['its claim bound elsewhere', volume('v', { claimRef: { ...mine, uid: 'u' } }), claim({ volumeName: 'w' }), 'unbind'],
] as const) {
  test(`what becomes of a volume: ${name}`, () => {
    assert.equal(volumeStep(of, its), want);
  });
}

test('both sides name each other, and a second time nothing changes', () => {
  const taken = boundVolume(volume('v'), claim());
  assert.deepEqual(taken.spec.claimRef, { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: 'u', apiVersion: 'v1', resourceVersion: '5' });
  assert.deepEqual(taken.metadata.annotations, { 'pv.kubernetes.io/bound-by-controller': 'yes' });
  assert.equal(boundVolume(taken, claim()), taken);
  const named = boundClaim(claim(), taken);
  assert.deepEqual([named.spec.volumeName, named.metadata.annotations], ['v', { 'pv.kubernetes.io/bound-by-controller': 'yes', ...completed }]);
  assert.equal(boundClaim(named, taken), named);
  assert.equal(boundVolume(volume('v', { claimRef: mine }), claim()).metadata.annotations, undefined);
  assert.deepEqual(claimStatus(named, 'Bound', taken), { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } });
  assert.equal(freedVolume(taken).spec.claimRef, undefined);
  assert.deepEqual(freedVolume(volume('v', { claimRef: { ...mine, uid: 'u' } })).spec.claimRef, mine);
});

test('a volume is asked for once', () => {
  const wanted = asked(claim(), 'x.example');
  assert.deepEqual(wanted.metadata.annotations, { 'volume.beta.kubernetes.io/storage-provisioner': 'x.example', 'volume.kubernetes.io/storage-provisioner': 'x.example' });
  assert.equal(asked(wanted, 'x.example'), wanted);
});
