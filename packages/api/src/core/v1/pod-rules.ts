/** Rules of pods and pod templates. */
import { dns1123LabelErrors, dns1123SubdomainErrors, dns1123SubdomainWithUnderscoreErrors, qualifiedNameErrors, rangeMessage } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notFoundField, notSupported, oneOfValues, required, tooLong } from '../../field-error.ts';
import { ipErrors } from '../../ip-rules.ts';
import { validateAnnotations, validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import { type PodFacts, validateContainers, validateEphemeralContainers, validateInitContainers } from './container-rules.ts';
import type { PodDNSConfig, PodSpec, PodTemplateSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import { resourceNameErrors, validateRequirements } from './resource-rules.ts';
import { validateAffinity, validateSpread, validateTolerations } from './scheduling-rules.ts';
import { validatePodSecurity } from './security-rules.ts';
import { validateVolumes } from './volume-rules.ts';

function dnsErrors(config: PodDNSConfig | undefined, policy: string | undefined, path: string): FieldError[] {
  if (policy === 'None' && config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (config === undefined) return [];
  const { nameservers = [], searches = [], options = [] } = config;
  if (policy === 'None' && nameservers.length === 0) return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  const errors: FieldError[] = [];
  if (nameservers.length > 3) errors.push(invalid(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers'));
  nameservers.forEach((address, index) => errors.push(...ipErrors(`${path}.nameservers[${index}]`, address)));
  if (searches.length > 32) errors.push(invalid(`${path}.searches`, searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048) errors.push(invalid(`${path}.searches`, searches, 'must not have more than 2048 characters (including spaces) in the search list'));
  searches.forEach((search, index) => {
    const name = search.replace(/\.$/, '');
    if (search !== '.') errors.push(...invalidAll(`${path}.searches[${index}]`, name, dns1123SubdomainWithUnderscoreErrors(name)));
  });
  options.forEach(({ name = '' }, index) => {
    if (name === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  });
  return errors;
}

function claimErrors({ resourceClaims = [] }: PodSpec, path: string): FieldError[] {
  const names = new Set<string>();
  return resourceClaims.flatMap(({ name, resourceClaimName, resourceClaimTemplateName }, index) => {
    const at = `${path}[${index}]`;
    const errors = name === '' ? [required(`${at}.name`)] : names.has(name) ? [duplicate(`${at}.name`, name)] : invalidAll(`${at}.name`, name, dns1123LabelErrors(name));
    names.add(name);
    const count = [resourceClaimName, resourceClaimTemplateName].filter((one) => one !== undefined).length;
    if (count === 2) errors.push(invalid(at, { name, resourceClaimName, resourceClaimTemplateName }, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
    if (count === 0) errors.push(invalid(at, { name }, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    if (resourceClaimName !== undefined) errors.push(...invalidAll(`${at}.resourceClaimName`, resourceClaimName, dns1123SubdomainErrors(resourceClaimName)));
    if (resourceClaimTemplateName !== undefined) errors.push(...invalidAll(`${at}.resourceClaimTemplateName`, resourceClaimTemplateName, dns1123SubdomainErrors(resourceClaimTemplateName)));
    return errors;
  });
}

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
const podResourceErrors = (name: string, path: string): FieldError[] => (isPodLevel(name) ? resourceNameErrors(name, path) : [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])]);

function hostNetworkErrors(spec: PodSpec, path: string, isPod: boolean): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return spec.containers.flatMap(({ ports = [] }, index) => ports.flatMap(({ hostPort = 0, containerPort }, at) =>
    ((isPod || hostPort !== 0) && hostPort !== containerPort ? [invalid(`${path}.containers[${index}].ports[${at}].hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')] : [])));
}

function hostUsersErrors(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  return [
    ...(spec.hostNetwork === true ? [forbidden(`${path}.hostNetwork`, why)] : []), ...(spec.hostPID === true ? [forbidden(`${path}.HostPID`, why)] : []), ...(spec.hostIPC === true ? [forbidden(`${path}.HostIPC`, why)] : []),
    ...spec.containers.flatMap(({ volumeDevices = [] }, index) => (volumeDevices.length > 0 ? [forbidden(`${path}.containers[${index}].volumeDevices`, why)] : [])),
  ];
}

function hostnameErrors({ hostnameOverride, setHostnameAsFQDN, hostNetwork }: PodSpec, path: string): FieldError[] {
  if (hostnameOverride === undefined) return [];
  const at = `${path}.hostnameOverride`;
  return [
    ...(setHostnameAsFQDN === true ? [forbidden(at, 'may not be specified when setHostnameAsFQDN is true')] : []),
    ...(hostNetwork === true ? [forbidden(at, 'may not be specified when hostNetwork is true')] : []),
    ...(hostnameOverride.length > 64 ? [tooLong(at, 64)] : []), ...invalidAll(at, hostnameOverride, dns1123SubdomainErrors(hostnameOverride)),
  ];
}

const nameErrors = (path: string, name: string | undefined, check: (name: string) => readonly string[]): FieldError[] => (name === undefined || name === '' ? [] : invalidAll(path, name, check(name)));

function gateErrors(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return (spec.schedulingGates ?? []).flatMap(({ name }, index) => {
    const errors = invalidAll(`${path}.schedulingGates[${index}]`, name, qualifiedNameErrors(name));
    if (seen.has(name)) errors.push(duplicate(`${path}.schedulingGates[${index}]`, name));
    seen.add(name);
    return errors;
  });
}

function osErrors({ os }: PodSpec, path: string): FieldError[] {
  if (os === undefined) return [];
  if (os.name === '') return [required(`${path}.os.name`)];
  return ['linux', 'windows'].includes(os.name) ? [] : [notSupported(`${path}.os`, os.name, ['linux', 'windows'])];
}

function fileVolumeErrors(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return [['initContainers', spec.initContainers ?? []] as const, ['containers', spec.containers] as const].flatMap(([list, containers]) => containers.flatMap(({ env = [] }, index) => env.flatMap(({ valueFrom }, at) => {
    const name = valueFrom?.fileKeyRef?.volumeName;
    if (name === undefined) return [];
    const where = `${path}.${list}[${index}].env[${at}].valueFrom.fileKeyRef.volumeName`;
    const volume = volumes.get(name);
    if (volume === undefined) return [notFoundField(where, name)];
    return volume.emptyDir === undefined ? [invalid(where, name, 'referenced volume must be of type emptyDir')] : [];
  })));
}

export function validatePodSpec(spec: PodSpec, path: string, isPod = false): FieldError[] {
  const { errors: volumeErrors, usable } = validateVolumes(spec.volumes ?? [], `${path}.volumes`);
  const facts: PodFacts = { spec, volumes: usable, claimNames: (spec.resourceClaims ?? []).map(({ name }) => name) };
  const { activeDeadlineSeconds: deadline } = spec;
  return [
    ...volumeErrors, ...claimErrors(spec, `${path}.resourceClaims`), ...validateContainers(`${path}.containers`, facts), ...validateInitContainers(`${path}.initContainers`, facts),
    ...validateEphemeralContainers(`${path}.ephemeralContainers`, facts),
    ...(spec.resources === undefined ? [] : validateRequirements(spec.resources, `${path}.resources`, facts.claimNames, podResourceErrors)),
    ...hostNetworkErrors(spec, path, isPod), ...oneOfValues(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...oneOfValues(`${path}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']), ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurity(spec, `${path}.securityContext`), ...(spec.affinity === undefined ? [] : validateAffinity(spec.affinity, `${path}.affinity`)), ...dnsErrors(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, index) => invalidAll(`${path}.readinessGates[${index}].conditionType`, conditionType, qualifiedNameErrors(conditionType))),
    ...gateErrors(spec, path), ...validateSpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`), ...hostUsersErrors(spec, path), ...hostnameErrors(spec, path),
    ...nameErrors(`${path}.serviceAccountName`, spec.serviceAccountName, dns1123SubdomainErrors), ...nameErrors(`${path}.nodeName`, spec.nodeName, dns1123SubdomainErrors),
    ...(deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647) ? [invalid(`${path}.activeDeadlineSeconds`, deadline, rangeMessage(1, 2_147_483_647))] : []),
    ...nameErrors(`${path}.hostname`, spec.hostname, dns1123LabelErrors), ...nameErrors(`${path}.subdomain`, spec.subdomain, dns1123LabelErrors), ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...(spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }, index) => [...ipErrors(`${path}.hostAliases[${index}].ip`, ip), ...hostnames.flatMap((name, at) => invalidAll(`${path}.hostAliases[${index}].hostnames[${at}]`, name, dns1123SubdomainErrors(name)))]),
    ...nameErrors(`${path}.priorityClassName`, spec.priorityClassName, dns1123SubdomainErrors), ...nameErrors(`${path}.runtimeClassName`, spec.runtimeClassName, dns1123SubdomainErrors),
    ...(spec.preemptionPolicy === undefined ? [] : oneOfValues(`${path}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'])), ...osErrors(spec, path), ...fileVolumeErrors(spec, path),
  ];
}

export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, path: string): FieldError[] {
  return [...validateLabels(metadata?.labels, `${path}.labels`), ...validateAnnotations(metadata?.annotations, `${path}.annotations`), ...annotationErrors(metadata?.annotations, `${path}.annotations`), ...validatePodSpec(spec, `${path}.spec`),
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')] : [])];
}

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

function annotationErrors(annotations: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  const cost = annotations?.[deletionCost];
  if (cost === undefined) return [];
  const isCost = /^(?:0|-?[1-9]\d*)$/.test(cost) && Number(cost) >= -(2 ** 31) && Number(cost) < 2 ** 31;
  return isCost ? [] : [invalid(`${path}[${deletionCost}]`, cost, 'must be a 32bit integer')];
}

/** Annotations that mean something to pods. */
export function validatePodAnnotations({ metadata, spec }: Pod): FieldError[] {
  const mirror = metadata.annotations?.['kubernetes.io/config.mirror'];
  return [
    ...(mirror !== undefined && (spec.nodeName ?? '') === '' ? [invalid('metadata.annotations[kubernetes.io/config.mirror]', mirror, 'must set spec.nodeName if mirror pod annotation is set')] : []),
    ...annotationErrors(metadata.annotations, 'metadata.annotations'),
  ];
}

/** What holds for every pod, at creation and later. */
export function validatePod(pod: Pod): FieldError[] {
  const { spec } = pod;
  const errors = [...validatePodAnnotations(pod), ...validatePodSpec(spec, 'spec', true)];
  if ((spec.serviceAccountName ?? '') === '') {
    (spec.volumes ?? []).forEach(({ projected }, index) => (projected?.sources ?? []).forEach(({ serviceAccountToken }, at) => {
      if (serviceAccountToken !== undefined) errors.push(forbidden(`spec.volumes[${index}].projected.sources[${at}].serviceAccountToken`, 'must not be specified when serviceAccountName is not set'));
    }));
  }
  for (const [list, containers] of [['containers', spec.containers], ['initContainers', spec.initContainers ?? []]] as const) {
    containers.forEach(({ image = '' }, index) => {
      if (image !== image.trim()) errors.push(invalid(`spec.${list}[${index}].image`, image, 'must not have leading or trailing whitespace'));
    });
  }
  return errors;
}

export function validateNewPod(pod: Pod): FieldError[] {
  const errors = validatePod(pod);
  const { spec } = pod;
  if ((spec.ephemeralContainers ?? []).length > 0) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0) errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return errors;
}
