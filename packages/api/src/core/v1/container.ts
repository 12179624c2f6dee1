import { bool, int32, int64, intOrString, list, message, oneOf, ref, scalars, string, strings } from '@kaji/schema';
import { ConfigMapKeySelector, FileKeySelector, LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector, ResourceRequirements, SecretKeySelector } from './references.ts';
import { SecurityContext } from './security-context.ts';

/** A port of a container. Ports that are not declared can be reached all the same. */
export class ContainerPort extends message('k8s.io.api.core.v1.ContainerPort', {
  /** Name of the port, which Services may refer to; unique within the pod. Up to 15 lower-case letters, digits and dashes. */
  name: string(1),
  /** Port of the node that leads to this one. On the host's network it must equal containerPort. Most pods need none. */
  hostPort: int32(2),
  /** Where the container listens. Between 1 and 65535. */
  containerPort: int32(3).required(),
  /** Protocol of the port. Defaults to TCP. */
  protocol: oneOf(4, 'TCP', 'UDP', 'SCTP').default('TCP').named('v1.Protocol'),
  /** Address of the node that hostPort is bound to. Absent for all of them. */
  hostIP: string(5),
}) {}

/** A ConfigMap of the same namespace, all of whose entries become variables. */
export class ConfigMapEnvSource extends message('k8s.io.api.core.v1.ConfigMapEnvSource', {
  /** Which ConfigMap. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Whether the container may start without it. */
  optional: bool(2).explicit(),
}) {}

/** A Secret of the same namespace, all of whose entries become variables. */
export class SecretEnvSource extends message('k8s.io.api.core.v1.SecretEnvSource', {
  /** Which Secret. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Whether the container may start without it. */
  optional: bool(2).explicit(),
}) {}

/** An object whose entries become variables of a container. Exactly one of the two is set. */
export class EnvFromSource extends message('k8s.io.api.core.v1.EnvFromSource', {
  /** Text put before the name of each variable. */
  prefix: string(1),
  /** The ConfigMap to take them from. */
  configMapRef: ref(2, ConfigMapEnvSource),
  /** The Secret to take them from. */
  secretRef: ref(3, SecretEnvSource),
}) {}

/** Where the value of a variable comes from. Exactly one of them is set. */
export class EnvVarSource extends message('k8s.io.api.core.v1.EnvVarSource', {
  /** A field of the pod: its name, namespace, labels, annotations, node, ServiceAccount, uid or addresses. */
  fieldRef: ref(1, ObjectFieldSelector),
  /** A limit or request of a container. */
  resourceFieldRef: ref(2, ResourceFieldSelector),
  /** An entry of a ConfigMap. */
  configMapKeyRef: ref(3, ConfigMapKeySelector),
  /** An entry of a Secret. */
  secretKeyRef: ref(4, SecretKeySelector),
  /** An entry of a file that an init container wrote into an emptyDir volume. */
  fileKeyRef: ref(5, FileKeySelector),
}) {}

/** A variable in the environment of a container. */
export class EnvVar extends message('k8s.io.api.core.v1.EnvVar', {
  /** Name of the variable. Printable ASCII without an equals sign. */
  name: string(1).required(),
  /**
   * Its value. A variable named before is inserted where its name stands in brackets after a dollar sign; a doubled dollar sign stands for one. Defaults to
   * nothing.
   */
  value: string(2),
  /** Where the value comes from, when it is not given here. */
  valueFrom: ref(3, EnvVarSource),
}) {}

/** What happens to a container when one of its resources is changed while it runs. */
export class ContainerResizePolicy extends message('k8s.io.api.core.v1.ContainerResizePolicy', {
  /** The resource: cpu or memory. */
  resourceName: string(1).required().named('v1.ResourceName'),
  /** NotRequired to change it in place, RestartContainer to start the container again. Defaults to NotRequired. */
  restartPolicy: string(2).required().named('v1.ResourceResizeRestartPolicy'),
}) {}

/** Exit codes that a rule is about. */
export class ContainerRestartRuleOnExitCodes extends message('k8s.io.api.core.v1.ContainerRestartRuleOnExitCodes', {
  /** In for the codes listed, NotIn for all others. */
  operator: string(1).required().omittable().named('v1.ContainerRestartRuleOnExitCodesOperator'),
  /** The exit codes; at most 255 of them. */
  values: scalars<number>(2, 'int32').set(),
}) {}

/** What to do when a container ends in a certain way. The first rule that fits is taken. */
export class ContainerRestartRule extends message('k8s.io.api.core.v1.ContainerRestartRule', {
  /** What is done: Restart, or RestartAllContainers. */
  action: string(1).required().omittable().named('v1.ContainerRestartRuleAction'),
  /** The exit codes that it is done for. */
  exitCodes: ref(2, ContainerRestartRuleOnExitCodes),
}) {}

