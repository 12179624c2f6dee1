/** Rules of what is said about a pod: its containers' states, addresses, and what was given to it. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, goForm, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, internalError, invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import { ipErrors, isIpAddress, isIpv6Address } from '../../ip-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { Container } from './container.ts';
import { validateAnnotationChanges, validatePodAnnotations } from './pod-annotation-rules.ts';
import { ratchetsOf } from './pod-ratchets.ts';
import type { PodSpec } from './pod-spec.ts';
import { type ContainerStatus, PodIP, type PodCondition, type PodExtendedResourceClaimStatus, type PodResourceClaimStatus, type PodStatus } from './pod-status.ts';
import type { Pod } from './pod.ts';
import { idErrors } from './security-rules.ts';

const systemConditions = ['Initialized', 'PodScheduled', 'Ready'];

const conditionErrors = (conditions: readonly PodCondition[]): FieldError[] => conditions.flatMap(({ type, observedGeneration = 0 }, index) => [
  ...(observedGeneration < 0 ? [invalid(`status.conditions[${index}].observedGeneration`, observedGeneration, 'must be a non-negative integer')] : []),
  ...(systemConditions.includes(type) ? [] : invalidAll(`status.conditions[${index}].Type`, type, qualifiedNameErrors(type))),
]);

/** Whether a container that has ended so is started again: by the first of its rules that fits, its own policy, or the pod's. */
function isRestarted({ restartPolicy, restartPolicyRules = [] }: Container, spec: PodSpec, exitCode: number): boolean {
  const policy = restartPolicy ?? spec.restartPolicy;
  const fits = restartPolicyRules.some(({ exitCodes }) => exitCodes !== undefined && (exitCodes.operator === 'In') === (exitCodes.values ?? []).includes(exitCode));
  return (restartPolicy !== undefined && fits) || policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

const canRestartAll = ({ containers, initContainers = [] }: PodSpec): boolean =>
  [...initContainers, ...containers].some(({ restartPolicyRules = [] }) => restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'));

interface Statuses {
  readonly now: readonly ContainerStatus[];
  readonly before: readonly ContainerStatus[];
}

/** A container that is not started again does not come back to life. `own` are those that may be. */
function transitionErrors({ now, before }: Statuses, path: string, own: readonly Container[], spec: PodSpec): FieldError[] {
  return before.flatMap(({ name, state }, index) => {
    const terminated = state?.terminated;
    const isRunning = now.find((status) => status.name === name && status.state?.terminated === undefined) !== undefined;
    if (terminated === undefined || !isRunning) return [];
    const container = own.find((one) => one.name === name);
    return container !== undefined && isRestarted(container, spec, terminated.exitCode) ? [] : [forbidden(`${path}[${index}].state`, 'may not be transitioned to non-terminated state')];
  });
}

/** One address, or one of each family. Kubernetes: addresses that were there are not looked at again. */
function addressErrors(list: 'podIPs' | 'hostIPs', addresses: readonly PodIP[], old: readonly PodIP[]): FieldError[] {
  const path = `status.${list}`;
  const errors = addresses.flatMap(({ ip }, index) => (old.some((before) => before.ip === ip) ? [] : ipErrors(`${path}[${index}]`, ip)));
  if (addresses.length < 2) return errors;
  const unknown = addresses.findIndex(({ ip }) => !isIpAddress(ip));
  if (unknown >= 0) errors.push(internalError(path, `failed to check for dual stack with error:invalid IP[${unknown}]: ${addresses[unknown]?.ip}`));
  const families = new Set(addresses.map(({ ip }) => isIpv6Address(ip)));
  if (unknown >= 0 || families.size < 2 || addresses.length > 2) errors.push(invalid(path, addresses.map((address) => goForm(PodIP, address)), 'may specify no more than one IP for each IP family'));
  return errors;
}

function claimErrors(statuses: readonly PodResourceClaimStatus[], { resourceClaims = [] }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return statuses.flatMap(({ name, resourceClaimName }, index) => {
    const path = `status.resourceClaimStatuses[${index}]`;
    const errors = resourceClaims.some((claim) => claim.name === name) ? [] : [invalid(`${path}.name`, name, 'must match the name of an entry in `spec.resourceClaims`')];
    if (seen.has(name)) errors.push(duplicate(`${path}.name`, name));
    seen.add(name);
    return [...errors, ...(resourceClaimName === undefined ? [] : invalidAll(`${path}.resourceClaimName`, resourceClaimName, dns1123SubdomainErrors(resourceClaimName)))];
  });
}

function extendedErrors(status: PodExtendedResourceClaimStatus | undefined, { containers, initContainers = [] }: PodSpec): FieldError[] {
  if (status === undefined) return [];
  const path = 'status.extendedResourceClaimStatus';
  const { requestMappings, resourceClaimName } = status;
  const errors = requestMappings.length === 0 ? [required(`${path}.requestMappings`, 'at least one request mapping is required')] : [];
  const known = new Map([...initContainers, ...containers].map((container) => [container.name, container]));
  const seen = new Set<string>();
  requestMappings.forEach(({ containerName, resourceName, requestName }, index) => {
    const at = `${path}.requestMappings[${index}]`;
    const container = known.get(containerName);
    if (container === undefined) errors.push(invalid(`${at}.containerName`, containerName, 'must match the name of an entry in spec.initContainers.name or spec.containers.name'));
    else if (container.resources?.requests?.[resourceName] === undefined) errors.push(invalid(`${at}.resourceName`, resourceName, 'must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests'));
    append(errors, invalidAll(`${path}.requestName`, requestName, dns1123LabelErrors(requestName)));
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key)) errors.push(duplicate(`${at}.containerName`, containerName), duplicate(`${at}.resourceName`, resourceName), duplicate(`${at}.requestName`, requestName));
    seen.add(key);
  });
  return [...errors, ...(resourceClaimName === '' ? [required(`${path}.resourceClaimName`)] : invalidAll(`${path}.resourceClaimName`, resourceClaimName, dns1123SubdomainErrors(resourceClaimName)))];
}

