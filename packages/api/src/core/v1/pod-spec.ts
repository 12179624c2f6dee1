import { bool, goForm, int32, int64, list, message, oneOf, quantityMap, ref, string, stringMap, strings } from '@kaji/schema';
import { Container, EphemeralContainer } from './container.ts';
import { LocalObjectReference, ResourceRequirements } from './references.ts';
import { Affinity, PodSchedulingGate, PodSchedulingGroup, Toleration, TopologySpreadConstraint } from './scheduling.ts';
import { PodSecurityContext } from './security-context.ts';
import { Volume } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class HostAlias extends message('k8s.io.api.core.v1.HostAlias', {
  ip: string(1).required(),
  hostnames: strings(2).atomic(),
}) {}

export class PodDNSConfigOption extends message('k8s.io.api.core.v1.PodDNSConfigOption', {
  name: string(1),
  value: string(2).explicit(),
}) {}

export class PodDNSConfig extends message('k8s.io.api.core.v1.PodDNSConfig', {
  nameservers: strings(1).atomic(),
  searches: strings(2).atomic(),
  options: list(3, PodDNSConfigOption).atomic(),
}) {}

export class PodReadinessGate extends message('k8s.io.api.core.v1.PodReadinessGate', {
  conditionType: string(1).required(),
}) {}

export class PodOS extends message('k8s.io.api.core.v1.PodOS', {
  name: string(1).required(),
}) {}

export class PodResourceClaim extends message('k8s.io.api.core.v1.PodResourceClaim', {
  name: string(1).required(),
  resourceClaimName: string(3).explicit(),
  resourceClaimTemplateName: string(4).explicit(),
}) {}

export class PodSpec extends message('k8s.io.api.core.v1.PodSpec', {
  volumes: list(1, Volume).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  initContainers: list(20, Container).mapBy('name').mergeBy('name'),
  containers: list(2, Container).required().mapBy('name').mergeBy('name'),
  ephemeralContainers: list(34, EphemeralContainer).mapBy('name').mergeBy('name'),
  restartPolicy: oneOf(3, 'Always', 'OnFailure', 'Never').default('Always'),
  terminationGracePeriodSeconds: int64(4).explicit().default(30),
  activeDeadlineSeconds: int64(5).explicit(),
  dnsPolicy: oneOf(6, 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None').default('ClusterFirst'),
  nodeSelector: stringMap(7).atomic(),
  serviceAccountName: string(8),
  serviceAccount: string(9),
  automountServiceAccountToken: bool(21).explicit(),
  nodeName: string(10),
  hostNetwork: bool(11),
  hostPID: bool(12),
  hostIPC: bool(13),
  shareProcessNamespace: bool(27).explicit(),
  securityContext: ref(14, PodSecurityContext).default({}),
  imagePullSecrets: list(15, LocalObjectReference).mapBy('name').mergeBy('name'),
  hostname: string(16),
  subdomain: string(17),
  affinity: ref(18, Affinity),
  schedulerName: string(19).default('default-scheduler'),
  tolerations: list(22, Toleration).atomic(),
  hostAliases: list(23, HostAlias).mapBy('ip').mergeBy('ip'),
  priorityClassName: string(24),
  priority: int32(25).explicit(),
  dnsConfig: ref(26, PodDNSConfig),
  readinessGates: list(28, PodReadinessGate).atomic(),
  runtimeClassName: string(29).explicit(),
  enableServiceLinks: bool(30).explicit(),
  preemptionPolicy: oneOf(31, 'PreemptLowerPriority', 'Never').explicit(),
  overhead: quantityMap(32),
  topologySpreadConstraints: list(33, TopologySpreadConstraint).mapBy('topologyKey', 'whenUnsatisfiable').mergeBy('topologyKey'),
  setHostnameAsFQDN: bool(35).explicit(),
  os: ref(36, PodOS),
  hostUsers: bool(37).explicit(),
  schedulingGates: list(38, PodSchedulingGate).mapBy('name').mergeBy('name'),
  resourceClaims: list(39, PodResourceClaim).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  resources: ref(40, ResourceRequirements),
  hostnameOverride: string(41).explicit(),
  schedulingGroup: ref(43, PodSchedulingGroup),
}) {
  static readonly goOrder = [
    'volumes', 'initContainers', 'containers', 'ephemeralContainers', 'restartPolicy', 'terminationGracePeriodSeconds', 'activeDeadlineSeconds', 'dnsPolicy', 'nodeSelector', 'serviceAccountName', 'automountServiceAccountToken', 'nodeName',
    'securityContext', 'imagePullSecrets', 'hostname', 'subdomain', 'setHostnameAsFQDN', 'affinity', 'schedulerName', 'tolerations', 'hostAliases', 'priorityClassName', 'priority', 'preemptionPolicy', 'dnsConfig', 'readinessGates',
    'runtimeClassName', 'overhead', 'enableServiceLinks', 'topologySpreadConstraints', 'os', 'schedulingGates', 'resourceClaims', 'resources', 'hostnameOverride', 'schedulingGroup',
  ];
  /** What is shared with the host stands in the security context, which is always there. */
  static goShape(form: Readonly<Record<string, unknown>>, spec: PodSpec): Readonly<Record<string, unknown>> {
    const { hostNetwork = false, hostPID = false, hostIPC = false, shareProcessNamespace = null, hostUsers = null, securityContext = {} } = spec;
    return { ...form, SecurityContext: { HostNetwork: hostNetwork, HostPID: hostPID, HostIPC: hostIPC, ShareProcessNamespace: shareProcessNamespace, HostUsers: hostUsers, ...goForm(PodSecurityContext, securityContext) } };
  }
}

export class PodTemplateSpec extends message('k8s.io.api.core.v1.PodTemplateSpec', {
  metadata: ref(1, ObjectMeta).always(),
  spec: ref(2, PodSpec).present(),
}) {}
