/** Rules of CustomResourceDefinitions, but for the forms of their schemas: names, versions, columns, subresources, conversion, rules in schemas. */
import { dns1035LabelErrors, dns1123SubdomainErrors, goForm, isDeepEqual, parseGoUrl } from '@kaji/schema';
import { clientConfigErrors } from '../../admissionregistration/v1/client-config-rules.ts';
import { forbidden, immutable, invalid, notSupported, oneOfValues, required } from '../../field-error.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateObjectMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CustomResourceDefinition } from './custom-resource-definition.ts';
import { type CustomResourceColumnDefinition, type CustomResourceConversion, type CustomResourceDefinitionNames, type CustomResourceDefinitionSpec, CustomResourceDefinitionVersion, type CustomResourceSubresources } from './custom-resource-definition-spec.ts';
import { expressionsOf, schemaExpressionErrors } from './schema-expression-rules.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
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

/** Kubernetes: what all versions have in common is told of the spec as a whole. */
function versionPath(spec: CustomResourceDefinitionSpec, field: 'schema' | 'subresources' | 'additionalPrinterColumns', index: number): string | undefined {
  const isShared = spec.versions.every((version) => isDeepEqual(version[field], spec.versions[0]?.[field]));
  return isShared ? (index === 0 ? 'spec' : undefined) : `spec.versions[${index}]`;
}

function specErrors(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): FieldError[] {
  const { group, scope, versions, names } = spec;
  const groupMessages = dns1123SubdomainErrors(group);
  const needsSchema = old === undefined || old.versions.every(({ schema }) => schema?.openAPIV3Schema !== undefined);
  const shown = (): unknown => versions.map(({ schema: _, subresources: __, additionalPrinterColumns: ___, ...version }) => goForm(CustomResourceDefinitionVersion, version));
  return [
    ...(group === '' ? [required('spec.group')] : groupMessages.length > 0 ? joined('spec.group', group, groupMessages) : group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]),
    ...oneOfValues('spec.scope', scope, ['Cluster', 'Namespaced']),
    ...versions.flatMap(({ schema, served }, index) => (schema?.openAPIV3Schema !== undefined || (!needsSchema && !served) ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`, needsSchema ? '' : 'because otherwise all fields are pruned')])),
    ...versions.flatMap((version, index) => versionErrors(version, spec, index)),
    ...(new Set(versions.map(({ name }) => name)).size < versions.length ? [invalid('spec.versions', shown(), 'must contain unique version names')] : []),
    ...(versions.filter(({ storage }) => storage).length === 1 ? [] : [invalid('spec.versions', shown(), 'must have exactly one version marked as storage version')]),
    ...(['plural', 'singular', 'kind', 'listKind'] as const).filter((name) => (names[name] ?? '') === '').map((name) => required(`spec.names.${name}`)),
    ...namesErrors(names, 'spec.names'), ...conversionErrors(spec.conversion, old?.conversion), ...schemasErrors(spec, old),
  ];
}

function schemasErrors(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): FieldError[] {
  const before = new Set(old?.versions.flatMap(({ schema }) => expressionsOf(schema?.openAPIV3Schema)));
  return spec.versions.flatMap(({ name, schema }, index) => {
    const at = versionPath(spec, 'schema', index);
    if (at === undefined || schema?.openAPIV3Schema === undefined) return [];
    const isUnchanged = old?.versions.some((version) => version.name === name && isDeepEqual(version.schema, schema)) === true;
    return schemaExpressionErrors(schema.openAPIV3Schema, `${at === 'spec' ? 'spec.validation' : `${at}.schema`}.openAPIV3Schema`, { before, isUnchanged });
  });
}

function versionErrors(version: CustomResourceDefinitionVersion, spec: CustomResourceDefinitionSpec, index: number): FieldError[] {
  const path = `spec.versions[${index}]`;
  const { name, deprecated = false, deprecationWarning, subresources, additionalPrinterColumns = [] } = version;
  const [subresourcesAt, columnsAt] = [versionPath(spec, 'subresources', index), versionPath(spec, 'additionalPrinterColumns', index)];
  return [
    ...joined(`${path}.name`, name, dns1035LabelErrors(name)), ...deprecationErrors(deprecated, deprecationWarning).map((why) => invalid(`${path}.deprecationWarning`, deprecationWarning, why)),
    ...(subresourcesAt === undefined ? [] : subresourcesErrors(subresources, `${subresourcesAt}.subresources`)),
    ...(columnsAt === undefined ? [] : additionalPrinterColumns.flatMap((column, at) => columnErrors(column, `${columnsAt}.additionalPrinterColumns[${at}]`))),
  ];
}

function deprecationErrors(isDeprecated: boolean, warning: string | undefined): string[] {
  if (warning === undefined) return [];
  if (!isDeprecated) return ['can only be set for deprecated versions'];
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  return [
    ...(bytes(warning) > 256 ? ['must be <= 256 characters long'] : []), ...(warning === '' ? ['must not be an empty string'] : []),
    ...(odd === null ? [] : [`must only contain printable UTF-8 characters; non-printable character found at index ${bytes(warning.slice(0, odd.index))}`]),
  ];
}

const isPath = (path: string): boolean => path.startsWith('.');

function subresourcesErrors(subresources: CustomResourceSubresources | undefined, path: string): FieldError[] {
  const { scale } = subresources ?? {};
  if (scale === undefined) return [];
  const check = (field: string, value: string, roots: readonly string[], where: string): FieldError[] =>
    (!isPath(value) ? [invalid(`${path}.scale.${field}`, value, 'must be a simple json path starting with .')] : roots.some((root) => value.startsWith(root)) ? [] : [invalid(`${path}.scale.${field}`, value, `should be a json path under ${where}`)]);
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = '' } = scale;
  return [
    ...(specReplicasPath === '' ? [required(`${path}.scale.specReplicasPath`)] : check('specReplicasPath', specReplicasPath, ['.spec.'], '.spec')),
    ...(statusReplicasPath === '' ? [required(`${path}.scale.statusReplicasPath`)] : check('statusReplicasPath', statusReplicasPath, ['.status.'], '.status')),
    ...(labelSelectorPath === '' ? [] : check('labelSelectorPath', labelSelectorPath, ['.spec.', '.status.'], 'either .spec or .status')),
  ];
}

function columnErrors({ name, type, format = '', jsonPath }: CustomResourceColumnDefinition, path: string): FieldError[] {
  const types = `must be one of ${columnTypes.join(',')}`;
  return [
    ...(name === '' ? [required(`${path}.name`)] : []), ...(type === '' ? [required(`${path}.type`, types)] : columnTypes.includes(type) ? [] : [invalid(`${path}.type`, type, types)]),
    ...(format === '' || columnFormats.includes(format) ? [] : [invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`)]),
    ...(jsonPath === '' ? [required(`${path}.JSONPath`)] : isPath(jsonPath) ? [] : [invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .')]),
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
  if (stored.length === 0) return [invalid(path, null, 'must have at least one stored version')];
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