function userErrors(statuses: readonly ContainerStatus[], path: string, os: string): FieldError[] {
  return statuses.flatMap(({ user }, index) => {
    const linux = user?.linux;
    const at = `${path}[${index}].user.linux`;
    if (linux === undefined || (os !== 'linux' && os !== 'windows')) return [];
    if (os === 'windows') return [forbidden(at, 'cannot be set for a windows pod')];
    return [...idErrors(linux.uid, `${at}.uid`), ...idErrors(linux.gid, `${at}.gid`), ...(linux.supplementalGroups ?? []).flatMap((id, group) => idErrors(id, `${at}.supplementalGroups[${group}]`))];
  });
}

const healths = ['Healthy', 'Unhealthy', 'Unknown'];
const longestMessageBytes = 1024;

function isAsked(name: string, { resources }: Container): boolean {
  if (!name.startsWith('claim:')) return resources?.requests?.[name] !== undefined;
  return (resources?.claims ?? []).some((claim) => name === `claim:${claim.name}${(claim.request ?? '') === '' ? '' : `/${claim.request ?? ''}`}`);
}

const notAsked = (name: string): string => (name.startsWith('claim:')
  ? "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty" : "must match one of the container's resource requests");

/** The health of the devices that a container was given. */
function allocationErrors(statuses: readonly ContainerStatus[], path: string, containers: readonly Container[]): FieldError[] {
  return statuses.flatMap(({ name: containerName, allocatedResourcesStatus = [] }, index) => allocatedResourcesStatus.flatMap(({ name, resources = [] }, place) => {
    const at = `${path}[${index}].allocatedResourcesStatus[${place}]`;
    const container = containers.find((one) => one.name === containerName);
    const seen = new Set<string>();
    return [
      ...(container === undefined || isAsked(name, container) ? [] : [invalid(`${at}.name`, name, notAsked(name))]),
      ...resources.flatMap(({ resourceID, health = '', message }, each) => {
        const errors = healths.includes(health) ? [] : [notSupported(`${at}.resources[${each}].health`, health, healths)];
        if (message === '') errors.push(required(`${at}.resources[${each}].message`, 'must be non-empty if specified'));
        else if (message !== undefined && new TextEncoder().encode(message).length > longestMessageBytes) errors.push(tooLong(`${at}.resources[${each}].message`, longestMessageBytes));
        if (seen.has(resourceID)) errors.push(duplicate(`${at}.resources[${each}].resourceID`, resourceID));
        seen.add(resourceID);
        return errors;
      }),
    ];
  }));
}

