/** What an update may change of a Service: its first address and family stay, a second one may come and go. */
import { append } from '@kaji/base';
import { givenValue, qualifiedNameErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Service, ServiceSpec } from './service.ts';

export const isHeadless = ({ clusterIPs = [], clusterIP }: ServiceSpec): boolean => (clusterIPs.length === 1 ? clusterIPs[0] === 'None' : clusterIPs.length === 0 && clusterIP === 'None');
export const needsHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean => type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

export function classErrors({ type, loadBalancerClass }: ServiceSpec): FieldError[] {
  const path = 'spec.loadBalancerClass';
  if (loadBalancerClass === undefined) return [];
  return type === 'LoadBalancer' ? invalidAll(path, loadBalancerClass, qualifiedNameErrors(loadBalancerClass)) : [forbidden(path, "may only be used when `type` is 'LoadBalancer'")];
}

const releaseErrors = ({ ipFamilyPolicy }: ServiceSpec, what: string): FieldError[] =>
  (ipFamilyPolicy === 'SingleStack' ? [] : [invalid('spec.ipFamilyPolicy', ipFamilyPolicy ?? null, `must be set to 'SingleStack' when releasing the secondary ${what}`)]);

const change = 'may not change once set';

function addressErrors(spec: ServiceSpec, { clusterIPs: before = [] }: ServiceSpec): FieldError[] {
  const path = 'spec.clusterIPs';
  const { clusterIPs: now = [] } = spec;
  if (now.length === before.length) return before.flatMap((address, index) => (address === now[index] ? [] : [invalid(`${path}[${index}]`, now, change)]));
  const errors = now.length === 0 ? [invalid(`${path}[0]`, givenValue(spec, 'clusterIPs'), 'primary clusterIP can not be unset')] : before.length > 0 && now[0] !== before[0] ? [invalid(`${path}[0]`, now, change)] : [];
  return [...errors, ...(now.length === 1 && before.length > 1 ? releaseErrors(spec, 'clusterIP') : [])];
}

function familyErrors(spec: ServiceSpec, { ipFamilies: before = [] }: ServiceSpec): FieldError[] {
  const path = 'spec.ipFamilies[0]';
  const { clusterIPs = [], ipFamilies: now = [] } = spec;
  // Kubernetes: whichever family differs, the first is named; where their number differs, the addresses are shown instead.
  if (now.length === before.length) return before.flatMap((family, index) => (family === now[index] ? [] : [invalid(path, now, change)]));
  const errors = before.length > 0 && now.length > 0 && now[0] !== before[0] ? [invalid(path, givenValue(spec, 'clusterIPs'), change)] : [];
  if (now.length > before.length) return errors;
  return [...(clusterIPs.length === 0 ? [invalid(path, givenValue(spec, 'ipFamilies'), 'primary ipFamily can not be unset')] : []), ...errors, ...(now.length === 1 ? releaseErrors(spec, 'ipFamily') : [])];
}

export function validateServiceChange({ spec }: Service, { spec: old }: Service): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.type !== 'ExternalName' && old.type !== 'ExternalName') {
    const [isNow, wasBefore] = [isHeadless(spec), isHeadless(old)];
    if (!isNow || !wasBefore) append(errors, addressErrors(spec, old));
    if (!isNow && !wasBefore) append(errors, familyErrors(spec, old));
  }
  if (spec.type === 'LoadBalancer' && old.type === 'LoadBalancer' && spec.loadBalancerClass !== old.loadBalancerClass) errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, change));
  // Kubernetes: the class is checked with the change and again with the Service; clients see the causes twice.
  append(errors, classErrors(spec));
  if (needsHealthCheck(spec) && needsHealthCheck(old) && spec.healthCheckNodePort !== old.healthCheckNodePort) errors.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  return errors;
}
