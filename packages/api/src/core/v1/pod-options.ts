import { bool, int64, message, scalars, string, strings, time } from '@kaji/schema';

/** How to run a command in a container. */
export class PodExecOptions extends message('k8s.io.api.core.v1.PodExecOptions', {
  /** Whether there is a standard input. Defaults to false. */
  stdin: bool(1),
  /** Whether standard output is passed on. */
  stdout: bool(2),
  /** Whether standard error is passed on. */
  stderr: bool(3),
  /** Whether the command gets a terminal. Defaults to false. */
  tty: bool(4),
  /** Which container. Absent: the only one there is. */
  container: string(5),
  /** The command with its arguments, run without a shell. */
  command: strings(6).always(),
}) {}

/** How to attach to a container that runs. */
export class PodAttachOptions extends message('k8s.io.api.core.v1.PodAttachOptions', {
  /** Whether there is a standard input. Defaults to false. */
  stdin: bool(1),
  /** Whether standard output is passed on. Defaults to true. */
  stdout: bool(2),
  /** Whether standard error is passed on. Defaults to true. */
  stderr: bool(3),
  /** Whether the container has a terminal. Defaults to false. */
  tty: bool(4),
  /** Which container. Absent: the only one there is. */
  container: string(5),
}) {}

/** Which lines of a log are wanted. */
export class PodLogOptions extends message('k8s.io.api.core.v1.PodLogOptions', {
  /** Which container. Absent: the only one there is. */
  container: string(1),
  /** Whether to go on as more is written. Defaults to false. */
  follow: bool(2),
  /** Whether to show the run before this one. Defaults to false. */
  previous: bool(3),
  /** Only what is at most so many seconds old. */
  sinceSeconds: int64(4).explicit(),
  /** Only what was written from this time on. */
  sinceTime: time(5).explicit(),
  /** Whether each line begins with its time. Defaults to false. */
  timestamps: bool(6),
  /** Only so many lines from the end. */
  tailLines: int64(7).explicit(),
  /** No more than so many bytes. */
  limitBytes: int64(8).explicit(),
  /** Whether to trust the node without checking its certificate. */
  insecureSkipTLSVerifyBackend: bool(9),
  /** All, Stdout or Stderr. Defaults to All. */
  stream: string(10).explicit(),
}) {}

/** Which ports of a pod are to be reached. */
export class PodPortForwardOptions extends message('k8s.io.api.core.v1.PodPortForwardOptions', {
  /** The ports. */
  ports: scalars<number>(1, 'int32'),
}) {}

/** What is asked of a pod. */
export class PodProxyOptions extends message('k8s.io.api.core.v1.PodProxyOptions', {
  /** Path of the request. */
  path: string(1),
}) {}

/** What is asked of a Service. */
export class ServiceProxyOptions extends message('k8s.io.api.core.v1.ServiceProxyOptions', {
  /** Path of the request, which may begin with what stands for a port and a scheme. */
  path: string(1),
}) {}

/** What is asked of a node. */
export class NodeProxyOptions extends message('k8s.io.api.core.v1.NodeProxyOptions', {
  /** Path of the request. */
  path: string(1),
}) {}
