import { int32, message, microTime, ref, string } from '@kaji/schema';
import { leaseColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { invalid } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Who holds a lease, and how long. */
export class LeaseSpec extends message('k8s.io.api.coordination.v1.LeaseSpec', {
  /** Who holds it. */
  holderIdentity: string(1).explicit(),
  /** For how many seconds after renewTime others leave it alone. */
  leaseDurationSeconds: int32(2).explicit(),
  /** When it was taken. */
  acquireTime: microTime(3).explicit(),
  /** When it was last renewed. */
  renewTime: microTime(4).explicit(),
  /** How often it went from one to another. */
  leaseTransitions: int32(5).explicit(),
  /** How a new holder is chosen, where that is coordinated. */
  strategy: string(6).explicit().named('v1.CoordinatedLeaseStrategy'),
  /** Whom the holder should give it to. */
  preferredHolder: string(7).explicit(),
}) {}

/** Something that one holds at a time, and has to renew. */
export class Lease extends message('k8s.io.api.coordination.v1.Lease', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Who holds it, and how long. */
  spec: ref(2, LeaseSpec).present(),
}) {}

export const leases = resource({
  group: 'coordination.k8s.io', version: 'v1', plural: 'leases', singular: 'lease', kind: 'Lease', isNamespaced: true, type: Lease,
  validate({ spec }) {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions } = spec ?? {};
    return [
      ...(duration !== undefined && duration <= 0 ? [invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0')] : []),
      ...(transitions !== undefined && transitions < 0 ? [invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')] : []),
    ];
  },
  columns: leaseColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] }, areFinalizersFree: true },
});
