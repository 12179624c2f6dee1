import { bool, int32, list, message, oneOf, ref, string, stringMap, strings } from '@kaji/schema';
import { endpointSliceColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { validateEndpointSlice } from './endpoint-slice-rules.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class EndpointConditions extends message('k8s.io.api.discovery.v1.EndpointConditions', {
  ready: bool(1).explicit(),
  serving: bool(2).explicit(),
  terminating: bool(3).explicit(),
}) {}

export class ForZone extends message('k8s.io.api.discovery.v1.ForZone', {
  name: string(1).required(),
}) {}

export class ForNode extends message('k8s.io.api.discovery.v1.ForNode', {
  name: string(1).required(),
}) {}

export class EndpointHints extends message('k8s.io.api.discovery.v1.EndpointHints', {
  forZones: list(1, ForZone).atomic(),
  forNodes: list(2, ForNode).atomic(),
}) {}

export class Endpoint extends message('k8s.io.api.discovery.v1.Endpoint', {
  addresses: strings(1).required().set(),
  conditions: ref(2, EndpointConditions).always(),
  hostname: string(3).explicit(),
  targetRef: ref(4, ObjectReference),
  deprecatedTopology: stringMap(5),
  nodeName: string(6).explicit(),
  zone: string(7).explicit(),
  hints: ref(8, EndpointHints),
}) {}

export class EndpointPort extends message('k8s.io.api.discovery.v1.EndpointPort', {
  name: string(1).explicit().default(''),
  protocol: oneOf(2, 'TCP', 'UDP', 'SCTP').explicit().default('TCP'),
  port: int32(3).explicit(),
  appProtocol: string(4).explicit(),
}) {
  static readonly isAtomic = true;
}

export class EndpointSlice extends message('k8s.io.api.discovery.v1.EndpointSlice', {
  metadata: ref(1, ObjectMeta).present(),
  addressType: oneOf(4, 'FQDN', 'IPv4', 'IPv6').required(),
  endpoints: list(2, Endpoint).always().atomic(),
  ports: list(3, EndpointPort).always().atomic(),
}) {}

export const endpointslices = resource({
  group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', singular: 'endpointslice', kind: 'EndpointSlice', isNamespaced: true, type: EndpointSlice,
  validate: validateEndpointSlice,
  columns: endpointSliceColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] } },
});
