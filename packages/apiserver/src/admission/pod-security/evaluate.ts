/** The checks of pod security, in the order of their messages, with the versions of the policy they belong to. Pure. */
import {
  appArmorProfile, baselineCapabilities, hostNamespaces, hostPathVolumes, hostPorts, hostProbes, privileged, procMount, seccompAnnotations, seccompProfile, seLinuxOptions0,
  seLinuxOptions31, sysctls0, sysctls27, sysctls29, sysctls32, windowsHostProcess,
} from './baseline-checks.ts';
import type { LevelVersion } from './policy.ts';
import { privilegeEscalation, restrictedCapabilities, restrictedSeccomp, restrictedVolumes, runAsNonRoot, runAsUser } from './restricted-checks.ts';
import type { Check, Finding, Subject } from './subject.ts';

interface Form {
  /** The first minor version that checks in this way. */
  readonly since: number;
  readonly check: Check;
}

interface Entry {
  readonly id: string;
  /** The newest last. */
  readonly forms: readonly Form[];
  /** The check of baseline that a restricted one takes the place of. */
  readonly replaces?: string;
}

/** Windows has none of what these ask for. */
const butWindows = (check: Check): Check => (subject) => (subject.spec.os?.name === 'windows' ? undefined : check(subject));

/** In a user namespace, root is nobody outside of it. */
const butUserNamespaces = (check: Check): Check => (subject) => (subject.spec.hostUsers === false ? undefined : check(subject));

const always = (check: Check): readonly Form[] => [{ since: 0, check }];

const baseline: readonly Entry[] = [
  { id: 'appArmorProfile', forms: always(appArmorProfile) },
  { id: 'capabilities_baseline', forms: always(baselineCapabilities) },
  { id: 'hostNamespaces', forms: always(hostNamespaces) },
  { id: 'hostPathVolumes', forms: always(hostPathVolumes) },
  { id: 'hostPorts', forms: always(hostPorts) },
  { id: 'hostProbesAndHostLifecycle', forms: [{ since: 34, check: hostProbes }] },
  { id: 'privileged', forms: always(privileged) },
  { id: 'procMount', forms: [{ since: 0, check: procMount }, { since: 35, check: butUserNamespaces(procMount) }] },
  { id: 'seLinuxOptions', forms: [{ since: 0, check: seLinuxOptions0 }, { since: 31, check: seLinuxOptions31 }] },
  { id: 'seccompProfile_baseline', forms: [{ since: 0, check: seccompAnnotations }, { since: 19, check: seccompProfile }] },
  { id: 'sysctls', forms: [{ since: 0, check: sysctls0 }, { since: 27, check: sysctls27 }, { since: 29, check: sysctls29 }, { since: 32, check: sysctls32 }] },
  { id: 'windowsHostProcess', forms: always(windowsHostProcess) },
];

const restricted: readonly Entry[] = [
  { id: 'allowPrivilegeEscalation', forms: [{ since: 8, check: privilegeEscalation }, { since: 25, check: butWindows(privilegeEscalation) }] },
  { id: 'capabilities_restricted', forms: [{ since: 22, check: restrictedCapabilities }, { since: 25, check: butWindows(restrictedCapabilities) }], replaces: 'capabilities_baseline' },
  { id: 'procMount_restricted', forms: [{ since: 35, check: procMount }], replaces: 'procMount' },
  { id: 'restrictedVolumes', forms: always(restrictedVolumes), replaces: 'hostPathVolumes' },
  { id: 'runAsNonRoot', forms: [{ since: 0, check: runAsNonRoot }, { since: 35, check: butUserNamespaces(runAsNonRoot) }] },
  { id: 'runAsUser', forms: [{ since: 23, check: runAsUser }, { since: 35, check: butUserNamespaces(runAsUser) }] },
  { id: 'seccompProfile_restricted', forms: [{ since: 19, check: restrictedSeccomp }, { since: 25, check: butWindows(restrictedSeccomp) }], replaces: 'seccompProfile_baseline' },
];

/** Later versions are as this one, so far. */
const newestMinor = Math.max(...[...baseline, ...restricted].flatMap(({ forms }) => forms.map(({ since }) => since)));

const checksIn = (entries: readonly Entry[], minor: number): readonly Check[] => entries.flatMap(({ forms }) => forms.findLast(({ since }) => since <= minor)?.check ?? []);

function restrictedChecks(minor: number): readonly Check[] {
  const replaced = new Set(restricted.filter(({ forms }) => forms.some(({ since }) => since <= minor)).map(({ replaces }) => replaces));
  return [...checksIn(baseline.filter(({ id }) => !replaced.has(id)), minor), ...checksIn(restricted, minor)];
}

const minors = Array.from({ length: newestMinor + 1 }, (_, minor) => minor);
const checksOf = { privileged: [], baseline: minors.map((minor) => checksIn(baseline, minor)), restricted: minors.map(restrictedChecks) } as const;

/** What a policy forbids about a pod; nothing when it may run. */
export function evaluate({ level, version }: LevelVersion, subject: Subject): readonly Finding[] {
  const minor = version === 'latest' ? newestMinor : Math.min(Number(version.slice('v1.'.length)), newestMinor);
  return (checksOf[level][minor] ?? []).flatMap((check) => check(subject) ?? []);
}

/** `host namespaces, privileged` */
export const reasonsText = (findings: readonly Finding[]): string => findings.map(({ reason }) => reason).join(', ');

/** `host namespaces (hostNetwork=true), privileged (container "c" must not ...)` */
export const detailsText = (findings: readonly Finding[]): string => findings.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
