/** Rules of CustomResourceDefinitions: names, conversion, and what may change. */
import { dns1035LabelErrors, dns1123SubdomainErrors, givenValue, parseGoUrl } from '@kaji/schema';
import { clientConfigErrors } from '../../admissionregistration/v1/client-config-rules.ts';
import { forbidden, immutable, invalid, notSupported, oneOfValues, required } from '../../field-error.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateObjectMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CustomResourceDefinition } from './custom-resource-definition.ts';
import type { CustomResourceConversion, CustomResourceDefinitionNames, CustomResourceDefinitionSpec } from './custom-resource-definition-spec.ts';
import { versionsErrors } from './version-rules.ts';

const reviewVersions = ['v1', 'v1beta1'];
const approvedAnnotation = 'api-approved.kubernetes.io';

/** All that is wrong with a text, as one error. */
const joined = (path: string, value: string, messages: readonly string[], intro = ''): FieldError[] => (messages.length === 0 ? [] : [invalid(path, value, `${intro}${messages.join(',')}`)]);

export function validateDefinition(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  const { metadata, spec, status } = definition;
  const wanted = `${spec.names.plural}.${spec.group}`;
  const nameErrors = (name: string, isPrefix: boolean): readonly string[] => [...subdomainName(name, isPrefix), ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group'])];
  return [
    ...(old === undefined ? validateObjectMeta(metadata, { isNamespaced: false, nameErrors }) : []), ...specErrors(spec, old?.spec), ...(old === undefined ? [] : changeErrors(spec, old)),
    ...namesErrors(status?.acceptedNames, 'status.acceptedNames'), ...storedErrors(definition), ...approvalErrors(definition, old),
    ...(spec.preserveUnknownFields === true && old?.spec.preserveUnknownFields !== true ? [invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead')] : []),
  ];
}

export const validateDefinitionStatus = ({ status }: CustomResourceDefinition): FieldError[] => namesErrors(status?.acceptedNames, 'status.acceptedNames');

function specErrors(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): FieldError[] {
  const { group, scope, names, conversion, preserveUnknownFields = false } = spec;
  const groupMessages = dns1123SubdomainErrors(group);
  const versions = versionsErrors(spec, old);
  return [
    ...(group === '' ? [required('spec.group')] : groupMessages.length > 0 ? joined('spec.group', group, groupMessages) : group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]),
    ...oneOfValues('spec.scope', scope, ['Cluster', 'Namespaced']), ...versions.own,
    ...(['plural', 'singular', 'kind', 'listKind'] as const).filter((name) => (names[name] ?? '') === '').map((name) => required(`spec.names.${name}`)),
    ...namesErrors(names, 'spec.names'), ...versions.shared,
    ...(conversion !== undefined && conversion.strategy !== 'None' && preserveUnknownFields ? [invalid('spec.conversion.strategy', conversion.strategy, 'must be None if spec.preserveUnknownFields is true')] : []),
    ...conversionErrors(conversion, old?.conversion),
  ];
}

function namesErrors(names: CustomResourceDefinitionNames | undefined, path: string): FieldError[] {
  if (names === undefined) return [];
  const { plural, singular = '', kind, listKind = '', shortNames = [], categories = [] } = names;
  const label = (field: string, value: string): FieldError[] => (value === '' ? [] : joined(`${path}.${field}`, value, dns1035LabelErrors(value)));
  const mixed = (field: string, value: string): FieldError[] => (value === '' ? [] : joined(`${path}.${field}`, value, dns1035LabelErrors(value.toLowerCase()), 'may have mixed case, but should otherwise match: '));
  return [
    ...label('plural', plural), ...label('singular', singular), ...mixed('kind', kind), ...mixed('listKind', listKind),
    ...shortNames.flatMap((name, index) => joined(`${path}.shortNames[${index}]`, name, dns1035LabelErrors(name))),
    ...(kind !== '' && kind === listKind ? [invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same')] : []),
    ...categories.flatMap((name, index) => joined(`${path}.categories[${index}]`, name, dns1035LabelErrors(name))),
  ];
}

function conversionErrors(conversion: CustomResourceConversion | undefined, old: CustomResourceConversion | undefined): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const path = 'spec.conversion';
  const errors = strategy === '' ? [required(`${path}.strategy`)] : ['None', 'Webhook'].includes(strategy) ? [] : [notSupported(`${path}.strategy`, strategy, ['None', 'Webhook'])];
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    return [...errors, ...(webhook?.clientConfig === undefined ? [] : [forbidden(`${path}.webhookClientConfig`, why)]), ...(versions.length === 0 ? [] : [forbidden(`${path}.conversionReviewVersions`, why)])];
  }
  const before = old?.webhook?.conversionReviewVersions ?? [];
  const mustKnowOne = before.length === 0 || before.some((version) => reviewVersions.includes(version));
  return [
    ...errors, ...(webhook?.clientConfig === undefined ? [required(`${path}.webhookClientConfig`, 'required when strategy is set to Webhook')] : clientConfigErrors(webhook.clientConfig, `${path}.webhookClientConfig`)),
    ...reviewVersionsErrors(versions, `${path}.conversionReviewVersions`, mustKnowOne),
  ];
}

function reviewVersionsErrors(versions: readonly string[], path: string, mustKnowOne: boolean): FieldError[] {
  if (versions.length === 0) return [required(path)];
  return [
    ...versions.flatMap((version, index) => (versions.indexOf(version) < index ? [invalid(`${path}[${index}]`, version, 'duplicate version')] : dns1035LabelErrors(version).map((why) => invalid(`${path}[${index}]`, version, why)))),
    ...(mustKnowOne && !versions.some((version) => reviewVersions.includes(version)) ? [invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`)] : []),
  ];
}

function changeErrors({ scope, names, group }: CustomResourceDefinitionSpec, { spec: before, status }: CustomResourceDefinition): FieldError[] {
  const isEstablished = status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True') === true;
  return [
    ...(isEstablished ? [...immutable('spec.scope', scope, before.scope), ...immutable('spec.names.kind', names.kind, before.names.kind)] : []),
    ...immutable('spec.group', group, before.group), ...immutable('spec.names.plural', names.plural, before.names.plural),
  ];
}

function storedErrors({ spec: { versions }, status }: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions';
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) return [invalid(path, status && givenValue(status, 'storedVersions'), 'must have at least one stored version')];
  return [
    ...versions.filter(({ name, storage }) => storage && !stored.includes(name)).map(({ name }) => invalid(path, stored, `must have the storage version ${name}`)),
    ...stored.flatMap((name, index) => (versions.some((version) => version.name === name) ? []
      : [invalid(`${path}[${index}]`, name, `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`)])),
  ];
}

/** Kubernetes: kinds in its own groups are agreed upon. */
function approvalErrors({ metadata, spec: { group } }: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group)) return [];
  const text = metadata.annotations?.[approvedAnnotation] ?? '';
  const state = approvalState(text);
  if (state === 'approved' || (old !== undefined && approvalState(old.metadata.annotations?.[approvedAnnotation] ?? '') === state)) return [];
  const path = `metadata.annotations[${approvedAnnotation}]`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (state === 'missing') return [required(path, `protected groups must have approval annotation "${approvedAnnotation}", ${see}`)];
  return [invalid(path, text, `protected groups must have approval annotation "${approvedAnnotation}" with either a URL or a reason starting with "unapproved", ${see}`)];
}

function approvalState(text: string): 'missing' | 'approved' | 'invalid' {
  if (text === '') return 'missing';
  if (text.startsWith('unapproved')) return 'approved';
  const url = parseGoUrl(text);
  return typeof url !== 'string' && url.host !== '' && url.scheme !== '' ? 'approved' : 'invalid';
}
