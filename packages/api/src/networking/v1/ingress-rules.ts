/** Rules of Ingresses and their classes. */
import { append } from '@kaji/base';
import { dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, givenValue, pathSegmentErrors, portNameErrors, portNumberErrors, wildcardSubdomainErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import { ipErrors, isIpAddress } from '../../ip-rules.ts';
import { ipWarnings } from '../../ip-warnings.ts';
import { domainPathErrors } from '../../meta/v1/name-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { IngressClass } from './ingress-class.ts';
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressTLS } from './ingress.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const longestController = 250;
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const refusedParts = ['//', '/./', '/../', '%2f', '%2F'];
const refusedEnds = ['/..', '/.'];

const hostErrors = (path: string, host: string): FieldError[] => invalidAll(path, host, host.includes('*') ? wildcardSubdomainErrors(host) : dns1123SubdomainErrors(host));

export function validateIngress({ metadata, spec }: Ingress, old: Ingress | undefined): FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  // Kubernetes: what older servers took may stay: impossible names of Secrets, and rules of hosts with a wildcard.
  const areSecretsFree = old?.spec.tls?.some(({ secretName = '' }) => secretErrors(secretName, '').length > 0) === true;
  const areWildcardsFree = old?.spec.rules?.some(({ host = '', http }) => host.includes('*') && httpErrors(http, '', dns1035LabelErrors).length > 0) === true;
  const errors: FieldError[] = rules.length === 0 && defaultBackend === undefined ? [invalid('spec', givenValue(spec, 'rules'), 'either `defaultBackend` or `rules` must be specified')] : [];
  if (defaultBackend !== undefined) append(errors, backendErrors(defaultBackend, 'spec.defaultBackend'));
  rules.forEach(({ host = '', http }, index) => {
    const path = `spec.rules[${index}]`;
    if (host !== '' && isIpAddress(host)) errors.push(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'));
    if (host !== '') append(errors, hostErrors(`${path}.host`, host));
    if (!(areWildcardsFree && host.includes('*'))) append(errors, httpErrors(http, `${path}.http`));
  });
  append(errors, tls.flatMap((each, index) => tlsErrors(each, `spec.tls[${index}]`, areSecretsFree)));
  if (ingressClassName !== undefined) append(errors, invalidAll('spec.ingressClassName', ingressClassName, dns1123SubdomainErrors(ingressClassName)));
  const annotated = metadata.annotations?.[classAnnotation];
  if (old === undefined && annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) errors.push(invalid(`annotations.${classAnnotation}`, annotated, 'must match `ingressClassName` when both are specified'));
  return errors;
}

export const ingressWarnings = ({ metadata, spec }: Ingress, old: Ingress | undefined): readonly string[] =>
  (old !== undefined || metadata.annotations?.[classAnnotation] === undefined || spec.ingressClassName !== undefined ? [] : [`annotation ${JSON.stringify(classAnnotation)} is deprecated, please use 'spec.ingressClassName' instead`]);

export const ingressStatusWarnings = ({ status }: Ingress): readonly string[] => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }, index) => (ip === '' ? [] : ipWarnings(`status.loadBalancer.ingress[${index}]`, ip)));

const secretErrors = (name: string, path: string): FieldError[] => (name === '' ? [] : invalidAll(path, name, dns1123SubdomainErrors(name)));

const tlsErrors = ({ hosts = [], secretName = '' }: IngressTLS, path: string, isSecretFree: boolean): FieldError[] =>
  [...hosts.flatMap((host, index) => hostErrors(`${path}.hosts[${index}]`, host)), ...(isSecretFree ? [] : secretErrors(secretName, `${path}.secretName`))];

const httpErrors = (http: IngressRule['http'], path: string, serviceName = dns1123LabelErrors): FieldError[] =>
  (http?.paths.length === 0 ? [required(`${path}.paths`)] : (http?.paths ?? []).flatMap((each, index) => pathErrors(each, `${path}.paths[${index}]`, serviceName)));

