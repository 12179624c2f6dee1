import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Node, Pod, PodSpec } from '@kaji/api/core/v1';
import { createClient } from '@kaji/client';
import { schedulerConfiguration } from './configuration.ts';
import type { Snapshot } from './framework.ts';
import { NodeInfo } from './node-info.ts';
import { profileOf } from './profile.ts';
import { feasibleNodes, schedule } from './schedule.ts';

const client = createClient({ request: () => Promise.reject(new Error('the cycle makes no requests')), close: () => Promise.resolve() }, { userAgent: 'test' });
const [configuration] = schedulerConfiguration().profiles;
assert.ok(configuration !== undefined);
const profile = profileOf(configuration, client);

let uids = 0;
function pod(spec: Partial<PodSpec> & { readonly requests?: Record<string, string> } = {}): Pod {
  const { requests = {}, ...rest } = spec;
  return { metadata: { name: `pod-${++uids}`, namespace: 'default', uid: `uid-${uids}` }, spec: { containers: [{ name: 'web', image: 'web:1', resources: { requests } }], ...rest } } as Pod; // as much of a pod as the plugins read
}

type NodeParts = { readonly labels?: Record<string, string>; readonly taints?: readonly { key: string; value?: string; effect: string }[]; readonly unschedulable?: boolean; readonly allocatable?: Record<string, string>; readonly images?: readonly { names: string[]; sizeBytes: number }[] };
function node(name: string, { labels = {}, taints = [], unschedulable = false, allocatable = {}, images = [] }: NodeParts = {}): Node {
  return { metadata: { name, labels }, spec: { taints, unschedulable }, status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110', 'ephemeral-storage': '10Gi', ...allocatable }, images } } as unknown as Node; // as much of a node as the plugins read
}

function snapshot(...nodes: readonly (readonly [Node, ...Pod[]])[]): Snapshot {
  const infos = nodes.map(([each, ...pods]) => NodeInfo.of(each, pods));
  const imageNodes = new Map<string, number>();
  for (const info of infos) for (const name of info.images.keys()) imageNodes.set(name, (imageNodes.get(name) ?? 0) + 1);
  return { nodes: infos, imageNodes, nominated: new Map() };
}

const run = (of: Pod, state: Snapshot) => schedule(of, state, profile, { random: () => 0, start: 0 });
const port = (hostPort: number, hostIP?: string): PodSpec['containers'] => [{ name: 'web', image: 'web:1', ports: [{ containerPort: 80, hostPort, ...(hostIP === undefined ? {} : { hostIP }), protocol: 'TCP' }] }] as unknown as PodSpec['containers'];
const required = (...nodeSelectorTerms: readonly object[]): Partial<PodSpec> => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } } as unknown as Partial<PodSpec>);

