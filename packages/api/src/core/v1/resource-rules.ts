/** Rules of resource names and amounts. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123LabelErrors, parseQuantity, qualifiedNameErrors, quantityMilliValue, quantityValue } from '@kaji/schema';
import { duplicate, errorsOf, forbidden, invalid, invalidAll, notFoundField, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ResourceClaim, ResourceRequirements } from './references.ts';

const standardNames = new Set([
  'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'pods', 'resourcequotas',
  'services', 'replicationcontrollers', 'secrets', 'persistentvolumeclaims', 'configmaps', 'services.nodeports', 'services.loadbalancers', 'storage', 'requests.storage',
]);
const countedNames = new Set(['pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers']);

export const isHugePage = (name: string): boolean => name.startsWith('hugepages-');
const isStandard = (name: string): boolean => standardNames.has(name) || isHugePage(name) || name.startsWith('requests.hugepages-');
export const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
export const isExtended = (name: string): boolean => !isNative(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;

/** Any resource's name: standard, or with a domain. */
export function resourceNameErrors(name: string, path: string): FieldError[] {
  const errors = invalidAll(path, name, qualifiedNameErrors(name));
  if (errors.length > 0) return errors;
  return !name.includes('/') && !isStandard(name) ? [invalid(path, name, 'must be a standard resource type or fully qualified')] : [];
}

/** Of what containers ask for. */
export function containerNameErrors(name: string, path: string): FieldError[] {
  const errors = resourceNameErrors(name, path);
  if (!name.includes('/')) {
    if (!['cpu', 'memory', 'ephemeral-storage'].includes(name) && !isHugePage(name)) errors.push(invalid(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name)) errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  return errors;
}

/** Kubernetes: shown as a whole number. */
export const negativeErrors = (amount: string, path: string): FieldError[] => (quantityValue(amount) < 0n ? [invalid(path, quantityValue(amount), 'must be a valid resource quantity')] : []);

/** What most amounts of things look like. */
const wholeAmount = /^\d+$/;

export function amountErrors(name: string, amount: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (amount.startsWith('-') && compareQuantities(amount, '0') < 0) errors.push(invalid(path, amount, 'must be greater than or equal to 0'));
  if (!wholeAmount.test(amount) && (countedNames.has(name) || isExtended(name)) && quantityMilliValue(amount) % 1000n !== 0n) errors.push(invalid(path, amount, 'must be an integer'));
  return errors;
}

export function hugePageErrors(name: string, amount: string, path: string): FieldError[] {
  if (!isHugePage(name)) return [];
  const size = name.slice('hugepages-'.length);
  const isSize = /^[0-9.]+[eEinumkKMGTP]*[0-9]*$/.test(size);
  if (isSize && parseQuantity(size).nano > 0n && quantityValue(amount) % quantityValue(size) === 0n) return [];
  return [invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)];
}

/** More may be promised of it than there is. */
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePage(name);
const hasBasics = (amounts: Readonly<Record<string, string>>): boolean => amounts['cpu'] !== undefined || amounts['memory'] !== undefined;

export type NameRules = (name: string, path: string) => FieldError[];

export interface RequirementsRules {
  /** Of the pod's claims for devices. */
  readonly claimNames: readonly string[];
  /** What names may look like; as containers name resources when absent. */
  readonly nameErrors?: NameRules;
  /** Whether amounts of huge pages need be no multiples of a page. */
  readonly keepsHugePages?: boolean;
}

export function validateRequirements({ limits = {}, requests = {}, claims = [] }: ResourceRequirements, path: string, { claimNames, nameErrors = containerNameErrors, keepsHugePages = false }: RequirementsRules): FieldError[] {
  const errors: FieldError[] = [];
  const pageErrors = (name: string, amount: string, at: string): FieldError[] => (keepsHugePages ? [] : hugePageErrors(name, amount, at));
  append(errors, errorsOf(Object.keys(limits), (name) => {
    const at = `${path}.limits[${name}]`;
    const amount = limits[name] ?? '';
    const own = nameErrors(name, at);
    append(own, amountErrors(name, amount, at), pageErrors(name, amount, at));
    return own;
  }));
  append(errors, errorsOf(Object.keys(requests), (name) => {
    const at = `${path}.requests[${name}]`;
    const amount = requests[name] ?? '';
    const own = nameErrors(name, at);
    append(own, amountErrors(name, amount, at));
    const limit = limits[name];
    if (limit !== undefined) {
      const difference = compareQuantities(amount, limit);
      if (difference !== 0 && !isOvercommitAllowed(name)) own.push(invalid(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`));
      else if (difference > 0) own.push(invalid(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`));
    } else if (!isOvercommitAllowed(name)) own.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    append(own, pageErrors(name, amount, at));
    return own;
  }));
  const hasHugePages = [...Object.keys(limits), ...Object.keys(requests)].some(isHugePage);
  if (hasHugePages && !hasBasics(limits) && !hasBasics(requests)) errors.push(forbidden(path, 'HugePages require cpu or memory'));
  return [...errors, ...claimErrors(claims, `${path}.claims`, claimNames)];
}

/** A claim is used whole, or by its requests, and each of them once. */
function claimErrors(claims: readonly ResourceClaim[], path: string, claimNames: readonly string[]): FieldError[] {
  const seen = new Set<string>();
  /** How many of the keys begin with a name and a slash. */
  const partly = new Map<string, number>();
  const known = new Set(claimNames);
  return errorsOf(claims, ({ name, request = '' }, index) => {
    const at = `${path}[${index}]`;
    if (name === '') return [required(at)];
    const errors: FieldError[] = [];
    if (seen.has(name)) errors.push(duplicate(at, name));
    else {
      const key = request === '' ? name : `${name}/${request}`;
      if (request !== '') append(errors, invalidAll(`${at}.request`, request, dns1123LabelErrors(request)));
      if (seen.has(key)) errors.push(duplicate(at, key));
      else if (request === '') for (let times = partly.get(name) ?? 0; times > 0; times--) errors.push(duplicate(at, name));
      const slash = seen.has(key) ? -1 : key.indexOf('/');
      if (slash >= 0) partly.set(key.slice(0, slash), (partly.get(key.slice(0, slash)) ?? 0) + 1);
      seen.add(key);
    }
    if (!known.has(name)) errors.push(notFoundField(at, name, `must be one of the names in pod.spec.resourceClaims${claimNames.length === 0 ? ' which is empty' : `: ${[...new Set(claimNames)].sort().join(', ')}`}`));
    return errors;
  });
}
