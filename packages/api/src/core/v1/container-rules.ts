/** Rules of containers of all kinds. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, givenValue, holdsGivenEmpty, portNameErrors, portNumberErrors } from '@kaji/schema';
import { duplicate, errorsOf, forbidden, invalid, invalidAll, notFoundField, notSupported, oneOfValues, required, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Container, ContainerPort, ContainerResizePolicy, EphemeralContainer } from './container.ts';
import { validateEnv, validateEnvFrom } from './environment-rules.ts';
import type { PodRatchets } from './pod-ratchets.ts';
import type { PodSpec } from './pod-spec.ts';
import { validateLifecycle, validateProbes } from './probe-rules.ts';
import { validateRequirements } from './resource-rules.ts';
import { validateSecurity } from './security-rules.ts';
import { validateDevices, validateMounts } from './mount-rules.ts';
import type { Volume } from './volume.ts';

/** What the rules of a container need of its pod. */
export interface PodFacts {
  readonly spec: PodSpec;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claimNames: readonly string[];
  readonly keeps: PodRatchets;
}

function portsErrors(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return errorsOf(ports, ({ name = '', containerPort, hostPort = 0, protocol = '' }, index) => {
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    const messages = name === '' ? [] : portNameErrors(name);
    if (messages.length > 0) append(errors, invalidAll(`${at}.name`, name, messages));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    append(errors, containerPort === 0 ? [required(`${at}.containerPort`)] : invalidAll(`${at}.containerPort`, containerPort, portNumberErrors(containerPort)));
    if (hostPort !== 0) append(errors, invalidAll(`${at}.hostPort`, hostPort, portNumberErrors(hostPort)));
    return [...errors, ...oneOfValues(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])];
  });
}

