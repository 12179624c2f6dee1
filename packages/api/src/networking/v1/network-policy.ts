import { int32, intOrString, list, message, oneOf, ref, someOf, string, strings } from '@kaji/schema';
import { networkPolicyColumns } from '../../columns/network.ts';
import { validateNetworkPolicy } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class NetworkPolicyPort extends message('k8s.io.api.networking.v1.NetworkPolicyPort', {
  protocol: oneOf(1, 'TCP', 'UDP', 'SCTP').explicit().default('TCP'),
  port: intOrString(2).explicit(),
  endPort: int32(3).explicit(),
}) {}

export class IPBlock extends message('k8s.io.api.networking.v1.IPBlock', {
  cidr: string(1).required(),
  except: strings(2).atomic(),
}) {}

export class NetworkPolicyPeer extends message('k8s.io.api.networking.v1.NetworkPolicyPeer', {
  podSelector: ref(1, LabelSelector),
  namespaceSelector: ref(2, LabelSelector),
  ipBlock: ref(3, IPBlock),
}) {}

export class NetworkPolicyIngressRule extends message('k8s.io.api.networking.v1.NetworkPolicyIngressRule', {
  ports: list(1, NetworkPolicyPort).atomic(),
  from: list(2, NetworkPolicyPeer).atomic(),
}) {}

export class NetworkPolicyEgressRule extends message('k8s.io.api.networking.v1.NetworkPolicyEgressRule', {
  ports: list(1, NetworkPolicyPort).atomic(),
  to: list(2, NetworkPolicyPeer).atomic(),
}) {}

export class NetworkPolicySpec extends message('k8s.io.api.networking.v1.NetworkPolicySpec', {
  podSelector: ref(1, LabelSelector).always(),
  ingress: list(2, NetworkPolicyIngressRule).atomic(),
  egress: list(3, NetworkPolicyEgressRule).atomic(),
  policyTypes: someOf(4, 'Ingress', 'Egress').atomic(),
}) {}

export class NetworkPolicy extends message('k8s.io.api.networking.v1.NetworkPolicy', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, NetworkPolicySpec).present(),
}) {}

export const networkpolicies = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', singular: 'networkpolicy', kind: 'NetworkPolicy', isNamespaced: true, type: NetworkPolicy,
  validate: validateNetworkPolicy,
  columns: networkPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults({ spec }) {
    if (spec !== undefined && (spec.policyTypes ?? []).length === 0) spec.policyTypes = (spec.egress ?? []).length === 0 ? ['Ingress'] : ['Ingress', 'Egress'];
  },
  shortNames: ['netpol'],
});
