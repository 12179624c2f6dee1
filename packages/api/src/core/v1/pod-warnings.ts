/** What a pod, or a template of pods, is warned of though it is accepted. */
import { dns1123LabelErrors, isDeepEqual, labelValueErrors, quantityMilliValue } from '@kaji/schema';
import { ipWarnings } from '../../ip-warnings.ts';
import { deprecatedNodeLabels } from './deprecated-labels.ts';
import { claimSpecWarnings } from './persistent-volume-claim-rules.ts';
import { type PlacedContainer, placedContainers } from './placed-containers.ts';
import { appArmorProfileOf, containerAppArmor } from './pod-annotation-rules.ts';
import type { PodSpec, PodTemplateSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import { portWarnings } from './port-warnings.ts';
import type { Affinity, NodeSelectorTerm, PodAffinityTerm } from './scheduling.ts';
import { volumePathWarnings } from './volume-path-warnings.ts';
import type { Volume } from './volume.ts';

type Annotations = Readonly<Record<string, string>>;

const deprecatedAnnotations: Annotations = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

/** In upstream's order; a claim that is made for an ephemeral volume has warnings of its own. */
const deprecatedVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  ephemeral: '',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Kubernetes: one source is called by its Go name. */
const shownVolume = (source: string): string => (source === 'storageos' ? 'storageOS' : source);

function volumeWarnings(volume: Volume, path: string): readonly string[] {
  const template = volume.ephemeral?.volumeClaimTemplate;
  return Object.entries(deprecatedVolumes).flatMap(([source, why]) => {
    if (source === 'ephemeral') return template === undefined ? [] : claimSpecWarnings(template.spec, `${path}.ephemeral.volumeClaimTemplate.spec`);
    return volume[source as keyof Volume] === undefined ? [] : [`${path}.${shownVolume(source)}: ${why}`]; // the table's keys are a volume's
  });
}

const termWarnings = ({ matchExpressions = [] }: NodeSelectorTerm, path: string, areValuesChecked: boolean): readonly string[] => matchExpressions.flatMap(({ key, values = [] }, index) => {
  const why = deprecatedNodeLabels[key];
  const at = `${path}.matchExpressions[${index}]`;
  return [
    ...(why === undefined ? [] : [`${at}.key: ${key} is ${why}`]),
    ...(areValuesChecked ? values.flatMap((value, place) => labelValueErrors(value).map((message) => `${at}.values[${place}]: ${value} is invalid, ${message}`)) : []),
  ];
});

function nodeAffinityWarnings(affinity: Affinity | undefined, path: string): readonly string[] {
  const { requiredDuringSchedulingIgnoredDuringExecution: hard, preferredDuringSchedulingIgnoredDuringExecution: soft = [] } = affinity?.nodeAffinity ?? {};
  return [
    ...(hard?.nodeSelectorTerms ?? []).flatMap((term, index) => termWarnings(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`, false)),
    ...soft.flatMap(({ preference }, index) => termWarnings(preference, `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`, true)),
  ];
}

const noSelector = (path: string): string => `${path}.labelSelector: a null labelSelector results in matching no pod`;

const spreadWarnings = ({ topologySpreadConstraints = [] }: PodSpec, path: string): readonly string[] => topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, index) => {
  const at = `${path}.topologySpreadConstraints[${index}]`;
  const why = deprecatedNodeLabels[topologyKey];
  return [...(why === undefined ? [] : [`${at}.topologyKey: ${topologyKey} is ${why}`]), ...(labelSelector === undefined ? [noSelector(at)] : [])];
});

function repeated(values: readonly string[], say: (index: number, value: string) => string): readonly string[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    if (seen.has(value)) return [say(index, value)];
    seen.add(value);
    return [];
  });
}

const byteResources = ['memory', 'ephemeral-storage'];
const lists = ['limits', 'requests'] as const;

function fractionWarnings(amounts: Annotations | undefined, path: string, names: readonly string[] = byteResources): readonly string[] {
  return names.flatMap((name) => {
    const amount = amounts?.[name];
    return amount === undefined || quantityMilliValue(amount) % 1000n === 0n ? [] : [`${path}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`];
  });
}

/** A variable that is set again is fine where it builds on what it was. */
function variableWarnings({ container: { env = [] }, path }: PlacedContainer): readonly string[] {
  const seen = new Set<string>();
  const warnings: string[] = [];
  for (const [index, { name, value = '', valueFrom }] of env.entries()) {
    if (!seen.has(name)) {
      seen.add(name);
      continue;
    }
    const reference = `$(${name})`;
    const isBuiltOn = valueFrom === undefined && value !== reference && value.includes(reference);
    if (!isBuiltOn) warnings.push(`${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`);
  }
  return warnings;
}

const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';

interface Around {
  readonly spec: PodSpec;
  readonly annotations: Annotations;
  /** Of the template; undefined for a pod. */
  readonly template: string | undefined;
}

function containerWarnings(placed: PlacedContainer, { spec, annotations, template }: Around): readonly string[] {
  const { container, path } = placed;
  const { name, securityContext, resources } = container;
  const at = `${template === undefined ? '' : `${template}.`}metadata.annotations`;
  const profile = annotations[`${containerAppArmor}${name}`];
  // A pod is warned when its annotation is turned into the field.
  const isOldProfile = template !== undefined && profile !== undefined && securityContext?.appArmorProfile === undefined
    && (spec.securityContext?.appArmorProfile === undefined || !isDeepEqual(spec.securityContext.appArmorProfile, appArmorProfileOf(profile)));
  return [
    ...(securityContext?.seccompProfile === undefined && annotations[`${containerSeccomp}${name}`] !== undefined ? [`${at}[${containerSeccomp}${name}]: non-functional in v1.27+; use the "seccompProfile" field instead`] : []),
    ...(isOldProfile ? [appArmorWarning(at, name)] : []),
    ...byteResources.flatMap((resource) => lists.flatMap((list) => fractionWarnings(resources?.[list], `${path}.resources.${list}`, [resource]))),
    ...variableWarnings(placed),
  ];
}

/** `at` is the path of the annotations. */
export const appArmorWarning = (at: string, container: string): string => `${at}[${containerAppArmor}${container}]: deprecated since v1.30; use the "appArmorProfile" field instead`;

function podAffinityWarnings(affinity: Affinity | undefined, path: string): readonly string[] {
  const without = (terms: readonly PodAffinityTerm[], name: (index: number) => string): readonly string[] => terms.flatMap(({ labelSelector }, index) => (labelSelector === undefined ? [noSelector(name(index))] : []));
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: hard = [], preferredDuringSchedulingIgnoredDuringExecution: soft = [] } = affinity?.[kind] ?? {};
    return [
      ...without(hard, (index) => `${path}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
      ...without(soft.map(({ podAffinityTerm }) => podAffinityTerm), (index) => `${path}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`),
    ];
  });
}

/** `template` is the path of the template; undefined for a pod. */
export function podWarnings({ metadata, spec }: Pick<PodTemplateSpec, 'metadata' | 'spec'>, template?: string): readonly string[] {
  const annotations = metadata?.annotations ?? {};
  const at = template === undefined ? '' : `${template}.`;
  const path = `${at}spec`;
  const { hostAliases = [], affinity } = spec;
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  const containers = placedContainers(spec, path);
  const around = { spec, annotations, template };
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((label) => (deprecatedNodeLabels[label] === undefined ? [] : [`${path}.nodeSelector[${label}]: ${deprecatedNodeLabels[label]}`])),
    ...nodeAffinityWarnings(affinity, `${path}.affinity.nodeAffinity`), ...spreadWarnings(spec, path),
    ...Object.entries(deprecatedAnnotations).flatMap(([name, why]) => (annotations[name] === undefined ? [] : [`${at}metadata.annotations[${name}]: ${why}`])),
    ...(spec.volumes ?? []).flatMap((volume, index) => volumeWarnings(volume, `${path}.volumes[${index}]`)), ...volumePathWarnings(spec.volumes ?? []),
    ...repeated(hostAliases.map(({ ip }) => ip), (index, ip) => `${path}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`),
    ...repeated(secrets, (index, name) => `${path}.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`),
    ...secrets.flatMap((name, index) => (name === '' ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [])),
    ...fractionWarnings(spec.overhead, `${path}.overhead`),
    ...(spec.securityContext?.seccompProfile === undefined && annotations[podSeccomp] !== undefined ? [`${at}metadata.annotations[${podSeccomp}]: non-functional in v1.27+; use the "seccompProfile" field instead`] : []),
    ...containers.flatMap((placed) => containerWarnings(placed, around)), ...portWarnings(containers),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0 ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`] : []),
    ...podAffinityWarnings(affinity, `${path}.affinity`),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((address, index) => ipWarnings(`${path}.dnsConfig.nameservers[${index}]`, address)), ...hostAliases.flatMap(({ ip }, index) => ipWarnings(`${path}.hostAliases[${index}].ip`, ip)),
  ];
}

export function newPodWarnings(pod: Pod): readonly string[] {
  const errors = dns1123LabelErrors(pod.metadata.name ?? '');
  const named = errors.length === 0 ? [] : [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${errors.join(' ')}]`];
  return [...named, ...podWarnings(pod)];
}
