/** Rules of admission policies and their bindings. */
import type { Age, PolicyNames, Type } from '@kaji/cel';
import { dns1035LabelErrors, dns1123SubdomainErrors, isDeepEqual, pathSegmentErrors, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateConditions } from '../../meta/v1/condition-rules.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import { ageIn, annotation, applyConfiguration, condition, expressionErrors, jsonPatch as jsonPatchResult, message as messageResult, variableExpressionErrors } from './expression-rules.ts';
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

/** What the expressions of one policy may name, and which of them were there before. */
interface PolicyContext {
  readonly names: PolicyNames;
  /** The types of the variables so far; absent where there can be none. */
  readonly types: Map<string, Type> | undefined;
  readonly isParameterized: boolean;
}

function contextOf({ paramKind, variables = [] }: PolicySpec, canName: boolean): PolicyContext {
  const types = canName || variables.length > 0 ? new Map<string, Type>() : undefined;
  const isParameterized = paramKind !== undefined;
  return { names: { hasParams: isParameterized, hasAuthorizer: true, hasPatches: false, variables: types }, types, isParameterized };
}

type AgeOf = (text: string) => Age;

function sharedErrors(spec: PolicySpec, old: PolicySpec | undefined, { isMutating, context, ageOf }: { readonly isMutating: boolean; readonly context: PolicyContext; readonly ageOf: AgeOf }): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  const areConditionsKept = old !== undefined && isDeepEqual(paramKind, old.paramKind) && isDeepEqual(matchConditions ?? [], old.matchConditions ?? []);
  const conditionContext = { hasParams: context.isParameterized, ageOf: ageIn(old?.matchConditions?.map(({ expression }) => expression)) };
  return [
    ...optionalOneOf('spec.failurePolicy', failurePolicy, failurePolicies), ...paramKindErrors(paramKind, 'spec.paramKind'), ...constraintsErrors(matchConstraints, 'spec.matchConstraints'),
    ...(isMutating ? mutatingOperationErrors(matchConstraints, 'spec.matchConstraints') : []),
    ...(areConditionsKept ? [] : matchConditionsErrors(matchConditions, 'spec.matchConditions', conditionContext)),
    ...variables.flatMap((variable, index) => variableErrors(variable, `spec.variables[${index}]`, context, ageOf)),
  ];
}

function variableErrors({ name, expression }: Variable, path: string, { names, types = new Map() }: PolicyContext, ageOf: AgeOf): FieldError[] {
  return [
    ...(name.trim() === '' ? [required(`${path}.name`, 'name is not specified')] : /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name) ? [] : [invalid(`${path}.name`, name, 'must be a valid CEL identifier')]),
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : variableExpressionErrors(name, { path: `${path}.expression`, text: expression, age: ageOf(expression), names }, types)),
  ];
}

interface ValidationAges {
  readonly ofExpression: AgeOf;
  readonly ofMessage: AgeOf;
}

function validationErrors({ expression, message = '', messageExpression = '', reason }: Validation, path: string, { names }: PolicyContext, ages: ValidationAges): FieldError[] {
  const isBlank = (text: string): boolean => text !== '' && text.trim() === '';
  const messageNames = { ...names, hasAuthorizer: false };
  return [
    ...(expression.trim() === '' ? [required(`${path}.expression`, 'expression is not specified')] : expressionErrors({ path: `${path}.expression`, text: expression, age: ages.ofExpression(expression), names, results: condition })),
    ...(isBlank(messageExpression) ? [invalid(`${path}.messageExpression`, messageExpression, 'must be non-empty if specified')]
      : messageExpression === '' ? [] : expressionErrors({ path: `${path}.messageExpression`, text: messageExpression, age: ages.ofMessage(messageExpression), names: messageNames, results: messageResult })),
    ...(isBlank(message) ? [invalid(`${path}.message`, message, 'must be non-empty if specified')] : /[\n\r]/.test(message.trim()) ? [invalid(`${path}.message`, message, 'must not contain line breaks')] : []),
    ...optionalOneOf(`${path}.reason`, reason, reasons),
  ];
}

