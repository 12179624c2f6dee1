import { int32, message, microTime, ref, string } from '@kaji/schema';
import { leaseColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { invalid } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class LeaseSpec extends message('k8s.io.api.coordination.v1.LeaseSpec', {
  holderIdentity: string(1).explicit(),
  leaseDurationSeconds: int32(2).explicit(),
  acquireTime: microTime(3).explicit(),
  renewTime: microTime(4).explicit(),
  leaseTransitions: int32(5).explicit(),
  strategy: string(6).explicit(),
  preferredHolder: string(7).explicit(),
}) {}

export class Lease extends message('k8s.io.api.coordination.v1.Lease', {
  metadata: ref(1, ObjectMeta).present(),
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
