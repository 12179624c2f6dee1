import { bool, int32, int64, intOrString, list, message, oneOf, ref, scalars, string, strings } from '@kaji/schema';
import { ConfigMapKeySelector, FileKeySelector, LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector, ResourceRequirements, SecretKeySelector } from './references.ts';
import { SecurityContext } from './security-context.ts';

export class ContainerPort extends message('k8s.io.api.core.v1.ContainerPort', {
  name: string(1),
  hostPort: int32(2),
  containerPort: int32(3).required(),
  protocol: oneOf(4, 'TCP', 'UDP', 'SCTP').default('TCP'),
  hostIP: string(5),
}) {}

export class ConfigMapEnvSource extends message('k8s.io.api.core.v1.ConfigMapEnvSource', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  optional: bool(2).explicit(),
}) {}

export class SecretEnvSource extends message('k8s.io.api.core.v1.SecretEnvSource', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  optional: bool(2).explicit(),
}) {}

export class EnvFromSource extends message('k8s.io.api.core.v1.EnvFromSource', {
  prefix: string(1),
  configMapRef: ref(2, ConfigMapEnvSource),
  secretRef: ref(3, SecretEnvSource),
}) {}

export class EnvVarSource extends message('k8s.io.api.core.v1.EnvVarSource', {
  fieldRef: ref(1, ObjectFieldSelector),
  resourceFieldRef: ref(2, ResourceFieldSelector),
  configMapKeyRef: ref(3, ConfigMapKeySelector),
  secretKeyRef: ref(4, SecretKeySelector),
  fileKeyRef: ref(5, FileKeySelector),
}) {}

export class EnvVar extends message('k8s.io.api.core.v1.EnvVar', {
  name: string(1).required(),
  value: string(2),
  valueFrom: ref(3, EnvVarSource),
}) {}

export class ContainerResizePolicy extends message('k8s.io.api.core.v1.ContainerResizePolicy', {
  resourceName: string(1).required(),
  restartPolicy: string(2).required(),
}) {}

export class ContainerRestartRuleOnExitCodes extends message('k8s.io.api.core.v1.ContainerRestartRuleOnExitCodes', {
  operator: string(1).required().omittable(),
  values: scalars<number>(2, 'int32').set(),
}) {}

export class ContainerRestartRule extends message('k8s.io.api.core.v1.ContainerRestartRule', {
  action: string(1).required().omittable(),
  exitCodes: ref(2, ContainerRestartRuleOnExitCodes),
}) {}

export class VolumeMount extends message('k8s.io.api.core.v1.VolumeMount', {
  name: string(1).required(),
  readOnly: bool(2),
  recursiveReadOnly: string(7).explicit(),
  mountPath: string(3).required(),
  subPath: string(4),
  mountPropagation: oneOf(5, 'None', 'HostToContainer', 'Bidirectional').explicit(),
  subPathExpr: string(6),
}) {}

export class VolumeDevice extends message('k8s.io.api.core.v1.VolumeDevice', {
  name: string(1).required(),
  devicePath: string(2).required(),
}) {}

export class ExecAction extends message('k8s.io.api.core.v1.ExecAction', {
  command: strings(1).atomic(),
}) {}

export class HTTPHeader extends message('k8s.io.api.core.v1.HTTPHeader', {
  name: string(1).required(),
  value: string(2).required(),
}) {}

export class HTTPGetAction extends message('k8s.io.api.core.v1.HTTPGetAction', {
  path: string(1).default('/'),
  port: intOrString(2).required(),
  host: string(3),
  scheme: oneOf(4, 'HTTP', 'HTTPS').default('HTTP'),
  httpHeaders: list(5, HTTPHeader).atomic(),
}) {}

export class TCPSocketAction extends message('k8s.io.api.core.v1.TCPSocketAction', {
  port: intOrString(1).required(),
  host: string(2),
}) {}

export class GRPCAction extends message('k8s.io.api.core.v1.GRPCAction', {
  port: int32(1).required(),
  service: string(2).explicit().default('').nullable(),
}) {}

export class ProbeHandler extends message('k8s.io.api.core.v1.ProbeHandler', {
  exec: ref(1, ExecAction),
  httpGet: ref(2, HTTPGetAction),
  tcpSocket: ref(3, TCPSocketAction),
  grpc: ref(4, GRPCAction),
}) {}

export class Probe extends message('k8s.io.api.core.v1.Probe', {
  handler: ref(1, ProbeHandler).inline(),
  initialDelaySeconds: int32(2),
  timeoutSeconds: int32(3).default(1),
  periodSeconds: int32(4).default(10),
  successThreshold: int32(5).default(1),
  failureThreshold: int32(6).default(3),
  terminationGracePeriodSeconds: int64(7).explicit(),
}) {}