function annotationErrors({ key, valueExpression }: AuditAnnotation, path: string, { policyName, context: { names }, ageOf }: { readonly policyName: string; readonly context: PolicyContext; readonly ageOf: AgeOf }): FieldError[] {
  const text = valueExpression.trim();
  const name = `${policyName}/${key}`;
  const at = `${path}.valueExpression`;
  return [
    ...(policyName === '' ? [invalid(`${path}.key`, key, 'requires metadata.name be non-empty')] : invalidAll(`${path}.key`, name, qualifiedNameErrors(name))),
    ...(text === '' ? [required(at, 'valueExpression is not specified')]
      : new TextEncoder().encode(text).length > longestValueExpression ? [required(at, `must not exceed ${longestValueExpression} bytes in length`)]
        : expressionErrors({ path: at, text, shown: valueExpression, age: ageOf(valueExpression), names, results: annotation })),
  ];
}

export function validateValidatingPolicy({ metadata, spec }: ValidatingAdmissionPolicy, old: ValidatingAdmissionPolicy | undefined): FieldError[] {
  const context = contextOf(spec, false);
  const ages = { ofExpression: ageIn(old?.spec.validations?.map(({ expression }) => expression)), ofMessage: ageIn(old?.spec.validations?.map(({ messageExpression }) => messageExpression)) };
  const ofAnnotation = ageIn(old?.spec.auditAnnotations?.map(({ valueExpression }) => valueExpression));
  const errors = sharedErrors(spec, old?.spec, { isMutating: false, context, ageOf: ages.ofExpression });
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('spec.validations', why), required('spec.auditAnnotations', why)];
  }
  const path = 'spec.auditAnnotations';
  return [
    ...errors, ...validations.flatMap((validation, index) => validationErrors(validation, `spec.validations[${index}]`, context, ages)),
    ...(auditAnnotations.length > mostAnnotations ? [invalid(path, goAnnotations(auditAnnotations), `must not have more than ${mostAnnotations} auditAnnotations`)] : []),
    ...auditAnnotations.flatMap((entry, index) => [
      ...annotationErrors(entry, `${path}[${index}]`, { policyName: metadata.name ?? '', context, ageOf: ofAnnotation }),
      ...(auditAnnotations.findIndex(({ key }) => key === entry.key) < index ? [duplicate(`${path}[${index}].key`, entry.key)] : []),
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

function mutationErrors({ patchType, jsonPatch, applyConfiguration: configuration }: Mutation, path: string, { names }: PolicyContext, ageOf: AgeOf): FieldError[] {
  const type: string = patchType;
  if (type === '') return [required(`${path}.patchType`)];
  if (!patchTypes.includes(type)) return [notSupported(`${path}.patchType`, type, patchTypes)];
  const [wanted, other] = type === 'JSONPatch' ? ['jsonPatch', 'applyConfiguration'] : ['applyConfiguration', 'jsonPatch'];
  const [given, extra, results] = type === 'JSONPatch' ? [jsonPatch, configuration, jsonPatchResult] : [configuration, jsonPatch, applyConfiguration];
  const at = `${path}.${wanted}.expression`;
  const expression = given?.expression ?? '';
  const text = expression.trim();
  return [
    ...(given === undefined ? [required(`${path}.${wanted}`, `must be specified when patchType is ${type}`)]
      : text === '' ? [required(at)] : expressionErrors({ path: at, text, age: ageOf(expression), names: { ...names, hasPatches: true }, results })),
    ...(extra === undefined ? [] : [invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`)]),
  ];
}

const reinvocationPolicies = ['IfNeeded', 'Never'];

export function validateMutatingPolicy({ spec }: MutatingAdmissionPolicy, old: MutatingAdmissionPolicy | undefined): FieldError[] {
  const { mutations = [], reinvocationPolicy = '' } = spec;
  const context = contextOf(spec, true);
  // Kubernetes: patches by JSON patch are looked up among the old configurations to apply, too; variables never count as old.
  const ageOf = ageIn(old?.spec.mutations?.map((mutation) => mutation.applyConfiguration?.expression));
  return [
    ...sharedErrors(spec, old?.spec, { isMutating: true, context, ageOf: () => 'new' }),
    ...(mutations.length === 0 ? [required('spec.mutations', 'mutations must contain at least one item')] : mutations.flatMap((mutation, index) => mutationErrors(mutation, `spec.mutations[${index}]`, context, ageOf))),
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
