import { message, ref } from '@kaji/schema';
import { ipAddressColumns } from '../../columns/network.ts';
import { ipMessages } from '../../ip-rules.ts';
import { validateIpAddress } from './network-policy-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { ParentReference } from './parent-reference.ts';

/** Whose address it is. */
export class IPAddressSpec extends message('k8s.io.api.networking.v1.IPAddressSpec', {
  /** The object that it belongs to. */
  parentRef: ref(1, ParentReference).explicit().required().omittable(),
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
  metadataChecks: { on: { update: ['whole', 'change'] } },
  nameErrors: (name) => ipMessages(name, { isCanonical: true }),
  shortNames: ['ip'],
});
