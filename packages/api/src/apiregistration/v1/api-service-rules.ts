/** Rules of APIServices. */
import { dns1035LabelErrors, dns1123SubdomainErrors, pathSegmentErrors, portNumberErrors } from '@kaji/schema';
import { invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { type NameRule, validateObjectMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { APIService, APIServiceSpec } from './api-service.ts';

const highestGroupPriority = 20_000;
const highestVersionPriority = 1000;

export function validateApiService({ metadata, spec }: APIService): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum, versionPriority } = spec;
  return [
    ...validateObjectMeta(metadata, { isNamespaced: false, nameErrors: nameRule(`${version}.${group}`) }),
    ...(group === '' && version !== 'v1' ? [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')] : []),
    ...(group === '' ? [] : invalidAll('spec.group', group, dns1123SubdomainErrors(group))), ...invalidAll('spec.version', version, dns1035LabelErrors(version)),
    ...(groupPriorityMinimum <= 0 || groupPriorityMinimum > highestGroupPriority ? [invalid('spec.groupPriorityMinimum', groupPriorityMinimum, 'must be positive and less than 20000')] : []),
    ...(versionPriority <= 0 || versionPriority > highestVersionPriority ? [invalid('spec.versionPriority', versionPriority, 'must be positive and less than 1000')] : []),
    ...whereErrors(spec),
  ];
}

const nameRule = (wanted: string): NameRule => (name) => {
  const errors = pathSegmentErrors(name);
  return errors.length > 0 || name === wanted ? errors : [`must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`];
};

function whereErrors({ service, caBundle = '', insecureSkipTLSVerify = false }: APIServiceSpec): FieldError[] {
  const path = 'spec.insecureSkipTLSVerify';
  if (service === undefined) {
    return [
      ...(caBundle === '' ? [] : [invalid('spec.caBundle', `${Uint8Array.fromBase64(caBundle).length} bytes`, 'local APIServices may not have a caBundle')]),
      ...(insecureSkipTLSVerify ? [invalid(path, true, 'local APIServices may not have insecureSkipTLSVerify')] : []),
    ];
  }
  const { namespace = '', name = '', port = 443 } = service;
  const portErrors = portNumberErrors(port);
  return [
    ...(namespace === '' ? [required('spec.service.namespace')] : []), ...(name === '' ? [required('spec.service.name')] : []),
    ...(portErrors.length === 0 ? [] : [invalid('spec.service.port', port, `port is not valid: ${portErrors.join(', ')}`)]),
    ...(insecureSkipTLSVerify && caBundle !== '' ? [invalid(path, true, 'may not be true if caBundle is present')] : []),
  ];
}

const statuses = ['True', 'False', 'Unknown'];

export const validateApiServiceStatus = ({ status }: APIService): FieldError[] =>
  (status?.conditions ?? []).flatMap(({ status: value }, index) => (statuses.includes(value) ? [] : [notSupported(`status.conditions[${index}].status`, value, statuses)]));
