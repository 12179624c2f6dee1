/** Exec, attach and port-forward: sessions that come in here and go on to the runtime's own streaming server. */
import type { Clock } from '@kaji/base';
import { type ContainerRuntime, RuntimeError, type StreamWants } from '@kaji/cri';
import { acceptPortForward, acceptRemoteCommand, connectPortForward, connectRemoteCommand, dial, type ForwardedConnection, joinStreams, type PortForwardClient, translateRemoteCommand, type Upgrade, UpgradeError } from '@kaji/streams';
import { latest, readySandbox } from '../pod-worker/observed.ts';
import type { PodWorker } from '../pod-worker/pod-worker.ts';

export interface SessionParts {
  readonly cri: ContainerRuntime;
  readonly clock: Clock;
}

/** Kubernetes: the query of exec and attach. Throws UpgradeError when no stream is asked for. */
export function wantsOf(query: URLSearchParams): StreamWants {
  const is = (...names: readonly string[]): boolean => names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const tty = is('tty');
  const wants = { stdin: is('input', 'stdin'), stdout: is('output', 'stdout'), stderr: is('error', 'stderr') && !tty, tty };
  if (!wants.stdin && !wants.stdout && !wants.stderr) throw new UpgradeError(400, 'you must specify at least 1 of stdin, stdout, stderr');
  return wants;
}

export async function exec(parts: SessionParts, worker: PodWorker, container: string, query: URLSearchParams, upgrade: Upgrade): Promise<void> {
  const wants = wantsOf(query);
  const id = containerId(worker, container);
  await remoteCommand(parts, await refused(() => parts.cri.execUrl(id, query.getAll('command'), wants)), wants, upgrade);
}

export async function attach(parts: SessionParts, worker: PodWorker, container: string, query: URLSearchParams, upgrade: Upgrade): Promise<void> {
  const asked = wantsOf(query);
  const spec = worker.state.pod.spec.containers.find((candidate) => candidate.name === container);
  // Kubernetes: whether there is a terminal is the container's to say
  const tty = spec === undefined ? asked.tty : spec.tty === true;
  const wants = { ...asked, tty, stderr: asked.stderr && !tty };
  const id = containerId(worker, container);
  await remoteCommand(parts, await refused(() => parts.cri.attachUrl(id, wants)), wants, upgrade);
}

function containerId(worker: PodWorker, name: string): string {
  const container = latest(worker.state.observed, name);
  if (container === undefined) throw new UpgradeError(404, `container not found ("${name}")`);
  return container.id;
}

async function refused<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw new UpgradeError(error.code === 'notFound' ? 404 : 500, error.message.replace(/^rpc error: code = \w+ desc = /, ''));
  }
}

async function remoteCommand({ clock }: SessionParts, url: string, wants: StreamWants, upgrade: Upgrade): Promise<void> {
  const { host, pathname, search } = new URL(url);
  // SPDY towards the runtime: containerd 1.6 closes one direction only there
  const client = await connectRemoteCommand({ socket: await dial(url), host, path: pathname + search }, wants, { protocol: 'spdy', clock });
  try {
    const server = await acceptRemoteCommand(upgrade, wants, { clock });
    await translateRemoteCommand(server, client);
  } finally {
    client.close();
  }
}

export async function portForward(parts: SessionParts, worker: PodWorker, query: URLSearchParams, upgrade: Upgrade): Promise<void> {
  const sandbox = readySandbox(worker.state.observed);
  if (sandbox === undefined) throw new UpgradeError(404, 'pod not found');
  const ports = query.getAll('port').concat(query.getAll('ports')).flatMap((text) => text.split(',')).map(Number).filter((port) => Number.isInteger(port) && port > 0);
  const url = await refused(() => parts.cri.portForwardUrl(sandbox.id, ports));
  const { host, pathname, search } = new URL(url);
  const client = await connectPortForward({ socket: await dial(url), host, path: pathname + search }, { clock: parts.clock });
  try {
    const server = await acceptPortForward(upgrade, { clock: parts.clock, ports });
    const close = (): void => { client.close(); };
    server.gone.addEventListener('abort', close, { once: true });
    client.gone.addEventListener('abort', () => { server.close(); }, { once: true });
    for await (const connection of server.connections) void forward(client, connection);
  } finally {
    client.close();
  }
}

async function forward(client: PortForwardClient, connection: ForwardedConnection): Promise<void> {
  try {
    const { data, error } = await client.open(connection.port);
    void error.then((text) => {
      if (text === '') connection.succeed();
      else connection.fail(text);
    });
    await joinStreams(connection.data, data);
  } catch (error) {
    connection.fail(error instanceof Error ? error.message : String(error));
  }
}
