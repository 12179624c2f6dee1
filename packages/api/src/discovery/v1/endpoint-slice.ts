import { bool, int32, list, message, oneOf, ref, string, stringMap, strings } from '@kaji/schema';
import { endpointSliceColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { endpointSliceWarnings, validateEndpointSlice } from './endpoint-slice-rules.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** How an endpoint is. */
export class EndpointConditions extends message('k8s.io.api.discovery.v1.EndpointConditions', {
  /** Whether it takes traffic. Never true while it is ending, unless the Service publishes addresses that are not ready. Absent is true. */
  ready: bool(1).explicit(),
  /** Whether it is ready, even while it is ending. Absent is as ready. */
  serving: bool(2).explicit(),
  /** Whether it is ending. Absent is false. */
  terminating: bool(3).explicit(),
}) {}

/** A zone that should use an endpoint. */
export class ForZone extends message('k8s.io.api.discovery.v1.ForZone', {
  /** Name of the zone. */
  name: string(1).required(),
}) {}

/** A node that should use an endpoint. */
export class ForNode extends message('k8s.io.api.discovery.v1.ForNode', {
  /** Name of the node. */
  name: string(1).required(),
}) {}

/** Who should use an endpoint. */
export class EndpointHints extends message('k8s.io.api.discovery.v1.EndpointHints', {
  /** Zones that should use it, at most 8. */
  forZones: list(1, ForZone).atomic(),
  /** Nodes that should use it, at most 8. */
  forNodes: list(2, ForNode).atomic(),
}) {}

/** One place where a Service is served. */
export class Endpoint extends message('k8s.io.api.discovery.v1.Endpoint', {
  /** Addresses of it. All are the same place, and only the first is used; at most 100. */
  addresses: strings(1).required().set(),
  /** How it is. */
  conditions: ref(2, EndpointConditions).always(),
  /** Name of it. A DNS label. */
  hostname: string(3).explicit(),
  /** The object that it is. */
  targetRef: ref(4, ObjectReference),
  /** Where it is, as the beta version had it. It cannot be set. */
  deprecatedTopology: stringMap(5),
  /** Node that it is on. */
  nodeName: string(6).explicit(),
  /** Zone that it is in. */
  zone: string(7).explicit(),
  /** Who should use it. */
  hints: ref(8, EndpointHints),
}) {}

/** A port of all endpoints of a slice. */
export class EndpointPort extends message('k8s.io.api.discovery.v1.EndpointPort', {
  /** Name of the port, unique within the slice. Defaults to nothing. */
  name: string(1).explicit().default(''),
  /** Protocol of the port. Defaults to TCP. */
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').explicit().default('TCP').named('v1.Protocol'),
  /** Number of the port. Absent: whatever the consumer takes it for. */
  port: int32(3).explicit(),
  /** What is spoken on it, such as http or kubernetes.io/h2c. */
  appProtocol: string(4).explicit(),
}) {
  static readonly isAtomic = true;
}

/** A part of the places where a Service is served. A label names the Service. */
export class EndpointSlice extends message('k8s.io.api.discovery.v1.EndpointSlice', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Kind of the addresses. It cannot be changed. */
  addressType: oneOf(4, 'FQDN', 'IPv4', 'IPv6').required().named('v1.AddressType'),
  /** The places, at most 1000. */
  endpoints: list(2, Endpoint).always().atomic(),
  /** Ports of each place, at most 100. */
  ports: list(3, EndpointPort).always().atomic(),
}) {}

export const endpointslices = resource({
  group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', singular: 'endpointslice', kind: 'EndpointSlice', isNamespaced: true, type: EndpointSlice,
  validate: validateEndpointSlice,
  warnings: endpointSliceWarnings,
  columns: endpointSliceColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] } },
});
