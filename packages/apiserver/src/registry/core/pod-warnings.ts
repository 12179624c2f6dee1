/** What a pod, or a template of pods, is warned of though it is accepted. */
import { type Affinity, type Container, type ContainerPort, deprecatedNodeLabels, type PodAffinityTerm, type PodSpec, type PodTemplateSpec, type Volume } from '@kaji/api/core/v1';
import { quantityMilliValue } from '@kaji/schema';

const deprecatedAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const deprecatedVolumes = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const satisfies Partial<Record<keyof Volume, string>>;

/** Kubernetes: one source is called by its Go name. */
const shownVolume = (name: string): string => (name === 'storageos' ? 'storageOS' : name);

/** `at` is the path of the template, with its dot; empty for a pod. */
export function podWarnings({ metadata, spec }: Pick<PodTemplateSpec, 'metadata' | 'spec'>, at: string): readonly string[] {
  if (spec === undefined) return [];
  const annotations = metadata?.annotations ?? {};
  const warnings: string[] = [];
  for (const label of Object.keys(spec.nodeSelector ?? {})) {
    const why = deprecatedNodeLabels[label];
    if (why !== undefined) warnings.push(`${at}spec.nodeSelector[${label}]: ${why}`);
  }
  warnings.push(...spreadWarnings(spec, at));
  for (const [name, why] of Object.entries(deprecatedAnnotations)) if (annotations[name] !== undefined) warnings.push(`${at}metadata.annotations[${name}]: ${why}`);
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    for (const [name, why] of Object.entries(deprecatedVolumes)) if (volume[name as keyof typeof deprecatedVolumes] !== undefined) warnings.push(`${at}spec.volumes[${index}].${shownVolume(name)}: ${why}`);
  }
  warnings.push(...repeated((spec.hostAliases ?? []).map(({ ip }) => ip), (index, ip) => `${at}spec.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`));
  const secrets = (spec.imagePullSecrets ?? []).map(({ name }) => name ?? '');
  warnings.push(...repeated(secrets, (index, name) => `${at}spec.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`));
  for (const [index, name] of secrets.entries()) if (name === '') warnings.push(`${at}spec.imagePullSecrets[${index}].name: invalid empty name ""`);
  if (spec.securityContext?.seccompProfile === undefined && annotations['seccomp.security.alpha.kubernetes.io/pod'] !== undefined) {
    warnings.push(`${at}metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  }
  const containers = allContainers(spec, at);
  for (const { container, path } of containers) warnings.push(...resourceWarnings(container, path), ...variableWarnings(container, path));
  warnings.push(...portWarnings(containers));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) warnings.push(`${at}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  warnings.push(...affinityWarnings(spec.affinity, `${at}spec.affinity`));
  return warnings;
}

function spreadWarnings(spec: PodSpec, at: string): readonly string[] {
  return (spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, index) => {
    const path = `${at}spec.topologySpreadConstraints[${index}]`;
    const why = deprecatedNodeLabels[topologyKey];
    return [
      ...(why === undefined ? [] : [`${path}.topologyKey: ${topologyKey} is ${why}`]),
      ...(labelSelector === undefined ? [`${path}.labelSelector: a null labelSelector results in matching no pod`] : []),
    ];
  });
}

function repeated(values: readonly string[], say: (index: number, value: string) => string): readonly string[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    if (seen.has(value)) return [say(index, value)];
    seen.add(value);
    return [];
  });
}

interface Placed {
  readonly container: Pick<Container, 'name' | 'env' | 'ports' | 'resources'>;
  readonly path: string;
}

function allContainers(spec: PodSpec, at: string): readonly Placed[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) => (spec[list] ?? []).map((container, index) => ({ container, path: `${at}spec.${list}[${index}]` })));
}

function resourceWarnings({ resources }: Placed['container'], path: string): readonly string[] {
  return (['limits', 'requests'] as const).flatMap((list) => ['memory', 'ephemeral-storage'].flatMap((name) => {
    const quantity = resources?.[list]?.[name];
    if (quantity === undefined || !/[mun.eE]/.test(quantity) || quantityMilliValue(quantity) % 1000n === 0n) return [];
    return [`${path}.resources.${list}[${name}]: fractional byte value ${JSON.stringify(quantity)} is invalid, must be an integer`];
  }));
}

/** A variable that is set again is fine where it builds on what it was. */
function variableWarnings({ env = [] }: Placed['container'], path: string): readonly string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    const isBuiltOn = valueFrom === undefined && value !== reference && value.includes(reference);
    return isBuiltOn ? [] : [`${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`];
  });
}

function portWarnings(containers: readonly Placed[]): readonly string[] {
  const placed = containers.flatMap(({ container, path }) => (container.ports ?? []).map((port, index) => ({ port, path: `${path}.ports[${index}]` })));
  const warnings: string[] = [];
  for (const [index, { port, path }] of placed.entries()) {
    for (const other of placed.slice(0, index)) {
      if (other.port.containerPort !== port.containerPort || (other.port.protocol ?? 'TCP') !== (port.protocol ?? 'TCP')) continue;
      const how = overlap(port, other.port);
      if (how !== undefined) warnings.push(`${path}: ${how} port definition with ${other.path}`);
    }
  }
  const byName = new Map<string, string>();
  for (const { port, path } of placed) {
    if ((port.name ?? '') === '') continue;
    const other = byName.get(port.name ?? '');
    if (other === undefined) byName.set(port.name ?? '', path);
    else warnings.push(`${path}: duplicate port name ${JSON.stringify(port.name)} with ${other}, services and probes that select ports by name will use ${other}`);
  }
  return warnings;
}

function overlap(port: ContainerPort, other: ContainerPort): string | undefined {
  const { hostIP = '', hostPort = 0 } = port;
  const { hostIP: otherIp = '', hostPort: otherPort = 0 } = other;
  if (hostIP === otherIp && hostPort === otherPort) return 'duplicate';
  if (hostPort === 0 || otherPort === 0) return 'overlapping';
  return hostPort === otherPort && (hostIP === '') !== (otherIp === '') ? 'dangerously ambiguous' : undefined;
}

function affinityWarnings(affinity: Affinity | undefined, path: string): readonly string[] {
  const without = (terms: readonly (PodAffinityTerm | undefined)[], name: (index: number) => string): readonly string[] =>
    terms.flatMap((term, index) => (term !== undefined && term.labelSelector === undefined ? [`${name(index)}.labelSelector: a null labelSelector results in matching no pod`] : []));
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((kind) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity?.[kind] ?? {};
    return [
      ...without(required, (index) => `${path}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`),
      ...without(preferred.map(({ podAffinityTerm }) => podAffinityTerm), (index) => `${path}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`),
    ];
  });
}
