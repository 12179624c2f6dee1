/** Rules of Windows options, and of what pods of an operating system may not say. */
import { dns1123SubdomainErrors, givenValue } from '@kaji/schema';
import { forbidden, invalid, invalidAll } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { placedContainers } from './placed-containers.ts';
import type { PodSpec } from './pod-spec.ts';
import type { WindowsSecurityContextOptions } from './security-context.ts';

const largestSpecBytes = 64 * 1024;
const domainLimitBytes = 256;
const longestUserBytes = 104;
const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsDomain = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f]/;

/** `user` or `DOMAIN\user`. */
function userNameErrors(name: string, path: string): FieldError[] {
  const wrong = (why: string): FieldError => invalid(path, name, why);
  if (name === '') return [wrong('runAsUserName cannot be an empty string')];
  if (control.test(name)) return [wrong('runAsUserName cannot contain control characters')];
  const parts = name.split('\\');
  if (parts.length > 2) return [wrong('runAsUserName cannot contain more than one backslash')];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? parts[0] : undefined;
  return [
    ...(domain !== undefined && bytesOf(domain) >= domainLimitBytes ? [wrong(`runAsUserName's Domain length must be under ${domainLimitBytes} characters`)] : []),
    ...(domain !== undefined && !netBiosName.test(domain) && !dnsDomain.test(domain) ? [wrong("runAsUserName's Domain doesn't match the NetBios nor the DNS format")] : []),
    ...(user === '' ? [wrong("runAsUserName's User cannot be empty")] : bytesOf(user) > longestUserBytes ? [wrong(`runAsUserName's User length must not be longer than ${longestUserBytes} characters`)] : []),
    ...(/^[. ]+$/.test(user) ? [wrong("runAsUserName's User cannot contain only periods or spaces")] : []),
    ...(/["/\\:;|=,+*?<>@[\]]/.test(user) ? [wrong('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]')] : []),
  ];
}

export function windowsOptionErrors(options: WindowsSecurityContextOptions | undefined, path: string): FieldError[] {
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName } = options ?? {};
  return [
    ...(specName === undefined ? [] : invalidAll(`${path}.gmsaCredentialSpecName`, specName, dns1123SubdomainErrors(specName))),
    ...(spec === '' ? [invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string')] : []),
    ...(spec !== undefined && bytesOf(spec) > largestSpecBytes ? [invalid(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB')] : []),
    ...(runAsUserName === undefined ? [] : userNameErrors(runAsUserName, `${path}.runAsUserName`)),
  ];
}

/** Containers that are processes of the host: all of a pod's, or none. */
export function validateHostProcess(spec: PodSpec, path: string): FieldError[] {
  const isHostProcess = spec.securityContext?.windowsOptions?.hostProcess;
  const placed = placedContainers(spec, path);
  const errors = placed.flatMap(({ container, path: at }) => {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    return own === undefined || isHostProcess === undefined || own === isHostProcess ? []
      : [invalid(`${at}.securityContext.windowsOptions.hostProcess`, own, `pod hostProcess value must be identical if both are specified, was ${isHostProcess}`)];
  });
  const count = placed.filter(({ container }) => container.securityContext?.windowsOptions?.hostProcess ?? isHostProcess === true).length;
  if (count === 0) return errors;
  if (count !== placed.length) errors.push(invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  if (spec.hostNetwork !== true) errors.push(invalid(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'));
  return errors;
}

export function validateLinux(spec: PodSpec, path: string): FieldError[] {
  const why = 'windows options cannot be set for a linux pod';
  return [
    ...(spec.securityContext?.windowsOptions === undefined ? [] : [forbidden(`${path}.securityContext.windowsOptions`, why)]),
    ...placedContainers(spec, path).flatMap(({ container, path: at }) => (container.securityContext?.windowsOptions === undefined ? [] : [forbidden(`${at}.securityContext.windowsOptions`, why)])),
  ];
}

/** In upstream's order; those without a dot are fields of the pod's spec. */
const linuxOfPod = [
  'securityContext.appArmorProfile', 'securityContext.seLinuxOptions', 'hostUsers', 'hostPID', 'hostIPC', 'securityContext.seccompProfile', 'securityContext.fsGroup', 'securityContext.fsGroupChangePolicy', 'securityContext.sysctls',
  'shareProcessNamespace', 'securityContext.runAsUser', 'securityContext.runAsGroup', 'securityContext.supplementalGroups', 'securityContext.supplementalGroupsPolicy', 'securityContext.seLinuxChangePolicy',
];
const linuxOfContainer = ['appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged', 'allowPrivilegeEscalation', 'procMount', 'runAsUser', 'runAsGroup'] as const;

/** Kubernetes: a flag of the spec that is false, and a list that is empty, count as unset. */
function isSet(spec: PodSpec, field: string): boolean {
  const [, inner] = field.split('.');
  const holder: unknown = inner === undefined ? spec : spec.securityContext;
  const name = inner ?? field;
  const value = givenValue(holder as Readonly<Record<string, unknown>> | undefined, name); // a plain record of what the type says
  return value !== undefined && !(value === false && (name === 'hostPID' || name === 'hostIPC')) && !(name === 'sysctls' && (value as readonly unknown[]).length === 0);
}

export function validateWindows(spec: PodSpec, path: string): FieldError[] {
  const why = 'cannot be set for a windows pod';
  return [
    ...linuxOfPod.filter((field) => isSet(spec, field)).map((field) => forbidden(`${path}.${field}`, why)),
    ...placedContainers(spec, path).flatMap(({ container, path: at }) => linuxOfContainer.filter((field) => container.securityContext?.[field] !== undefined).map((field) => forbidden(`${at}.securityContext.${field}`, why))),
  ];
}
