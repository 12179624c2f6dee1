/** What a pod may keep though no new one may have it: no update is refused for what was there before. */
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import { validateDeletionCost } from './pod-annotation-rules.ts';
import type { PodSpec } from './pod-spec.ts';
import { hugePageErrors } from './resource-rules.ts';
import { comparesImpossibleValues, matchKeysErrors } from './scheduling-rules.ts';
import type { PodAffinityTerm, PodAntiAffinity } from './scheduling.ts';
import { hostSysctlErrors } from './security-rules.ts';
import { placedContainers } from './placed-containers.ts';
import { ownPathErrors } from './volume-file-rules.ts';

export interface PodRatchets {
  /** A deletion cost that is no number. */
  readonly deletionCost: boolean;
  /** Values in the selectors of pod affinity that no label can have. */
  readonly affinityValues: boolean;
  /** The same for required node affinity. */
  readonly nodeAffinityValues: boolean;
  /** Amounts of huge pages that are no multiple of a page. */
  readonly hugePages: boolean;
  /** Malformed selectors of spread constraints. */
  readonly spreadSelectors: boolean;
  /** Malformed label keys of spread constraints. */
  readonly spreadKeys: boolean;
  /** Tokens projected outside of their volume. */
  readonly tokenPaths: boolean;
  /** Sysctls of a network or of an IPC namespace that the pod shares with its host. */
  readonly hostSysctls: boolean;
  /** Block devices in a user namespace of the pod's own. */
  readonly userDevices: boolean;
  /** The host's network in a user namespace of the pod's own. */
  readonly userNetwork: boolean;
  /** Init containers that would be restarted to be resized. */
  readonly initRestarts: boolean;
  /** A policy for changing SELinux labels: whoever has one may have either. */
  readonly labelPolicy: boolean;
}

/** For new pods. */
export const noRatchets: PodRatchets = {
  deletionCost: false, affinityValues: false, nodeAffinityValues: false, hugePages: false, spreadSelectors: false, spreadKeys: false, tokenPaths: false, hostSysctls: false,
  userDevices: false, userNetwork: false, initRestarts: false, labelPolicy: false,
};

const termsOf = ({ requiredDuringSchedulingIgnoredDuringExecution: hard = [], preferredDuringSchedulingIgnoredDuringExecution: soft = [] }: PodAntiAffinity): readonly PodAffinityTerm[] =>
  [...hard, ...soft.map(({ podAffinityTerm }) => podAffinityTerm)];

function hasOddHugePages(spec: PodSpec): boolean {
  const lists = [...placedContainers(spec, '').flatMap(({ container: { resources } }) => [resources?.limits ?? {}, resources?.requests ?? {}]), spec.overhead ?? {}];
  return lists.some((amounts) => Object.entries(amounts).some(([name, amount]) => hugePageErrors(name, amount, '').length > 0));
}

/** What the template or pod that there was may keep. */
export function ratchetsOf(old: PodSpec | undefined, annotations: Readonly<Record<string, string>> | undefined): PodRatchets {
  if (old === undefined) return noRatchets;
  const { affinity, topologySpreadConstraints: constraints = [], hostUsers } = old;
  const podTerms = [affinity?.podAffinity ?? {}, affinity?.podAntiAffinity ?? {}].flatMap(termsOf);
  const tokens = (old.volumes ?? []).flatMap(({ projected }) => (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => (serviceAccountToken === undefined ? [] : [serviceAccountToken.path])));
  return {
    deletionCost: validateDeletionCost(annotations, '').length > 0,
    affinityValues: podTerms.some(({ labelSelector, namespaceSelector }) => [labelSelector, namespaceSelector].some((selector) => validateLabelSelector(selector, '').length > 0)),
    nodeAffinityValues: comparesImpossibleValues(affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    hugePages: hasOddHugePages(old),
    spreadSelectors: constraints.some(({ labelSelector }) => validateLabelSelector(labelSelector, '').length > 0),
    spreadKeys: constraints.some(({ matchLabelKeys = [], labelSelector }) => matchKeysErrors('', matchLabelKeys, [], labelSelector).length > 0),
    tokenPaths: tokens.some((path) => ownPathErrors(path, '').length > 0),
    hostSysctls: (old.securityContext?.sysctls ?? []).some(({ name }) => hostSysctlErrors(name, old, '').length > 0),
    userDevices: hostUsers === false && placedContainers(old, '').some(({ container }) => (container.volumeDevices ?? []).length > 0),
    userNetwork: hostUsers === false && old.hostNetwork === true,
    initRestarts: (old.initContainers ?? []).some(({ restartPolicy, resizePolicy = [] }) => restartPolicy !== 'Always' && resizePolicy.some((policy) => policy.restartPolicy === 'RestartContainer')),
    labelPolicy: old.securityContext?.seLinuxChangePolicy !== undefined,
  };
}
