import { bool, int32, intOrString, list, message, oneOf, ref, someOf, string, stringMap, strings } from '@kaji/schema';
import { serviceColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { validateService, validateServiceStatus } from './service-rules.ts';
import { defaultService } from './service-defaults.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

export class ServicePort extends message('k8s.io.api.core.v1.ServicePort', {
  name: string(1),
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').default('TCP'),
  appProtocol: string(6).explicit(),
  port: int32(3).required(),
  targetPort: intOrString(4).always(),
  nodePort: int32(5),
}) {}

export class ClientIPConfig extends message('k8s.io.api.core.v1.ClientIPConfig', {
  timeoutSeconds: int32(1).explicit(),
}) {}

export class SessionAffinityConfig extends message('k8s.io.api.core.v1.SessionAffinityConfig', {
  clientIP: ref(1, ClientIPConfig),
}) {}

export class ServiceSpec extends message('k8s.io.api.core.v1.ServiceSpec', {
  ports: list(1, ServicePort).mapBy('port', 'protocol').mergeBy('port'),
  selector: stringMap(2).atomic(),
  clusterIP: string(3),
  clusterIPs: strings(18).atomic(),
  type: oneOf(4, 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName').default('ClusterIP'),
  externalIPs: strings(5).atomic(),
  sessionAffinity: oneOf(7, 'ClientIP', 'None').default('None'),
  loadBalancerIP: string(8),
  loadBalancerSourceRanges: strings(9).atomic(),
  externalName: string(10),
  externalTrafficPolicy: oneOf(11, 'Cluster', 'Local'),
  healthCheckNodePort: int32(12),
  publishNotReadyAddresses: bool(13),
  sessionAffinityConfig: ref(14, SessionAffinityConfig),
  ipFamilies: someOf(19, 'IPv4', 'IPv6', '').atomic(),
  ipFamilyPolicy: oneOf(17, 'SingleStack', 'PreferDualStack', 'RequireDualStack').explicit(),
  allocateLoadBalancerNodePorts: bool(20).explicit(),
  loadBalancerClass: string(21).explicit(),
  internalTrafficPolicy: oneOf(22, 'Cluster', 'Local').explicit(),
  trafficDistribution: string(23).explicit(),
}) {}

export class PortStatus extends message('k8s.io.api.core.v1.PortStatus', {
  port: int32(1).required(),
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').required(),
  error: string(3).explicit(),
}) {}

export class LoadBalancerIngress extends message('k8s.io.api.core.v1.LoadBalancerIngress', {
  ip: string(1),
  hostname: string(2),
  ipMode: string(3).explicit(),
  ports: list(4, PortStatus).atomic(),
}) {}

export class LoadBalancerStatus extends message('k8s.io.api.core.v1.LoadBalancerStatus', {
  ingress: list(1, LoadBalancerIngress).atomic(),
}) {}

export class ServiceStatus extends message('k8s.io.api.core.v1.ServiceStatus', {
  loadBalancer: ref(1, LoadBalancerStatus).always(),
  conditions: list(2, Condition).mapBy('type').mergeBy('type'),
}) {}

export class Service extends message('k8s.io.api.core.v1.Service', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ServiceSpec).present(),
  status: ref(3, ServiceStatus).always(),
}) {}

export const services = resource({
  group: '', version: 'v1', plural: 'services', singular: 'service', kind: 'Service', isNamespaced: true, type: Service,
  validate: validateService,
  validateStatus: validateServiceStatus,
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
  returnsDeleted: true,