const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

function containerErrors(status: PodStatus, { containers, initContainers = [], os }: PodSpec): FieldError[] {
  return [
    ...lists.flatMap((list) => userErrors(status[list] ?? [], `status.${list}`, os?.name ?? 'linux')),
    ...allocationErrors(status.containerStatuses ?? [], 'status.containerStatuses', containers), ...allocationErrors(status.initContainerStatuses ?? [], 'status.initContainerStatuses', initContainers),
    ...(status.ephemeralContainerStatuses ?? []).flatMap(({ allocatedResourcesStatus = [] }, index) =>
      (allocatedResourcesStatus.length === 0 ? [] : [forbidden(`status.ephemeralContainerStatuses[${index}].allocatedResourcesStatus`, 'must not be specified in container status')])),
  ];
}

function stateErrors(status: PodStatus, before: PodStatus, spec: PodSpec): FieldError[] {
  const of = (list: typeof lists[number]): Statuses => ({ now: status[list] ?? [], before: before[list] ?? [] });
  return [
    ...(canRestartAll(spec) ? [] : [...transitionErrors(of('containerStatuses'), 'status.containerStatuses', spec.containers, spec), ...transitionErrors(of('initContainerStatuses'), 'status.initContainerStatuses', spec.initContainers ?? [], spec)]),
    ...transitionErrors(of('ephemeralContainerStatuses'), 'status.ephemeralContainerStatuses', [], spec),
  ];
}

export function validatePodStatus({ metadata, spec, status = {} }: Pod, old: Pod): FieldError[] {
  const before = old.status ?? {};
  const errors = [
    ...validateAnnotationChanges(metadata.annotations, old.metadata.annotations), ...validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', ratchetsOf(old.spec, old.metadata.annotations)),
    ...conditionErrors(status.conditions ?? []),
  ];
  const { nominatedNodeName: nominated = '', observedGeneration = 0, hostIPs = [], qosClass } = status;
  if (nominated !== '' && nominated !== before.nominatedNodeName) {
    append(errors, invalidAll('status.nominatedNodeName', nominated, dns1123SubdomainErrors(nominated)));
    if ((old.spec.nodeName ?? '') !== '') errors.push(forbidden('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'));
  }
  if (observedGeneration < 0) errors.push(invalid('status.observedGeneration', observedGeneration, 'must be a non-negative integer'));
  if (qosClass !== before.qosClass) errors.push(invalid('status.qosClass', qosClass ?? '', 'field is immutable'));
  append(errors, stateErrors(status, before, old.spec), claimErrors(status.resourceClaimStatuses ?? [], spec), extendedErrors(status.extendedResourceClaimStatus, spec), addressErrors('podIPs', status.podIPs ?? [], before.podIPs ?? []));
  const [first] = hostIPs;
  if (first !== undefined && first.ip !== (status.hostIP ?? '')) errors.push(invalid('status.hostIPs[0].ip', first.ip, 'must be equal to `hostIP`'));
  return [...errors, ...addressErrors('hostIPs', hostIPs, before.hostIPs ?? []), ...containerErrors(status, spec)];
}