export class SleepAction extends message('k8s.io.api.core.v1.SleepAction', {
  seconds: int64(1).required(),
}) {}

export class LifecycleHandler extends message('k8s.io.api.core.v1.LifecycleHandler', {
  exec: ref(1, ExecAction),
  httpGet: ref(2, HTTPGetAction),
  tcpSocket: ref(3, TCPSocketAction),
  sleep: ref(4, SleepAction),
}) {}

export class Lifecycle extends message('k8s.io.api.core.v1.Lifecycle', {
  postStart: ref(1, LifecycleHandler),
  preStop: ref(2, LifecycleHandler),
  stopSignal: oneOf(3, 'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ', 'SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+2', 'SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6', 'SIGRTMIN+7', 'SIGRTMIN+8', 'SIGRTMIN+9', 'SIGRTMIN+10', 'SIGRTMIN+11', 'SIGRTMIN+12', 'SIGRTMIN+13', 'SIGRTMIN+14', 'SIGRTMIN+15', 'SIGRTMAX-14', 'SIGRTMAX-13', 'SIGRTMAX-12', 'SIGRTMAX-11', 'SIGRTMAX-10', 'SIGRTMAX-9', 'SIGRTMAX-8', 'SIGRTMAX-7', 'SIGRTMAX-6', 'SIGRTMAX-5', 'SIGRTMAX-4', 'SIGRTMAX-3', 'SIGRTMAX-2', 'SIGRTMAX-1', 'SIGRTMAX').explicit(),
}) {}

export class Container extends message('k8s.io.api.core.v1.Container', {
  name: string(1).required(),
  image: string(2),
  command: strings(3).atomic(),
  args: strings(4).atomic(),
  workingDir: string(5),
  ports: list(6, ContainerPort).mapBy('containerPort', 'protocol').mergeBy('containerPort'),
  envFrom: list(19, EnvFromSource).atomic(),
  env: list(7, EnvVar).mapBy('name').mergeBy('name'),
  resources: ref(8, ResourceRequirements).always(),
  resizePolicy: list(23, ContainerResizePolicy).atomic(),
  restartPolicy: string(24).explicit(),
  restartPolicyRules: list(25, ContainerRestartRule).atomic(),
  volumeMounts: list(9, VolumeMount).mapBy('mountPath').mergeBy('mountPath'),
  volumeDevices: list(21, VolumeDevice).mapBy('devicePath').mergeBy('devicePath'),
  livenessProbe: ref(10, Probe),
  readinessProbe: ref(11, Probe),
  startupProbe: ref(22, Probe),
  lifecycle: ref(12, Lifecycle),
  terminationMessagePath: string(13).default('/dev/termination-log'),
  terminationMessagePolicy: oneOf(20, 'File', 'FallbackToLogsOnError').default('File'),
  imagePullPolicy: oneOf(14, 'Always', 'Never', 'IfNotPresent'),
  securityContext: ref(15, SecurityContext),
  stdin: bool(16),
  stdinOnce: bool(17),
  tty: bool(18),
}) {}

export class EphemeralContainerCommon extends message('k8s.io.api.core.v1.EphemeralContainerCommon', {
  name: string(1).required(),
  image: string(2),
  command: strings(3).atomic(),
  args: strings(4).atomic(),
  workingDir: string(5),
  ports: list(6, ContainerPort).mapBy('containerPort', 'protocol').mergeBy('containerPort'),
  envFrom: list(19, EnvFromSource).atomic(),
  env: list(7, EnvVar).mapBy('name').mergeBy('name'),
  resources: ref(8, ResourceRequirements).always(),
  resizePolicy: list(23, ContainerResizePolicy).atomic(),
  restartPolicy: string(24).explicit(),
  restartPolicyRules: list(25, ContainerRestartRule).atomic(),
  volumeMounts: list(9, VolumeMount).mapBy('mountPath').mergeBy('mountPath'),
  volumeDevices: list(21, VolumeDevice).mapBy('devicePath').mergeBy('devicePath'),
  livenessProbe: ref(10, Probe),
  readinessProbe: ref(11, Probe),
  startupProbe: ref(22, Probe),
  lifecycle: ref(12, Lifecycle),
  terminationMessagePath: string(13).default('/dev/termination-log'),
  terminationMessagePolicy: oneOf(20, 'File', 'FallbackToLogsOnError').default('File'),
  imagePullPolicy: oneOf(14, 'Always', 'Never', 'IfNotPresent'),
  securityContext: ref(15, SecurityContext),
  stdin: bool(16),
  stdinOnce: bool(17),
  tty: bool(18),
}) {}

export class EphemeralContainer extends message('k8s.io.api.core.v1.EphemeralContainer', {
  ephemeralContainerCommon: ref(1, EphemeralContainerCommon).inline(),
  targetContainerName: string(2),
}) {}
