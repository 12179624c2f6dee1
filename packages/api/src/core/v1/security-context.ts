import { bool, int64, list, message, oneOf, ref, scalars, string, strings } from '@kaji/schema';

/** What a container's processes may do beyond, or less than, the runtime's usual. */
export class Capabilities extends message('k8s.io.api.core.v1.Capabilities', {
  /** Capabilities that are given. */
  add: strings(1).atomic().named('v1.Capability'),
  /** Capabilities that are taken away. */
  drop: strings(2).atomic().named('v1.Capability'),
}) {}

/** The label that SELinux gives to processes. */
export class SELinuxOptions extends message('k8s.io.api.core.v1.SELinuxOptions', {
  /** User part of the label. */
  user: string(1),
  /** Role part of the label. */
  role: string(2),
  /** Type part of the label. */
  type: string(3),
  /** Level part of the label. */
  level: string(4),
}) {}

/** Security settings that only Windows knows. */
export class WindowsSecurityContextOptions extends message('k8s.io.api.core.v1.WindowsSecurityContextOptions', {
  /** Name of the group managed service account's credential. */
  gmsaCredentialSpecName: string(1).explicit(),
  /** The credential itself, filled in by a webhook. */
  gmsaCredentialSpec: string(2).explicit(),
  /** User that the program runs as. Absent: the image's. */
  runAsUserName: string(3).explicit(),
  /** Whether the container runs on the host itself. All containers of a pod agree, and hostNetwork must be true. */
  hostProcess: bool(4).explicit(),
}) {}

/** Which system calls are let through. */
export class SeccompProfile extends message('k8s.io.api.core.v1.SeccompProfile', {
  /** Where the profile comes from: a file of the node, the runtime, or none at all. */
  type: oneOf(1, 'Unconfined', 'RuntimeDefault', 'Localhost').required().named('v1.SeccompProfileType'),
  /** Path of the file, below the kubelet's directory of profiles. Needed for Localhost, and for nothing else. */
  localhostProfile: string(2).explicit(),
}) {}

/** What AppArmor lets through. */
export class AppArmorProfile extends message('k8s.io.api.core.v1.AppArmorProfile', {
  /** Where the profile comes from: the node, the runtime, or none at all. */
  type: oneOf(1, 'Unconfined', 'RuntimeDefault', 'Localhost').required().named('v1.AppArmorProfileType'),
  /** Name of a profile that is loaded on the node. Needed for Localhost, and for nothing else. */
  localhostProfile: string(2).explicit(),
}) {}

/** Security settings of a container. Where both have one, it wins over the pod's. */
export class SecurityContext extends message('k8s.io.api.core.v1.SecurityContext', {
  /** Capabilities that are given or taken away. */
  capabilities: ref(1, Capabilities),
  /** Whether the container is nearly as free as root of the node. Defaults to false. */
  privileged: bool(2).explicit(),
  /** The SELinux label of the container. Absent: one the runtime makes. */
  seLinuxOptions: ref(3, SELinuxOptions),
  /** Settings for Windows. */
  windowsOptions: ref(10, WindowsSecurityContextOptions),
  /** User id that the program runs as. Absent: the image's. */
  runAsUser: int64(4).explicit(),
  /** Group id that the program runs as. Absent: the runtime's choice. */
  runAsGroup: int64(8).explicit(),
  /** Whether the kubelet refuses to start the container as root. Absent is no. */
  runAsNonRoot: bool(5).explicit(),
  /** Whether the container's root file system is read-only. Defaults to false. */
  readOnlyRootFilesystem: bool(6).explicit(),
  /** Whether a process may get more rights than its parent. It is always so for privileged containers and with SYS_ADMIN. */
  allowPrivilegeEscalation: bool(7).explicit(),
  /** How /proc is mounted. Unmasked needs a user namespace. Defaults to Default. */
  procMount: oneOf(9, 'Default', 'Unmasked').explicit().named('v1.ProcMountType'),
  /** Which system calls are let through. */
  seccompProfile: ref(11, SeccompProfile),
  /** What AppArmor lets through. */
  appArmorProfile: ref(12, AppArmorProfile),
}) {}

/** A kernel parameter. */
export class Sysctl extends message('k8s.io.api.core.v1.Sysctl', {
  /** Name of the parameter. */
  name: string(1).required(),
  /** Value of the parameter. */
  value: string(2).required(),
}) {}

/** Security settings of all containers of a pod, and of its volumes. */
export class PodSecurityContext extends message('k8s.io.api.core.v1.PodSecurityContext', {
  /** The SELinux label of all containers. Absent: one the runtime makes. */
  seLinuxOptions: ref(1, SELinuxOptions),
  /** Settings for Windows. */
  windowsOptions: ref(8, WindowsSecurityContextOptions),
  /** User id that programs run as. Absent: the image's. */
  runAsUser: int64(2).explicit(),
  /** Group id that programs run as. Absent: the runtime's choice. */
  runAsGroup: int64(6).explicit(),
  /** Whether the kubelet refuses to start containers as root. Absent is no. */
  runAsNonRoot: bool(3).explicit(),
  /** Further groups of the programs, beside runAsGroup and fsGroup. */
  supplementalGroups: scalars<number>(4, 'int64').atomic(),
  /** Whether the groups that the image gives the user count, too. Defaults to Merge. */
  supplementalGroupsPolicy: oneOf(12, 'Merge', 'Strict').explicit().named('v1.SupplementalGroupsPolicy'),
  /** Group that volumes which allow it belong to; their files are made readable and writable for it. */
  fsGroup: int64(5).explicit(),
  /** Kernel parameters of the pod. Ones that the node does not know keep it from starting. */
  sysctls: list(7, Sysctl).atomic(),
  /** Whether ownership is set on every start or only when the volume's root differs. Defaults to Always. */
  fsGroupChangePolicy: oneOf(9, 'OnRootMismatch', 'Always').explicit().named('v1.PodFSGroupChangePolicy'),
  /** Which system calls are let through. */
  seccompProfile: ref(10, SeccompProfile),
  /** What AppArmor lets through. */
  appArmorProfile: ref(11, AppArmorProfile),
  /** How volumes get the pod's SELinux label: Recursive, or MountOption. Absent: MountOption where the volume can. */
  seLinuxChangePolicy: string(13).explicit().named('v1.PodSELinuxChangePolicy'),
}) {
  static readonly goOrder = ['seLinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot', 'supplementalGroups', 'supplementalGroupsPolicy', 'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'seccompProfile', 'appArmorProfile', 'seLinuxChangePolicy'];
}