describe('what a pod that fits nowhere is told', () => {
  const notHelpful = (count: number): string => `no new claims to deallocate, preemption: 0/${count} nodes are available: ${count} Preemption is not helpful for scheduling.`;
  const noVictims = (count: number): string => `no new claims to deallocate, preemption: 0/${count} nodes are available: ${count} No preemption victims found for incoming pod.`;
  const tainted = { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] };
  const cases: readonly (readonly [string, Pod, Snapshot, string])[] = [
    ['no nodes', pod(), snapshot(), 'no nodes available to schedule pods'],
    ['a taint', pod(), snapshot([node('a', tainted)]), `0/1 nodes are available: 1 node(s) had untolerated taint(s). ${notHelpful(1)}`],
    ['a cordon', pod(), snapshot([node('a', { unschedulable: true })]), `0/1 nodes are available: 1 node(s) were unschedulable. ${notHelpful(1)}`],
    ['too much CPU for any node', pod({ requests: { cpu: '3' } }), snapshot([node('a')], [node('b')]), `0/2 nodes are available: 2 Insufficient cpu. ${notHelpful(2)}`],
    ['too much for what is left', pod({ requests: { cpu: '1500m', memory: '3Gi' } }), snapshot([node('a'), pod({ requests: { cpu: '1', memory: '2Gi' } })]), `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. ${noVictims(1)}`],
    ['too many pods', pod(), snapshot([node('a', { allocatable: { pods: '1' } }), pod()]), `0/1 nodes are available: 1 Too many pods. ${noVictims(1)}`],
    ['a device nobody has', pod({ requests: { 'example.com/gpu': '1' } }), snapshot([node('a')]), `0/1 nodes are available: 1 Insufficient example.com/gpu. ${notHelpful(1)}`],
    ['a taken port', pod({ containers: port(80) }), snapshot([node('a'), pod({ containers: port(80, '10.0.0.1') })]), `0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ${noVictims(1)}`],
    ['a selector', pod({ nodeSelector: { disk: 'ssd' } }), snapshot([node('a')], [node('b')]), `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. ${notHelpful(2)}`],
    ['a name', pod({ nodeName: 'z' }), snapshot([node('a')]), `0/1 nodes are available: 1 node(s) didn't match the requested node name. ${notHelpful(1)}`],
    ['terms that contradict', pod(required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }, { key: 'metadata.name', operator: 'In', values: ['b'] }] })), snapshot([node('a')]), `0/1 nodes are available: pod affinity terms conflict. ${notHelpful(1)}`],
    ['a name by affinity, and it is full', pod({ requests: { cpu: '2' }, ...required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }) }), snapshot([node('a'), pod({ requests: { cpu: '1' } })], [node('b')]),
      `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.`],
    ['several reasons', pod({ requests: { cpu: '2' } }), snapshot([node('a', tainted)], [node('b'), pod({ requests: { cpu: '1' } })], [node('c', { unschedulable: true })]),
      '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.'],
    ['a device by claim', pod({ resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] }), snapshot([node('a')]), '0/1 nodes are available: cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'],
    ['no preemption by policy', pod({ requests: { cpu: '2' }, preemptionPolicy: 'Never' }), snapshot([node('a'), pod({ requests: { cpu: '1' } })]), '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.'],
  ];
  for (const [name, of, state, want] of cases) {
    it(name, () => {
      const decision = run(of, state);
      assert.equal(decision.outcome === 'nowhere' ? decision.message : decision.node, want);
    });
  }
});

describe('where a pod goes', () => {
  const preferred = (weight: number, key: string): Partial<PodSpec> => ({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, preference: { matchExpressions: [{ key, operator: 'Exists' }] } }] } } } as unknown as Partial<PodSpec>);
  const cases: readonly (readonly [string, Pod, Snapshot, string])[] = [
    ['to the emptier node', pod({ requests: { cpu: '100m' } }), snapshot([node('a'), pod({ requests: { cpu: '1' } })], [node('b')]), 'b'],
    ['pods that ask for nothing count, too', pod(), snapshot([node('a'), pod(), pod()], [node('b'), pod()]), 'b'],
    ['where its taint is tolerated', pod({ tolerations: [{ key: 'k', operator: 'Exists' }] }), snapshot([node('a', { taints: [{ key: 'k', effect: 'NoSchedule' }] })]), 'a'],
    ['away from taints that prefer not to have it', pod(), snapshot([node('a', { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] })], [node('b')]), 'b'],
    ['to a cordoned node that it tolerates', pod({ tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }] }), snapshot([node('a', { unschedulable: true })]), 'a'],
    ['where it would rather be', pod(preferred(10, 'disk')), snapshot([node('a')], [node('b', { labels: { disk: '' } })]), 'b'],
    ['where its image is', pod(), snapshot([node('a')], [node('b', { images: [{ names: ['web:1'], sizeBytes: 900_000_000 }] })]), 'b'],
    ['where the number is greater', pod(required({ matchExpressions: [{ key: 'generation', operator: 'Gt', values: ['3'] }] })), snapshot([node('a', { labels: { generation: '3' } })], [node('b', { labels: { generation: '20' } })]), 'b'],
    ['beside the same port on another address', pod({ containers: port(80, '10.0.0.2') }), snapshot([node('a'), pod({ containers: port(80, '10.0.0.1') })]), 'a'],
    ['where its largest init container fits', pod({ initContainers: [{ name: 'init', resources: { requests: { cpu: '2' } } }] as unknown as PodSpec['initContainers'] }), snapshot([node('a'), pod({ requests: { cpu: '1' } })], [node('b')]), 'b'],
  ];
  for (const [name, of, state, want] of cases) {
    it(name, () => {
      const decision = run(of, state);
      assert.equal(decision.outcome === 'node' ? decision.node : decision.message, want);
    });
  }

  it('any of the best, by chance', () => {
    const state = snapshot([node('a')], [node('b')], [node('c')]);
    const chosen = [0, 0.4, 0.9].map((random) => schedule(pod(), state, profile, { random: () => random, start: 0 })).map((decision) => (decision.outcome === 'node' ? decision.node : ''));
    assert.deepEqual(chosen, ['a', 'b', 'c']);
  });

  it('with the reason of each other node, and the scores', () => {
    const decision = run(pod({ requests: { cpu: '1' } }), snapshot([node('a', { unschedulable: true })], [node('b')], [node('c')]));
    assert.deepEqual([...decision.rejections].map(([name, { plugin }]) => [name, plugin]), [['a', 'NodeUnschedulable']]);
    assert.deepEqual(decision.scores.get('b'), { TaintToleration: 300, NodeResourcesFit: 72, NodeResourcesBalancedAllocation: 62, ImageLocality: 0 });
  });
});

