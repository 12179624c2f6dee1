// What a kubelet may do: the little that all nodes may, and beyond that what has to do with its own node.
import type { PolicyRule } from '@kaji/api/rbac/v1';
import type { Action, User } from '../pipeline/request.ts';
import type { Authorizer, Decision } from './authorizer.ts';
import type { NodeGraph } from './node-graph.ts';
import { ruleAllows } from './rules.ts';

/** The node a user is, '' for one that claims to be a node and names none, undefined for everybody else. */
export function nodeNameOf(user: User): string | undefined {
  if (!user.name.startsWith('system:node:') || !user.groups.includes('system:nodes')) return undefined;
  return user.name.slice('system:node:'.length);
}

const allowed: Decision = { isAllowed: true, reason: '' };
const none: Decision = { isAllowed: false, reason: '' };
const no = (reason: string): Decision => ({ isAllowed: false, reason });

const kindOf: Readonly<Record<string, keyof typeof rulesByKind>> = {
  'secrets': 'readNamespaced', 'configmaps': 'readNamespaced', 'persistentvolumeclaims': 'claim', 'persistentvolumes': 'get', 'resourceclaims.resource.k8s.io': 'get',
  'volumeattachments.storage.k8s.io': 'get', 'serviceaccounts': 'account', 'leases.coordination.k8s.io': 'lease', 'csinodes.storage.k8s.io': 'csiNode',
  'resourceslices.resource.k8s.io': 'slice', 'nodes': 'node', 'pods': 'pod',
};

export const nodeAuthorizer = (graph: NodeGraph, nodeRules: readonly PolicyRule[]): Authorizer => ({
  authorize(user, action) {
    const node = nodeNameOf(user);
    if (node === undefined) return none;
    if (node === '') return no(`unknown node for user ${JSON.stringify(user.name)}`);
    const kind = action.isResource ? kindOf[action.group === '' ? action.plural : `${action.plural}.${action.group}`] : undefined;
    if (kind !== undefined) return rulesByKind[kind](node, action, graph);
    return nodeRules.some((rule) => ruleAllows(rule, action)) ? allowed : none;
  },
});

const rulesByKind = { readNamespaced, get, claim, account, lease, csiNode, slice, node: ownNode, pod } as const;

function related(node: string, action: Action, graph: NodeGraph): Decision {
  if (action.name === '') return no('No Object name found');
  return graph.isRelated(node, action.plural, action.namespace, action.name) ? allowed : no(`no relationship found between node '${node}' and this object`);
}

function readNamespaced(node: string, action: Action, graph: NodeGraph): Decision {
  if (!['get', 'list', 'watch'].includes(action.verb)) return no('can only read resources of this type');
  if (action.subresource !== '') return no('cannot read subresource');
  if (action.namespace === '') return no('can only read namespaced object of this type');
  return related(node, action, graph);
}

function get(node: string, action: Action, graph: NodeGraph): Decision {
  if (action.verb !== 'get') return no('can only get individual resources of this type');
  if (action.subresource !== '') return no('cannot get subresource');
  return related(node, action, graph);
}

function claim(node: string, action: Action, graph: NodeGraph): Decision {
  if (action.subresource !== 'status') return get(node, action, graph);
  if (action.verb !== 'update' && action.verb !== 'patch') return no('can only get/update/patch this type');
  return related(node, action, graph);
}

function account(node: string, action: Action, graph: NodeGraph): Decision {
  if (action.verb === 'get' && action.subresource === '') return readNamespaced(node, action, graph);
  if (action.verb !== 'create' || action.name === '') return no('can only create tokens for individual service accounts');
  if (action.subresource !== 'token') return no('can only create token subresource of serviceaccount');
  return related(node, action, graph);
}

const ownVerbs: readonly string[] = ['get', 'create', 'update', 'patch', 'delete'];

function lease(node: string, action: Action): Decision {
  if (!ownVerbs.includes(action.verb)) return no('can only get, create, update, patch, or delete a node lease');
  if (action.namespace !== 'kube-node-lease') return no('can only access leases in the "kube-node-lease" system namespace');
  // A create names its object in the body, which admission looks at.
  if (action.verb !== 'create' && action.name !== node) return no('can only access node lease with the same name as the requesting node');
  return allowed;
}

function csiNode(node: string, action: Action): Decision {
  if (!ownVerbs.includes(action.verb)) return no('can only get, create, update, patch, or delete a CSINode');
  if (action.subresource !== '') return no('cannot authorize CSINode subresources');
  if (action.verb !== 'create' && action.name !== node) return no('can only access CSINode with the same name as the requesting node');
  return allowed;
}

function slice(node: string, action: Action, graph: NodeGraph): Decision {
  if (action.subresource !== '') return no('cannot authorize ResourceSlice subresources');
  switch (action.verb) {
    case 'create': return allowed;
    case 'get': case 'update': case 'patch': case 'delete': return related(node, action, graph);
    case 'watch': case 'list': case 'deletecollection':
      return selects(action, 'spec.nodeName', node) ? allowed : no('can only list/watch/deletecollection resourceslices with nodeName field selector');
    default: return no('only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection');
  }
}

function ownNode(node: string, action: Action): Decision {
  const { verb, subresource, name } = action;
  if (subresource === '' && ['create', 'update', 'patch'].includes(verb)) return allowed;
  if (subresource === 'status' && ['update', 'patch'].includes(verb)) return allowed;
  if (subresource !== '' || !['get', 'list', 'watch'].includes(verb)) return none;
  if (name === node) return allowed;
  return no(name === '' ? `node '${node}' cannot read all nodes, only its own Node object` : `node '${node}' cannot read '${name}', only its own Node object`);
}

function pod(node: string, action: Action, graph: NodeGraph): Decision {
  const { verb, subresource, name } = action;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allowed : none;
  if (subresource === 'eviction') return verb === 'create' ? allowed : none;
  if (subresource !== '') return none;
  switch (verb) {
    case 'get': return get(node, action, graph);
    case 'list': case 'watch':
      if (selects(action, 'spec.nodeName', node)) return allowed;
      return name === '' ? no('can only list/watch pods with spec.nodeName field selector') : related(node, action, graph);
    case 'create': case 'delete': return allowed;
    default: return none;
  }
}

/** Whether the field selector narrows the request to one value of a field. */
function selects(action: Action, field: string, value: string): boolean {
  return (action.fieldSelector ?? '').split(',').some((term) => term.trim() === `${field}=${value}` || term.trim() === `${field}==${value}`);
}
