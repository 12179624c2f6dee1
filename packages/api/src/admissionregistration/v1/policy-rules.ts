/** Rules of admission policies and their bindings. What their expressions say is not looked at here: that takes a compiler. */
import { dns1035LabelErrors, dns1123SubdomainErrors, isDeepEqual, pathSegmentErrors, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateConditions } from '../../meta/v1/condition-rules.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import { matchConditionsErrors } from './match-condition-rules.ts';
import type { MatchCondition } from './match-condition.ts';
import type { MatchResources } from './match-resources.ts';
import type { MutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding.ts';
import type { MutatingAdmissionPolicy, Mutation } from './mutating-admission-policy.ts';
import type { ParamKind } from './param-kind.ts';
import type { ParamRef } from './param-ref.ts';
import { failurePolicies, matchResourcesErrors, mutatingOperationErrors, optionalOneOf } from './rule-rules.ts';
import type { ValidatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from './validating-admission-policy.ts';
import type { Variable } from './variable.ts';

const mostAnnotations = 20;
const longestValueExpression = 5 * 1024;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const patchTypes = ['ApplyConfiguration', 'JSONPatch'];
const actions = ['Audit', 'Deny', 'Warn'];
const reserved: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
]);

function versionErrors(apiVersion: string, path: string): FieldError[] {
  const parts = apiVersion.split('/');
  if (apiVersion === '') return [required(path)];
  if (parts.length > 2) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group, version = ''] = parts.length === 1 ? ['', apiVersion] : [parts[0] ?? '', parts[1]];
  const joined = (value: string, messages: readonly string[]): FieldError[] => (messages.length === 0 ? [] : [invalid(path, value, messages.join(','))]);
  return [...(group === '' ? [] : joined(group, dns1123SubdomainErrors(group))), ...(version === '' ? [invalid(path, apiVersion, 'version must be specified')] : joined(version, dns1035LabelErrors(version)))];
}

function paramKindErrors(paramKind: ParamKind | undefined, path: string): FieldError[] {
  if (paramKind === undefined) return [];
  const { apiVersion = '', kind = '' } = paramKind;
  const messages = dns1035LabelErrors(kind.toLowerCase());
  const kindErrors = kind === '' ? [required(`${path}.kind`)] : messages.length > 0 ? [invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${messages.join(',')}`)] : [];
  return [...versionErrors(apiVersion, `${path}.apiVersion`), ...kindErrors];
}

interface PolicySpec {
  readonly failurePolicy?: string | undefined;
  readonly paramKind?: ParamKind | undefined;
  readonly matchConstraints?: MatchResources | undefined;
  readonly matchConditions?: readonly MatchCondition[] | undefined;
  readonly variables?: readonly Variable[] | undefined;
}

function constraintsErrors(constraints: MatchResources | undefined, path: string): FieldError[] {
  if (constraints === undefined) return [required(path)];
  return [...matchResourcesErrors(constraints, path), ...((constraints.resourceRules ?? []).length === 0 ? [required(`${path}.resourceRules`)] : [])];
}

function sharedErrors({ failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] }: PolicySpec, old: PolicySpec | undefined, isMutating: boolean): FieldError[] {
  const areConditionsKept = old !== undefined && isDeepEqual(paramKind, old.paramKind) && isDeepEqual(matchConditions ?? [], old.matchConditions ?? []);
  return [
    ...optionalOneOf('spec.failurePolicy', failurePolicy, failurePolicies), ...paramKindErrors(paramKind, 'spec.paramKind'), ...constraintsErrors(matchConstraints, 'spec.matchConstraints'),
    ...(isMutating ? mutatingOperationErrors(matchConstraints, 'spec.matchConstraints') : []),
    ...(areConditionsKept ? [] : matchConditionsErrors(matchConditions, 'spec.matchConditions')),
    ...variables.flatMap((variable, index) => variableErrors(variable, `spec.variables[${index}]`)),
  ];
}

function variableErrors({ name, expression }: Variable, path: string): FieldError[] {
  return [
    ...(name.trim() === '' ? [required(`${path}.name`, 'name is not specified')] : /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name) ? [] : [invalid(`${path}.name`, name, 'must be a valid CEL identifier')]),
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : []),
  ];
}

function validationErrors({ expression, message = '', messageExpression = '', reason }: Validation, path: string): FieldError[] {
  const isBlank = (text: string): boolean => text !== '' && text.trim() === '';
  return [
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : []),
    ...(isBlank(messageExpression) ? [invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified')] : []),
    ...(isBlank(message) ? [invalid(`${path}.message`, message, 'must be non-empty if specified')] : /[\n\r]/.test(message.trim()) ? [invalid(`${path}.message`, message, 'must not contain line breaks')] : []),
    ...optionalOneOf(`${path}.reason`, reason, reasons),
  ];
}

function annotationErrors({ key, valueExpression }: AuditAnnotation, path: string, policyName: string): FieldError[] {
  const value = valueExpression.trim();
  const name = `${policyName}/${key}`;
  return [
    ...invalidAll(`${path}.key`, name, qualifiedNameErrors(name)),
    ...(value === '' ? [required(`${path}.valueExpression`, 'valueExpression is not specified')] : new TextEncoder().encode(value).length > longestValueExpression ? [required(`${path}.valueExpression`, `must not exceed ${longestValueExpression} bytes in length`)] : []),
  ];
}

export function validateValidatingPolicy({ metadata, spec }: ValidatingAdmissionPolicy, old: ValidatingAdmissionPolicy | undefined): FieldError[] {
  const errors = sharedErrors(spec, old?.spec, false);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('spec.validations', why), required('spec.auditAnnotations', why)];
  }
  const path = 'spec.auditAnnotations';
  return [
    ...errors, ...validations.flatMap((validation, index) => validationErrors(validation, `spec.validations[${index}]`)),
    ...(auditAnnotations.length > mostAnnotations ? [invalid(path, goAnnotations(auditAnnotations), `must not have more than ${mostAnnotations} auditAnnotations`)] : []),
    ...auditAnnotations.flatMap((annotation, index) => [
      ...annotationErrors(annotation, `${path}[${index}]`, metadata.name ?? ''),
      ...(auditAnnotations.findIndex(({ key }) => key === annotation.key) < index ? [duplicate(`${path}[${index}].key`, annotation.key)] : []),
    ]),
  ];
}

/** Kubernetes: shown by the names of Go's fields. */
const goAnnotations = (annotations: readonly AuditAnnotation[]): unknown => annotations.map(({ key, valueExpression }) => ({ Key: key, ValueExpression: valueExpression }));

export function validateValidatingPolicyStatus({ status = {} }: ValidatingAdmissionPolicy): FieldError[] {
  const warnings = status.typeChecking?.expressionWarnings ?? [];
  return [
    ...warnings.flatMap(({ warning, fieldRef }, index) => {
      const path = `status.typeChecking.expressionWarnings[${index}]`;
      return [...(warning === '' ? [required(`${path}.warning`)] : []), ...(fieldRef.trim() === '' ? [required(`${path}.fieldRef`)] : [])];
    }),
    ...validateConditions(status.conditions, 'status.conditions'),
  ];
}

function mutationErrors({ patchType, jsonPatch, applyConfiguration }: Mutation, path: string): FieldError[] {
  const type: string = patchType;
  if (type === '') return [required(`${path}.patchType`)];
  if (!patchTypes.includes(type)) return [notSupported(`${path}.patchType`, type, patchTypes)];
  const [wanted, other] = type === 'JSONPatch' ? ['jsonPatch', 'applyConfiguration'] : ['applyConfiguration', 'jsonPatch'];
  const [given, extra] = type === 'JSONPatch' ? [jsonPatch, applyConfiguration] : [applyConfiguration, jsonPatch];
  return [
    ...(given === undefined ? [required(`${path}.${wanted}`, `must be specified when patchType is ${type}`)] : (given.expression ?? '').trim() === '' ? [required(`${path}.${wanted}.expression`)] : []),
    ...(extra === undefined ? [] : [invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`)]),
  ];
}