describe('room for a more important pod', () => {
  it('is made by evicting the fewest and least important', () => {
    const cheap = pod({ requests: { cpu: '1' }, priority: 1 });
    const dear = pod({ requests: { cpu: '1' }, priority: 50 });
    const alone = pod({ requests: { cpu: '2' }, priority: 60 });
    const decision = run(pod({ requests: { cpu: '1' }, priority: 100 }), snapshot([node('a'), dear, cheap], [node('b'), alone]));
    assert.ok(decision.outcome === 'nowhere');
    assert.deepEqual([decision.nominatedNode, decision.victims.map(({ metadata }) => metadata.name), decision.message], ['a', [cheap.metadata.name], '0/2 nodes are available: 2 Insufficient cpu.']);
  });

  it('is not taken by one that matters less, and is taken by the one it was made for', () => {
    const important = pod({ requests: { cpu: '2' }, priority: 100 });
    important.status = { nominatedNodeName: 'a' };
    const state = { ...snapshot([node('a')], [node('b'), pod({ requests: { cpu: '1500m' } })]), nominated: new Map([['a', [important]]]) };
    const lesser = run(pod({ requests: { cpu: '1' }, priority: 1 }), state);
    assert.deepEqual([lesser.outcome, [...lesser.rejections.keys()]], ['nowhere', ['a', 'b']]);
    const decision = run(important, state);
    assert.equal(decision.outcome === 'node' ? decision.node : decision.message, 'a');
  });

  it('is not made twice while the evicted pods are still leaving', () => {
    const leaving = pod({ requests: { cpu: '2' }, priority: 1 });
    leaving.metadata.deletionTimestamp = '2030-01-01T00:00:00Z';
    const waiting = pod({ requests: { cpu: '2' }, priority: 100 });
    const decision = run({ ...waiting, status: { nominatedNodeName: 'a' } }, snapshot([node('a'), leaving]));
    assert.ok(decision.outcome === 'nowhere');
    assert.deepEqual([decision.victims, decision.nominatedNode], [[], 'a']);
  });
});

describe('how many nodes that fit are enough', () => {
  for (const [count, percentage, want] of [[10, 0, 10], [99, 50, 99], [1000, 0, 420], [6000, 0, 300], [1000, 30, 300], [200, 10, 100]] as const) {
    it(`${count} nodes at ${percentage} %`, () => { assert.equal(feasibleNodes(count, percentage), want); });
  }
});
