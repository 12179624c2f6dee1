import { message, ref, string } from '@kaji/schema';
import { ipAddressColumns } from '../../columns/network.ts';
import { validateIpAddress } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class ParentReference extends message('k8s.io.api.networking.v1.ParentReference', {
  group: string(1),
  resource: string(2).required().omittable(),
  namespace: string(3),
  name: string(4).required().omittable(),
}) {}

export class IPAddressSpec extends message('k8s.io.api.networking.v1.IPAddressSpec', {
  parentRef: ref(1, ParentReference).explicit().required(),
}) {}

export class IPAddress extends message('k8s.io.api.networking.v1.IPAddress', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, IPAddressSpec).required(),
}) {}

export const ipaddresses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ipaddresses', singular: 'ipaddress', kind: 'IPAddress', isNamespaced: false, type: IPAddress,
  validate: validateIpAddress,
  columns: ipAddressColumns,
  nameErrors: segmentName,
  shortNames: ['ip'],
});
