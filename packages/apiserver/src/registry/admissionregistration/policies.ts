/** How admission policies and their bindings are written: who has a policy read parameters must be allowed to read them. */
import type { ApiObject, FieldError } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import {
  mutatingadmissionpolicies, type MutatingAdmissionPolicy, type MutatingAdmissionPolicyBinding, mutatingadmissionpolicybindings, type ParamKind, validatingadmissionpolicies,
  type ValidatingAdmissionPolicy, type ValidatingAdmissionPolicyBinding, validatingadmissionpolicybindings,
} from '@kaji/api/admissionregistration/v1';
import { isDeepEqual } from '@kaji/schema';
import type { User } from '../../pipeline/request.ts';
import { fieldForbidden } from '../invalid.ts';
import { keepMetadata } from '../keep-metadata.ts';
import type { Strategy, WriteContext } from '../strategy.ts';

type Policy = (ValidatingAdmissionPolicy | MutatingAdmissionPolicy) & ApiObject;
type Binding = (ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding) & ApiObject;

const written = { hasGeneration: true, requiresVersion: true } as const;

export const validatingPolicyStrategy: Strategy<ValidatingAdmissionPolicy & ApiObject> = {
  ...written,
  createsOnStatusApply: true,
  prepareForStatus: keepMetadata,
  errors: (policy, old, context) => (context.subresource !== '' || isRefused(validatingadmissionpolicies, policy, old) ? [] : policyErrors(policy, old, context)),
};

export const mutatingPolicyStrategy: Strategy<MutatingAdmissionPolicy & ApiObject> = {
  ...written,
  errors: (policy, old, context) => (isRefused(mutatingadmissionpolicies, policy, old) ? [] : policyErrors(policy, old, context)),
};

export const validatingBindingStrategy: Strategy<ValidatingAdmissionPolicyBinding & ApiObject> = {
  ...written,
  errors: (binding, old, context) => (isRefused(validatingadmissionpolicybindings, binding, old) ? [] : bindingErrors(binding, old, context, context.reader.get(validatingadmissionpolicies, '', binding.spec.policyName))),
};

export const mutatingBindingStrategy: Strategy<MutatingAdmissionPolicyBinding & ApiObject> = {
  ...written,
  errors: (binding, old, context) => (isRefused(mutatingadmissionpolicybindings, binding, old) ? [] : bindingErrors(binding, old, context, context.reader.get(mutatingadmissionpolicies, '', binding.spec.policyName ?? ''))),
};

/** Kubernetes: rights are looked at only when nothing else is wrong. */
const isRefused = <T>({ validate }: { validate?(object: T, old: T | undefined): readonly FieldError[] }, object: T, old: T | undefined): boolean => (validate?.(object, old) ?? []).length > 0;

interface What {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** The resource of a kind, as far as it is known; everything of what is not. */
function resourceOf({ apiVersion = '', kind = '' }: ParamKind): What & { readonly isKnown: boolean } {
  const slash = apiVersion.indexOf('/');
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
  const plural = kinds.find((one) => one.group === group && one.version === version && one.kind === kind)?.plural;
  return { group, version, plural: plural ?? '*', isKnown: plural !== undefined };
}

function policyErrors({ spec: { paramKind } }: Policy, old: Policy | undefined, { refusal, user }: WriteContext): FieldError[] {
  if (paramKind === undefined || isDeepEqual(old?.spec.paramKind, paramKind)) return [];
  const { group, version, plural } = resourceOf(paramKind);
  if (refusal({ verb: 'get', group, version, plural, subresource: '', name: '*', namespace: '*' }) === undefined) return [];
  return [fieldForbidden('spec.paramKind', `user ${userText(user)} must have "get" permission on all objects of the referenced paramKind (kind=${paramKind.kind ?? ''}, apiVersion=${paramKind.apiVersion ?? ''})`)];
}

function bindingErrors({ spec }: Binding, old: Binding | undefined, { refusal, user }: WriteContext, policy: Policy | undefined): FieldError[] {
  const { paramRef, policyName = '' } = spec;
  if (paramRef === undefined || (isDeepEqual(old?.spec.paramRef, paramRef) && old?.spec.policyName === spec.policyName)) return [];
  const paramKind = policy?.spec.paramKind;
  const what = paramKind === undefined ? { group: '*', version: '*', plural: '*', isKnown: true } : resourceOf(paramKind);
  const verb = (paramRef.name ?? '') === '' ? 'list' : 'get';
  if (refusal({ verb, ...wanted(what), subresource: '', name: paramRef.name ?? '', namespace: paramRef.namespace ?? '' }) === undefined) return [];
  const everything = `and user ${userText(user)} does not have "${verb}" permission for all groups, versions and resources`;
  const why = policy === undefined ? `unable to get policy ${policyName} to determine minimum required permissions ${everything}`
    : !what.isKnown ? `unable to resolve paramKind ${paramKindText(paramKind)} to determine minimum required permissions ${everything}`
      : `user ${userText(user)} does not have "${verb}" permission on the object referenced by paramRef`;
  return [fieldForbidden('spec.paramRef', why)];
}

const wanted = ({ group, version, plural }: What): What => ({ group, version, plural });
const paramKindText = (paramKind: ParamKind | undefined): string => `&{${paramKind?.apiVersion ?? ''} ${paramKind?.kind ?? ''}}`;

/** Kubernetes: a user as Go prints its struct. */
function userText({ name, uid = '', groups, extra = {} }: User): string {
  const pairs = Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, values]) => `${key}:[${values.join(' ')}]`);
  return `&{${name} ${uid} [${groups.join(' ')}] map[${pairs.join(' ')}]}`;
}

