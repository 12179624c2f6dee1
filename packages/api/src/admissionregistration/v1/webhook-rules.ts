/** Rules of webhook configurations. What was accepted once may stay: an update is held to no more than the object before kept. */
import { dns1035LabelErrors, dns1123SubdomainErrors, isDeepEqual } from '@kaji/schema';
import { duplicate, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { ObjectMeta } from '../../meta/v1/object-meta.ts';
import type { FieldError } from '../../resource.ts';
import { clientConfigErrors } from './client-config-rules.ts';
import { ageIn } from './expression-rules.ts';
import { type ConditionContext, matchConditionsErrors } from './match-condition-rules.ts';
import type { MutatingWebhook } from './mutating-webhook-configuration.ts';
import { failurePolicies, matchPolicies, optionalOneOf, ruleErrors } from './rule-rules.ts';
import type { ValidatingWebhook } from './validating-webhook-configuration.ts';

type Webhook = MutatingWebhook | ValidatingWebhook;

interface Configuration {
  readonly metadata: ObjectMeta;
  readonly webhooks?: readonly Webhook[] | undefined;
}

const reviewVersions = ['v1', 'v1beta1'];
const sideEffectClasses = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const noSideEffects = ['None', 'NoneOnDryRun'];
const reinvocationPolicies = ['IfNeeded', 'Never'];

/** A name of at least three segments: `check.example.com`. */
function qualifiedName(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  const errors = dns1123SubdomainErrors(name);
  if (errors.length > 0) return invalidAll(path, name, errors);
  return name.split('.').length < 3 ? [invalid(path, name, 'should be a domain with at least three segments separated by dots')] : [];
}

const isReviewVersion = (version: string): boolean => reviewVersions.includes(version);

function reviewVersionsErrors(versions: readonly string[], path: string, mustKnowOne: boolean): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${reviewVersions.join(', ')}`)];
  const errors = versions.flatMap((version, index) => (versions.indexOf(version) < index ? [invalid(`${path}[${index}]`, version, 'duplicate version')] : invalidAll(`${path}[${index}]`, version, dns1035LabelErrors(version))));
  return mustKnowOne && !versions.some(isReviewVersion) ? [...errors, invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`)] : errors;
}

interface Strictness {
  readonly sideEffects: readonly string[];
  /** Absent where conditions are not looked at. */
  readonly conditions: ConditionContext | undefined;
  readonly areSelectorValuesChecked: boolean;
}

function webhookErrors(hook: Webhook, path: string, { sideEffects, conditions, areSelectorValuesChecked }: Strictness): FieldError[] {
  const { timeoutSeconds } = hook;
  const selectorErrors = (name: 'namespaceSelector' | 'objectSelector'): FieldError[] => validateLabelSelector(hook[name], `${path}.${name}`, { areValuesChecked: areSelectorValuesChecked });
  return [
    ...qualifiedName(hook.name, `${path}.name`),
    ...(hook.rules ?? []).flatMap((rule, index) => ruleErrors(rule, `${path}.rules[${index}]`)),
    ...optionalOneOf(`${path}.failurePolicy`, hook.failurePolicy, failurePolicies), ...optionalOneOf(`${path}.matchPolicy`, hook.matchPolicy, matchPolicies),
    ...sideEffectErrors(hook.sideEffects, `${path}.sideEffects`, sideEffects),
    ...(timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1) ? [invalid(`${path}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds')] : []),
    ...selectorErrors('namespaceSelector'), ...selectorErrors('objectSelector'),
    ...('reinvocationPolicy' in hook ? optionalOneOf(`${path}.reinvocationPolicy`, hook.reinvocationPolicy, reinvocationPolicies) : []),
    ...clientConfigErrors(hook.clientConfig, `${path}.clientConfig`),
    ...(conditions === undefined ? [] : matchConditionsErrors(hook.matchConditions, `${path}.matchConditions`, conditions)),
  ];
}

function sideEffectErrors(value: string | undefined, path: string, allowed: readonly string[]): FieldError[] {
  if (value === undefined) return [required(path, `must specify one of ${allowed.join(', ')}`)];
  return allowed.includes(value) ? [] : [notSupported(path, value, allowed)];
}

export function validateWebhooks({ webhooks = [] }: Configuration, old: Configuration | undefined): FieldError[] {
  const before = old?.webhooks ?? [];
  const areKept = old !== undefined && isDeepEqual(webhooks.map(({ matchConditions = [] }) => matchConditions), before.map(({ matchConditions = [] }) => matchConditions));
  const strictness: Strictness = {
    sideEffects: before.every(({ sideEffects }) => sideEffects !== undefined && noSideEffects.includes(sideEffects)) ? noSideEffects : sideEffectClasses,
    conditions: areKept ? undefined : { hasParams: false, ageOf: ageIn(before.flatMap(({ matchConditions = [] }) => matchConditions.map(({ expression }) => expression))) },
    areSelectorValuesChecked: before.every(({ namespaceSelector, objectSelector }) => [...validateLabelSelector(namespaceSelector, ''), ...validateLabelSelector(objectSelector, '')].length === 0),
  };
  const mustKnowVersion = before.every(({ admissionReviewVersions: versions }) => versions.length === 0 || versions.some(isReviewVersion));
  const mustDiffer = new Set(before.map(({ name }) => name)).size === before.length;
  return webhooks.flatMap((hook, index) => {
    const path = `webhooks[${index}]`;
    const isTaken = mustDiffer && hook.name !== '' && webhooks.findIndex(({ name }) => name === hook.name) < index;
    return [...webhookErrors(hook, path, strictness), ...reviewVersionsErrors(hook.admissionReviewVersions, `${path}.admissionReviewVersions`, mustKnowVersion), ...(isTaken ? [duplicate(`${path}.name`, hook.name)] : [])];
  });
}

const reservedSuffix = '.static.k8s.io';

/** Told of objects whose names a server keeps for configurations of its own. */
export const reservedNameWarnings = ({ metadata }: { readonly metadata: ObjectMeta }): string[] =>
  (metadata.name?.endsWith(reservedSuffix) === true ? [`metadata.name: names ending with "${reservedSuffix}" are reserved for static manifest-based configurations and cannot be managed via the API`] : []);
