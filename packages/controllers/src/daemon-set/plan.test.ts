import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DaemonSet } from '@kaji/api/apps/v1';
import type { Node, Pod, PodSpec, Taint } from '@kaji/api/core/v1';
import { fitOf, manage, nodeOf, roll, type Scene, statusOf, tolerationsOf } from './plan.ts';

const now = Date.UTC(2030, 0, 1, 0, 10);
const daemonSet = (template: Partial<PodSpec> = {}, updateStrategy: DaemonSet['spec']['updateStrategy'] = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }): DaemonSet => ({
  metadata: { name: 'd', uid: 'd', generation: 2 }, spec: { selector: { matchLabels: { app: 'd' } }, template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c' }], ...template } }, updateStrategy },
});
const node = (name: string, taints: readonly Taint[] = [], labels: Record<string, string> = {}): Node => ({ metadata: { name, labels }, spec: { taints: [...taints] } });
interface Traits {
  readonly hash?: string;
  readonly isReady?: boolean;
  readonly phase?: 'Running' | 'Failed' | 'Succeeded';
  readonly isTerminating?: boolean;
  readonly created?: string;
}
const pod = (name: string, on: string, { hash = 'new', isReady = true, phase = 'Running', isTerminating = false, created = '2030-01-01T00:00:00Z' }: Traits = {}): Pod => ({
  metadata: { name, labels: { app: 'd', 'controller-revision-hash': hash }, creationTimestamp: created, ...(isTerminating ? { deletionTimestamp: created } : {}) }, spec: { containers: [], nodeName: on },
  status: { phase, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: '2030-01-01T00:00:00Z' }] },
});
const scene = (set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[]): Scene => {
  const byNode = new Map<string, Pod[]>();
  for (const each of pods) byNode.set(nodeOf(each), [...(byNode.get(nodeOf(each)) ?? []), each]);
  return { set, nodes, pods: byNode, hash: 'new', now };
};
const names = (pods: readonly Pod[]): readonly string[] => pods.map(({ metadata }) => metadata.name ?? '');
const noExecute: Taint = { key: 'down', effect: 'NoExecute' };
const noSchedule: Taint = { key: 'special', effect: 'NoSchedule' };

const fits: readonly (readonly [name: string, set: DaemonSet, node: Node, shouldRun: boolean, mayStay: boolean])[] = [
  ['a plain node', daemonSet(), node('a'), true, true],
  ['a node with another name than the template\'s', daemonSet({ nodeName: 'b' }), node('a'), false, false],
  ['a node without the label', daemonSet({ nodeSelector: { disk: 'ssd' } }), node('a'), false, false],
  ['a node with the label', daemonSet({ nodeSelector: { disk: 'ssd' } }), node('a', [], { disk: 'ssd' }), true, true],
  ['a taint that keeps new pods away', daemonSet(), node('a', [noSchedule]), false, true],
  ['a taint that pushes pods out', daemonSet(), node('a', [noExecute]), false, false],
  ['a taint that is borne', daemonSet({ tolerations: [{ key: 'down', operator: 'Exists' }] }), node('a', [noExecute]), true, true],
  ['a node in trouble', daemonSet(), node('a', [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]), true, true],
];
for (const [name, set, on, shouldRun, mayStay] of fits) test(`fits: ${name}`, () => { assert.deepEqual(fitOf(set, on), { shouldRun, mayStay }); });

test('only pods on the network of the host bear one that has none yet', () => {
  const keys = (spec: PodSpec): readonly string[] => tolerationsOf(spec).map(({ key }) => key ?? '');
  assert.equal(keys({ containers: [] }).includes('node.kubernetes.io/network-unavailable'), false);
  assert.equal(keys({ containers: [], hostNetwork: true }).includes('node.kubernetes.io/network-unavailable'), true);
});

