import { bool, int64, message, scalars, string, strings, time } from '@kaji/schema';

export class PodExecOptions extends message('k8s.io.api.core.v1.PodExecOptions', {
  stdin: bool(1),
  stdout: bool(2),
  stderr: bool(3),
  tty: bool(4),
  container: string(5),
  command: strings(6).always(),
}) {}

export class PodAttachOptions extends message('k8s.io.api.core.v1.PodAttachOptions', {
  stdin: bool(1),
  stdout: bool(2),
  stderr: bool(3),
  tty: bool(4),
  container: string(5),
}) {}

export class PodLogOptions extends message('k8s.io.api.core.v1.PodLogOptions', {
  container: string(1),
  follow: bool(2),
  previous: bool(3),
  sinceSeconds: int64(4).explicit(),
  sinceTime: time(5).explicit(),
  timestamps: bool(6),
  tailLines: int64(7).explicit(),
  limitBytes: int64(8).explicit(),
  insecureSkipTLSVerifyBackend: bool(9),
  stream: string(10).explicit(),
}) {}

export class PodPortForwardOptions extends message('k8s.io.api.core.v1.PodPortForwardOptions', {
  ports: scalars<number>(1, 'int32'),
}) {}

export class PodProxyOptions extends message('k8s.io.api.core.v1.PodProxyOptions', {
  path: string(1),
}) {}

export class ServiceProxyOptions extends message('k8s.io.api.core.v1.ServiceProxyOptions', {
  path: string(1),
}) {}

export class NodeProxyOptions extends message('k8s.io.api.core.v1.NodeProxyOptions', {
  path: string(1),
}) {}
