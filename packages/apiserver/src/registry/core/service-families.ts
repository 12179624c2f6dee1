/** Which families of addresses a Service has. Pure. */
import type { FieldError } from '@kaji/api';
import { validateServiceAddresses } from '@kaji/api/core/v1';
import { fieldInvalid, invalid } from '../invalid.ts';
import { type Family, hasAddress, isHeadless, sameAddresses, sameFamilies, type ServiceObject } from './service-fields.ts';

export const familyOf = (address: string): Family => (address.includes(':') ? 'IPv6' : 'IPv4');
const otherFamily = (family: string | undefined): Family => (family === 'IPv4' ? 'IPv6' : 'IPv4');
const kind = { group: '', kind: 'Service' };
const policyPath = 'spec.ipFamilyPolicy';

/** Kubernetes: a Service that prefers two families does not get a second one, or lose it, because the cluster changed. */
export const staysDualStack = (service: ServiceObject, old: ServiceObject | undefined): boolean =>
  old !== undefined && service.spec.ipFamilyPolicy === 'PreferDualStack' && (old.spec.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack' && service.spec.type === old.spec.type && hasAddress(service)
  && sameAddresses(service, old) && sameFamilies(service, old);

const isUnselected = (service: ServiceObject): boolean => isHeadless(service) && Object.keys(service.spec.selector ?? {}).length === 0;

/** Fills in the families and their policy; `families` are the cluster's, the primary one first. Throws what does not fit together. */
export function settleFamilies(service: ServiceObject, old: ServiceObject | undefined, families: readonly Family[]): void {
  if (!hasAddress(service) || staysDualStack(service, old)) return;
  const { spec } = service;
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (isUnselected(service) ? 'RequireDualStack' : 'SingleStack');
  refuse(service, validateServiceAddresses(service, old));
  refuse(service, [...(old === undefined ? [] : changeErrors(service, old)), ...policyErrors(service), ...inferFamilies(service, families)]);
  const [primary = 'IPv4'] = families;
  if (isUnselected(service)) {
    spec.ipFamilies = (spec.ipFamilies ?? []).length === 0 ? [primary] : spec.ipFamilies;
    if (spec.ipFamilyPolicy !== 'SingleStack' && spec.ipFamilies?.length === 1) spec.ipFamilies = [...spec.ipFamilies, otherFamily(spec.ipFamilies[0])];
    return;
  }
  refuse(service, clusterErrors(service, families));
  spec.ipFamilies = (spec.ipFamilies ?? []).length === 0 ? [primary] : spec.ipFamilies;
  if (spec.ipFamilyPolicy !== 'SingleStack' && spec.ipFamilies?.length === 1 && families.length === 2) spec.ipFamilies = [...spec.ipFamilies, otherFamily(spec.ipFamilies[0])];
}

function refuse({ metadata }: ServiceObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind, metadata.name ?? '', errors);
}

/** Going back to one family is said by the policy. */
function changeErrors(service: ServiceObject, old: ServiceObject): FieldError[] {
  const { spec } = service;
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (sameAddresses(service, old) && (spec.clusterIPs ?? []).length > 1) spec.clusterIPs = (spec.clusterIPs ?? []).slice(0, 1);
    if (sameFamilies(service, old) && (spec.ipFamilies ?? []).length > 1) spec.ipFamilies = (spec.ipFamilies ?? []).slice(0, 1);
    return errors;
  }
  const isReduced = (now: readonly string[] = [], before: readonly string[] = []): boolean => now.length > 0 && now.length < before.length;
  if (isReduced(spec.clusterIPs, old.spec.clusterIPs)) errors.push(fieldInvalid(policyPath, spec.ipFamilyPolicy, "must be 'SingleStack' to release the secondary cluster IP"));
  if (isReduced(spec.ipFamilies, old.spec.ipFamilies)) errors.push(fieldInvalid(policyPath, spec.ipFamilyPolicy, "must be 'SingleStack' to release the secondary IP family"));
  return errors;
}

function policyErrors({ spec }: ServiceObject): FieldError[] {
  if (spec.ipFamilyPolicy !== 'SingleStack') return [];
  const why = (what: string): string => `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
  return [
    ...((spec.clusterIPs ?? []).length === 2 ? [fieldInvalid(policyPath, spec.ipFamilyPolicy, why('cluster IPs'))] : []),
    ...((spec.ipFamilies ?? []).length === 2 ? [fieldInvalid(policyPath, spec.ipFamilyPolicy, why('IP families'))] : []),
  ];
}

/** Addresses that were asked for say their families, where nobody else does. */
function inferFamilies({ spec }: ServiceObject, families: readonly Family[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === 'None') break;
    if (index < (spec.ipFamilies ?? []).length) continue;
    const family = familyOf(address);
    if (families.includes(family)) spec.ipFamilies = [...spec.ipFamilies ?? [], family];
    else errors.push(fieldInvalid(`spec.clusterIPs[${index}]`, spec.clusterIPs, `${family} is not configured on this cluster`));
  }
  return errors;
}

function clusterErrors({ spec }: ServiceObject, families: readonly Family[]): FieldError[] {
  return [
    ...(spec.ipFamilyPolicy === 'RequireDualStack' && families.length < 2 ? [fieldInvalid(policyPath, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services')] : []),
    ...(spec.ipFamilies ?? []).flatMap((family, index) => (families.some((known) => known === family) ? [] : [fieldInvalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')])),
  ];
}
