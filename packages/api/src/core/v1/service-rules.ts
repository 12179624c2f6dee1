/** Rules of Services. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, portNumberErrors, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notSupported, oneOfValues, required } from '../../field-error.ts';
import { cidrErrors, destinationErrors, ipErrors, isIpAddress, isIpv6Address } from '../../ip-rules.ts';
import { validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import { portErrors } from './probe-rules.ts';
import { classErrors, isHeadless, needsHealthCheck, validateServiceChange } from './service-update-rules.ts';
import type { Service, ServicePort, ServiceSpec } from './service.ts';

function portsErrors(ports: readonly ServicePort[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = '', port, protocol, targetPort, appProtocol }, index) => {
    const path = `spec.ports[${index}]`;
    const errors: FieldError[] = [];
    if (name === '') append(errors, ports.length > 1 ? [required(`${path}.name`)] : []);
    else {
      append(errors, invalidAll(`${path}.name`, name, dns1123LabelErrors(name)));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    append(errors, invalidAll(`${path}.port`, port, portNumberErrors(port)), oneOfValues(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']), portErrors(`${path}.targetPort`, targetPort));
    return [...errors, ...(appProtocol === undefined ? [] : invalidAll(`${path}.appProtocol`, appProtocol, qualifiedNameErrors(appProtocol)))];
  });
}

function repeatedPortErrors(ports: readonly ServicePort[]): FieldError[] {
  const [nodePorts, own] = [new Set<string>(), new Set<string>()];
  const repeated = ports.flatMap(({ nodePort = 0, protocol = '' }, index) => {
    const key = `${protocol}/${nodePort}`;
    const errors = nodePort !== 0 && nodePorts.has(key) ? [duplicate(`spec.ports[${index}].nodePort`, nodePort)] : [];
    nodePorts.add(key);
    return errors;
  });
  return [...repeated, ...ports.flatMap(({ port, protocol = '' }, index) => {
    const key = `${protocol}/${port}`;
    // Kubernetes: the value is shown by the names of Go's fields.
    const errors = own.has(key) ? [duplicate(`spec.ports[${index}]`, { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 })] : [];
    own.add(key);
    return errors;
  })];
}

function externalNameErrors({ clusterIPs = [], ipFamilies = [], ipFamilyPolicy, externalName = '' }: ServiceSpec): FieldError[] {
  const why = 'may not be set for ExternalName services';
  const name = externalName.replace(/\.$/, '');
  return [
    ...(clusterIPs.length > 0 ? [forbidden('spec.clusterIPs', why)] : []), ...(ipFamilies.length > 0 ? [forbidden('spec.ipFamilies', why)] : []), ...(ipFamilyPolicy === undefined ? [] : [forbidden('spec.ipFamilyPolicy', why)]),
    ...(name === '' ? [required('spec.externalName')] : invalidAll('spec.externalName', name, dns1123SubdomainErrors(name))),
  ];
}

function addressErrors(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const path = 'spec.clusterIPs';
  const errors: FieldError[] = [];
  if (clusterIP !== '') {
    if (clusterIPs.length === 0) errors.push(required(path));
    else if (clusterIPs[0] !== clusterIP) errors.push(invalid(path, clusterIPs, 'first value must match `clusterIP`'));
  } else if (clusterIPs.length > 0) errors.push(invalid(path, clusterIPs, 'must be empty when `clusterIP` is not specified'));
  ipFamilies.forEach((family, index) => {
    if (family !== 'IPv4' && family !== 'IPv6') errors.push(notSupported(`spec.ipFamilies[${index}]`, family, ['IPv4', 'IPv6']));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(`spec.ipFamilies[${index}]`, family));
  });
  const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies));
  const wrong = clusterIPs.flatMap((address, index) => {
    if (index === 0 && address === 'None') return clusterIPs.length > 1 ? [invalid(path, clusterIPs, "'None' must be the first and only value")] : [];
    return old?.clusterIPs?.includes(address) === true ? [] : ipErrors(`${path}[${index}]`, address);
  });
  append(errors, wrong);
  if (clusterIPs.length > 2) errors.push(invalid(path, clusterIPs, 'may only hold up to 2 values'));
  if (wrong.length > 0) return errors;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv6Address)).size < 2) errors.push(invalid(path, clusterIPs, 'may specify no more than one IP for each IP family'));
  if (!isHeadless(spec)) {
    clusterIPs.forEach((address, index) => {
      const family = ipFamilies[index];
      if (family !== undefined && (family === 'IPv6') !== isIpv6Address(address)) errors.push(invalid(`${path}[${index}]`, address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``));
    });
  }
  return errors;
}

/** The rules of addresses and families alone. Kubernetes: they are checked before addresses are given. */
export const validateServiceAddresses = ({ spec }: Service, old: Service | undefined): FieldError[] => addressErrors(spec, old?.spec);