const managed: readonly (readonly [name: string, scene: Scene, create: readonly string[], remove: readonly string[]])[] = [
  ['one on each node that fits', scene(daemonSet(), [node('a'), node('b'), node('c', [noSchedule])], [pod('p', 'a')]), ['b'], []],
  ['none beside one that is ending', scene(daemonSet(), [node('a')], [pod('p', 'a', { isTerminating: true })]), [], []],
  ['the younger of two goes', scene(daemonSet(), [node('a')], [pod('old', 'a'), pod('young', 'a', { created: '2030-01-01T00:05:00Z' })]), [], ['young']],
  ['what is pushed out goes', scene(daemonSet(), [node('a', [noExecute])], [pod('p', 'a')]), [], ['p']],
  ['what is only kept away stays', scene(daemonSet(), [node('a', [noSchedule])], [pod('p', 'a')]), [], []],
];
for (const [name, of, create, remove] of managed) {
  test(name, () => {
    const plan = manage(of);
    assert.deepEqual([plan.create, names(plan.remove)], [create, remove]);
  });
}

test('pods that are over are told apart from those that are too many', () => {
  const plan = manage(scene(daemonSet(), [node('a'), node('b')], [pod('f', 'a', { phase: 'Failed' }), pod('s', 'b', { phase: 'Succeeded' })]));
  assert.deepEqual([plan.failed.map(({ node: on }) => on), plan.succeeded.map(({ node: on }) => on), plan.create], [['a'], ['b'], []]);
});

test('a pod that waits for a node that is gone is removed', () => {
  const waiting = { ...pod('p', ''), spec: { containers: [], affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: ['gone'] }] }] } } } } };
  assert.deepEqual(names(manage(scene(daemonSet(), [node('a')], [waiting])).remove), ['p']);
});

const three = [node('a'), node('b'), node('c')];
const old = (name: string, on: string, traits: Traits = {}): Pod => pod(name, on, { hash: 'old', ...traits });
const surging = daemonSet({}, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
const rolls: readonly (readonly [name: string, scene: Scene, create: readonly string[], remove: readonly string[]])[] = [
  ['as many as may be missing are replaced', scene(daemonSet(), three, [old('a', 'a'), old('b', 'b'), old('c', 'c')]), [], ['a']],
  ['none while one is missing', scene(daemonSet(), three, [pod('a', 'a', { isReady: false }), old('b', 'b'), old('c', 'c')]), [], []],
  ['a broken old one at once', scene(daemonSet(), three, [old('a', 'a', { isReady: false }), old('b', 'b', { isReady: false }), old('c', 'c')]), [], ['a', 'b']],
  ['none by itself when pods are replaced by hand', scene(daemonSet({}, { type: 'OnDelete' }), three, [old('a', 'a')]), [], []],
  ['a share of the nodes, rounded up', scene(daemonSet({}, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } }), three, [old('a', 'a'), old('b', 'b'), old('c', 'c')]), [], ['a', 'b']],
  ['a new one is made beside the old', scene(surging, three, [old('a', 'a'), old('b', 'b'), old('c', 'c')]), ['a'], []],
  ['the old one goes when the new one is up', scene(surging, three, [old('a', 'a'), pod('n', 'a'), old('b', 'b'), old('c', 'c')]), ['b'], ['a']],
  ['and not before', scene(surging, three, [old('a', 'a'), pod('n', 'a', { isReady: false }), old('b', 'b'), old('c', 'c')]), [], []],
];
for (const [name, of, create, remove] of rolls) {
  test(`rolls: ${name}`, () => {
    const plan = roll(of);
    assert.deepEqual([plan.create, names(plan.remove)], [create, remove]);
  });
}

test('the status counts nodes', () => {
  const status = statusOf(scene(daemonSet(), [...three, node('d', [noSchedule])], [pod('a', 'a'), old('b', 'b', { isReady: false }), pod('d', 'd')]));
  assert.deepEqual([status.desiredNumberScheduled, status.currentNumberScheduled, status.numberMisscheduled, status.numberReady, status.updatedNumberScheduled, status.numberAvailable, status.numberUnavailable, status.observedGeneration], [3, 2, 1, 1, 1, 1, 2, 2]);
});
