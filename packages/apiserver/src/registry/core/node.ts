/** Nodes: whoever registers one brings its status; its pod ranges are told in two fields. */
import type { ApiObject } from '@kaji/api';
import type { Node } from '@kaji/api/core/v1';
import type { Strategy } from '../strategy.ts';

type NodeObject = Node & ApiObject;

export const nodeStrategy: Strategy<NodeObject> = {
  keepsStatus: true,
  prepareForCreate(node) {
    normalize(node);
    delete node.status?.config;
  },
  prepareForUpdate: normalize,
  prepareForStatus({ status }, old) {
    if (old.status?.config === undefined) delete status?.config;
  },
};

/** Kubernetes: the older of the two fields wins where they differ; configuration from the API is no more. */
function normalize(node: NodeObject): void {
  const { spec } = node;
  if (spec === undefined) return;
  delete spec.configSource;
  const { podCIDR = '', podCIDRs = [] } = spec;
  if (podCIDR !== '' && podCIDRs[0] !== podCIDR) spec.podCIDRs = [podCIDR];
  else if (podCIDR === '' && podCIDRs[0] !== undefined) spec.podCIDR = podCIDRs[0];
}