/** Where a container sees a volume. */
export class VolumeMount extends message('k8s.io.api.core.v1.VolumeMount', {
  /** Name of the volume. */
  name: string(1).required(),
  /** Whether the container may only read. Defaults to false. */
  readOnly: bool(2),
  /** Whether mounts below the volume are read-only, too: Disabled, IfPossible or Enabled. Others than Disabled need readOnly. Absent is Disabled. */
  recursiveReadOnly: string(7).explicit().named('v1.RecursiveReadOnlyMode'),
  /** Path within the container. It has no colon. */
  mountPath: string(3).required(),
  /** Path within the volume that is mounted instead of its root. */
  subPath: string(4),
  /** Whether mounts made later on one side appear on the other. Defaults to None. */
  mountPropagation: oneOf(5, 'None', 'HostToContainer', 'Bidirectional').explicit().named('v1.MountPropagationMode'),
  /** Like subPath, with variables of the container inserted. It cannot be set together with subPath. */
  subPathExpr: string(6),
}) {}

/** Where a container sees a volume as a raw block device. */
export class VolumeDevice extends message('k8s.io.api.core.v1.VolumeDevice', {
  /** Name of the volume; it is a persistentVolumeClaim. */
  name: string(1).required(),
  /** Path of the device within the container. */
  devicePath: string(2).required(),
}) {}

/** A command that is run within the container. It has succeeded when it ends with 0. */
export class ExecAction extends message('k8s.io.api.core.v1.ExecAction', {
  /** The command with its arguments, run at the container's root without a shell. */
  command: strings(1).atomic(),
}) {}

/** A header of a request. */
export class HTTPHeader extends message('k8s.io.api.core.v1.HTTPHeader', {
  /** Name of the header, in any case. */
  name: string(1).required(),
  /** Value of the header. */
  value: string(2).required(),
}) {}

/** An HTTP request. It has succeeded when the answer's status is from 200 to 399. */
export class HTTPGetAction extends message('k8s.io.api.core.v1.HTTPGetAction', {
  /** Path that is asked for. Defaults to a slash. */
  path: string(1).default('/'),
  /** Port of the container, by number or by name. */
  port: intOrString(2).required(),
  /** Where to ask. Absent for the pod's address; a Host header is set by httpHeaders. */
  host: string(3),
  /** HTTP or HTTPS. Certificates are not checked. Defaults to HTTP. */
  scheme: oneOf(4, 'HTTP', 'HTTPS').default('HTTP').named('v1.URIScheme'),
  /** Headers of the request. Names may repeat. */
  httpHeaders: list(5, HTTPHeader).atomic(),
}) {}

/** A TCP connection. It has succeeded when it is opened. */
export class TCPSocketAction extends message('k8s.io.api.core.v1.TCPSocketAction', {
  /** Port of the container, by number or by name. */
  port: intOrString(1).required(),
  /** Where to connect to. Absent for the pod's address. */
  host: string(2),
}) {}

/** A call of gRPC's health service. */
export class GRPCAction extends message('k8s.io.api.core.v1.GRPCAction', {
  /** Port of the service. Between 1 and 65535. */
  port: int32(1).required(),
  /** Name of the service that is asked about. Absent: the server as a whole. */
  service: string(2).explicit().default('').nullable(),
}) {}

/** How a probe looks. Exactly one of them is set. */
export class ProbeHandler extends message('k8s.io.api.core.v1.ProbeHandler', {
  /** A command in the container. */
  exec: ref(1, ExecAction),
  /** An HTTP request. */
  httpGet: ref(2, HTTPGetAction),
  /** A TCP connection. */
  tcpSocket: ref(3, TCPSocketAction),
  /** A call of gRPC's health service. */
  grpc: ref(4, GRPCAction),
}) {}

/** A question put to a container again and again, to know how it is. */
export class Probe extends message('k8s.io.api.core.v1.Probe', {
  /** How it looks. */
  handler: ref(1, ProbeHandler).inline(),
  /** Seconds after the start of the container before the first look. */
  initialDelaySeconds: int32(2),
  /** Seconds after which a look that was not answered has failed. At least 1, the default. */
  timeoutSeconds: int32(3).default(1),
  /** Seconds between looks. At least 1; defaults to 10. */
  periodSeconds: int32(4).default(10),
  /** How many looks in a row must succeed after a failed one. 1 for liveness and startup probes, and by default. */
  successThreshold: int32(5).default(1),
  /** How many looks in a row must fail. At least 1; defaults to 3. */
  failureThreshold: int32(6).default(3),
  /** Seconds that the container gets to end when the probe failed, instead of the pod's. Not for readiness probes. */
  terminationGracePeriodSeconds: int64(7).explicit(),
}) {}

