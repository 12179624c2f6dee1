import { bool, int32, intOrString, list, message, oneOf, ref, someOf, string, stringMap, strings } from '@kaji/schema';
import { serviceColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { validateService, validateServiceStatus } from './service-rules.ts';
import { serviceStatusWarnings, serviceWarnings } from './service-warnings.ts';
import { defaultService } from './service-defaults.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

/** A port of a Service. */
export class ServicePort extends message('k8s.io.api.core.v1.ServicePort', {
  /** Name of the port. Needed where there are several. */
  name: string(1),
  /** Protocol of the port. Defaults to TCP. */
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').default('TCP').named('v1.Protocol'),
  /** What is spoken on it, such as http or kubernetes.io/h2c. */
  appProtocol: string(6).explicit(),
  /** Number of the port. */
  port: int32(3).required(),
  /** Port of the pods, by number or by name. Defaults to port. Not heeded for a Service without a cluster address. */
  targetPort: intOrString(4).always(),
  /** Port of every node that leads to it. Chosen by itself where the type needs one and none is given. */
  nodePort: int32(5),
}) {}

/** How clients are kept at one pod. */
export class ClientIPConfig extends message('k8s.io.api.core.v1.ClientIPConfig', {
  /** For how many seconds; more than 0, at most a day. Defaults to 10800. */
  timeoutSeconds: int32(1).explicit(),
}) {}

/** How clients are kept at one pod. */
export class SessionAffinityConfig extends message('k8s.io.api.core.v1.SessionAffinityConfig', {
  /** By their address. */
  clientIP: ref(1, ClientIPConfig),
}) {}

/** What is wanted of a Service. */
export class ServiceSpec extends message('k8s.io.api.core.v1.ServiceSpec', {
  /** Its ports. */
  ports: list(1, ServicePort).mapBy('port', 'protocol').mergeBy('port'),
  /** Labels of the pods that serve it. Absent: somebody else says where it is served. */
  selector: stringMap(2).atomic(),
  /** Its address in the cluster. None for no address but the pods' own; chosen by itself when it is empty. It cannot be changed while the type needs it. */
  clusterIP: string(3),
  /** Its addresses in the cluster, at most one of each family; the first equals clusterIP. */
  clusterIPs: strings(18).atomic(),
  /**
   * How it can be reached. ClusterIP: in the cluster; NodePort: also at a port of every node; LoadBalancer: also by a balancer; ExternalName: it is another
   * name. Defaults to ClusterIP.
   */
  type: oneOf(4, 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName').default('ClusterIP').named('v1.ServiceType'),
  /** Further addresses at which nodes take traffic for it. Nobody but the administrator sees that they lead there. */
  externalIPs: strings(5).atomic(),
  /** Whether a client is kept at one pod. Defaults to None. */
  sessionAffinity: oneOf(7, 'ClientIP', 'None').default('None').named('v1.ServiceAffinity'),
  /** Address that is wished for the balancer. Deprecated: balancers differ in what they make of it. */
  loadBalancerIP: string(8),
  /** From where the balancer may be used, where it can tell. Absent: from everywhere. */
  loadBalancerSourceRanges: strings(9).atomic(),
  /** Name that DNS gives for it. Only for ExternalName. */
  externalName: string(10),
  /** Whether traffic from outside may go on to other nodes. With Local it stays and keeps the address of the client. Defaults to Cluster. */
  externalTrafficPolicy: oneOf(11, 'Cluster', 'Local').named('v1.ServiceExternalTrafficPolicy'),
  /** Port of every node where balancers ask whether the node has a pod for it. Only for LoadBalancer with Local; chosen by itself when it is 0. */
  healthCheckNodePort: int32(12),
  /** Whether pods that are not ready count as ready here. For sets whose members find each other. Defaults to false. */
  publishNotReadyAddresses: bool(13),
  /** How clients are kept at one pod. */
  sessionAffinityConfig: ref(14, SessionAffinityConfig),
  /** Families of its addresses. Chosen by itself when it is empty. */
  ipFamilies: someOf(19, 'IPv4', 'IPv6', '').atomic().named('v1.IPFamily'),
  /** Whether it has one address or one of each family. Defaults to SingleStack. */
  ipFamilyPolicy: oneOf(17, 'SingleStack', 'PreferDualStack', 'RequireDualStack').explicit().named('v1.IPFamilyPolicy'),
  /** Whether a LoadBalancer gets ports of nodes. Defaults to true. */
  allocateLoadBalancerNodePorts: bool(20).explicit(),
  /** Which kind of balancer serves it. Absent: the usual one. It can only be set when the type becomes LoadBalancer. */
  loadBalancerClass: string(21).explicit(),
  /** Whether traffic from within the cluster may go on to other nodes. Defaults to Cluster. */
  internalTrafficPolicy: oneOf(22, 'Cluster', 'Local').explicit().named('v1.ServiceInternalTrafficPolicy'),
  /** Which endpoints are preferred: PreferSameZone, PreferSameNode, or the older PreferClose. Absent: any. */
  trafficDistribution: string(23).explicit(),
}) {}

/** What became of a port of a balancer. */
export class PortStatus extends message('k8s.io.api.core.v1.PortStatus', {
  /** Number of the port. */
  port: int32(1).required(),
  /** Protocol of the port. */
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').required().named('v1.Protocol'),
  /** What went wrong with it, as one word. */
  error: string(3).explicit(),
}) {}

/** A way in through a balancer. */
export class LoadBalancerIngress extends message('k8s.io.api.core.v1.LoadBalancerIngress', {
  /** Address of the balancer. */
  ip: string(1),
  /** Name of the balancer. */
  hostname: string(2),
  /** Whether nodes may answer in its place: VIP or Proxy. Only with ip. */
  ipMode: string(3).explicit().named('v1.LoadBalancerIPMode'),
  /** What became of each port. */
  ports: list(4, PortStatus).atomic(),
}) {}

/** The ways in through a balancer. */
export class LoadBalancerStatus extends message('k8s.io.api.core.v1.LoadBalancerStatus', {
  /** The ways in. */
  ingress: list(1, LoadBalancerIngress).atomic(),
}) {}

/** What has become of a Service. */
export class ServiceStatus extends message('k8s.io.api.core.v1.ServiceStatus', {
  /** Its balancer. */
  loadBalancer: ref(1, LoadBalancerStatus).always(),
  /** What holds of it now. */
  conditions: list(2, Condition).mapBy('type').mergeBy('type'),
}) {}

/** A name and an address that stay, whatever pods serve them. */
export class Service extends message('k8s.io.api.core.v1.Service', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, ServiceSpec).present(),
  /** What has become of it. */
  status: ref(3, ServiceStatus).always(),
}) {}

export const services = resource({
  group: '', version: 'v1', plural: 'services', singular: 'service', kind: 'Service', isNamespaced: true, type: Service,
  returnsDeleted: true,
  validate: validateService,
  validateStatus: validateServiceStatus,
  warnings: serviceWarnings,
  statusWarnings: serviceStatusWarnings,
  columns: serviceColumns,
  nameErrors: labelName,
  metadataChecks: { on: { update: ['change'] } },
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type ?? '',
  },
  defaults: defaultService,
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: { group: '', version: 'v1', kind: 'ServiceProxyOptions' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
