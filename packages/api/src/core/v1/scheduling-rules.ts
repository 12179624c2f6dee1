/** Rules of affinity, tolerations and spreading. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, qualifiedNameErrors } from '@kaji/schema';
import { errorsOf, forbidden, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { requirementErrors, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import type { FieldError } from '../../resource.ts';
import type { PodRatchets } from './pod-ratchets.ts';
import type { Affinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm, PodAntiAffinity, Toleration, TopologySpreadConstraint } from './scheduling.ts';

const expressionErrors = (requirement: NodeSelectorRequirement, path: string, areValuesChecked: boolean): FieldError[] => requirementErrors(requirement, path, { comparesNumbers: true, areValuesChecked });

function fieldErrors({ key, operator, values = [] }: NodeSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  else if (values.length !== 1) errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
  else values.forEach((value, index) => append(errors, invalidAll(`${path}.values[${index}]`, value, dns1123SubdomainErrors(value))));
  return errors;
}

const termErrors = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, path: string, areValuesChecked: boolean): FieldError[] => [
  ...matchExpressions.flatMap((expression, index) => expressionErrors(expression, `${path}.matchExpressions[${index}]`, areValuesChecked)),
  ...matchFields.flatMap((expression, index) => fieldErrors(expression, `${path}.matchFields[${index}]`)),
];

export function validateNodeSelector({ nodeSelectorTerms }: NodeSelector, path: string, areValuesChecked = true): FieldError[] {
  if (nodeSelectorTerms.length === 0) return [required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term')];
  return nodeSelectorTerms.flatMap((term, index) => termErrors(term, `${path}.nodeSelectorTerms[${index}]`, areValuesChecked));
}

/** Whether it compares with values that no label can have. Kubernetes: those that are there already may stay. */
export const comparesImpossibleValues = (selector: NodeSelector | undefined): boolean =>
  (selector?.nodeSelectorTerms ?? []).some(({ matchExpressions = [] }) => matchExpressions.some(({ values = [] }) => values.some((value) => labelValueErrors(value).length > 0)));

const weightErrors = (weight: number, path: string): FieldError[] => (weight <= 0 || weight > 100 ? [invalid(path, weight, 'must be in the range 1-100')] : []);

function keysErrors(path: string, keys: readonly string[], selector: LabelSelector | undefined): FieldError[] {
  if (keys.length === 0) return [];
  if (selector === undefined) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, index) => invalidAll(`${path}[${index}]`, key, qualifiedNameErrors(key)));
}

