import { bool, list, message, oneOf, ref, string, strings, time } from '@kaji/schema';
import { nodeColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { nodeWarnings, validateNode, validateNodeStatus } from './node-rules.ts';
import { listWith } from './first-of-list.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { NodeConfigSource, NodeStatus } from './node-status.ts';

/** Something about a node that keeps pods away which do not tolerate it. */
export class Taint extends message('k8s.io.api.core.v1.Taint', {
  /** Name of the taint. */
  key: string(1).required(),
  /** Value of the taint. */
  value: string(2),
  /** What becomes of pods that do not tolerate it: they are not placed, placed only in need, or pushed out. */
  effect: oneOf(3, 'NoSchedule', 'PreferNoSchedule', 'NoExecute').required().named('v1.TaintEffect'),
  /** When it was added. */
  timeAdded: time(4).explicit(),
}) {}

/** What is wanted of a node. */
export class NodeSpec extends message('k8s.io.api.core.v1.NodeSpec', {
  /** Range that its pods take their addresses from. */
  podCIDR: string(1),
  /** Ranges that its pods take their addresses from, one of each family; the first equals podCIDR. */
  podCIDRs: strings(7).set().mergeBy(),
  /** Name of the machine at its provider. */
  providerID: string(3),
  /** Whether new pods are kept away. */
  unschedulable: bool(4),
  /** Its taints. */
  taints: list(5, Taint).atomic(),
  /** Not heeded any more. */
  configSource: ref(6, NodeConfigSource),
  /** Not heeded any more. */
  externalID: string(2),
}) {}

/** A machine of the cluster that runs pods. */
export class Node extends message('k8s.io.api.core.v1.Node', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of the node. */
  spec: ref(2, NodeSpec).present(),
  /** How it is. */
  status: ref(3, NodeStatus).always(),
}) {}

export const nodes = resource({
  group: '', version: 'v1', plural: 'nodes', singular: 'node', kind: 'Node', isNamespaced: false, type: Node,
  metadataChecks: { on: { update: ['whole', 'change'] } },
  validate: validateNode,
  validateStatus: validateNodeStatus,
  warnings: nodeWarnings,
  columns: nodeColumns,
  nameErrors: subdomainName,
  selectableFields: {
    'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false),
  },
  defaults({ spec, status }) {
    const ranges = spec && listWith(spec.podCIDR, spec.podCIDRs, { of: (range) => range, from: (range) => range });
    if (spec !== undefined && ranges?.[0] !== undefined) [spec.podCIDR, spec.podCIDRs] = [ranges[0], ranges];
    if (status?.capacity !== undefined) status.allocatable ??= { ...status.capacity };
  },
  shortNames: ['no'],
  subresources: [
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: { group: '', version: 'v1', kind: 'NodeProxyOptions' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
