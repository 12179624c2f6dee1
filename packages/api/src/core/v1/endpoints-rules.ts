import { dns1123LabelErrors, dns1123SubdomainErrors, isDeepEqual, portNumberErrors, qualifiedNameErrors } from '@kaji/schema';
import { errorsOf, invalidAll, oneOfValues, required } from '../../field-error.ts';
import { destinationErrors, ipErrors } from '../../ip-rules.ts';
import { ipWarnings } from '../../ip-warnings.ts';
import type { FieldError } from '../../resource.ts';
import type { EndpointAddress, EndpointPort, Endpoints } from './endpoints.ts';

const addressErrors = ({ ip, hostname = '', nodeName }: EndpointAddress, path: string): FieldError[] => [
  ...ipErrors(`${path}.ip`, ip), ...(hostname === '' ? [] : invalidAll(`${path}.hostname`, hostname, dns1123LabelErrors(hostname))),
  ...(nodeName === undefined ? [] : invalidAll(`${path}.nodeName`, nodeName, dns1123SubdomainErrors(nodeName))), ...destinationErrors(`${path}.ip`, ip),
];

const portErrors = ({ name = '', port, protocol, appProtocol }: EndpointPort, path: string, isNameRequired: boolean): FieldError[] => [
  ...(name === '' ? (isNameRequired ? [required(`${path}.name`)] : []) : invalidAll(`${path}.name`, name, dns1123LabelErrors(name))),
  ...invalidAll(`${path}.port`, port, portNumberErrors(port)), ...oneOfValues(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']),
  ...(appProtocol === undefined ? [] : invalidAll(`${path}.appProtocol`, appProtocol, qualifiedNameErrors(appProtocol))),
];

export function validateEndpoints({ subsets = [] }: Endpoints, old: Endpoints | undefined): FieldError[] {
  if (old !== undefined && isDeepEqual(subsets, old.subsets ?? [])) return [];
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const path = `subsets[${index}]`;
    return [
      ...(addresses.length + notReadyAddresses.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...errorsOf(addresses, (address, at) => addressErrors(address, `${path}.addresses[${at}]`)), ...errorsOf(notReadyAddresses, (address, at) => addressErrors(address, `${path}.notReadyAddresses[${at}]`)),
      ...ports.flatMap((port, at) => portErrors(port, `${path}.ports[${at}]`, ports.length > 1)),
    ];
  });
}

/** The controller of Endpoints writes addresses as they should be: nobody looks at its own. */
export function endpointsWarnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, index) => (['addresses', 'notReadyAddresses'] as const).flatMap((list) => (subset[list] ?? []).flatMap(({ ip }, at) => ipWarnings(`subsets[${index}].${list}[${at}].ip`, ip))));
}