/** A pause. */
export class SleepAction extends message('k8s.io.api.core.v1.SleepAction', {
  /** How long, in seconds. */
  seconds: int64(1).required(),
}) {}

/** What is done at a moment of a container's life. Exactly one of them is set. */
export class LifecycleHandler extends message('k8s.io.api.core.v1.LifecycleHandler', {
  /** A command in the container. */
  exec: ref(1, ExecAction),
  /** An HTTP request. */
  httpGet: ref(2, HTTPGetAction),
  /** Not supported, and kept for old objects only. It fails when the hook runs. */
  tcpSocket: ref(3, TCPSocketAction),
  /** A pause. */
  sleep: ref(4, SleepAction),
}) {}

/** What is done when a container has started and before it is stopped. */
export class Lifecycle extends message('k8s.io.api.core.v1.Lifecycle', {
  /** Done right after the container was started. If it fails, the container is killed. */
  postStart: ref(1, LifecycleHandler),
  /** Done before the container is stopped, within the pod's grace period. It is not done for containers that ended by themselves. */
  preStop: ref(2, LifecycleHandler),
  /** Signal that asks the container to end. It needs os.name. Absent: what the image or the runtime says. */
  stopSignal: oneOf(3, 'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ', 'SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+2', 'SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6', 'SIGRTMIN+7', 'SIGRTMIN+8', 'SIGRTMIN+9', 'SIGRTMIN+10', 'SIGRTMIN+11', 'SIGRTMIN+12', 'SIGRTMIN+13', 'SIGRTMIN+14', 'SIGRTMIN+15', 'SIGRTMAX-14', 'SIGRTMAX-13', 'SIGRTMAX-12', 'SIGRTMAX-11', 'SIGRTMAX-10', 'SIGRTMAX-9', 'SIGRTMAX-8', 'SIGRTMAX-7', 'SIGRTMAX-6', 'SIGRTMAX-5', 'SIGRTMAX-4', 'SIGRTMAX-3', 'SIGRTMAX-2', 'SIGRTMAX-1', 'SIGRTMAX').explicit().named('v1.Signal'),
}) {}

/** One container of a pod. */
export class Container extends message('k8s.io.api.core.v1.Container', {
  /** Name of the container, unique within the pod. A DNS label; it cannot be changed. */
  name: string(1).required(),
  /** Image of the container. Controllers may leave it to be filled in. */
  image: string(2),
  /** Program and first arguments, in place of the image's entry point. Variables of the environment are inserted. */
  command: strings(3).atomic(),
  /** Arguments, in place of the image's. Variables of the environment are inserted. */
  args: strings(4).atomic(),
  /** Directory that the program starts in. Absent: the image's. */
  workingDir: string(5),
  /** Ports that the container has. They can be reached whether they are declared or not. */
  ports: list(6, ContainerPort).mapBy('containerPort', 'protocol').mergeBy('containerPort'),
  /** Objects all of whose entries become variables. Of two with one name the later wins, and env wins over both. */
  envFrom: list(19, EnvFromSource).atomic(),
  /** Variables of the environment. */
  env: list(7, EnvVar).mapBy('name').mergeBy('name'),
  /** What the container needs and may use. */
  resources: ref(8, ResourceRequirements).always(),
  /** What happens to the container when its resources are changed. */
  resizePolicy: list(23, ContainerResizePolicy).atomic(),
  /** Whether the container is started again when it ends, apart from the pod's policy. For an init container Always makes a sidecar of it. */
  restartPolicy: string(24).explicit().named('v1.ContainerRestartPolicy'),
  /** Rules that decide by the exit code whether it is started again; restartPolicy decides where none fits, and must be set. */
  restartPolicyRules: list(25, ContainerRestartRule).atomic(),
  /** Volumes as file systems. */
  volumeMounts: list(9, VolumeMount).mapBy('mountPath').mergeBy('mountPath'),
  /** Volumes as block devices. */
  volumeDevices: list(21, VolumeDevice).mapBy('devicePath').mergeBy('devicePath'),
  /** Whether the container still works. When it fails, the container is started anew. */
  livenessProbe: ref(10, Probe),
  /** Whether the container takes requests. When it fails, Services leave the pod out. */
  readinessProbe: ref(11, Probe),
  /** Whether the container has come up. Until it succeeds, no other probe looks; when it fails, the container is started anew. */
  startupProbe: ref(22, Probe),
  /** What is done when the container has started and before it is stopped. */
  lifecycle: ref(12, Lifecycle),
  /** File that the last words of the container are read from when it ends; at most 4096 bytes. Defaults to /dev/termination-log. */
  terminationMessagePath: string(13).default('/dev/termination-log'),
  /** Whether the end of the log is taken where the file is empty and the container failed. Defaults to File. */
  terminationMessagePolicy: oneOf(20, 'File', 'FallbackToLogsOnError').default('File').named('v1.TerminationMessagePolicy'),
  /** When the image is pulled. Defaults to Always for the tag latest, and to IfNotPresent otherwise. */
  imagePullPolicy: oneOf(14, 'Always', 'Never', 'IfNotPresent').named('v1.PullPolicy'),
  /** Security settings of the container. They win over the pod's. */
  securityContext: ref(15, SecurityContext),
  /** Whether the container has a standard input. Defaults to false. */
  stdin: bool(16),
  /** Whether the standard input ends with the first session that was attached to it. Defaults to false. */
  stdinOnce: bool(17),
  /** Whether the container has a terminal. It needs stdin. Defaults to false. */
  tty: bool(18),
}) {}

