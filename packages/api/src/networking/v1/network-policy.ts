import { int32, intOrString, list, message, oneOf, ref, someOf, string, strings } from '@kaji/schema';
import { networkPolicyColumns } from '../../columns/network.ts';
import { networkPolicyWarnings, validateNetworkPolicy } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Ports that traffic is allowed to. */
export class NetworkPolicyPort extends message('k8s.io.api.networking.v1.NetworkPolicyPort', {
  /** Their protocol. Defaults to TCP. */
  protocol: oneOf(1, 'TCP', 'UDP', 'SCTP').explicit().default('TCP').named('v1.Protocol'),
  /** The port, by number or by name. Absent: all. */
  port: intOrString(2).explicit(),
  /** The last of a range that port begins. Only where port is a number. */
  endPort: int32(3).explicit(),
}) {}

/** A range of addresses. */
export class IPBlock extends message('k8s.io.api.networking.v1.IPBlock', {
  /** The range. */
  cidr: string(1).required(),
  /** Ranges within it that are left out. */
  except: strings(2).atomic(),
}) {}

/** Who traffic is allowed with. An ipBlock is set by itself. */
export class NetworkPolicyPeer extends message('k8s.io.api.networking.v1.NetworkPolicyPeer', {
  /** Labels of pods, in the same namespace or in those of namespaceSelector. */
  podSelector: ref(1, LabelSelector),
  /** Labels of namespaces. An empty one matches all. */
  namespaceSelector: ref(2, LabelSelector),
  /** A range of addresses. */
  ipBlock: ref(3, IPBlock),
}) {}

/** Traffic to pods that is allowed. */
export class NetworkPolicyIngressRule extends message('k8s.io.api.networking.v1.NetworkPolicyIngressRule', {
  /** To which ports. Absent: all. */
  ports: list(1, NetworkPolicyPort).atomic(),
  /** From whom. Absent: everybody. */
  from: list(2, NetworkPolicyPeer).atomic(),
}) {}

/** Traffic from pods that is allowed. */
export class NetworkPolicyEgressRule extends message('k8s.io.api.networking.v1.NetworkPolicyEgressRule', {
  /** To which ports. Absent: all. */
  ports: list(1, NetworkPolicyPort).atomic(),
  /** To whom. Absent: everybody. */
  to: list(2, NetworkPolicyPeer).atomic(),
}) {}

/** Which pods are meant, and what is allowed. */
export class NetworkPolicySpec extends message('k8s.io.api.networking.v1.NetworkPolicySpec', {
  /** Labels of the pods. Absent or empty: all of the namespace. */
  podSelector: ref(1, LabelSelector).always(),
  /** What is allowed to them. What no policy allows is not. */
  ingress: list(2, NetworkPolicyIngressRule).atomic(),
  /** What is allowed from them. What no policy allows is not. */
  egress: list(3, NetworkPolicyEgressRule).atomic(),
  /** Which ways the policy is about. Defaults to Ingress, and to both where egress has rules. */
  policyTypes: someOf(4, 'Ingress', 'Egress').atomic().named('v1.PolicyType'),
}) {}

/** Says with whom pods may speak. */
export class NetworkPolicy extends message('k8s.io.api.networking.v1.NetworkPolicy', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Which pods, and what is allowed. */
  spec: ref(2, NetworkPolicySpec).present(),
}) {}

export const networkpolicies = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', singular: 'networkpolicy', kind: 'NetworkPolicy', isNamespaced: true, type: NetworkPolicy,
  validate: validateNetworkPolicy,
  warnings: networkPolicyWarnings,
  columns: networkPolicyColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults({ spec }) {
    if (spec !== undefined && (spec.policyTypes ?? []).length === 0) spec.policyTypes = (spec.egress ?? []).length === 0 ? ['Ingress'] : ['Ingress', 'Egress'];
  },
  shortNames: ['netpol'],
});