const isExternal = ({ type, externalIPs = [] }: ServiceSpec): boolean => type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);

function trafficErrors(spec: ServiceSpec): FieldError[] {
  const { externalTrafficPolicy = '', internalTrafficPolicy, healthCheckNodePort = 0, trafficDistribution, type } = spec;
  const errors: FieldError[] = [];
  if (!isExternal(spec)) {
    if (externalTrafficPolicy as string !== '') errors.push(invalid('spec.externalTrafficPolicy', externalTrafficPolicy, 'may only be set for externally-accessible services')); // clients may send any text
  } else append(errors, oneOfValues('spec.externalTrafficPolicy', externalTrafficPolicy, ['Cluster', 'Local']));
  if (!needsHealthCheck(spec)) {
    if (healthCheckNodePort !== 0) errors.push(invalid('spec.healthCheckNodePort', healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
  } else if (healthCheckNodePort === 0) errors.push(required('spec.healthCheckNodePort'));
  else append(errors, invalidAll('spec.healthCheckNodePort', healthCheckNodePort, portNumberErrors(healthCheckNodePort)));
  if (internalTrafficPolicy === undefined) {
    if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP') errors.push(required('spec.internalTrafficPolicy'));
  } else if (internalTrafficPolicy !== 'Cluster' && internalTrafficPolicy !== 'Local') errors.push(notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, ['Cluster', 'Local']));
  const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) errors.push(notSupported('spec.trafficDistribution', trafficDistribution, distributions));
  return errors;
}

