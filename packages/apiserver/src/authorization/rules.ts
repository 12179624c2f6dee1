// What one RBAC rule allows, and which rules cover which. Pure.
import type { PolicyRule } from '@kaji/api/rbac/v1';
import type { Action } from '../pipeline/request.ts';

type Rule = Pick<PolicyRule, 'verbs' | 'apiGroups' | 'resources' | 'resourceNames' | 'nonResourceURLs'>;

export function ruleAllows(rule: Rule, action: Action): boolean {
  if (!matches(rule.verbs, action.verb)) return false;
  if (!action.isResource) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, action.path));
  if (!matches(rule.apiGroups ?? [], action.group)) return false;
  const { plural, subresource, name } = action;
  const combined = subresource === '' ? plural : `${plural}/${subresource}`;
  const isNamed = (rule.resources ?? []).some((resource) => resource === '*' || resource === combined || (subresource !== '' && resource === `*/${subresource}`));
  return isNamed && ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(name));
}

const matches = (allowed: readonly string[], value: string): boolean => allowed.includes('*') || allowed.includes(value);

const urlCovers = (owned: string, path: string): boolean => owned === '*' || owned === path || (owned.endsWith('*') && path.startsWith(owned.replace(/\*+$/, '')));

/** The smallest parts of `wanted` that no rule of `owned` covers: one verb, one resource, at most one name each. */
export function uncovered(owned: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  return wanted.flatMap(split).filter((part) => !owned.some((rule) => covers(rule, part)));
}

function split(rule: Rule): readonly Rule[] {
  const parts: Rule[] = [];
  const names = rule.resourceNames ?? [];
  for (const group of rule.apiGroups ?? []) for (const resource of rule.resources ?? []) for (const verb of rule.verbs) {
    const part = { apiGroups: [group], resources: [resource], verbs: [verb] };
    if (names.length === 0) parts.push(part);
    else for (const name of names) parts.push({ ...part, resourceNames: [name] });
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] });
  return parts;
}

function covers(owner: Rule, part: Rule): boolean {
  const all = (owned: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean => (owned ?? []).includes('*') || (wanted ?? []).every((one) => (owned ?? []).includes(one));
  if (!all(owner.verbs, part.verbs) || !all(owner.apiGroups, part.apiGroups)) return false;
  const resources = owner.resources ?? [];
  if (!all(resources, part.resources) && !(part.resources ?? []).every((one) => one.includes('/') && resources.includes(`*/${one.slice(one.indexOf('/') + 1)}`))) return false;
  // Kubernetes: a lone star among URLs is a prefix like any other here, which covers every path.
  if (!(part.nonResourceURLs ?? []).every((path) => (owner.nonResourceURLs ?? []).some((url) => url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))))) return false;
  const ownedNames = owner.resourceNames ?? [];
  return ownedNames.length === 0 || ((part.resourceNames ?? []).length > 0 && (part.resourceNames ?? []).every((name) => ownedNames.includes(name)));
}

/** Rules as the refusal of an escalation lists them: verbs of one resource together, sorted, one line each. */
export function describeRules(rules: readonly Rule[]): string {
  const simple = new Map<string, Rule>();
  const lines = new Set<string>();
  for (const rule of rules) {
    if ((rule.nonResourceURLs ?? []).length > 0) {
      lines.add(describeRule(rule));
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const before = simple.get(key);
    simple.set(key, before === undefined ? rule : { ...before, verbs: [...before.verbs, ...rule.verbs] });
  }
  for (const rule of simple.values()) lines.add(describeRule(rule));
  return [...lines].sort().join('\n');
}

export const quoted = (values: readonly string[]): string => `[${values.map((one) => JSON.stringify(one)).join(' ')}]`;

function describeRule(rule: Rule): string {
  const parts: string[] = [];
  const add = (name: string, values: readonly string[] | undefined): void => {
    if (values !== undefined && values.length > 0) parts.push(`${name}:${quoted(values)}`);
  };
  add('APIGroups', rule.apiGroups);
  add('Resources', rule.resources);
  add('NonResourceURLs', rule.nonResourceURLs);
  add('ResourceNames', rule.resourceNames);
  add('Verbs', rule.verbs);
  return `{${parts.join(', ')}}`;
}
