import { int32, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { ingressColumns } from '../../columns/network.ts';
import { ingressStatusWarnings, ingressWarnings, validateIngress, validateIngressStatus } from './ingress-rules.ts';
import { resource } from '../../resource.ts';
import { TypedLocalObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A port of a Service. Exactly one of the two is set. */
export class ServiceBackendPort extends message('k8s.io.api.networking.v1.ServiceBackendPort', {
  /** Name of the port. */
  name: string(1),
  /** Number of the port. */
  number: int32(2),
}) {
  static readonly isAtomic = true;
}

/** A Service that takes requests. */
export class IngressServiceBackend extends message('k8s.io.api.networking.v1.IngressServiceBackend', {
  /** Name of the Service, in the same namespace. */
  name: string(1).required(),
  /** Port of the Service. */
  port: ref(2, ServiceBackendPort).always(),
}) {}

/** What takes requests. Exactly one of the two is set. */
export class IngressBackend extends message('k8s.io.api.networking.v1.IngressBackend', {
  /** A Service. */
  service: ref(4, IngressServiceBackend),
  /** Another object of the same namespace. */
  resource: ref(3, TypedLocalObjectReference),
}) {}

/** Names that are served over TLS. */
export class IngressTLS extends message('k8s.io.api.networking.v1.IngressTLS', {
  /** Names in the certificate. Absent: as the controller has it. */
  hosts: strings(1).atomic(),
  /** Name of the Secret with the certificate. Absent: the controller has one. */
  secretName: string(2),
}) {}

/** Requests below a path. */
export class HTTPIngressPath extends message('k8s.io.api.networking.v1.HTTPIngressPath', {
  /** The path, beginning with a slash. */
  path: string(1),
  /** How it is matched: Exact, Prefix by whole elements, or as the controller has it. */
  pathType: oneOf(3, 'Exact', 'Prefix', 'ImplementationSpecific').explicit().required().named('v1.PathType'),
  /** What takes them. */
  backend: ref(2, IngressBackend).required(),
}) {}

/** Requests by their paths. */
export class HTTPIngressRuleValue extends message('k8s.io.api.networking.v1.HTTPIngressRuleValue', {
  /** The paths. */
  paths: list(1, HTTPIngressPath).required().atomic(),
}) {}

/** What becomes of the requests of a rule. */
export class IngressRuleValue extends message('k8s.io.api.networking.v1.IngressRuleValue', {
  /** HTTP requests. */
  http: ref(1, HTTPIngressRuleValue),
}) {}

/** Requests for one name. */
export class IngressRule extends message('k8s.io.api.networking.v1.IngressRule', {
  /** The name; a star may be its first label. Absent: all names. */
  host: string(1),
  /** What becomes of them. Absent: all go to the default backend. */
  ingressRuleValue: ref(2, IngressRuleValue).inline(),
}) {}

/** What is wanted of an Ingress. */
export class IngressSpec extends message('k8s.io.api.networking.v1.IngressSpec', {
  /** Name of its IngressClass. Absent: the default one. */
  ingressClassName: string(4).explicit(),
  /** What takes requests that no rule is for. Needed where there are no rules. */
  defaultBackend: ref(1, IngressBackend),
  /** Names that are served over TLS, on port 443. */
  tls: list(2, IngressTLS).atomic(),
  /** What becomes of which requests. Absent: all go to the default backend. */
  rules: list(3, IngressRule).atomic(),
}) {}

/** What became of a port of a balancer. */
export class IngressPortStatus extends message('k8s.io.api.networking.v1.IngressPortStatus', {
  /** Number of the port. */
  port: int32(1).required(),
  /** Protocol of the port. */
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').required().named('v1.Protocol'),
  /** What went wrong with it, as one word. */
  error: string(3).explicit(),
}) {}

/** A way in through a balancer. */
export class IngressLoadBalancerIngress extends message('k8s.io.api.networking.v1.IngressLoadBalancerIngress', {
  /** Address of the balancer. */
  ip: string(1),
  /** Name of the balancer. */
  hostname: string(2),
  /** What became of each port. */
  ports: list(4, IngressPortStatus).atomic(),
}) {}

/** The ways in through a balancer. */
export class IngressLoadBalancerStatus extends message('k8s.io.api.networking.v1.IngressLoadBalancerStatus', {
  /** The ways in. */
  ingress: list(1, IngressLoadBalancerIngress).atomic(),
}) {}

/** What has become of an Ingress. */
export class IngressStatus extends message('k8s.io.api.networking.v1.IngressStatus', {
  /** Its balancer. */
  loadBalancer: ref(1, IngressLoadBalancerStatus).always(),
}) {}

/** Leads HTTP requests from outside to Services, by name and path. */
export class Ingress extends message('k8s.io.api.networking.v1.Ingress', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, IngressSpec).present(),
  /** What has become of it. */
  status: ref(3, IngressStatus).always(),
}) {}

export const ingresses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', singular: 'ingress', kind: 'Ingress', isNamespaced: true, type: Ingress,
  validate: validateIngress,
  validateStatus: validateIngressStatus,
  warnings: ingressWarnings,
  statusWarnings: ingressStatusWarnings,
  columns: ingressColumns,
  nameErrors: subdomainName,
  shortNames: ['ing'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
