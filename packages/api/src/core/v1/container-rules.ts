/** Rules of containers of all kinds. */
import { dns1123LabelErrors, portNameErrors, portNumberErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notSupported, oneOfValues, required, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Container, ContainerPort, ContainerResizePolicy } from './container.ts';
import { validateEnv, validateEnvFrom } from './environment-rules.ts';
import type { PodSpec } from './pod-spec.ts';
import { validateLifecycle, validateProbes } from './probe-rules.ts';
import { validateRequirements } from './resource-rules.ts';
import { validateSecurity } from './security-rules.ts';
import { validateDevices, validateMounts } from './volume-rules.ts';
import type { Volume } from './volume.ts';

/** What the rules of a container need of its pod. */
export interface PodFacts {
  readonly spec: PodSpec;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claimNames: readonly string[];
}

function portsErrors(ports: readonly ContainerPort[], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = '', containerPort, hostPort = 0, protocol = '' }, index) => {
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    const messages = name === '' ? [] : portNameErrors(name);
    if (messages.length > 0) errors.push(...invalidAll(`${at}.name`, name, messages));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    errors.push(...(containerPort === 0 ? [required(`${at}.containerPort`)] : invalidAll(`${at}.containerPort`, containerPort, portNumberErrors(containerPort))));
    if (hostPort !== 0) errors.push(...invalidAll(`${at}.hostPort`, hostPort, portNumberErrors(hostPort)));
    return [...errors, ...oneOfValues(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])];
  });
}

function resizeErrors(policies: readonly ContainerResizePolicy[], path: string, restartPolicy: string | undefined): FieldError[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName, restartPolicy: policy }, index) => {
    const errors = seen.has(resourceName) ? [duplicate(`${path}[${index}]`, resourceName)] : [];
    seen.add(resourceName);
    errors.push(...oneOfValues(path, resourceName, ['cpu', 'memory']), ...oneOfValues(path, policy, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && policy !== 'NotRequired') errors.push(invalid(path, policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    return errors;
  });
}

function commonErrors(container: Container, path: string, { spec, volumes, claimNames }: PodFacts): FieldError[] {
  const { name, image = '', terminationMessagePolicy, imagePullPolicy } = container;
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalidAll(`${path}.name`, name, dns1123LabelErrors(name))),
    ...(image === '' ? [required(`${path}.image`)] : []),
    ...oneOfValues(`${path}.terminationMessagePolicy`, terminationMessagePolicy, ['File', 'FallbackToLogsOnError']),
    ...portsErrors(container.ports ?? [], `${path}.ports`), ...validateEnv(container.env ?? [], `${path}.env`), ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateMounts(container, volumes, `${path}.volumeMounts`), ...validateDevices(container, volumes, `${path}.volumeDevices`),
    ...oneOfValues(`${path}.imagePullPolicy`, imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateRequirements(container.resources ?? {}, `${path}.resources`, claimNames), ...resizeErrors(container.resizePolicy ?? [], `${path}.resizePolicy`, spec.restartPolicy),
    ...validateSecurity(container.securityContext, `${path}.securityContext`, spec.hostUsers !== false),
  ];
}

function restartErrors({ restartPolicy, restartPolicyRules: rules = [] }: Container, path: string): FieldError[] {
  if (restartPolicy === undefined && rules.length === 0) return [];
  const errors: FieldError[] = [];
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
  return containers.flatMap(({ ports = [] }, index) => ports.flatMap(({ hostPort = 0, hostIP = '', protocol = '' }, at) => {
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
  const errors = containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const own = commonErrors(container, at, facts);
    if (names.has(container.name)) own.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    return [...own, ...validateLifecycle(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), ...validateProbes(container, at, graceOf(facts)), ...restartErrors(container, at)];
  });
  return [...errors, ...hostPortErrors(containers, path)];
}

const sidecarOnly = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export function validateInitContainers(path: string, facts: PodFacts): FieldError[] {
  const names = new Set(facts.spec.containers.map(({ name }) => name));
  return (facts.spec.initContainers ?? []).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const errors = [...commonErrors(container, at, facts), ...restartErrors(container, at)];
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    else if (container.name !== '') names.add(container.name);
    errors.push(...hostPortErrors([container], path));
    if (container.restartPolicy === 'Always') {
      return [...errors, ...validateLifecycle(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), ...validateProbes(container, at, graceOf(facts))];
    }
    for (const name of sidecarOnly) if (container[name] !== undefined) errors.push(forbidden(`${at}.${name}`, 'may not be set for init containers without restartPolicy=Always'));
    (container.resizePolicy ?? []).forEach(({ restartPolicy }, place) => {
      if (restartPolicy === 'RestartContainer') errors.push(invalid(`${at}.resizePolicy[${place}].restartPolicy`, restartPolicy, "must not be set to 'RestartContainer' for non-sidecar initContainers"));
    });
    return errors;
  });
}

/** Kubernetes: what an ephemeral container may say is a short list. */
const ephemeralFields = new Set(['name', 'image', 'command', 'args', 'workingDir', 'env', 'envFrom', 'volumeMounts', 'terminationMessagePath', 'terminationMessagePolicy', 'imagePullPolicy', 'securityContext', 'stdin', 'stdinOnce', 'tty', 'targetContainerName']);

export function validateEphemeralContainers(path: string, facts: PodFacts): FieldError[] {
  const { spec } = facts;
  const others = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  return (spec.ephemeralContainers ?? []).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const errors = commonErrors(container, at, facts);
    if (others.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    others.add(container.name);
    const { targetContainerName = '' } = container;
    if (targetContainerName !== '' && ![...spec.containers, ...(spec.initContainers ?? [])].some(({ name }) => name === targetContainerName)) {
      errors.push({ field: `${at}.targetContainerName`, reason: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(targetContainerName)}` });
    }
    for (const [name, value] of Object.entries(container)) if (value !== undefined && !ephemeralFields.has(name)) errors.push(forbidden(`${at}.${name}`, 'cannot be set for an Ephemeral Container'));
    (container.volumeMounts ?? []).forEach((mount, place) => {
      for (const name of ['subPath', 'subPathExpr'] as const) if ((mount[name] ?? '') !== '') errors.push(forbidden(`${at}.volumeMounts[${place}].${name}`, 'cannot be set for an Ephemeral Container'));
    });
    return errors;
  });
}
