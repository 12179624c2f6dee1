/** Rules of pods and pod templates. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, dns1123SubdomainErrors, dns1123SubdomainWithUnderscoreErrors, goForm, qualifiedNameErrors, rangeMessage } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, notFoundField, notSupported, oneOfValues, required, tooLong } from '../../field-error.ts';
import { ipErrors } from '../../ip-rules.ts';
import { validateAnnotations, validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { ObjectMeta } from '../../meta/v1/object-meta.ts';
import type { FieldError } from '../../resource.ts';
import { imageErrors, type PodFacts, validateContainers, validateEphemeralContainers, validateInitContainers } from './container-rules.ts';
import { mirrorAnnotation, validatePodAnnotations, validateProfilesAgree } from './pod-annotation-rules.ts';
import { noRatchets, type PodRatchets, ratchetsOf } from './pod-ratchets.ts';
import { validatePodResources } from './pod-resource-rules.ts';
import { type PodDNSConfig, PodResourceClaim, type PodSpec, type PodTemplateSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import { validateRequirements } from './resource-rules.ts';
import { validateAffinity, validateSpread, validateTolerations } from './scheduling-rules.ts';
import { validatePodSecurity } from './security-rules.ts';
import { validateVolumes } from './volume-rules.ts';
import { validateHostProcess, validateLinux, validateWindows } from './windows-rules.ts';
import { placedContainers } from './placed-containers.ts';

function dnsErrors(config: PodDNSConfig | undefined, policy: string | undefined, path: string): FieldError[] {
  if (policy === 'None' && config === undefined) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (config === undefined) return [];
  const { nameservers = [], searches = [], options = [] } = config;
  if (policy === 'None' && nameservers.length === 0) return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  const errors: FieldError[] = [];
  if (nameservers.length > 3) errors.push(invalid(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers'));
  nameservers.forEach((address, index) => append(errors, ipErrors(`${path}.nameservers[${index}]`, address)));
  if (searches.length > 32) errors.push(invalid(`${path}.searches`, searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048) errors.push(invalid(`${path}.searches`, searches, 'must not have more than 2048 characters (including spaces) in the search list'));
  searches.forEach((search, index) => {
    const name = search.replace(/\.$/, '');
    if (search !== '.') append(errors, invalidAll(`${path}.searches[${index}]`, name, dns1123SubdomainWithUnderscoreErrors(name)));
  });
  options.forEach(({ name = '' }, index) => {
    if (name === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  });
  return errors;
}

function claimErrors({ resourceClaims = [] }: PodSpec, path: string, metadata: ObjectMeta | undefined): FieldError[] {
  // Kubernetes: the path of this one is an empty subscript.
  if (metadata?.annotations?.[mirrorAnnotation] !== undefined) return resourceClaims.map(() => forbidden('[]', 'static pods do not support resource claims'));
  const names = new Set<string>();
  return resourceClaims.flatMap((claim, index) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const at = `${path}[${index}]`;
    const errors = name === '' ? [required(`${at}.name`)] : names.has(name) ? [duplicate(`${at}.name`, name)] : invalidAll(`${at}.name`, name, dns1123LabelErrors(name));
    names.add(name);
    const count = [resourceClaimName, resourceClaimTemplateName].filter((one) => one !== undefined).length;
    if (count === 2) errors.push(invalid(at, goForm(PodResourceClaim, claim), 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'));
    if (count === 0) errors.push(invalid(at, goForm(PodResourceClaim, claim), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    if (resourceClaimName !== undefined) append(errors, invalidAll(`${at}.resourceClaimName`, resourceClaimName, dns1123SubdomainErrors(resourceClaimName)));
    if (resourceClaimTemplateName !== undefined) append(errors, invalidAll(`${at}.resourceClaimTemplateName`, resourceClaimTemplateName, dns1123SubdomainErrors(resourceClaimTemplateName)));
    return errors;
  });
}

function hostNetworkErrors(spec: PodSpec, path: string, isPod: boolean): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return spec.containers.flatMap(({ ports = [] }, index) => ports.flatMap(({ hostPort = 0, containerPort }, at) =>
    ((isPod || hostPort !== 0) && hostPort !== containerPort ? [invalid(`${path}.containers[${index}].ports[${at}].hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')] : [])));
}

function hostUsersErrors(spec: PodSpec, path: string, keeps: PodRatchets): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  return [
    ...(spec.hostNetwork === true && !keeps.userNetwork ? [forbidden(`${path}.hostNetwork`, why)] : []), ...(spec.hostPID === true ? [forbidden(`${path}.HostPID`, why)] : []), ...(spec.hostIPC === true ? [forbidden(`${path}.HostIPC`, why)] : []),
    ...(keeps.userDevices ? [] : placedContainers(spec, path).flatMap(({ container, path: at }) => ((container.volumeDevices ?? []).length > 0 ? [forbidden(`${at}.volumeDevices`, why)] : []))),
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

function osErrors(spec: PodSpec, path: string): FieldError[] {
  const { os } = spec;
  if (os === undefined) return [];
  if (os.name === '') return [required(`${path}.os.name`)];
  if (os.name === 'linux') return validateLinux(spec, path);
  return os.name === 'windows' ? validateWindows(spec, path) : [notSupported(`${path}.os`, os.name, ['linux', 'windows'])];
}

function fileVolumeErrors(spec: PodSpec, path: string): FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return placedContainers(spec, path).flatMap(({ container, path: at }) => (container.env ?? []).flatMap(({ valueFrom }, index) => {
    const name = valueFrom?.fileKeyRef?.volumeName;
    if (name === undefined) return [];
    const where = `${at}.env[${index}].valueFrom.fileKeyRef.volumeName`;
    const volume = volumes.get(name);
    if (volume === undefined) return [notFoundField(where, name)];
    return volume.emptyDir === undefined ? [invalid(where, name, 'referenced volume must be of type emptyDir')] : [];
  }));
}

/** What the rules of a spec need of the pod or template around it. */
export interface SpecFacts {
  /** Of the pod; templates have none. */
  readonly metadata?: ObjectMeta | undefined;
  readonly keeps: PodRatchets;
}

