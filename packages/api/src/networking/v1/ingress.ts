import { int32, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { ingressColumns } from '../../columns/network.ts';
import { validateIngress, validateIngressStatus } from './ingress-rules.ts';
import { resource } from '../../resource.ts';
import { TypedLocalObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ServiceBackendPort extends message('k8s.io.api.networking.v1.ServiceBackendPort', {
  name: string(1),
  number: int32(2),
}) {
  static readonly isAtomic = true;
}

export class IngressServiceBackend extends message('k8s.io.api.networking.v1.IngressServiceBackend', {
  name: string(1).required(),
  port: ref(2, ServiceBackendPort).always(),
}) {}

export class IngressBackend extends message('k8s.io.api.networking.v1.IngressBackend', {
  service: ref(4, IngressServiceBackend),
  resource: ref(3, TypedLocalObjectReference),
}) {}

export class IngressTLS extends message('k8s.io.api.networking.v1.IngressTLS', {
  hosts: strings(1).atomic(),
  secretName: string(2),
}) {}

export class HTTPIngressPath extends message('k8s.io.api.networking.v1.HTTPIngressPath', {
  path: string(1),
  pathType: oneOf(3, 'Exact', 'Prefix', 'ImplementationSpecific').explicit().required(),
  backend: ref(2, IngressBackend).required(),
}) {}

export class HTTPIngressRuleValue extends message('k8s.io.api.networking.v1.HTTPIngressRuleValue', {
  paths: list(1, HTTPIngressPath).required().atomic(),
}) {}

export class IngressRuleValue extends message('k8s.io.api.networking.v1.IngressRuleValue', {
  http: ref(1, HTTPIngressRuleValue),
}) {}

export class IngressRule extends message('k8s.io.api.networking.v1.IngressRule', {
  host: string(1),
  ingressRuleValue: ref(2, IngressRuleValue).inline(),
}) {}

export class IngressSpec extends message('k8s.io.api.networking.v1.IngressSpec', {
  ingressClassName: string(4).explicit(),
  defaultBackend: ref(1, IngressBackend),
  tls: list(2, IngressTLS).atomic(),
  rules: list(3, IngressRule).atomic(),
}) {}

export class IngressPortStatus extends message('k8s.io.api.networking.v1.IngressPortStatus', {
  port: int32(1).required(),
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').required(),
  error: string(3).explicit(),
}) {}

export class IngressLoadBalancerIngress extends message('k8s.io.api.networking.v1.IngressLoadBalancerIngress', {
  ip: string(1),
  hostname: string(2),
  ports: list(4, IngressPortStatus).atomic(),
}) {}

export class IngressLoadBalancerStatus extends message('k8s.io.api.networking.v1.IngressLoadBalancerStatus', {
  ingress: list(1, IngressLoadBalancerIngress).atomic(),
}) {}

export class IngressStatus extends message('k8s.io.api.networking.v1.IngressStatus', {
  loadBalancer: ref(1, IngressLoadBalancerStatus).always(),
}) {}

export class Ingress extends message('k8s.io.api.networking.v1.Ingress', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, IngressSpec).present(),
  status: ref(3, IngressStatus).always(),
}) {}

export const ingresses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', singular: 'ingress', kind: 'Ingress', isNamespaced: true, type: Ingress,
  validate: validateIngress,
  validateStatus: validateIngressStatus,
  columns: ingressColumns,
  nameErrors: subdomainName,
  shortNames: ['ing'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
