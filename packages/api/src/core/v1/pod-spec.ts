import { bool, goForm, int32, int64, list, message, oneOf, quantityMap, ref, string, stringMap, strings } from '@kaji/schema';
import { Container, EphemeralContainer } from './container.ts';
import { LocalObjectReference, ResourceRequirements } from './references.ts';
import { Affinity, PodSchedulingGate, PodSchedulingGroup, Toleration, TopologySpreadConstraint } from './scheduling.ts';
import { PodSecurityContext } from './security-context.ts';
import { Volume } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** One address and the names that it has in the pod's hosts file. */
export class HostAlias extends message('k8s.io.api.core.v1.HostAlias', {
  /** The address. */
  ip: string(1).required(),
  /** Names for the address. */
  hostnames: strings(2).atomic(),
}) {}

/** One option of the resolver in the pod's resolv.conf. */
export class PodDNSConfigOption extends message('k8s.io.api.core.v1.PodDNSConfigOption', {
  /** Name of the option, such as ndots. It is required. */
  name: string(1),
  /** Value of the option. Absent for options that are only named. */
  value: string(2).explicit(),
}) {}

/** Settings of the resolver of a pod, added to those that its dnsPolicy makes. */
export class PodDNSConfig extends message('k8s.io.api.core.v1.PodDNSConfig', {
  /** Addresses of name servers, put after those of the policy. Repeated ones are dropped. */
  nameservers: strings(1).atomic(),
  /** Domains that short names are looked up in, put after those of the policy. Repeated ones are dropped. */
  searches: strings(2).atomic(),
  /** Options of the resolver, merged into those of the policy. An option of the same name wins over the policy's. */
  options: list(3, PodDNSConfigOption).atomic(),
}) {}

/** A condition that somebody else sets, and that the pod needs to be ready. */
export class PodReadinessGate extends message('k8s.io.api.core.v1.PodReadinessGate', {
  /** Type of the condition, as it stands in the pod's status. */
  conditionType: string(1).required().named('v1.PodConditionType'),
}) {}

/** The operating system that the containers are made for. */
export class PodOS extends message('k8s.io.api.core.v1.PodOS', {
  /** Name of the operating system, linux or windows. Others are not taken. */
  name: string(1).required().named('v1.OSName'),
}) {}

/** A claim of devices that containers of the pod may refer to. Exactly one of the two sources is set. */
export class PodResourceClaim extends message('k8s.io.api.core.v1.PodResourceClaim', {
  /** Name of the claim within the pod. It is a DNS label. */
  name: string(1).required(),
  /** Name of a ResourceClaim in the pod's namespace that is there already, and may be shared with other pods. */
  resourceClaimName: string(3).explicit(),
  /** Name of a ResourceClaimTemplate in the pod's namespace. A claim is made from it for this pod alone, and goes with the pod. */
  resourceClaimTemplateName: string(4).explicit(),
}) {}