function resizeErrors(policies: readonly ContainerResizePolicy[], path: string, restartPolicy: string | undefined): FieldError[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName, restartPolicy: policy }, index) => {
    const errors = seen.has(resourceName) ? [duplicate(`${path}[${index}]`, resourceName)] : [];
    seen.add(resourceName);
    append(errors, oneOfValues(path, resourceName, ['cpu', 'memory']), oneOfValues(path, policy, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && policy !== 'NotRequired') errors.push(invalid(path, policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    return errors;
  });
}

function commonErrors(container: Container, path: string, { spec, volumes, claimNames, keeps }: PodFacts): FieldError[] {
  const { name, image = '', terminationMessagePolicy, imagePullPolicy } = container;
  const errors = name === '' ? [required(`${path}.name`)] : invalidAll(`${path}.name`, name, dns1123LabelErrors(name));
  if (image === '') errors.push(required(`${path}.image`));
  append(
    errors, oneOfValues(`${path}.terminationMessagePolicy`, terminationMessagePolicy, ['File', 'FallbackToLogsOnError']),
    portsErrors(container.ports ?? [], `${path}.ports`), validateEnv(container.env ?? [], `${path}.env`), validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    validateMounts(container, volumes, `${path}.volumeMounts`), validateDevices(container, volumes, `${path}.volumeDevices`),
    oneOfValues(`${path}.imagePullPolicy`, imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    validateRequirements(container.resources ?? {}, `${path}.resources`, { claimNames, keepsHugePages: keeps.hugePages }), resizeErrors(container.resizePolicy ?? [], `${path}.resizePolicy`, spec.restartPolicy),
    validateSecurity(container.securityContext, `${path}.securityContext`, spec.hostUsers !== false),
  );
  return errors;
}

function restartErrors({ restartPolicy, restartPolicyRules: rules = [] }: Container, path: string, isInit: boolean): FieldError[] {
  if (restartPolicy === undefined && rules.length === 0) return [];
  const errors: FieldError[] = [];
  // Kubernetes: without a policy, the rules of an init container are not looked at.
  if (restartPolicy === undefined && isInit) return [required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used')];
  if (restartPolicy === undefined) errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  else if (!['Always', 'Never', 'OnFailure'].includes(restartPolicy)) errors.push(notSupported(`${path}.restartPolicy`, restartPolicy, ['Always', 'Never', 'OnFailure']));
  if (rules.length > 20) errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, 20));
  rules.forEach(({ action, exitCodes }, index) => {
    const at = `${path}.restartPolicyRules[${index}]`;
    if (!['Restart', 'RestartAllContainers'].includes(action)) errors.push(notSupported(`${at}.action`, action, ['Restart', 'RestartAllContainers']));
    if (exitCodes === undefined) errors.push(required(`${at}.exitCodes`, 'must be specified'));
    else {
      if (!['In', 'NotIn'].includes(exitCodes.operator)) errors.push(notSupported(`${at}.exitCodes.operator`, exitCodes.operator, ['In', 'NotIn']));
      if ((exitCodes.values ?? []).length > 255) errors.push(tooMany(`${at}.exitCodes.values`, (exitCodes.values ?? []).length, 255));
    }
  });
  return errors;
}

function hostPortErrors(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return errorsOf(containers, ({ ports = [] }, index) => ports.flatMap(({ hostPort = 0, hostIP = '', protocol = '' }, at) => {
    if (hostPort === 0) return [];
    const key = `${protocol}/${hostIP}/${hostPort}`;
    if (seen.has(key)) return [duplicate(`${path}[${index}].ports[${at}].hostPort`, key)];
    seen.add(key);
    return [];
  }));
}

const graceOf = ({ spec }: PodFacts): number => spec.terminationGracePeriodSeconds ?? 0;

export function validateContainers(path: string, facts: PodFacts): FieldError[] {
  const { containers } = facts.spec;
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  const errors = errorsOf(containers, (container, index) => {
    const at = `${path}[${index}]`;
    const own = commonErrors(container, at, facts);
    if (names.has(container.name)) own.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    append(own, validateLifecycle(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), validateProbes(container, at, graceOf(facts)), restartErrors(container, at, false));
    return own;
  });
  return [...errors, ...hostPortErrors(containers, path)];
}

const sidecarOnly = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export function validateInitContainers(path: string, facts: PodFacts): FieldError[] {
  const names = new Set(facts.spec.containers.map(({ name }) => name));
  return errorsOf(facts.spec.initContainers ?? [], (container, index) => {
    const at = `${path}[${index}]`;
    const errors = commonErrors(container, at, facts);
    append(errors, restartErrors(container, at, true));
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    else if (container.name !== '') names.add(container.name);
    append(errors, hostPortErrors([container], path));
    if (container.restartPolicy === 'Always') {
      return [...errors, ...validateLifecycle(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), ...validateProbes(container, at, graceOf(facts))];
    }
    for (const name of sidecarOnly) if (container[name] !== undefined) errors.push(forbidden(`${at}.${name}`, 'may not be set for init containers without restartPolicy=Always'));
    (container.resizePolicy ?? []).forEach(({ restartPolicy }, place) => {
      if (restartPolicy === 'RestartContainer' && !facts.keeps.initRestarts) errors.push(invalid(`${at}.resizePolicy[${place}].restartPolicy`, restartPolicy, "must not be set to 'RestartContainer' for non-sidecar initContainers"));
    });
    return errors;
  });
}

/** What only containers that are there from the start may say, in upstream's order. */
const lastingFields = ['ports', 'resources', 'resizePolicy', 'restartPolicy', 'restartPolicyRules', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;

/** Kubernetes: resources that ask for nothing count as unset, empty lists and maps do not. */
function isLasting(container: EphemeralContainer, name: typeof lastingFields[number]): boolean {
  const value = givenValue(container, name);
  return name === 'resources' ? value !== undefined && (holdsGivenEmpty(value) || Object.values(value).some((part) => part !== undefined)) : value !== undefined;
}

export const imageErrors = ({ image = '' }: Pick<Container, 'image'>, path: string): FieldError[] => (image === image.trim() ? [] : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')]);

export function validateEphemeralContainers(path: string, facts: PodFacts): FieldError[] {
  const { spec } = facts;
  const others = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  const targets = new Set(others);
  return errorsOf(spec.ephemeralContainers ?? [], (container, index) => {
    const at = `${path}[${index}]`;
    const errors = [...commonErrors(container, at, facts), ...imageErrors(container, at)];
    if (others.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    others.add(container.name);
    const { targetContainerName = '' } = container;
    if (targetContainerName !== '' && !targets.has(targetContainerName)) {
      errors.push(notFoundField(`${at}.targetContainerName`, targetContainerName));
    }
    for (const name of lastingFields) if (isLasting(container, name)) errors.push(forbidden(`${at}.${name}`, 'cannot be set for an Ephemeral Container'));
    (container.volumeMounts ?? []).forEach((mount, place) => {
      for (const name of ['subPath', 'subPathExpr'] as const) if ((mount[name] ?? '') !== '') errors.push(forbidden(`${at}.volumeMounts[${place}].${name}`, 'cannot be set for an Ephemeral Container'));
    });
    return errors;
  });
}