function balancerErrors({ metadata, spec }: Service, old: Service | undefined): FieldError[] {
  const { type, loadBalancerSourceRanges: ranges = [], allocateLoadBalancerNodePorts } = spec;
  const why = "may only be used when `type` is 'LoadBalancer'";
  const isBalancer = type === 'LoadBalancer';
  const errors: FieldError[] = [];
  const key = 'service.beta.kubernetes.io/load-balancer-source-ranges';
  const annotation = metadata.annotations?.[key];
  if (ranges.length > 0) {
    // Kubernetes: the path is spelt with a capital.
    if (!isBalancer) errors.push(forbidden('spec.LoadBalancerSourceRanges', why));
    ranges.forEach((range, index) => {
      if (old?.spec.loadBalancerSourceRanges?.includes(range) !== true) append(errors, cidrErrors(`spec.LoadBalancerSourceRanges[${index}]`, range.trim()));
    });
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${key}]`;
    if (!isBalancer) errors.push(forbidden(path, why));
    if (annotation.trim() !== '' && old?.metadata.annotations?.[key] !== annotation) append(errors, annotation.split(',').flatMap((range) => cidrErrors(path, range.trim())));
  }
  if (allocateLoadBalancerNodePorts !== undefined && !isBalancer) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', why));
  if (allocateLoadBalancerNodePorts === undefined && isBalancer) errors.push(required('allocateLoadBalancerNodePorts'));
  append(errors, classErrors(spec));
  return errors;
}

function affinityErrors({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
  const errors = oneOfValues('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  const path = 'spec.sessionAffinityConfig';
  if (sessionAffinity === 'ClientIP') {
    if (sessionAffinityConfig === undefined) return [...errors, required(path, 'when session affinity type is ClientIP')];
    const seconds = sessionAffinityConfig.clientIP?.timeoutSeconds;
    if (seconds === undefined) return [...errors, required(`${path}.clientIP.timeoutSeconds`, 'when session affinity type is ClientIP')];
    if (seconds <= 0 || seconds > 86_400) errors.push(invalid(`${path}.clientIP.timeoutSeconds`, seconds, 'must be greater than 0 and less than 86400'));
  } else if (sessionAffinity === 'None' && sessionAffinityConfig !== undefined) errors.push(forbidden(path, 'must not be set when session affinity is None'));
  return errors;
}

const modeAnnotation = 'service.kubernetes.io/topology-mode';
const hintsAnnotation = 'service.kubernetes.io/topology-aware-hints';

/** The annotation has two names; who says both says the same. */
function topologyErrors(annotations: Readonly<Record<string, string>> = {}): FieldError[] {
  const [mode, hints] = [annotations[modeAnnotation], annotations[hintsAnnotation]];
  return mode === undefined || hints === undefined || mode === hints ? [] : [invalid(`metadata.annotations[${modeAnnotation}]`, mode, `must match annotations[${hintsAnnotation}] when both are specified`)];
}

export function validateService(service: Service, old: Service | undefined): FieldError[] {
  const { spec } = service;
  const { type, ports = [], externalIPs = [] } = spec;
  const errors = [...(old === undefined ? [] : validateServiceChange(service, old)), ...topologyErrors(service.metadata.annotations)];
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'));
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) errors.push(invalid('spec.clusterIPs[0]', spec.clusterIPs?.[0] ?? 'None', `may not be set to 'None' for ${type} services`));
  if (type === 'ExternalName') append(errors, externalNameErrors(spec));
  append(errors, portsErrors(ports), validateLabels(spec.selector, 'spec.selector'), affinityErrors(spec), addressErrors(spec, old?.spec));
  externalIPs.forEach((address, index) => {
    const path = `spec.externalIPs[${index}]`;
    const wrong = old?.spec.externalIPs?.includes(address) === true ? [] : ipErrors(path, address);
    append(errors, wrong.length > 0 ? wrong : destinationErrors(path, address));
  });
  append(errors, oneOfValues('spec.type', type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  if (type === 'ClusterIP') ports.forEach(({ nodePort = 0 }, index) => append(errors, nodePort === 0 ? [] : [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")]));
  return [...errors, ...repeatedPortErrors(ports), ...balancerErrors(service, old), ...trafficErrors(spec)];
}

export function validateServiceStatus({ status, spec }: Service, old: Service): FieldError[] {
  const before = old.status?.loadBalancer?.ingress ?? [];
  const ingress = status?.loadBalancer?.ingress ?? [];
  const path = 'status.loadBalancer.ingress';
  if (spec.type !== 'LoadBalancer') return ingress.length === 0 ? [] : [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  return ingress.flatMap(({ ip = '', ipMode, hostname = '' }, index) => {
    const at = `${path}[${index}]`;
    const errors = ip === '' || before.some((one) => one.ip === ip) ? [] : ipErrors(`${at}.ip`, ip);
    if (ipMode === undefined) append(errors, ip === '' ? [] : [required(`${at}.ipMode`, 'must be specified when `ip` is set')]);
    else if (ip === '') errors.push(forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    else if (ipMode !== 'VIP' && ipMode !== 'Proxy') errors.push(notSupported(`${at}.ipMode`, ipMode, ['Proxy', 'VIP']));
    if (hostname === '') return errors;
    return [...errors, ...invalidAll(`${at}.hostname`, hostname, dns1123SubdomainErrors(hostname)), ...(isIpAddress(hostname) ? [invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address')] : [])];
  });
}
