/** Rules of annotations that mean something to pods, and of how they agree with the fields that have replaced them. */
import { DecodeError, fromJson, parseJson } from '@kaji/schema';
import { forbidden, invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { descendingErrors } from './environment-rules.ts';
import { placedContainers } from './placed-containers.ts';
import type { PodRatchets } from './pod-ratchets.ts';
import type { PodSpec } from './pod-spec.ts';
import { validateTolerations } from './scheduling-rules.ts';
import { Toleration } from './scheduling.ts';
import type { AppArmorProfile, SeccompProfile } from './security-context.ts';

type Annotations = Readonly<Record<string, string>>;

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const tolerationsAnnotation = 'scheduler.alpha.kubernetes.io/tolerations';
const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';
export const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/';

export function validateDeletionCost(annotations: Annotations | undefined, path: string): FieldError[] {
  const cost = annotations?.[deletionCost];
  if (cost === undefined) return [];
  const isCost = /^(?:0|[1-9]\d*|-\d+)$/.test(cost) && Number(cost) >= -(2 ** 31) && Number(cost) < 2 ** 31;
  return isCost ? [] : [invalid(`${path}[${deletionCost}]`, cost, 'must be a 32bit integer')];
}

function tolerationErrors(text: string | undefined, path: string): FieldError[] {
  if (text === undefined || text === '') return [];
  try {
    const { value } = parseJson(text);
    const tolerations = (Array.isArray(value) ? value : [value]).map((item) => fromJson(Toleration, item).object);
    return validateTolerations(tolerations, `${path}.${tolerationsAnnotation}`);
  } catch (error) {
    if (error instanceof DecodeError) return [invalid(path, tolerationsAnnotation, error.message)];
    throw error;
  }
}

function seccompErrors(profile: string, path: string): FieldError[] {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return [];
  return profile.startsWith('localhost/') ? descendingErrors(profile.slice('localhost/'.length), path) : [invalid(path, profile, 'must be a valid seccomp profile')];
}

function appArmorErrors(name: string, profile: string, spec: PodSpec, path: string): FieldError[] {
  const container = name.slice(containerAppArmor.length);
  const isKnown = profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/');
  return [
    ...(placedContainers(spec, '').some((placed) => placed.container.name === container) ? [] : [invalid(`${path}[${name}]`, container, 'container not found')]),
    ...(isKnown ? [] : [invalid(`${path}[${name}]`, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)]),
  ];
}

export function validatePodAnnotations(annotations: Annotations | undefined, spec: PodSpec, path: string, keeps: Pick<PodRatchets, 'deletionCost'>): FieldError[] {
  if (annotations === undefined) return [];
  const mirror = annotations[mirrorAnnotation];
  const pod = annotations[podSeccomp];
  const entries = Object.entries(annotations);
  return [
    ...(mirror !== undefined && (spec.nodeName ?? '') === '' ? [invalid(`${path}[${mirrorAnnotation}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set')] : []),
    ...tolerationErrors(annotations[tolerationsAnnotation], path),
    ...(keeps.deletionCost ? [] : validateDeletionCost(annotations, path)),
    ...(pod === undefined ? [] : seccompErrors(pod, `${path}.${podSeccomp}`)),
    ...entries.flatMap(([name, profile]) => (name.startsWith(containerSeccomp) ? seccompErrors(profile, `${path}.${name}`) : [])),
    ...entries.flatMap(([name, profile]) => (name.startsWith(containerAppArmor) ? appArmorErrors(name, profile, spec, path) : [])),
  ];
}

const isFixed = (name: string): boolean => name === mirrorAnnotation || name.startsWith(containerAppArmor);
const fixedKind = (name: string): string => (name === mirrorAnnotation ? 'mirror pod annotation' : 'AppArmor annotations');

/** What an update may not do to them. */
export function validateAnnotationChanges(annotations: Annotations = {}, old: Annotations = {}): FieldError[] {
  const path = 'metadata.annotations';
  return [
    ...Object.keys(old).filter((name) => isFixed(name) && annotations[name] !== old[name]).map((name) => forbidden(`${path}[${name}]`, `may not remove or update ${fixedKind(name)}`)),
    ...Object.keys(annotations).filter((name) => isFixed(name) && old[name] === undefined).map((name) => forbidden(`${path}[${name}]`, `may not add ${fixedKind(name)}`)),
  ];
}

function matchErrors(kind: 'seccomp' | 'apparmor', annotation: string | undefined, profile: SeccompProfile | AppArmorProfile | undefined, path: string): FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const differ = (field: string, what: string): FieldError[] => [forbidden(`${path}.${field}`, `${kind} ${what} in annotation and field must match`)];
  switch (profile.type) {
    case 'Unconfined': return annotation === 'unconfined' ? [] : differ('type', 'type');
    case 'RuntimeDefault': return annotation === 'runtime/default' || (kind === 'seccomp' && annotation === 'docker/default') ? [] : differ('type', 'type');
    case 'Localhost':
      if (!annotation.startsWith('localhost/')) return differ('type', 'type');
      return profile.localhostProfile === annotation.slice('localhost/'.length) ? [] : differ('localhostProfile', 'profile');
    default: return [];
  }
}

/** New pods and all templates may say a thing both ways, if they say the same. */
export function validateProfilesAgree(annotations: Annotations | undefined, spec: PodSpec, path: string): FieldError[] {
  if (annotations === undefined) return [];
  const { securityContext, os } = spec;
  const placed = placedContainers(spec, path);
  return [
    ...matchErrors('seccomp', annotations[podSeccomp], securityContext?.seccompProfile, `${path}.securityContext.seccompProfile`),
    ...placed.flatMap(({ container, path: at }) => matchErrors('seccomp', annotations[`${containerSeccomp}${container.name}`], container.securityContext?.seccompProfile, `${at}.securityContext.seccompProfile`)),
    ...(os?.name === 'windows' ? [] : placed.flatMap(({ container, path: at }) =>
      matchErrors('apparmor', annotations[`${containerAppArmor}${container.name}`], container.securityContext?.appArmorProfile ?? securityContext?.appArmorProfile, `${at}.securityContext.appArmorProfile`))),
  ];
}

/** The profile that an old annotation stands for; undefined where it stands for none. */
export function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = annotation.startsWith('localhost/') ? annotation.slice('localhost/'.length) : '';
  return localhostProfile === '' ? undefined : { type: 'Localhost', localhostProfile };
}
