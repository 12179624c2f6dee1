/** What the level baseline forbids: known ways out of a container. Pure. */
import type { AppArmorProfile, Container, LifecycleHandler, Probe, SeccompProfile, SELinuxOptions } from '@kaji/api/core/v1';
import { type Check, containersOf, containersText, namesWhere, plural, quoted, settersText, sorted } from './subject.ts';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

/** Profiles that confine: the same two for AppArmor and seccomp. */
export const isConfined = (profile: Pick<SeccompProfile, 'type'> | undefined): boolean => profile === undefined || profile.type === 'RuntimeDefault' || profile.type === 'Localhost';

const typeOf = ({ type }: { readonly type?: string | undefined }): string => type ?? '';

export const appArmorProfile: Check = ({ annotations, spec }) => {
  const unconfined = (profile: AppArmorProfile | undefined): string[] => (profile === undefined || isConfined(profile) ? [] : [typeOf(profile)]);
  const ofPod = unconfined(spec.securityContext?.appArmorProfile);
  const ofContainer = ({ securityContext }: Container): string[] => unconfined(securityContext?.appArmorProfile);
  const names = namesWhere(spec, (container) => ofContainer(container).length > 0);
  const isAllowed = (value: string): boolean => value === '' || value === 'runtime/default' || value.startsWith('localhost/');
  const notes = sorted(Object.entries(annotations).filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAllowed(value)).map(([key, value]) => `${key}=${JSON.stringify(value)}`));
  const values = [...sorted([...ofPod, ...containersOf(spec).flatMap(ofContainer)]), ...notes];
  if (values.length === 0) return undefined;
  const setters = [settersText(ofPod.length > 0, names), notes.length === 0 ? '' : plural('annotation', 'annotations', notes.length)].filter((text) => text !== '');
  return { reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', values.length), detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}` };
};

const defaultCapabilities: ReadonlySet<string> = new Set([
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
]);

export const baselineCapabilities: Check = ({ spec }) => {
  const added = ({ securityContext }: Container): readonly string[] => (securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
  const names = namesWhere(spec, (container) => added(container).length > 0);
  if (names.length === 0) return undefined;
  return { reason: 'non-default capabilities', detail: `${containersText(names)} must not include ${quoted(sorted(containersOf(spec).flatMap(added)))} in securityContext.capabilities.add` };
};

export const hostNamespaces: Check = ({ spec }) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name] === true);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.map((name) => `${name}=true`).join(', ') };
};

export const hostPathVolumes: Check = ({ spec: { volumes = [] } }) => {
  const names = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` };
};

export const hostPorts: Check = ({ spec }) => {
  const portsOf = ({ ports = [] }: Container): readonly string[] => ports.map(({ hostPort = 0 }) => hostPort).filter((port) => port !== 0).map(String);
  const names = namesWhere(spec, (container) => portsOf(container).length > 0);
  if (names.length === 0) return undefined;
  const ports = sorted(containersOf(spec).flatMap(portsOf));
  return { reason: 'hostPort', detail: `${containersText(names)} ${plural('uses', 'use', names.length)} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}` };
};

/** A probe or hook that goes to another host makes the kubelet a proxy into its network. */
export const hostProbes: Check = ({ spec }) => {
  const hostOf = (handler: Probe | LifecycleHandler | undefined): readonly string[] => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? ''];
  const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(hostOf).filter((host) => host !== '');
  const names = sorted(namesWhere(spec, (container) => hostsOf(container).length > 0));
  if (names.length === 0) return undefined;
  const hosts = sorted(containersOf(spec).flatMap(hostsOf));
  return { reason: 'probe or lifecycle host', detail: `${containersText(names)} ${plural('uses', 'use', names.length)} ${plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length)} ${quoted(hosts)}` };
};

export const privileged: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  return names.length === 0 ? undefined : { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` };
};

export const procMount: Check = ({ spec }) => {
  const bad = ({ securityContext }: Container): readonly string[] => (securityContext?.procMount === undefined || securityContext.procMount === 'Default' ? [] : [securityContext.procMount]);
  const names = namesWhere(spec, (container) => bad(container).length > 0);
  if (names.length === 0) return undefined;
  return { reason: 'procMount', detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(sorted(containersOf(spec).flatMap(bad)))}` };
};

const labelTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const seLinuxOptions = (types: readonly string[]): Check => ({ spec }) => {
  const isBad = (options: SELinuxOptions | undefined): boolean => options !== undefined && (!types.includes(options.type ?? '') || (options.user ?? '') !== '' || (options.role ?? '') !== '');
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seLinuxOptions));
  const isPod = isBad(spec.securityContext?.seLinuxOptions);
  if (!isPod && names.length === 0) return undefined;
  const all = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)].flatMap((context) => context?.seLinuxOptions ?? []);
  const badTypes = sorted(all.map(({ type }) => type ?? '').filter((type) => !types.includes(type)));
  const what = [
    ...(badTypes.length === 0 ? [] : [`${plural('type', 'types', badTypes.length)} ${quoted(badTypes)}`]),
    ...(all.some(({ user = '' }) => user !== '') ? ['user may not be set'] : []),
    ...(all.some(({ role = '' }) => role !== '') ? ['role may not be set'] : []),
  ];
  return { reason: 'seLinuxOptions', detail: `${settersText(isPod, names)} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}` };
};
export const seLinuxOptions0 = seLinuxOptions(labelTypes);
export const seLinuxOptions31 = seLinuxOptions([...labelTypes, 'container_engine_t']);

/** Before fields said it, annotations did. */
export const seccompAnnotations: Check = ({ annotations, spec }) => {
  const isAllowed = (value: string): boolean => value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
  const keys = [seccompPodAnnotation, ...containersOf(spec).map(({ name }) => `${seccompContainerPrefix}${name}`)];
  const bad = sorted(keys.flatMap((key) => (annotations[key] === undefined || isAllowed(annotations[key]) ? [] : [`${key}=${JSON.stringify(annotations[key])}`])));
  return bad.length === 0 ? undefined : { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', 'annotations', bad.length)} ${bad.join(', ')}` };
};

export const seccompProfile: Check = ({ spec }) => {
  const contexts = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)];
  const names = namesWhere(spec, ({ securityContext }) => !isConfined(securityContext?.seccompProfile));
  const isPod = !isConfined(spec.securityContext?.seccompProfile);
  if (!isPod && names.length === 0) return undefined;
  const types = sorted(contexts.flatMap((context) => (context?.seccompProfile === undefined || isConfined(context.seccompProfile) ? [] : [typeOf(context.seccompProfile)])));
  return { reason: 'seccompProfile', detail: `${settersText(isPod, names)} must not set securityContext.seccompProfile.type to ${quoted(types)}` };
};

const sysctls = (safe: readonly string[]): Check => ({ spec }) => {
  const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !safe.includes(name));
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
};
const safe0 = ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start'];
const safe27 = [...safe0, 'net.ipv4.ip_local_reserved_ports'];
const safe29 = [...safe27, 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'];
export const sysctls0 = sysctls(safe0);
export const sysctls27 = sysctls(safe27);
export const sysctls29 = sysctls(safe29);
export const sysctls32 = sysctls([...safe29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']);

export const windowsHostProcess: Check = ({ spec }) => {
  const isPod = spec.securityContext?.windowsOptions?.hostProcess === true;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  return !isPod && names.length === 0 ? undefined : { reason: 'hostProcess', detail: `${settersText(isPod, names)} must not set securityContext.windowsOptions.hostProcess=true` };
};
