/** Claims on devices and slices of them: what is dropped, what follows from an allocation, and who may say what. */
import { append } from '@kaji/base';
import type { ApiObject, FieldError } from '@kaji/api';
import { namespaces } from '@kaji/api/core/v1';
import { type AllocatedDeviceStatus, type AllocationResult, type ResourceClaim, type ResourceClaimTemplate, type ResourceSlice, ResourceSliceSpec } from '@kaji/api/resource/v1';
import { dropField, formatTime, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import { fieldForbidden } from '../invalid.ts';
import type { Strategy, WriteContext } from '../strategy.ts';
import { keepMetadata } from '../keep-metadata.ts';

type Claim = ResourceClaim & ApiObject;
type Slice = ResourceSlice & ApiObject;

const group = 'resource.k8s.io';
const adminLabel = 'resource.kubernetes.io/admin-access';
const nodeNameExtra = 'authentication.kubernetes.io/node-name';

/** A device that is used by somebody already may be looked at from namespaces that are marked for it. */
function adminErrors(path: string, namespace: string, { reader }: WriteContext): readonly FieldError[] {
  if (reader.get(namespaces, '', namespace)?.metadata.labels?.[adminLabel] === 'true') return [];
  return [fieldForbidden(path, `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`)];
}

function requestErrors(claim: ResourceClaim['spec'], namespace: string, context: WriteContext): readonly FieldError[] {
  const index = (claim.devices?.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true);
  return index < 0 ? [] : adminErrors(`spec.devices.requests[${index}].adminAccess`, namespace, context);
}

export const resourceClaimTemplateStrategy: Strategy<ResourceClaimTemplate & ApiObject> = {
  errors: ({ metadata, spec }, old, context) => (old === undefined ? requestErrors(spec.spec, metadata.namespace ?? '', context) : []),
};

export const resourceClaimStrategy: Strategy<Claim> = {
  prepareForStatus(claim, old) {
    keepMetadata(claim, old);
    forgetReturned(claim, old);
  },
  errors(claim, old, context) {
    if (old === undefined) return requestErrors(claim.spec, claim.metadata.namespace ?? '', context);
    return context.subresource === 'status' ? statusErrors(claim, old, context) : [];
  },
};

const keyOf = ({ driver, pool, device, shareID = '' }: Pick<AllocatedDeviceStatus, 'driver' | 'pool' | 'device' | 'shareID'>): string => [driver, pool, device, shareID].join('/');
const resultKeys = (allocation: AllocationResult | undefined): ReadonlySet<string> => new Set((allocation?.devices?.results ?? []).map(keyOf));

/** What a driver said of a device goes with the device: whoever takes it back need not know of it. */
function forgetReturned({ status }: Claim, { status: old }: Claim): void {
  if (status?.devices === undefined) return;
  const now = resultKeys(status.allocation);
  const returned = new Set([...resultKeys(old?.allocation)].filter((key) => !now.has(key)));
  status.devices = status.devices.filter((device) => !returned.has(keyOf(device)));
  if (status.devices.length === 0) delete status.devices;
}

function statusErrors({ metadata, status = {} }: Claim, { status: old = {} }: Claim, context: WriteContext): readonly FieldError[] {
  const adminIndex = (allocation: AllocationResult | undefined): number => (allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess === true);
  const index = adminIndex(status.allocation);
  const errors = index >= 0 && adminIndex(old.allocation) < 0 ? [...adminErrors(`status.allocation.devices.results[${index}].adminAccess`, metadata.namespace ?? '', context)] : [];
  if (!isDeepEqual(status.allocation, old.allocation) || !isDeepEqual(status.reservedFor ?? [], old.reservedFor ?? [])) append(errors, bindingErrors(context));
  if (status.allocation !== undefined) for (const driver of changedDrivers(status.devices ?? [], old.devices ?? [])) append(errors, driverErrors(driver, status.allocation, context));
  return errors;
}

/** Whoever gives devices to pods must be allowed to do so everywhere. */
function bindingErrors(context: WriteContext): readonly FieldError[] {
  const refusal = context.refusal({ group, plural: 'resourceclaims', subresource: 'binding', namespace: '', name: '' });
  return refusal === undefined ? [] : [fieldForbidden('status.allocation', `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${context.verb}" permission: ${refusal.message}`)];
}

function changedDrivers(devices: readonly AllocatedDeviceStatus[], old: readonly AllocatedDeviceStatus[]): readonly string[] {
  const before = new Map(old.map((device) => [keyOf(device), device]));
  const changed = devices.filter((device) => {
    const known = before.get(keyOf(device));
    before.delete(keyOf(device));
    return known === undefined || !isDeepEqual(known, device);
  });
  return [...new Set([...changed, ...before.values()].map(({ driver }) => driver))].sort();
}

/** A driver's word counts for its own devices: of its node, or of any where it is trusted so far. */
function driverErrors(driver: string, allocation: AllocationResult, context: WriteContext): readonly FieldError[] {
  const { verb, user } = context;
  const isOfNode = user.name.startsWith('system:serviceaccount:') && user.extra?.[nodeNameExtra]?.length === 1 && user.extra[nodeNameExtra][0] === nodeOf(allocation);
  const verbs = [...(isOfNode ? [`associated-node:${verb}`] : []), `arbitrary-node:${verb}`];
  const refusals = verbs.map((each) => context.refusal({ group, plural: 'resourceclaims', subresource: 'driver', verb: each, name: driver }));
  const [first] = refusals;
  if (first === undefined || refusals.includes(undefined)) return [];
  return [fieldForbidden('status.devices', `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]" permission: ${first.message}`)];
}

/** The one node that the devices can be used on, where there is one. */
function nodeOf({ nodeSelector }: AllocationResult): string | undefined {
  const [term, ...others] = nodeSelector?.nodeSelectorTerms ?? [];
  if (term === undefined || others.length > 0 || (term.matchExpressions ?? []).length > 0) return undefined;
  const [field, ...more] = term.matchFields ?? [];
  const isName = field?.key === 'metadata.name' && field.operator === 'In' && field.values?.length === 1 && more.length === 0;
  return isName ? field.values?.[0] : undefined;
}

/** Kubernetes: two features are off; what belongs to them is dropped, unless it is there already. */
function dropDisabled({ spec: { devices = [] } }: Slice, old: Slice | undefined): void {
  const before = old?.spec.devices ?? [];
  if (!before.some(({ nodeAllocatableResourceMappings: mappings }) => Object.keys(mappings ?? {}).length > 0)) for (const device of devices) delete device.nodeAllocatableResourceMappings;
  const attributesOf = (list: typeof devices): NonNullable<(typeof devices)[number]['attributes']>[string][] => list.flatMap(({ attributes = {} }) => Object.values(attributes));
  if (attributesOf(before).some(({ bools, ints, strings, versions }) => (bools ?? ints ?? strings ?? versions) !== undefined)) return;
  for (const attribute of attributesOf(devices)) for (const name of ['bools', 'ints', 'strings', 'versions'] as const) dropField(attribute, name);
}

/** Kubernetes: a taint says since when it is there. */
function dateTaints({ spec: { devices = [] } }: Slice, nowMs: number): void {
  for (const { taints = [] } of devices) for (const taint of taints) taint.timeAdded ??= formatTime(nowMs);
}

export const resourceSliceStrategy: Strategy<Slice> = {
  hasGeneration: true,
  prepareForCreate(slice, { nowMs }) {
    dateTaints(slice, nowMs);
    dropDisabled(slice, undefined);
  },
  prepareForUpdate(slice, old, { nowMs }) {
    dateTaints(slice, nowMs);
    if (!isSemanticallyEqual(ResourceSliceSpec, slice.spec, old.spec)) slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
    dropDisabled(slice, old);
  },
  // Kubernetes: counted above, as long as what is dropped is still there.
  isNewGeneration: () => false,
};
