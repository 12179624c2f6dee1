/** PodSecurityConfiguration as upstream has it: what holds where a namespace's labels say nothing, and who is not judged at all. */
import type { FieldError } from '@kaji/api';
import { dns1123LabelErrors, dns1123SubdomainErrors, message, readConfiguration, ref, string, strings } from '@kaji/schema';
import { fieldInvalid, invalid } from '../../registry/invalid.ts';
import { isLevel, isVersion, type Level, levelProblem, type LevelVersion, type Policy, versionProblem } from './policy.ts';

class Defaults extends message('pod-security.admission.config.k8s.io.v1.PodSecurityDefaults', {
  enforce: string(1).default('privileged'),
  'enforce-version': string(2).default('latest'),
  audit: string(3).default('privileged'),
  'audit-version': string(4).default('latest'),
  warn: string(5).default('privileged'),
  'warn-version': string(6).default('latest'),
}) {}

class Exemptions extends message('pod-security.admission.config.k8s.io.v1.PodSecurityExemptions', {
  usernames: strings(1),
  namespaces: strings(2),
  runtimeClasses: strings(3),
}) {}

class PodSecurityConfiguration extends message('pod-security.admission.config.k8s.io.v1.PodSecurityConfiguration', {
  defaults: ref(1, Defaults).present(),
  exemptions: ref(2, Exemptions).present(),
}) {}

export interface PodSecurityConfig {
  readonly defaults: Policy;
  readonly exemptUsers: ReadonlySet<string>;
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly exemptRuntimeClasses: ReadonlySet<string>;
}

const privileged: LevelVersion = { level: 'privileged', version: 'latest' };

/** Nothing is forbidden until somebody asks for it; nobody is exempt. */
export const podSecurityDefaults: PodSecurityConfig = {
  defaults: { enforce: privileged, audit: privileged, warn: privileged },
  exemptUsers: new Set(), exemptNamespaces: new Set(), exemptRuntimeClasses: new Set(),
};

/** From a parsed file. Throws DecodeError for what has the wrong form, ApiError for what has a wrong value. */
export function podSecurityConfiguration(value: unknown): PodSecurityConfig {
  const { defaults, exemptions: { usernames = [], namespaces = [], runtimeClasses = [] } } = readConfiguration(PodSecurityConfiguration, value).configuration;
  const errors: FieldError[] = [];
  const read = (mode: 'enforce' | 'audit' | 'warn'): LevelVersion => {
    const [level = '', version = ''] = [defaults[mode], defaults[`${mode}-version`]];
    if (!isLevel(level)) errors.push(fieldInvalid(`defaults.${mode}`, level, levelProblem));
    if (!isVersion(version)) errors.push(fieldInvalid(`defaults.${mode}-version`, version, versionProblem));
    return { level: level as Level, version }; // of no use where it is none
  };
  const [enforce, warn, audit] = [read('enforce'), read('warn'), read('audit')];
  errors.push(
    ...listErrors('exemptions.namespaces', namespaces, dns1123LabelErrors), ...listErrors('exemptions.runtimeClasses', runtimeClasses, dns1123SubdomainErrors),
    ...listErrors('exemptions.usernames', usernames, (name) => (name === '' ? ['username must not be empty'] : [])),
  );
  if (errors.length > 0) throw invalid({ group: 'pod-security.admission.config.k8s.io', kind: 'PodSecurityConfiguration' }, '', errors);
  return { defaults: { enforce, audit, warn }, exemptUsers: new Set(usernames), exemptNamespaces: new Set(namespaces), exemptRuntimeClasses: new Set(runtimeClasses) };
}

const listErrors = (path: string, names: readonly string[], problems: (name: string) => readonly string[]): FieldError[] => names.flatMap((name, index): FieldError[] => {
  const found = problems(name);
  if (found.length > 0) return [fieldInvalid(`${path}[${index}]`, name, found.join(', '))];
  return names.indexOf(name) < index ? [{ field: `${path}[${index}]`, reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(name)}` }] : [];
});
