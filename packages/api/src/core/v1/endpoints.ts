import { int32, list, message, oneOf, ref, string } from '@kaji/schema';
import { endpointsColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { endpointsWarnings, validateEndpoints } from './endpoints-rules.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** One address that serves. */
export class EndpointAddress extends message('k8s.io.api.core.v1.EndpointAddress', {
  /** The address; not of loopback, link-local or multicast. */
  ip: string(1).required(),
  /** Name of the endpoint. */
  hostname: string(3),
  /** Node that it is on. */
  nodeName: string(4).explicit(),
  /** The object that has the address. */
  targetRef: ref(2, ObjectReference),
}) {
  static readonly isAtomic = true;
}

/** One port that serves. */
export class EndpointPort extends message('k8s.io.api.core.v1.EndpointPort', {
  /** Name of the port. Needed where there are several. */
  name: string(1),
  /** Number of the port. */
  port: int32(2).required(),
  /** Protocol of the port. Defaults to TCP. */
  protocol: oneOf(3, 'TCP', 'UDP', 'SCTP').default('TCP').named('v1.Protocol'),
  /** What is spoken on it, such as http or kubernetes.io/h2c. */
  appProtocol: string(4).explicit(),
}) {
  static readonly isAtomic = true;
}

/** Addresses that serve the same ports. */
export class EndpointSubset extends message('k8s.io.api.core.v1.EndpointSubset', {
  /** Addresses that are ready. */
  addresses: list(1, EndpointAddress).atomic(),
  /** Addresses that are not ready. */
  notReadyAddresses: list(2, EndpointAddress).atomic(),
  /** Ports of each address. */
  ports: list(3, EndpointPort).atomic(),
}) {}

/** Where a Service is served, all in one object. Deprecated: use EndpointSlices. */
export class Endpoints extends message('k8s.io.api.core.v1.Endpoints', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Addresses, put together by their ports. */
  subsets: list(2, EndpointSubset).atomic(),
}) {}

export const endpoints = resource({
  group: '', version: 'v1', plural: 'endpoints', singular: 'endpoints', kind: 'Endpoints', isNamespaced: true, type: Endpoints,
  validate: validateEndpoints,
  warnings: endpointsWarnings,
  columns: endpointsColumns,
  nameErrors: subdomainName,
  shortNames: ['ep'],
});
