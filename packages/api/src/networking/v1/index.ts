export { HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, ingresses, IngressLoadBalancerIngress, IngressLoadBalancerStatus, IngressPortStatus, IngressRule, IngressRuleValue, IngressServiceBackend, IngressSpec, IngressStatus, IngressTLS, ServiceBackendPort } from './ingress.ts';
export { IngressClass, ingressclasses, IngressClassParametersReference, IngressClassSpec } from './ingress-class.ts';
export { IPAddress, ipaddresses, IPAddressSpec } from './ip-address.ts';
export { ParentReference } from './parent-reference.ts';
export { IPBlock, networkpolicies, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from './network-policy.ts';
export { ServiceCIDR, servicecidrs, ServiceCIDRSpec, ServiceCIDRStatus } from './service-cidr.ts';
