import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, isDeepEqual, labelValueErrors, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, invalid, invalidAll, notSupported, required, tooMany } from '../../field-error.ts';
import { destinationErrors, ipErrors, isIpv6Text } from '../../ip-rules.ts';
import { ipWarnings } from '../../ip-warnings.ts';
import { validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from './endpoint-slice.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

const protocolErrors = (path: string, protocol: string | undefined): FieldError[] => (protocol === undefined ? [required(path)] : protocols.includes(protocol) ? [] : [notSupported(path, protocol, protocols)]);

function portsErrors(ports: readonly EndpointPort[]): FieldError[] {
  if (ports.length > 20_000) return [tooMany('ports', ports.length, 20_000)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol, appProtocol }, index) => {
    const path = `ports[${index}]`;
    const errors = name === '' ? [] : invalidAll(`${path}.name`, name, dns1123LabelErrors(name));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...errors, ...protocolErrors(`${path}.protocol`, protocol), ...(appProtocol === undefined ? [] : invalidAll(`${path}.appProtocol`, appProtocol, qualifiedNameErrors(appProtocol)))];
  });
}

function addressErrors(address: string, path: string, list: string, type: string): FieldError[] {
  switch (type) {
    case 'IPv4': case 'IPv6': {
      const wrong = ipErrors(path, address, { isCanonical: type === 'IPv6' });
      if (wrong.length > 0) return wrong;
      return [...(isIpv6Text(address) === (type === 'IPv6') ? [] : [invalid(list, address, `must be an ${type} address`)]), ...destinationErrors(path, address)];
    }
    case 'FQDN': {
      const name = address.replace(/\.$/, '');
      if (name === '') return [required(path)];
      const messages = dns1123SubdomainErrors(name);
      if (messages.length > 0) return [invalid(path, address, messages.join(','))];
      const parts = name.split('.');
      if (parts.length < 2) return [invalid(path, address, 'should be a domain with at least two segments separated by dots')];
      const long = parts.find((part) => dns1123LabelErrors(part).length > 0);
      return long === undefined ? [] : [invalid(path, long, dns1123LabelErrors(long).join(','))];
    }
    default: return [];
  }
}

function hintErrors({ forZones = [], forNodes = [] }: EndpointHints, path: string): FieldError[] {
  if (forZones.length > 8) return [tooMany(`${path}.forZones`, forZones.length, 8)];
  const namesErrors = (list: readonly { readonly name: string }[], at: string, check: (name: string) => readonly string[]): FieldError[] =>
    list.flatMap(({ name }, index) => [...(list.findIndex((other) => other.name === name) < index ? [duplicate(`${at}[${index}].name`, name)] : []), ...invalidAll(`${at}[${index}].name`, name, check(name))]);
  const zones = namesErrors(forZones, `${path}.forZones`, labelValueErrors);
  if (forNodes.length > 8) return [...zones, tooMany(`${path}.forNodes`, forNodes.length, 8)];
  return [...zones, ...namesErrors(forNodes, `${path}.forNodes`, dns1123SubdomainErrors)];
}

function endpointErrors({ addresses, nodeName, hostname, deprecatedTopology, hints }: Endpoint, path: string, type: string): FieldError[] {
  const list = `${path}.addresses`;
  const errors = addresses.length === 0 ? [required(list, 'must contain at least 1 address')] : addresses.length > 100 ? [tooMany(list, addresses.length, 100)] : [];
  append(errors, addresses.flatMap((address, index) => addressErrors(address, `${list}[${index}]`, list, type)));
  if (nodeName !== undefined) append(errors, invalidAll(`${path}.nodeName`, nodeName, dns1123SubdomainErrors(nodeName)));
  const labels = Object.keys(deprecatedTopology ?? {}).length;
  if (labels > 16) errors.push(tooMany(`${path}.deprecatedTopology`, labels, 16));
  append(errors, validateLabels(deprecatedTopology, `${path}.deprecatedTopology`));
  if (hostname !== undefined) append(errors, invalidAll(`${path}.hostname`, hostname, dns1123LabelErrors(hostname)));
  return hints === undefined ? errors : [...errors, ...hintErrors(hints, `${path}.hints`)];
}

const types = ['FQDN', 'IPv4', 'IPv6'];

/** Controllers that write addresses in one form only. */
const carefulManagers: ReadonlySet<string | undefined> = new Set(['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io']);

export function endpointSliceWarnings({ metadata, addressType, endpoints }: EndpointSlice, old: EndpointSlice | undefined): string[] {
  const warnings = old === undefined && addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [];
  if (carefulManagers.has(metadata.labels?.['endpointslice.kubernetes.io/managed-by'])) return warnings;
  return [...warnings, ...(endpoints ?? []).flatMap(({ addresses }, index) => addresses.flatMap((address, at) => ipWarnings(`endpoints[${index}].addresses[${at}]`, address)))];
}

export function validateEndpointSlice(slice: EndpointSlice, old: EndpointSlice | undefined): FieldError[] {
  const addressType: string = slice.addressType;
  const endpoints = slice.endpoints ?? [];
  const errors = addressType === '' ? [required('addressType')] : types.includes(addressType) ? [] : [notSupported('addressType', addressType, types)];
  append(errors, portsErrors(slice.ports ?? []));
  if (old === undefined || !isDeepEqual(endpoints, old.endpoints ?? [])) {
    if (endpoints.length > 1000) errors.push(tooMany('endpoints', endpoints.length, 1000));
    else append(errors, endpoints.flatMap((endpoint, index) => endpointErrors(endpoint, `endpoints[${index}]`, addressType)));
  }
  if (old !== undefined && old.addressType !== slice.addressType) errors.push(invalid('addressType', addressType, 'field is immutable'));
  return errors;
}