export function matchKeysErrors(path: string, match: readonly string[], mismatch: readonly string[], selector: LabelSelector | undefined): FieldError[] {
  const errors = [...keysErrors(`${path}.matchLabelKeys`, match, selector), ...keysErrors(`${path}.mismatchLabelKeys`, mismatch, selector)];
  const named = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    const index = match.indexOf(key);
    if (index >= 0 && named.has(key)) errors.push(invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    named.add(key);
  }
  match.forEach((key, index) => {
    if (mismatch.includes(key)) errors.push(invalid(`${path}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  });
  return errors;
}

function podTermErrors(term: PodAffinityTerm, path: string, areValuesChecked: boolean): FieldError[] {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  return [
    ...validateLabelSelector(labelSelector, `${path}.labelSelector`, { areValuesChecked }), ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, { areValuesChecked }),
    ...namespaces.flatMap((name) => invalidAll(`${path}.namespace`, name, dns1123LabelErrors(name))),
    ...matchKeysErrors(path, matchLabelKeys, mismatchLabelKeys, labelSelector),
    ...(topologyKey === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []), ...invalidAll(`${path}.topologyKey`, topologyKey, qualifiedNameErrors(topologyKey)),
  ];
}

const podErrors = ({ requiredDuringSchedulingIgnoredDuringExecution: hard = [], preferredDuringSchedulingIgnoredDuringExecution: soft = [] }: PodAntiAffinity, path: string, areValuesChecked: boolean): FieldError[] => [
  ...hard.flatMap((term, index) => podTermErrors(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, areValuesChecked)),
  ...soft.flatMap(({ weight, podAffinityTerm }, index) => {
    const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    return [...weightErrors(weight, `${at}.weight`), ...podTermErrors(podAffinityTerm, `${at}.podAffinityTerm`, areValuesChecked)];
  }),
];

export function validateAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: string, keeps: Pick<PodRatchets, 'affinityValues' | 'nodeAffinityValues'>): FieldError[] {
  const errors: FieldError[] = [];
  const { requiredDuringSchedulingIgnoredDuringExecution: hard, preferredDuringSchedulingIgnoredDuringExecution: soft = [] } = nodeAffinity ?? {};
  if (hard !== undefined) append(errors, validateNodeSelector(hard, `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`, !keeps.nodeAffinityValues));
  soft.forEach(({ weight, preference }, index) => {
    const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    append(errors, weightErrors(weight, `${at}.weight`), termErrors(preference, `${at}.preference`, false));
  });
  if (podAffinity !== undefined) append(errors, podErrors(podAffinity, `${path}.podAffinity`, !keeps.affinityValues));
  if (podAntiAffinity !== undefined) append(errors, podErrors(podAntiAffinity, `${path}.podAntiAffinity`, !keeps.affinityValues));
  return errors;
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
export const effectErrors = (effect: string, path: string): FieldError[] => (effects.includes(effect) ? [] : [notSupported(path, effect, effects)]);

export const validateTolerations = (tolerations: readonly Toleration[], path: string): FieldError[] => errorsOf(tolerations, ({ key = '', operator = '', value = '', effect = '', tolerationSeconds }, index) => {
  const at = `${path}[${index}]`;
  const errors = key === '' ? [] : invalidAll(`${at}.key`, key, qualifiedNameErrors(key));
  if (key === '' && operator !== 'Exists') errors.push(invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  switch (operator) {
    case 'Equal': case '': {
      const messages = labelValueErrors(value);
      if (messages.length > 0) errors.push(invalid(`${at}.operator`, value, messages.join(';')));
      break;
    }
    case 'Exists':
      if (value !== '') errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
      break;
    case 'Lt': case 'Gt':
      errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists', 'Lt', 'Gt']));
      break;
    default: errors.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
  }
  if (effect !== '') append(errors, effectErrors(effect, `${at}.effect`));
  return errors;
});

const positive = (value: number, path: string): FieldError[] => (value > 0 ? [] : [invalid(path, value, 'must be greater than zero')]);

/** Where the pod had malformed keys before: they may name nothing that the selector names. */
function looseKeysErrors(path: string, keys: readonly string[], selector: LabelSelector | undefined): FieldError[] {
  if (keys.length === 0) return [];
  const named = new Set([...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key }) => key)]);
  return [
    ...(selector === undefined ? [forbidden(path, 'must not be specified when labelSelector is not set')] : []),
    ...keys.flatMap((key, index) => [...invalidAll(`${path}[${index}]`, key, qualifiedNameErrors(key)), ...(named.has(key) ? [invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector')] : [])]),
  ];
}

export function validateSpread(constraints: readonly TopologySpreadConstraint[], path: string, keeps: Pick<PodRatchets, 'spreadKeys' | 'spreadSelectors'>): FieldError[] {
  const identity = ({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint): string => JSON.stringify([topologyKey, whenUnsatisfiable]);
  const last = new Map(constraints.map((constraint, index) => [identity(constraint), index]));
  return errorsOf(constraints, (constraint, index) => {
    const at = `${path}[${index}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys = [], labelSelector } = constraint;
    const errors = positive(maxSkew, `${at}.maxSkew`);
    if (topologyKey === '') errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway') errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']));
    if ((last.get(identity(constraint)) ?? 0) > index) {
      errors.push({ field: `${at}.{topologyKey, whenUnsatisfiable}`, reason: 'FieldValueDuplicate', message: `Duplicate value: "{${topologyKey}, ${whenUnsatisfiable}}"` });
    }
    if (minDomains !== undefined) {
      append(errors, positive(minDomains, `${at}.minDomains`));
      if (whenUnsatisfiable !== 'DoNotSchedule') errors.push(invalid(`${at}.minDomains`, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${String(whenUnsatisfiable)}`));
    }
    for (const [name, policy] of [['nodeAffinityPolicy', nodeAffinityPolicy], ['nodeTaintsPolicy', nodeTaintsPolicy]] as const) {
      if (policy !== undefined && policy !== 'Honor' && policy !== 'Ignore') errors.push(notSupported(`${at}.${name}`, policy, ['Honor', 'Ignore']));
    }
    const keys = keeps.spreadKeys ? looseKeysErrors(`${at}.matchLabelKeys`, matchLabelKeys, labelSelector) : matchKeysErrors(at, matchLabelKeys, [], labelSelector);
    return [...errors, ...keys, ...(keeps.spreadSelectors ? [] : validateLabelSelector(labelSelector, `${at}.labelSelector`))];
  });
}
