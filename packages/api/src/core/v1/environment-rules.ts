/** Rules of environment variables, and of the selectors that volumes share with them. */
import { append } from '@kaji/base';
import { configMapKeyErrors, dns1123LabelErrors, dns1123SubdomainErrors, envVarNameErrors, qualifiedNameErrors } from '@kaji/schema';
import { invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { EnvFromSource, EnvVar, EnvVarSource } from './container.ts';
import type { ConfigMapKeySelector, FileKeySelector, ObjectFieldSelector, ResourceFieldSelector } from './references.ts';

const environmentFields = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'];
const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
/** Paths that downward API fields may name at all. */
const knownFields = new Set([...environmentFields, ...volumeFields, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'spec.host']);

export function fieldSelectorErrors({ apiVersion, fieldPath }: ObjectFieldSelector, path: string, use: 'environment' | 'volume'): FieldError[] {
  if (fieldPath === '') return [required(`${path}.fieldPath`)];
  const cannotConvert = (why: string): FieldError[] => [invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`)];
  if (apiVersion !== 'v1') return cannotConvert(`unsupported pod version: ${apiVersion ?? ''}`);
  const subscript = /^(.*)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const [, of = '', key = ''] = subscript;
    if (of === 'metadata.annotations') return invalidAll(path, key.toLowerCase(), qualifiedNameErrors(key.toLowerCase()));
    if (of === 'metadata.labels') return invalidAll(path, key, qualifiedNameErrors(key));
    return cannotConvert(`field label does not support subscript: ${fieldPath}`);
  }
  if (!knownFields.has(fieldPath)) return cannotConvert(`field label not supported: ${fieldPath}`);
  const supported = use === 'environment' ? environmentFields : volumeFields;
  return supported.includes(fieldPath) ? [] : [notSupported(`${path}.fieldPath`, fieldPath, supported)];
}

const resourceFields = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function resourceSelectorErrors({ containerName, resource, divisor }: ResourceFieldSelector, path: string, use: 'environment' | 'volume'): FieldError[] {
  const errors: FieldError[] = [];
  const isHugePage = /^(?:limits|requests)\.hugepages-/.test(resource);
  if (use === 'volume' && (containerName ?? '') === '') errors.push(required(`${path}.containerName`));
  else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!resourceFields.includes(resource) && !isHugePage) errors.push(notSupported(`${path}.resource`, resource, resourceFields));
  if (divisor === undefined || divisor === '0') return errors;
  const [, name = ''] = resource.split('.');
  if (name === 'cpu') {
    if (divisor !== '1' && divisor !== '1m') errors.push(invalid(`${path}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource"));
  } else if ((resourceFields.includes(resource) || isHugePage) && !byteDivisors.includes(divisor)) {
    const what = isHugePage ? 'hugepages' : name === 'memory' ? 'memory' : 'local ephemeral storage';
    errors.push(invalid(`${path}.divisor`, resource, `only divisor's values ${byteDivisors.join(', ')} are supported with the ${what} resource`));
  }
  return errors;
}

function keySelectorErrors({ name = '', key }: ConfigMapKeySelector, path: string): FieldError[] {
  return [...invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name)), ...(key === '' ? [required(`${path}.key`)] : invalidAll(`${path}.key`, key, configMapKeyErrors(key)))];
}

function fileSelectorErrors({ key, volumeName, path: filePath }: FileKeySelector, path: string): FieldError[] {
  return [
    ...(key === '' ? [required(`${path}.key`)] : invalidAll(`${path}.key`, key, envVarNameErrors(key))),
    ...(volumeName === '' ? [required(`${path}.volumeName`)] : invalidAll(`${path}.volumeName`, volumeName, dns1123LabelErrors(volumeName))),
    ...(filePath === '' ? [required(`${path}.path`)] : backstepErrors(filePath, `${path}.path`)),
  ];
}

/** `..` may not be a part of the path. */
export const backstepErrors = (filePath: string, path: string): FieldError[] => (filePath.split('/').includes('..') ? [invalid(path, filePath, "must not contain '..'")] : []);

/** A relative path that goes down only. */
export const descendingErrors = (filePath: string, path: string): FieldError[] => [...(filePath.startsWith('/') ? [invalid(path, filePath, 'must be a relative path')] : []), ...backstepErrors(filePath, path)];

function variableErrors({ value }: EnvVar, valueFrom: EnvVarSource, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  const errors: FieldError[] = [];
  if (fieldRef !== undefined) append(errors, fieldSelectorErrors(fieldRef, `${path}.fieldRef`, 'environment'));
  if (resourceFieldRef !== undefined) append(errors, resourceSelectorErrors(resourceFieldRef, `${path}.resourceFieldRef`, 'environment'));
  if (configMapKeyRef !== undefined) append(errors, keySelectorErrors(configMapKeyRef, `${path}.configMapKeyRef`));
  if (secretKeyRef !== undefined) append(errors, keySelectorErrors(secretKeyRef, `${path}.secretKeyRef`));
  if (fileKeyRef !== undefined) append(errors, fileSelectorErrors(fileKeyRef, `${path}.fileKeyRef`));
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter((source) => source !== undefined).length;
  if (count === 0) errors.push(invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'));
  else if ((value ?? '') !== '') errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

export function validateEnv(variables: readonly EnvVar[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, variable] of variables.entries()) {
    const { name } = variable;
    if (name === '') errors.push(required(`${path}[${index}].name`));
    // Paths are made for what is wrong only: containers have dozens of variables.
    const problems = name === '' ? [] : envVarNameErrors(name);
    if (problems.length > 0) append(errors, invalidAll(`${path}[${index}].name`, name, problems));
    if (variable.valueFrom !== undefined) append(errors, variableErrors(variable, variable.valueFrom, `${path}[${index}].valueFrom`));
  }
  return errors;
}

export const validateEnvFrom = (sources: readonly EnvFromSource[], path: string): FieldError[] => sources.flatMap(({ prefix = '', configMapRef, secretRef }, index) => {
  const errors = prefix === '' ? [] : invalidAll(`${path}[${index}].prefix`, prefix, envVarNameErrors(prefix));
  for (const [name, reference] of [['configMapRef', configMapRef], ['secretRef', secretRef]] as const) {
    if (reference === undefined) continue;
    const named = reference.name ?? '';
    // Kubernetes: as the start of a name.
    append(errors, named === '' ? [required(`${path}[${index}].${name}.name`)] : invalidAll(`${path}[${index}].${name}.name`, named, subdomainName(named, true)));
  }
  if (configMapRef === undefined && secretRef === undefined) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
  else if (configMapRef !== undefined && secretRef !== undefined) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
});
