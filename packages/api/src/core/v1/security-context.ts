import { bool, int64, list, message, oneOf, ref, scalars, string, strings } from '@kaji/schema';

export class Capabilities extends message('k8s.io.api.core.v1.Capabilities', {
  add: strings(1).atomic(),
  drop: strings(2).atomic(),
}) {}

export class SELinuxOptions extends message('k8s.io.api.core.v1.SELinuxOptions', {
  user: string(1),
  role: string(2),
  type: string(3),
  level: string(4),
}) {}

export class WindowsSecurityContextOptions extends message('k8s.io.api.core.v1.WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: string(1).explicit(),
  gmsaCredentialSpec: string(2).explicit(),
  runAsUserName: string(3).explicit(),
  hostProcess: bool(4).explicit(),
}) {}

export class SeccompProfile extends message('k8s.io.api.core.v1.SeccompProfile', {
  type: oneOf(1, 'Unconfined', 'RuntimeDefault', 'Localhost').required(),
  localhostProfile: string(2).explicit(),
}) {}

export class AppArmorProfile extends message('k8s.io.api.core.v1.AppArmorProfile', {
  type: oneOf(1, 'Unconfined', 'RuntimeDefault', 'Localhost').required(),
  localhostProfile: string(2).explicit(),
}) {}

export class SecurityContext extends message('k8s.io.api.core.v1.SecurityContext', {
  capabilities: ref(1, Capabilities),
  privileged: bool(2).explicit(),
  seLinuxOptions: ref(3, SELinuxOptions),
  windowsOptions: ref(10, WindowsSecurityContextOptions),
  runAsUser: int64(4).explicit(),
  runAsGroup: int64(8).explicit(),
  runAsNonRoot: bool(5).explicit(),
  readOnlyRootFilesystem: bool(6).explicit(),
  allowPrivilegeEscalation: bool(7).explicit(),
  procMount: oneOf(9, 'Default', 'Unmasked').explicit(),
  seccompProfile: ref(11, SeccompProfile),
  appArmorProfile: ref(12, AppArmorProfile),
}) {}

export class Sysctl extends message('k8s.io.api.core.v1.Sysctl', {
  name: string(1).required(),
  value: string(2).required(),
}) {}

export class PodSecurityContext extends message('k8s.io.api.core.v1.PodSecurityContext', {
  seLinuxOptions: ref(1, SELinuxOptions),
  windowsOptions: ref(8, WindowsSecurityContextOptions),
  runAsUser: int64(2).explicit(),
  runAsGroup: int64(6).explicit(),
  runAsNonRoot: bool(3).explicit(),
  supplementalGroups: scalars<number>(4, 'int64').atomic(),
  supplementalGroupsPolicy: oneOf(12, 'Merge', 'Strict').explicit(),
  fsGroup: int64(5).explicit(),
  sysctls: list(7, Sysctl).atomic(),
  fsGroupChangePolicy: oneOf(9, 'OnRootMismatch', 'Always').explicit(),
  seccompProfile: ref(10, SeccompProfile),
  appArmorProfile: ref(11, AppArmorProfile),
  seLinuxChangePolicy: string(13).explicit(),
}) {
  static readonly goOrder = ['seLinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot', 'supplementalGroups', 'supplementalGroupsPolicy', 'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'seccompProfile', 'appArmorProfile', 'seLinuxChangePolicy'];
}