/** What is wanted of a pod. */
export class PodSpec extends message('k8s.io.api.core.v1.PodSpec', {
  /** Volumes that containers of the pod can mount. */
  volumes: list(1, Volume).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  /** Containers that run one after the other, each to its end, before the others start. One that has restartPolicy Always is a sidecar: it goes on running. */
  initContainers: list(20, Container).mapBy('name').mergeBy('name'),
  /** Containers of the pod, at least one. None can be added or taken away later. */
  containers: list(2, Container).required().mapBy('name').mergeBy('name'),
  /** Containers added to a running pod to look at it. They are set by the ephemeralcontainers subresource only, and are never taken away. */
  ephemeralContainers: list(34, EphemeralContainer).mapBy('name').mergeBy('name'),
  /** Whether containers that ended are started again. Defaults to Always. */
  restartPolicy: oneOf(3, 'Always', 'OnFailure', 'Never').default('Always').named('v1.RestartPolicy'),
  /** Seconds that containers get to end by themselves once the pod is deleted, before they are killed. 0 kills at once. Defaults to 30. */
  terminationGracePeriodSeconds: int64(4).explicit().default(30),
  /** Seconds, counted from the start of the pod, after which it is failed and its containers are killed. A positive number; absent for no limit. */
  activeDeadlineSeconds: int64(5).explicit(),
  /**
   * Where the pod's DNS settings come from. ClusterFirstWithHostNet is what a pod on the host's network needs to use the cluster's DNS; None takes dnsConfig
   * alone. Defaults to ClusterFirst.
   */
  dnsPolicy: oneOf(6, 'ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None').default('ClusterFirst').named('v1.DNSPolicy'),
  /** Labels that a node must have for the pod to be placed on it. */
  nodeSelector: stringMap(7).atomic(),
  /** Name of the ServiceAccount whose identity the pod has. Defaults to default. */
  serviceAccountName: string(8),
  /** Old name of serviceAccountName, kept equal to it. Use that one. */
  serviceAccount: string(9),
  /** Whether a token of the ServiceAccount is mounted into the containers. Absent: as the ServiceAccount says. */
  automountServiceAccountToken: bool(21).explicit(),
  /** Node that the pod is bound to. The scheduler sets it; setting it by hand goes around the scheduler. */
  nodeName: string(10),
  /** Whether the pod uses the network of its node. Ports that it declares then count as the node's. Defaults to false. */
  hostNetwork: bool(11),
  /** Whether containers see the processes of the node. Defaults to false. */
  hostPID: bool(12),
  /** Whether containers use the node's inter-process communication. Defaults to false. */
  hostIPC: bool(13),
  /** Whether all containers of the pod see each other's processes. It cannot be set together with hostPID. Defaults to false. */
  shareProcessNamespace: bool(27).explicit(),
  /** Security settings of the whole pod. Those of a container win over them. */
  securityContext: ref(14, PodSecurityContext).default({}),
  /** Secrets of the same namespace with the credentials that images are pulled with. */
  imagePullSecrets: list(15, LocalObjectReference).mapBy('name').mergeBy('name'),
  /** Host name within the pod. Absent: the pod's name. */
  hostname: string(16),
  /** With it the pod's full name is hostname.subdomain.namespace.svc and the cluster's domain. Absent: the pod has no such name. */
  subdomain: string(17),
  /** Wishes and conditions of where the pod is placed. */
  affinity: ref(18, Affinity),
  /** Name of the scheduler that places the pod. Defaults to default-scheduler. */
  schedulerName: string(19).default('default-scheduler'),
  /** Taints of nodes that do not keep the pod away. */
  tolerations: list(22, Toleration).atomic(),
  /** Entries for the hosts file of the pod. */
  hostAliases: list(23, HostAlias).mapBy('ip').mergeBy('ip'),
  /**
   * Name of the PriorityClass that gives the pod its priority. system-node-critical and system-cluster-critical are always there. Absent: the class marked as
   * default, or priority 0.
   */
  priorityClassName: string(24),
  /** Priority of the pod; the greater, the more urgent. Admission fills it in from the class, and refuses another value. */
  priority: int32(25).explicit(),
  /** Settings of the resolver, added to those of dnsPolicy. */
  dnsConfig: ref(26, PodDNSConfig),
  /** Conditions of others that must be true, beside the readiness of all containers, for the pod to be ready. */
  readinessGates: list(28, PodReadinessGate).atomic(),
  /** Name of the RuntimeClass that the containers run with. A pod whose class is not there is refused. Absent: the node's usual runtime. */
  runtimeClassName: string(29).explicit(),
  /** Whether the addresses of the namespace's Services are put into the environment of containers. Defaults to true. */
  enableServiceLinks: bool(30).explicit(),
  /** Whether the pod may push out pods of lower priority when it finds no place. Defaults to PreemptLowerPriority. */
  preemptionPolicy: oneOf(31, 'PreemptLowerPriority', 'Never').explicit().named('v1.PreemptionPolicy'),
  /** Resources that running the pod costs beside its containers. Admission fills it in from the RuntimeClass, and refuses another value. */
  overhead: quantityMap(32),
  /** How pods like this one are to be spread over zones, nodes or other parts of the cluster. All of them must hold. */
  topologySpreadConstraints: list(33, TopologySpreadConstraint).mapBy('topologyKey', 'whenUnsatisfiable').mergeBy('topologyKey'),
  /** Whether the host name within the pod is its full name. Defaults to false. */
  setHostnameAsFQDN: bool(35).explicit(),
  /** Operating system that the containers are made for. Fields that mean nothing to it may then not be set. */
  os: ref(36, PodOS),
  /** Whether the users within the pod are those of the node. With false the pod has users of its own, and its root is nobody outside. Defaults to true. */
  hostUsers: bool(37).explicit(),
  /** While there is any, the pod is not scheduled. They are set when the pod is made, and can only be removed. */
  schedulingGates: list(38, PodSchedulingGate).mapBy('name').mergeBy('name'),
  /** Claims of devices that must be allocated and reserved before the pod may start. Containers name those that they use. */
  resourceClaims: list(39, PodResourceClaim).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  /** Resources of the pod as a whole, shared by its containers. It takes cpu, memory and huge pages. */
  resources: ref(40, ResourceRequirements),
  /** Host name within the pod, whatever else says it; up to 64 characters. It cannot be set together with hostNetwork or setHostnameAsFQDN. */
  hostnameOverride: string(41).explicit(),
  /** The group that this pod is scheduled with. It cannot be changed. */
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

/** What the pods that a controller makes look like. */
export class PodTemplateSpec extends message('k8s.io.api.core.v1.PodTemplateSpec', {
  /** Labels, annotations and finalizers of the pods. */
  metadata: ref(1, ObjectMeta).always(),
  /** What is wanted of the pods. */
  spec: ref(2, PodSpec).present(),
}) {}
