/** Rules of security contexts. */
import { append } from '@kaji/base';
import { goForm, rangeMessage } from '@kaji/schema';
import { duplicate, invalid, notSupported, required, tooLong } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { descendingErrors } from './environment-rules.ts';
import type { PodRatchets } from './pod-ratchets.ts';
import type { PodSpec } from './pod-spec.ts';
import { type AppArmorProfile, type PodSecurityContext, SeccompProfile, SecurityContext } from './security-context.ts';
import { windowsOptionErrors } from './windows-rules.ts';

const largestId = 2 ** 31 - 1;
export const idErrors = (id: number | undefined, path: string): FieldError[] => (id !== undefined && (id < 0 || id > largestId) ? [invalid(path, id, rangeMessage(0, largestId))] : []);

function seccompErrors(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const errors: FieldError[] = [];
  if ((type as string) === '') errors.push(required(`${path}.type`, 'type is required when seccompProfile is set')); // clients may send any text
  else if (!['Localhost', 'RuntimeDefault', 'Unconfined'].includes(type)) errors.push(notSupported(`${path}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined']));
  const at = `${path}.localhostProfile`;
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined) errors.push(invalid(at, goForm(SeccompProfile, profile), 'can only be set when seccomp type is Localhost'));
  } else if (localhostProfile === undefined) errors.push(required(at, 'must be set when seccomp type is Localhost'));
  else append(errors, descendingErrors(localhostProfile, at));
  return errors;
}

export function appArmorErrors(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  switch (type as string) { // clients may send any text
    case 'Localhost': {
      if (localhostProfile === undefined || localhostProfile === '') return [required(at, 'must be set when AppArmor type is Localhost')];
      const errors = localhostProfile.trim() === localhostProfile ? [] : [invalid(at, localhostProfile, 'must not be padded with whitespace')];
      return new TextEncoder().encode(localhostProfile).length > 4095 ? [...errors, tooLong(at, 4095)] : errors;
    }
    case 'RuntimeDefault': case 'Unconfined': return localhostProfile === undefined ? [] : [invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')];
    case '': return [required(`${path}.type`, 'type is required when appArmorProfile is set')];
    default: return [notSupported(`${path}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined'])];
  }
}

const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
/** Each part between dots or slashes on its own: the pattern as a whole can take a backtracking engine very long. */
const isSysctl = (name: string): boolean => name.length <= 253 && name.split(/[./]/).every((part) => /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/.test(part));

export function hostSysctlErrors(name: string, { hostNetwork, hostIPC }: Pick<PodSpec, 'hostNetwork' | 'hostIPC'>, path: string): FieldError[] {
  const dotted = name.replaceAll('/', '.');
  if (dotted.startsWith('net.') && hostNetwork === true) return [invalid(path, name, "may not be specified when 'hostNetwork' is true")];
  const isIpc = dotted.startsWith('kernel.shm') || dotted.startsWith('kernel.msg') || dotted.startsWith('fs.mqueue.') || dotted === 'kernel.sem';
  return isIpc && hostIPC === true ? [invalid(path, name, "may not be specified when 'hostIPC' is true")] : [];
}

function sysctlErrors(context: PodSecurityContext, spec: PodSpec, path: string, keepsHostSysctls: boolean): FieldError[] {
  return (context.sysctls ?? []).flatMap(({ name }, index) => {
    const at = `${path}[${index}].name`;
    const first = context.sysctls?.findIndex((other) => other.name === name) ?? index;
    const own = name === '' ? [required(at)] : !isSysctl(name) ? [invalid(at, name, `must have at most 253 characters and match regex ${sysctlPattern}`)] : first < index ? [duplicate(at, name)] : [];
    return [...own, ...(keepsHostSysctls ? [] : hostSysctlErrors(name, spec, at))];
  });
}

export function validatePodSecurity(spec: PodSpec, path: string, keeps: Pick<PodRatchets, 'hostSysctls' | 'labelPolicy'>): FieldError[] {
  const context = spec.securityContext;
  if (context === undefined) return [];
  const oneOf = (name: 'fsGroupChangePolicy' | 'supplementalGroupsPolicy' | 'seLinuxChangePolicy', supported: readonly string[]): FieldError[] => {
    const value = context[name];
    return value === undefined || supported.includes(value) ? [] : [notSupported(`${path}.${name}`, value, supported)];
  };
  return [
    ...idErrors(context.fsGroup, `${path}.fsGroup`), ...idErrors(context.runAsUser, `${path}.runAsUser`), ...idErrors(context.runAsGroup, `${path}.runAsGroup`),
    ...(context.supplementalGroups ?? []).flatMap((id, index) => idErrors(id, `${path}.supplementalGroups[${index}]`)),
    ...(spec.shareProcessNamespace === true && spec.hostPID === true ? [invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')] : []),
    ...sysctlErrors(context, spec, `${path}.sysctls`, keeps.hostSysctls), ...oneOf('fsGroupChangePolicy', ['Always', 'OnRootMismatch']),
    ...seccompErrors(context.seccompProfile, `${path}.seccompProfile`), ...windowsOptionErrors(context.windowsOptions, `${path}.windowsOptions`), ...appArmorErrors(context.appArmorProfile, `${path}.appArmorProfile`),
    ...oneOf('supplementalGroupsPolicy', ['Merge', 'Strict']), ...oneOf('seLinuxChangePolicy', keeps.labelPolicy ? ['MountOption', 'Recursive'] : ['Recursive']),
  ];
}

export function validateSecurity(context: SecurityContext | undefined, path: string, hasHostUsers: boolean): FieldError[] {
  if (context === undefined) return [];
  const { procMount, privileged, allowPrivilegeEscalation, capabilities } = context;
  const errors = [...idErrors(context.runAsUser, `${path}.runAsUser`), ...idErrors(context.runAsGroup, `${path}.runAsGroup`)];
  if (procMount !== undefined && !['Default', 'Unmasked'].includes(procMount)) errors.push(notSupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']));
  if (hasHostUsers && procMount === 'Unmasked') errors.push(invalid(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'));
  append(errors, seccompErrors(context.seccompProfile, `${path}.seccompProfile`));
  if (allowPrivilegeEscalation === false) {
    if (privileged === true) errors.push(invalid(path, goForm(SecurityContext, context), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    for (const name of capabilities?.add ?? []) if (name === 'CAP_SYS_ADMIN') errors.push(invalid(path, goForm(SecurityContext, context), 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'));
  }
  return [...errors, ...windowsOptionErrors(context.windowsOptions, `${path}.windowsOptions`), ...appArmorErrors(context.appArmorProfile, `${path}.appArmorProfile`)];
}