export function validatePodSpec(spec: PodSpec, path: string, { metadata, keeps }: SpecFacts): FieldError[] {
  const isPod = metadata !== undefined;
  const { errors: volumeErrors, usable } = validateVolumes(spec.volumes ?? [], `${path}.volumes`, { isPod, podName: metadata?.name ?? '', keeps });
  const claimNames = (spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name !== '');
  const facts: PodFacts = { spec, volumes: usable, claimNames, keeps };
  const { activeDeadlineSeconds: deadline, overhead, runtimeClassName } = spec;
  return [
    ...volumeErrors, ...claimErrors(spec, `${path}.resourceClaims`, metadata), ...validateContainers(`${path}.containers`, facts), ...validateInitContainers(`${path}.initContainers`, facts),
    ...validateEphemeralContainers(`${path}.ephemeralContainers`, facts), ...validatePodResources(spec, path, claimNames, keeps.hugePages),
    ...hostNetworkErrors(spec, path, isPod), ...oneOfValues(`${path}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...oneOfValues(`${path}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']), ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurity(spec, `${path}.securityContext`, keeps), ...(spec.affinity === undefined ? [] : validateAffinity(spec.affinity, `${path}.affinity`, keeps)), ...dnsErrors(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, index) => invalidAll(`${path}.readinessGates[${index}].conditionType`, conditionType, qualifiedNameErrors(conditionType))),
    ...gateErrors(spec, path), ...validateSpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`, keeps), ...validateHostProcess(spec, path), ...hostUsersErrors(spec, path, keeps), ...hostnameErrors(spec, path),
    ...nameErrors(`${path}.serviceAccountName`, spec.serviceAccountName, dns1123SubdomainErrors), ...nameErrors(`${path}.nodeName`, spec.nodeName, dns1123SubdomainErrors),
    ...(deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647) ? [invalid(`${path}.activeDeadlineSeconds`, deadline, rangeMessage(1, 2_147_483_647))] : []),
    ...nameErrors(`${path}.hostname`, spec.hostname, dns1123LabelErrors), ...nameErrors(`${path}.subdomain`, spec.subdomain, dns1123LabelErrors), ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...(spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }, index) => [...ipErrors(`${path}.hostAliases[${index}].ip`, ip), ...hostnames.flatMap((name, at) => invalidAll(`${path}.hostAliases[${index}].hostnames[${at}]`, name, dns1123SubdomainErrors(name)))]),
    ...nameErrors(`${path}.priorityClassName`, spec.priorityClassName, dns1123SubdomainErrors), ...(runtimeClassName === undefined ? [] : invalidAll(`${path}.runtimeClassName`, runtimeClassName, dns1123SubdomainErrors(runtimeClassName))),
    ...(spec.preemptionPolicy === undefined ? [] : oneOfValues(`${path}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'])),
    ...(overhead === undefined ? [] : validateRequirements({ limits: overhead }, `${path}.overhead`, { claimNames: [], keepsHugePages: keeps.hugePages })), ...osErrors(spec, path), ...fileVolumeErrors(spec, path),
  ];
}

/** `old` is the template that there was, on updates. */
export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, path: string, old?: PodTemplateSpec): FieldError[] {
  const keeps = ratchetsOf(old?.spec, old?.metadata?.annotations);
  const annotations = metadata?.annotations;
  return [
    ...validateLabels(metadata?.labels, `${path}.labels`), ...validateAnnotations(annotations, `${path}.annotations`), ...validatePodAnnotations(annotations, spec, `${path}.annotations`, keeps),
    ...validatePodSpec(spec, `${path}.spec`, { keeps }), ...validateProfilesAgree(annotations, spec, `${path}.spec`),
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')] : []),
  ];
}

/** What holds for every pod, at creation and later. */
export function validatePod({ metadata, spec }: Pod, keeps: PodRatchets): FieldError[] {
  const errors = [...validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', keeps), ...validatePodSpec(spec, 'spec', { metadata, keeps })];
  if ((spec.serviceAccountName ?? '') === '') {
    (spec.volumes ?? []).forEach(({ projected }, index) => (projected?.sources ?? []).forEach(({ serviceAccountToken }, at) => {
      if (serviceAccountToken !== undefined) errors.push(forbidden(`spec.volumes[${index}].projected.sources[${at}].serviceAccountToken`, 'must not be specified when serviceAccountName is not set'));
    }));
  }
  for (const list of ['containers', 'initContainers'] as const) append(errors, (spec[list] ?? []).flatMap((container, index) => imageErrors(container, `spec.${list}[${index}]`)));
  return errors;
}

export function validateNewPod(pod: Pod): FieldError[] {
  const errors = validatePod(pod, noRatchets);
  const { metadata, spec } = pod;
  if ((spec.ephemeralContainers ?? []).length > 0) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0) errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  return [...errors, ...validateProfilesAgree(metadata.annotations, spec, 'spec')];
}
