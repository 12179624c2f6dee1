import { int32, list, message, oneOf, ref, string } from '@kaji/schema';
import { endpointsColumns } from '../../columns/network.ts';
import { resource } from '../../resource.ts';
import { validateEndpoints } from './endpoints-rules.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class EndpointAddress extends message('k8s.io.api.core.v1.EndpointAddress', {
  ip: string(1).required(),
  hostname: string(3),
  nodeName: string(4).explicit(),
  targetRef: ref(2, ObjectReference),
}) {
  static readonly isAtomic = true;
}

export class EndpointPort extends message('k8s.io.api.core.v1.EndpointPort', {
  name: string(1),
  port: int32(2).required(),
  protocol: oneOf(3, 'TCP', 'UDP', 'SCTP').default('TCP'),
  appProtocol: string(4).explicit(),
}) {
  static readonly isAtomic = true;
}

export class EndpointSubset extends message('k8s.io.api.core.v1.EndpointSubset', {
  addresses: list(1, EndpointAddress).atomic(),
  notReadyAddresses: list(2, EndpointAddress).atomic(),
  ports: list(3, EndpointPort).atomic(),
}) {}

export class Endpoints extends message('k8s.io.api.core.v1.Endpoints', {
  metadata: ref(1, ObjectMeta).present(),
  subsets: list(2, EndpointSubset).atomic(),
}) {}

export const endpoints = resource({
  group: '', version: 'v1', plural: 'endpoints', singular: 'endpoints', kind: 'Endpoints', isNamespaced: true, type: Endpoints,
  validate: validateEndpoints,
  columns: endpointsColumns,
  nameErrors: subdomainName,
  shortNames: ['ep'],
});