function pathErrors({ path: text = '', pathType, backend }: HTTPIngressPath, path: string, serviceName: typeof dns1123LabelErrors): FieldError[] {
  if ((pathType as string | undefined) === undefined) return [required(`${path}.pathType`, 'pathType must be specified')]; // required, yet clients leave it out
  const errors: FieldError[] = [];
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${path}.pathType`, pathType, pathTypes));
  else {
    const isExact = pathType !== 'ImplementationSpecific';
    if (!text.startsWith('/') && (isExact || text !== '')) errors.push(invalid(`${path}.path`, text, 'must be an absolute path'));
    if (isExact) {
      append(errors, refusedParts.filter((part) => text.includes(part)).map((part) => invalid(`${path}.path`, text, `must not contain '${part}'`)));
      append(errors, refusedEnds.filter((end) => text.endsWith(end)).map((end) => invalid(`${path}.path`, text, `cannot end with '${end}'`)));
    }
  }
  return [...errors, ...backendErrors(backend, `${path}.backend`, serviceName)];
}

function backendErrors({ service, resource }: IngressBackend, path: string, serviceName = dns1123LabelErrors): FieldError[] {
  if (service !== undefined && resource !== undefined) return [invalid(path, '', 'cannot set both resource and service backends')];
  if (resource !== undefined) {
    const { apiGroup, kind, name } = resource;
    return [...(apiGroup === undefined ? [] : invalidAll(`${path}.resource.apiGroup`, apiGroup, dns1123SubdomainErrors(apiGroup))), ...segmentErrors(`${path}.resource.kind`, kind), ...segmentErrors(`${path}.resource.name`, name)];
  }
  if (service === undefined) return [invalid(path, '', 'resource or service backend is required')];
  const { name: portName = '', number = 0 } = service.port ?? {};
  const errors = service.name === '' ? [required(`${path}.service.name`)] : invalidAll(`${path}.service.name`, service.name, serviceName(service.name));
  if (portName !== '' && number !== 0) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (portName !== '') append(errors, invalidAll(`${path}.service.port.name`, portName, portNameErrors(portName)));
  else if (number !== 0) append(errors, invalidAll(`${path}.service.port.number`, number, portNumberErrors(number)));
  else errors.push(required(path, 'port name or number is required'));
  return errors;
}

const segmentErrors = (path: string, name: string): FieldError[] => (name === '' ? [required(path)] : invalidAll(path, name, pathSegmentErrors(name)));

export function validateIngressStatus({ status }: Ingress, old: Ingress): FieldError[] {
  const known = new Set((old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }, index) => {
    const path = `status.loadBalancer.ingress[${index}]`;
    return [
      ...(ip === '' || known.has(ip) ? [] : ipErrors(`${path}.ip`, ip)), ...(hostname === '' ? [] : invalidAll(`${path}.hostname`, hostname, dns1123SubdomainErrors(hostname))),
      ...(isIpAddress(hostname) ? [invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address')] : []),
    ];
  });
}

export function validateIngressClass({ spec }: IngressClass, old: IngressClass | undefined): FieldError[] {
  const { controller = '', parameters } = spec;
  const isChanged = old !== undefined && controller !== (old.spec.controller ?? '');
  return [
    ...(isChanged ? [invalid('spec.controller', controller, 'field is immutable')] : []), ...(controller.length > longestController ? [tooLong('spec.controller', longestController)] : []),
    ...domainPathErrors('spec.controller', controller), ...parametersErrors(parameters),
  ];
}

function parametersErrors(parameters: IngressClass['spec']['parameters']): FieldError[] {
  if (parameters === undefined) return [];
  const { apiGroup, kind, name, scope, namespace } = parameters;
  const path = 'spec.parameters';
  const errors = [...(apiGroup === undefined ? [] : invalidAll(`${path}.apiGroup`, apiGroup, dns1123SubdomainErrors(apiGroup))), ...segmentErrors(`${path}.kind`, kind), ...segmentErrors(`${path}.name`, name)];
  if (scope === undefined) return [...errors, required(`${path}.scope`)];
  if (scope !== 'Cluster' && scope !== 'Namespace') errors.push(notSupported(`${path}.scope`, scope, ['Cluster', 'Namespace']));
  if (scope === 'Cluster' && namespace !== undefined) errors.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  if (scope === 'Namespace') append(errors, namespace === undefined ? [required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'")] : invalidAll(`${path}.namespace`, namespace, dns1123LabelErrors(namespace)));
  return errors;
}
