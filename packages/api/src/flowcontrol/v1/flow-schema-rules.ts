/** Rules of FlowSchemas. */
import { dns1123LabelErrors, dns1123SubdomainErrors, goForm, isDeepEqual } from '@kaji/schema';
import { forbidden, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { conditionTypeErrors } from './condition-rules.ts';
import type { FlowSchema } from './flow-schema.ts';
import { FlowDistinguisherMethod, FlowSchemaSpec, type NonResourcePolicyRule, type PolicyRulesWithSubjects, type ResourcePolicyRule, type Subject } from './flow-schema-spec.ts';
import { mandatoryFlowSchemas } from './mandatory.ts';

const highestPrecedence = 10_000;
const distinguishers = ['ByNamespace', 'ByUser'];
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

export function validateFlowSchema({ metadata, spec, status }: FlowSchema): FieldError[] {
  const name = metadata.name ?? '';
  const mandatory = mandatoryFlowSchemas.get(name);
  return [
    ...specErrors(spec, name),
    ...(mandatory === undefined || isDeepEqual(spec, mandatory) ? [] : [invalid('spec', goForm(FlowSchemaSpec, spec), `spec of '${name}' must equal the fixed value`)]),
    ...conditionTypeErrors(status?.conditions, 'status.conditions'),
  ];
}

export const validateFlowSchemaStatus = ({ status }: FlowSchema): FieldError[] => conditionTypeErrors(status?.conditions, 'status.conditions');

function specErrors({ matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration: { name: level }, rules = [] }: FlowSchemaSpec, name: string): FieldError[] {
  const path = 'spec.matchingPrecedence';
  return [
    ...(matchingPrecedence <= 0 ? [invalid(path, matchingPrecedence, 'must be a positive value')] : []),
    ...(matchingPrecedence > highestPrecedence ? [invalid(path, matchingPrecedence, `must not be greater than ${highestPrecedence}`)] : []),
    ...(matchingPrecedence === 1 && name !== 'exempt' ? [invalid(path, matchingPrecedence, "only the schema named 'exempt' may have matchingPrecedence 1")] : []),
    ...(distinguisherMethod === undefined || distinguishers.includes(distinguisherMethod.type) ? [] : [notSupported('spec.distinguisherMethod.type', goForm(FlowDistinguisherMethod, distinguisherMethod), distinguishers)]),
    ...(level === '' ? [required('spec.priorityLevelConfiguration.name', 'must reference a priority level')] : invalidAll('spec.priorityLevelConfiguration.name', level, dns1123SubdomainErrors(level))),
    ...rules.flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`)),
  ];
}

function ruleErrors({ subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects, path: string): FieldError[] {
  return [
    ...(subjects.length === 0 ? [required(`${path}.subjects`, 'subjects must contain at least one value')] : subjects.flatMap((subject, index) => subjectErrors(subject, `${path}.subjects[${index}]`))),
    ...(resourceRules.length === 0 && nonResourceRules.length === 0 ? [required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty')] : []),
    ...resourceRules.flatMap((rule, index) => resourceRuleErrors(rule, `${path}.resourceRules[${index}]`)),
    ...nonResourceRules.flatMap((rule, index) => nonResourceRuleErrors(rule, `${path}.nonResourceRules[${index}]`)),
  ];
}

/** Kind and field of each form of a subject, in the order in which upstream complains of those that do not belong. */
const forms = [['ServiceAccount', 'serviceAccount'], ['User', 'user'], ['Group', 'group']] as const;

function subjectErrors(subject: Subject, path: string): FieldError[] {
  const form = forms.find(([kind]) => kind === subject.kind);
  if (form === undefined) return [notSupported(`${path}.kind`, subject.kind, ['Group', 'ServiceAccount', 'User'])];
  const [kind, field] = form;
  return [
    ...(subject[field] === undefined ? [required(`${path}.${field}`, `${field} is required when subject kind is '${kind}'`)] : bodyErrors(subject, field, `${path}.${field}`)),
    ...forms.flatMap(([otherKind, other]) => (other !== field && subject[other] !== undefined ? [forbidden(`${path}.${other}`, `${other} is forbidden when subject kind is not '${otherKind}'`)] : [])),
  ];
}

function bodyErrors(subject: Subject, field: 'serviceAccount' | 'user' | 'group', path: string): FieldError[] {
  const name = subject[field]?.name ?? '';
  const errors = name === '' ? [required(`${path}.name`)] : [];
  if (field !== 'serviceAccount') return errors;
  const namespace = subject.serviceAccount?.namespace ?? '';
  return [
    ...errors, ...(name === '' || name === '*' ? [] : invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name))),
    ...(namespace === '' ? [required(`${path}.namespace`, 'must specify namespace for service account')] : invalidAll(`${path}.namespace`, namespace, dns1123LabelErrors(namespace))),
  ];
}

const loneStar = (values: readonly string[], path: string, what: string): FieldError[] => (values.length > 1 && values.includes('*') ? [invalid(path, values, `if '*' is present, must not specify other ${what}`)] : []);

function verbsErrors(wanted: readonly string[], path: string): FieldError[] {
  if (wanted.length === 0) return [required(path, 'verbs must contain at least one value')];
  if (wanted.includes('*')) return loneStar(wanted, path, 'verbs');
  return wanted.every((verb) => verbs.includes(verb)) ? [] : [notSupported(path, wanted, verbs)];
}

function resourceRuleErrors({ verbs: wanted, apiGroups, resources, clusterScope = false, namespaces = [] }: ResourcePolicyRule, path: string): FieldError[] {
  return [
    ...verbsErrors(wanted, `${path}.verbs`),
    ...(apiGroups.length === 0 ? [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')] : loneStar(apiGroups, `${path}.apiGroups`, 'api groups')),
    ...(resources.length === 0 ? [required(`${path}.resources`, 'resource rules must supply at least one resource')] : loneStar(resources, `${path}.resources`, 'resources')),
    ...namespacesErrors(namespaces, `${path}.namespaces`, clusterScope),
  ];
}

function namespacesErrors(namespaces: readonly string[], path: string, isClusterToo: boolean): FieldError[] {
  if (namespaces.length === 0 && !isClusterToo) return [required(path, 'resource rules that are not cluster scoped must supply at least one namespace')];
  if (namespaces.includes('*')) return loneStar(namespaces, path, 'namespaces');
  return namespaces.flatMap((name, index) => dns1123LabelErrors(name).map((why) => invalid(`${path}[${index}]`, name, `each member of this list must be '*' or a DNS-1123 label; ${why}`)));
}

function nonResourceRuleErrors({ verbs: wanted, nonResourceURLs }: NonResourcePolicyRule, path: string): FieldError[] {
  const urlsPath = `${path}.nonResourceURLs`;
  const urlsErrors = nonResourceURLs.length === 0 ? [required(urlsPath, 'nonResourceURLs must contain at least one value')]
    : nonResourceURLs.includes('*') ? loneStar(nonResourceURLs, urlsPath, 'non-resource URLs') : nonResourceURLs.flatMap((url, index) => urlErrors(url, `${urlsPath}[${index}]`));
  return [...verbsErrors(wanted, `${path}.verbs`), ...urlsErrors];
}

function urlErrors(url: string, path: string): FieldError[] {
  if (url === '/') return [];
  const why = url === '' ? 'must not be empty' : !url.startsWith('/') ? 'must start with slash' : url.includes(' ') ? 'must not contain white-space' : url.includes('//') ? 'must not contain double slash'
    : url.includes('*') && url.indexOf('*') !== url.length - 1 || (url.includes('*') && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
  return why === undefined ? [] : [invalid(path, url, why)];
}