/** What an ephemeral container shares with others. */
export class EphemeralContainerCommon extends message('k8s.io.api.core.v1.EphemeralContainerCommon', {
  /** Name of the container, unique within the pod. A DNS label; it cannot be changed. */
  name: string(1).required(),
  /** Image of the container. Controllers may leave it to be filled in. */
  image: string(2),
  /** Program and first arguments, in place of the image's entry point. Variables of the environment are inserted. */
  command: strings(3).atomic(),
  /** Arguments, in place of the image's. Variables of the environment are inserted. */
  args: strings(4).atomic(),
  /** Directory that the program starts in. Absent: the image's. */
  workingDir: string(5),
  /** Not for ephemeral containers. */
  ports: list(6, ContainerPort).mapBy('containerPort', 'protocol').mergeBy('containerPort'),
  /** Objects all of whose entries become variables. Of two with one name the later wins, and env wins over both. */
  envFrom: list(19, EnvFromSource).atomic(),
  /** Variables of the environment. */
  env: list(7, EnvVar).mapBy('name').mergeBy('name'),
  /** Not for ephemeral containers, which use what the pod has. */
  resources: ref(8, ResourceRequirements).always(),
  /** Not for ephemeral containers. */
  resizePolicy: list(23, ContainerResizePolicy).atomic(),
  /** Not for ephemeral containers, which are never started again. */
  restartPolicy: string(24).explicit().named('v1.ContainerRestartPolicy'),
  /** Not for ephemeral containers. */
  restartPolicyRules: list(25, ContainerRestartRule).atomic(),
  /** Volumes as file systems. */
  volumeMounts: list(9, VolumeMount).mapBy('mountPath').mergeBy('mountPath'),
  /** Volumes as block devices. */
  volumeDevices: list(21, VolumeDevice).mapBy('devicePath').mergeBy('devicePath'),
  /** Not for ephemeral containers. */
  livenessProbe: ref(10, Probe),
  /** Not for ephemeral containers. */
  readinessProbe: ref(11, Probe),
  /** Not for ephemeral containers. */
  startupProbe: ref(22, Probe),
  /** Not for ephemeral containers. */
  lifecycle: ref(12, Lifecycle),
  /** File that the last words of the container are read from when it ends; at most 4096 bytes. Defaults to /dev/termination-log. */
  terminationMessagePath: string(13).default('/dev/termination-log'),
  /** Whether the end of the log is taken where the file is empty and the container failed. Defaults to File. */
  terminationMessagePolicy: oneOf(20, 'File', 'FallbackToLogsOnError').default('File').named('v1.TerminationMessagePolicy'),
  /** When the image is pulled. Defaults to Always for the tag latest, and to IfNotPresent otherwise. */
  imagePullPolicy: oneOf(14, 'Always', 'Never', 'IfNotPresent').named('v1.PullPolicy'),
  /** Security settings of the container. They win over the pod's. */
  securityContext: ref(15, SecurityContext),
  /** Whether the container has a standard input. Defaults to false. */
  stdin: bool(16),
  /** Whether the standard input ends with the first session that was attached to it. Defaults to false. */
  stdinOnce: bool(17),
  /** Whether the container has a terminal. It needs stdin. Defaults to false. */
  tty: bool(18),
}) {}

/** A container that is added to a running pod to look at it. It has no promise of resources, and is never started again. */
export class EphemeralContainer extends message('k8s.io.api.core.v1.EphemeralContainer', {
  /** What it has like any container. */
  ephemeralContainerCommon: ref(1, EphemeralContainerCommon).inline(),
  /** Container whose processes it joins. Absent: it has processes of its own, as the pod says. */
  targetContainerName: string(2),
}) {}