const reinvocationPolicies = ['IfNeeded', 'Never'];

export function validateMutatingPolicy({ spec }: MutatingAdmissionPolicy, old: MutatingAdmissionPolicy | undefined): FieldError[] {
  const { mutations = [], reinvocationPolicy = '' } = spec;
  return [
    ...sharedErrors(spec, old?.spec, true),
    ...(mutations.length === 0 ? [required('spec.mutations', 'mutations must contain at least one item')] : mutations.flatMap((mutation, index) => mutationErrors(mutation, `spec.mutations[${index}]`))),
    ...(reinvocationPolicy === '' ? [required('spec.reinvocationPolicy')] : optionalOneOf('spec.reinvocationPolicy', reinvocationPolicy, reinvocationPolicies)),
  ];
}

function paramRefErrors(paramRef: ParamRef | undefined, path: string): FieldError[] {
  if (paramRef === undefined) return [];
  const { name = '', selector, parameterNotFoundAction: action = '' } = paramRef;
  const both = name !== '' && selector !== undefined ? 'name and selector are mutually exclusive' : undefined;
  return [
    ...(name === '' ? [] : invalidAll(`${path}.name`, name, pathSegmentErrors(name))), ...(both === undefined ? [] : [forbidden(`${path}.name`, both)]),
    ...validateLabelSelector(selector, `${path}.selector`), ...(both === undefined ? [] : [forbidden(`${path}.selector`, both)]),
    ...(name === '' && selector === undefined ? [required(path, 'one of name or selector must be specified')] : []),
    ...(action === '' ? [required(`${path}.parameterNotFoundAction`)] : optionalOneOf(`${path}.parameterNotFoundAction`, action, ['Deny', 'Allow'])),
  ];
}

interface BindingSpec {
  readonly policyName?: string | undefined;
  readonly paramRef?: ParamRef | undefined;
  readonly matchResources?: MatchResources | undefined;
}

function bindingErrors({ policyName = '', paramRef, matchResources }: BindingSpec): FieldError[] {
  return [
    ...(policyName === '' ? [required('spec.policyName')] : invalidAll('spec.policyName', policyName, dns1123SubdomainErrors(policyName))),
    ...paramRefErrors(paramRef, 'spec.paramRef'), ...matchResourcesErrors(matchResources, 'spec.matchResources'),
  ];
}

export function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const { validationActions: wanted } = spec;
  const path = 'spec.validationActions';
  return [
    ...bindingErrors(spec),
    ...wanted.flatMap((action, index) => [...optionalOneOf(`${path}[${index}]`, action, actions), ...(wanted.indexOf(action) < index ? [duplicate(`${path}[${index}]`, action)] : [])]),
    ...(wanted.includes('Deny') && wanted.includes('Warn') ? [invalid(path, wanted, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)')] : []),
    ...(wanted.length === 0 ? [required(path, 'at least one validation action is required')] : []),
  ];
}

export const validateMutatingBinding = ({ spec }: MutatingAdmissionPolicyBinding): FieldError[] => [...bindingErrors(spec), ...mutatingOperationErrors(spec.matchResources, 'spec.matchResources')];
