/** Rules of NetworkPolicies, and of the records that keep the addresses of Services apart. */
import { append } from '@kaji/base';
import { dns1123SubdomainErrors, givenValue, pathSegmentErrors, portNameErrors, portNumberErrors } from '@kaji/schema';
import { forbidden, immutableObject, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { cidrErrors, isCidr, isStrictSubrange } from '../../ip-rules.ts';
import { cidrWarnings } from '../../ip-warnings.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { IPAddress } from './ip-address.ts';
import { ParentReference } from './parent-reference.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './network-policy.ts';
import type { ServiceCIDR } from './service-cidr.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];

export function validateNetworkPolicy({ spec }: NetworkPolicy, old: NetworkPolicy | undefined): FieldError[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
  const known = old === undefined ? new Set<string>() : rangesOf(old);
  const errors = [
    // Kubernetes: impossible values of labels may stay.
    ...validateLabelSelector(podSelector, 'spec.podSelector', { areValuesChecked: old === undefined || validateLabelSelector(old.spec.podSelector, '').length === 0 }),
    ...ingress.flatMap(({ ports = [], from = [] }, index) => ruleErrors(ports, from, { path: `spec.ingress[${index}]`, peers: 'from', known })), ...egress.flatMap(({ ports = [], to = [] }, index) => ruleErrors(ports, to, { path: `spec.egress[${index}]`, peers: 'to', known })),
  ];
  if (policyTypes.length > 2) return [...errors, invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')];
  return [...errors, ...policyTypes.flatMap((type, index) => (type === 'Ingress' || type === 'Egress' ? [] : [notSupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress'])]))];
}

/** Kubernetes: ranges that are there already may stay, however they are written. */
const rangesOf = ({ spec: { ingress = [], egress = [] } }: NetworkPolicy): Set<string> =>
  new Set([...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)].flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])])));

interface Place {
  readonly path: string;
  readonly peers: 'from' | 'to';
  readonly known: ReadonlySet<string>;
}

const ruleErrors = (ports: readonly NetworkPolicyPort[], peers: readonly NetworkPolicyPeer[], place: Place): FieldError[] => [
  ...ports.flatMap((port, index) => portErrors(port, `${place.path}.ports[${index}]`)), ...peers.flatMap((peer, index) => peerErrors(peer, `${place.path}.${place.peers}[${index}]`, place.known)),
];

function portErrors({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
  const errors: FieldError[] = protocol === undefined || protocols.includes(protocol) ? [] : [notSupported(`${path}.protocol`, protocol, protocols)];
  if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'number') {
    append(errors, invalidAll(`${path}.port`, port, portNumberErrors(port)));
    if (endPort !== undefined && endPort < port) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'));
    if (endPort !== undefined) append(errors, invalidAll(`${path}.endPort`, endPort, portNumberErrors(endPort)));
  } else {
    if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    append(errors, invalidAll(`${path}.port`, port, portNameErrors(port)));
  }
  return errors;
}

function peerErrors({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: string, known: ReadonlySet<string>): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`), ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`), ...(ipBlock === undefined ? [] : blockErrors(ipBlock, `${path}.ipBlock`, known)),
  ];
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined) errors.push(required(path, 'must specify a peer'));
  else if (hasSelector && ipBlock !== undefined) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  return errors;
}

function blockErrors({ cidr, except = [] }: IPBlock, path: string, known: ReadonlySet<string>): FieldError[] {
  if (cidr === '') return [required(`${path}.cidr`)];
  const rangeErrors = (at: string, range: string): FieldError[] => (known.has(range) ? [] : cidrErrors(at, range));
  // Kubernetes: what is taken out of no range is not looked at.
  if (!isCidr(cidr)) return rangeErrors(`${path}.cidr`, cidr);
  return [
    ...rangeErrors(`${path}.cidr`, cidr),
    ...except.flatMap((range, index) => {
      const at = `${path}.except[${index}]`;
      return [...rangeErrors(at, range), ...(isStrictSubrange(range, cidr) === false ? [invalid(at, range, 'must be a strict subset of `cidr`')] : [])];
    }),
  ];
}

export function networkPolicyWarnings({ spec: { ingress = [], egress = [] } }: NetworkPolicy): string[] {
  const blockWarnings = ({ ipBlock }: NetworkPolicyPeer, path: string): string[] =>
    (ipBlock === undefined ? [] : [...cidrWarnings(`${path}.ipBlock.cidr`, ipBlock.cidr), ...(ipBlock.except ?? []).flatMap((range, index) => cidrWarnings(`${path}.ipBlock.except[${index}]`, range))]);
  return [
    ...ingress.flatMap(({ from = [] }, index) => from.flatMap((peer, at) => blockWarnings(peer, `spec.ingress[${index}].from[${at}]`))),
    ...egress.flatMap(({ to = [] }, index) => to.flatMap((peer, at) => blockWarnings(peer, `spec.egress[${index}].to[${at}]`))),
  ];
}

export const validateIpAddress = ({ spec: { parentRef } }: IPAddress, old: IPAddress | undefined): FieldError[] =>
  [...parentErrors(parentRef), ...(old === undefined ? [] : immutableObject('spec.parentRef', ParentReference, parentRef, old.spec.parentRef))];

function parentErrors(parent: ParentReference | undefined): FieldError[] {
  if (parent === undefined) return [required('spec.parentRef')];
  const { group = '', resource, name, namespace = '' } = parent;
  const segment = (path: string, text: string | undefined): FieldError[] => (text === undefined || text === '' ? [required(path)] : invalidAll(path, text, pathSegmentErrors(text)));
  return [
    ...(group === '' ? [] : invalidAll('spec.parentRef.group', group, dns1123SubdomainErrors(group))), ...segment('spec.parentRef.resource', resource), ...segment('spec.parentRef.name', name),
    ...(namespace === '' ? [] : invalidAll('spec.parentRef.namespace', namespace, pathSegmentErrors(namespace))),
  ];
}

export function validateServiceCidr({ spec }: ServiceCIDR, old: ServiceCIDR | undefined): FieldError[] {
  const { cidrs = [] } = spec;
  const path = 'spec.cidrs';
  if (old === undefined) return rangeListErrors(cidrs, path);
  const before = old.spec.cidrs ?? [];
  const isGrown = before.length === 1 && cidrs.length === 2;
  // Kubernetes: a range of the other family may be added, nothing else.
  if (cidrs.length !== before.length && !isGrown) return [invalid(path, givenValue(spec, 'cidrs'), 'field is immutable')];
  const changed = before.flatMap((cidr, index) => (cidr === cidrs[index] ? [] : [invalid(`${path}[${index}]`, cidrs[index], 'field is immutable')]));
  return isGrown ? [...changed, ...rangeListErrors(cidrs, path)] : changed;
}

function rangeListErrors(cidrs: readonly string[], path: string): FieldError[] {
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalid(path, { CIDRs: cidrs }, 'may only hold up to 2 values')]; // Kubernetes: shown by the names of Go's fields
  const [first = '', second] = cidrs;
  const isOneFamily = second !== undefined && isCidr(first) && isCidr(second) && first.includes(':') === second.includes(':');
  return [...cidrs.flatMap((cidr, index) => cidrErrors(`${path}[${index}]`, cidr, { isCanonical: true })), ...(isOneFamily ? [invalid(path, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64')] : [])];
}
