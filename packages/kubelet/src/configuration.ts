/** KubeletConfiguration as upstream has it: the fields that this kubelet heeds, with upstream's defaults. */
import { Taint } from '@kaji/api/core/v1';
import { bool, duration, int32, list, message, oneOf, quantityMap, readConfiguration, ref, string, strings } from '@kaji/schema';

class X509Authentication extends message('kubelet.config.k8s.io.v1beta1.KubeletX509Authentication', {
  /** Bundle of the authorities whose client certificates are believed. */
  clientCAFile: string(1),
}) {}

class WebhookAuthentication extends message('kubelet.config.k8s.io.v1beta1.KubeletWebhookAuthentication', {
  /** Whether bearer tokens are shown to the API server. */
  enabled: bool(1).explicit().default(true),
  cacheTTL: duration(2).default('2m0s'),
}) {}

class AnonymousAuthentication extends message('kubelet.config.k8s.io.v1beta1.KubeletAnonymousAuthentication', {
  enabled: bool(1).explicit().default(false),
}) {}

class Authentication extends message('kubelet.config.k8s.io.v1beta1.KubeletAuthentication', {
  x509: ref(1, X509Authentication).present(),
  webhook: ref(2, WebhookAuthentication).present(),
  anonymous: ref(3, AnonymousAuthentication).present(),
}) {}

class WebhookAuthorization extends message('kubelet.config.k8s.io.v1beta1.KubeletWebhookAuthorization', {
  cacheAuthorizedTTL: duration(1).default('5m0s'),
  cacheUnauthorizedTTL: duration(2).default('30s'),
}) {}

class Authorization extends message('kubelet.config.k8s.io.v1beta1.KubeletAuthorization', {
  mode: oneOf(1, 'AlwaysAllow', 'Webhook').default('Webhook'),
  webhook: ref(2, WebhookAuthorization).present(),
}) {}

class CrashLoopBackOff extends message('kubelet.config.k8s.io.v1beta1.CrashLoopBackOffConfig', {
  maxContainerRestartPeriod: duration(1).default('5m0s'),
}) {}

export class KubeletConfiguration extends message('kubelet.config.k8s.io.v1beta1.KubeletConfiguration', {
  staticPodPath: string(1),
  /** How often the whole state of a pod is looked at again, though nothing was heard of it. */
  syncFrequency: duration(2).default('1m0s'),
  /** How often the static pods are read again, beside being watched. */
  fileCheckFrequency: duration(3).default('20s'),
  address: string(4).default('0.0.0.0'),
  port: int32(5).default(10250),
  tlsCertFile: string(6),
  tlsPrivateKeyFile: string(7),
  authentication: ref(8, Authentication).present(),
  authorization: ref(9, Authorization).present(),
  enableServer: bool(10).explicit().default(true),
  /** Exec, attach, port-forward, logs and what else looks inside pods. */
  enableDebuggingHandlers: bool(11).explicit().default(true),
  healthzPort: int32(12).explicit().default(10248),
  healthzBindAddress: string(13).default('127.0.0.1'),
  clusterDomain: string(14),
  clusterDNS: strings(15),
  nodeStatusUpdateFrequency: duration(16).default('10s'),
  nodeStatusReportFrequency: duration(17).default('5m0s'),
  nodeLeaseDurationSeconds: int32(18).default(40),
  imageMinimumGCAge: duration(19).default('2m0s'),
  imageGCHighThresholdPercent: int32(20).explicit().default(85),
  imageGCLowThresholdPercent: int32(21).explicit().default(80),
  cgroupRoot: string(22),
  cpuCFSQuota: bool(24).explicit().default(true),
  cpuCFSQuotaPeriod: duration(25).default('100ms'),
  nodeStatusMaxImages: int32(26).explicit().default(50),
  maxPods: int32(27).default(110),
  resolvConf: string(28).explicit().default('/etc/resolv.conf'),
  serializeImagePulls: bool(29).explicit().default(true),
  systemReserved: quantityMap(30),
  kubeReserved: quantityMap(31),
  containerLogMaxSize: string(32).default('10Mi'),
  containerLogMaxFiles: int32(33).explicit().default(5),
  containerLogMonitorInterval: duration(34).default('10s'),
  registerNode: bool(35).explicit().default(true),
  registerWithTaints: list(36, Taint),
  providerID: string(37),
  podLogsDir: string(38).default('/var/log/pods'),
  containerRuntimeEndpoint: string(39).default('unix:///run/containerd/containerd.sock'),
  crashLoopBackOff: ref(40, CrashLoopBackOff).present(),
  seccompDefault: bool(41).explicit().default(false),
  failSwapOn: bool(42).explicit().default(true),
}) {}

export const kubeletConfiguration = (value: unknown): KubeletConfiguration => readConfiguration(KubeletConfiguration, value).configuration;
