import { message, ref, string } from '@kaji/schema';
import { ipAddressColumns } from '../../columns/network.ts';
import { validateIpAddress } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** The object that an address belongs to. */
export class ParentReference extends message('k8s.io.api.networking.v1.ParentReference', {
  /** Group of its resource. */
  group: string(1),
  /** Its resource. */
  resource: string(2).required().omittable(),
  /** Its namespace. */
  namespace: string(3),
  /** Its name. */
  name: string(4).required().omittable(),
}) {}

/** Whose address it is. */
export class IPAddressSpec extends message('k8s.io.api.networking.v1.IPAddressSpec', {
  /** The object that it belongs to. */
  parentRef: ref(1, ParentReference).explicit().required(),
}) {}

/** An address of the cluster that is taken. Its name is the address. */
export class IPAddress extends message('k8s.io.api.networking.v1.IPAddress', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Whose it is. */
  spec: ref(2, IPAddressSpec).required(),
}) {}

export const ipaddresses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ipaddresses', singular: 'ipaddress', kind: 'IPAddress', isNamespaced: false, type: IPAddress,
  validate: validateIpAddress,
  columns: ipAddressColumns,
  nameErrors: segmentName,
  shortNames: ['ip'],
});
