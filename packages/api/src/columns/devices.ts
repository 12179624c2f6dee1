/** Columns of devices and of claims on them. */
import type { Column } from '../resource.ts';
import type { ResourceClaim } from '../resource/v1/resource-claim.ts';
import type { ResourceSlice } from '../resource/v1/resource-slice.ts';
import { ageColumn, nameColumn } from './cells.ts';

export const resourceClaimColumns: readonly Column<ResourceClaim>[] = [
  nameColumn,
  { name: 'State', type: 'string', value: stateText },
  ageColumn,
];

export const resourceSliceColumns: readonly Column<ResourceSlice>[] = [
  nameColumn,
  { name: 'Node', type: 'string', value: ({ spec }) => spec.nodeName ?? '' },
  { name: 'Driver', type: 'string', value: ({ spec }) => spec.driver },
  { name: 'Pool', type: 'string', value: ({ spec }) => spec.pool.name },
  ageColumn,
];

function stateText({ metadata, status }: ResourceClaim): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  if (status?.allocation === undefined) return isDeleted ? 'deleted' : 'pending';
  return [...(isDeleted ? ['deleted'] : []), 'allocated', ...((status.reservedFor ?? []).length > 0 ? ['reserved'] : [])].join(',');
}
