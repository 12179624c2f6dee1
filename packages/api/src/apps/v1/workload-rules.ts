/** Rules that workload kinds share: selectors, templates, amounts, and what controllers count. */
import { givenValue, matchesLabels, percentErrors, type Selector, selectorOf } from '@kaji/schema';
import { validatePodTemplate } from '../../core/v1/pod-rules.ts';
import type { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { forbidden, invalid, invalidAll, nonNegative, notSupported, required } from '../../field-error.ts';
import { shownLabels, shownSelector, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import type { FieldError } from '../../resource.ts';

const path = 'spec.template';
const isEmpty = (selector: LabelSelector): boolean => Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** The selector, or undefined where its rules are broken. */
export function compiledSelector(selector: LabelSelector | undefined): Selector | undefined {
  return validateLabelSelector(selector, '').length === 0 ? selectorOf(selector) : undefined;
}

export function selectorErrors(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined) return [required('spec.selector')];
  return [...validateLabelSelector(selector, 'spec.selector'), ...emptySelectorErrors(selector, kind)];
}

export const emptySelectorErrors = (selector: LabelSelector | undefined, kind: string): FieldError[] => (selector !== undefined && isEmpty(selector) ? [invalid('spec.selector', shownSelector(selector), `empty selector is invalid for ${kind}`)] : []);

/** The pods that a template makes must be such as the selector finds. One that selects everything is refused elsewhere. */
export function matchErrors(template: PodTemplateSpec, selector: Selector): FieldError[] {
  const selectsAll = !selector.isNothing && selector.requirements.length === 0;
  return selectsAll || matchesLabels(selector, template.metadata?.labels) ? [] : [invalid(`${path}.metadata.labels`, shownLabels(givenValue(givenValue(template, 'metadata'), 'labels')), '`selector` does not match template `labels`')];
}

/** Kubernetes: pods of these kinds start again whatever their end. */
export function lastingErrors({ spec }: PodTemplateSpec, kind: string): FieldError[] {
  return [
    ...(spec.restartPolicy === 'Always' ? [] : [notSupported(`${path}.spec.restartPolicy`, spec.restartPolicy ?? '', ['Always'])]),
    ...(spec.activeDeadlineSeconds === undefined ? [] : [forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)]),
  ];
}

/** `old` is the template that there was, on updates. */
export const replicatedTemplateErrors = (template: PodTemplateSpec, selector: Selector, kind: string, old: PodTemplateSpec | undefined): FieldError[] =>
  [...matchErrors(template, selector), ...validatePodTemplate(template, path, old), ...lastingErrors(template, kind)];

type Amount = number | string | undefined;

/** The number, or that of the percentage; nothing where it is neither. */
export const amountOf = (value: Amount): number => (typeof value === 'string' ? (percentErrors(value).length === 0 ? Number(value.slice(0, -1)) : /^[+-]?\d+$/.test(value) ? Number(value) : 0) : value ?? 0);
export const amountErrors = (at: string, value: Amount): FieldError[] => (typeof value === 'string' ? invalidAll(at, value, percentErrors(value)) : nonNegative(at, value));
export const shareErrors = (at: string, value: Amount): FieldError[] => (typeof value === 'string' && percentErrors(value).length === 0 && amountOf(value) > 100 ? [invalid(at, value, 'must not be greater than 100%')] : []);

/** A rollout as Go's server shows it: amounts that are not set are 0. */
export const shownRollout = (rolling: { readonly maxUnavailable?: Amount; readonly maxSurge?: Amount } | undefined): unknown => (rolling === undefined ? null : { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 });

type Counts<Name extends string> = { readonly [N in Name | 'replicas' | 'readyReplicas' | 'availableReplicas' | 'collisionCount']?: number | undefined };

/** Counts that a controller reports: none negative, in this order. */
export const negativeCounts = <Name extends string>(status: { readonly [N in Name]?: number | undefined }, names: readonly Name[]): FieldError[] => names.flatMap((name) => nonNegative(`status.${name}`, status[name]));

/** Parts are no larger than the whole. `ready` is the kind's word for readiness. */
export function partErrors<Name extends string>(status: Counts<Name>, parts: readonly Name[], ready = 'readyReplicas'): FieldError[] {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  return [
    ...parts.flatMap((name) => ((status[name] ?? 0) > replicas ? [invalid(`status.${name}`, status[name] ?? 0, 'cannot be greater than status.replicas')] : [])),
    ...(availableReplicas > readyReplicas ? [invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${ready}`)] : []),
  ];
}

interface Collisions {
  readonly collisionCount?: number | undefined;
}

export function collisionErrors({ collisionCount }: Collisions = {}, { collisionCount: old }: Collisions = {}): FieldError[] {
  return old !== undefined && (collisionCount === undefined || collisionCount < old) ? [invalid('status.collisionCount', collisionCount ?? 0, 'cannot be decremented')] : [];
}
