/** Runs a probe once. */
import type { Container, Probe } from '@kaji/api/core/v1';
import type { Clock } from '@kaji/base';
import { type ContainerRuntime, RuntimeError } from '@kaji/cri';
import type { Sockets } from '@kaji/host';
import { resolvePort } from '../containers/ports.ts';
import { isMachineError } from '../machine-error.ts';
import type { HttpGet } from './http-get.ts';
import type { Outcome } from './probe-step.ts';

export interface ProbeParts {
  readonly cri: ContainerRuntime;
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly httpGet: HttpGet;
  /** Asks the health service of gRPC; throws what went wrong. */
  grpcHealth(target: { readonly host: string; readonly port: number; readonly service: string; readonly timeoutMs: number }): Promise<'serving' | 'notServing'>;
}

export interface ProbeTarget {
  readonly containerId: string;
  readonly container: Container;
  readonly podIp: string;
}

export interface ProbeAnswer {
  readonly outcome: Outcome;
  /** Said in the event when it failed. */
  readonly message: string;
}

/** Kubernetes: output of probes in events is cut to this length. */
const maxOutputCharacters = 10 * 1024;

export async function runProbe(parts: ProbeParts, probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  if (probe.exec !== undefined) return execProbe(parts, probe.exec.command ?? [], target, timeoutMs);
  if (probe.httpGet !== undefined) return httpProbe(parts, probe.httpGet, target, timeoutMs);
  if (probe.tcpSocket !== undefined) return tcpProbe(parts, probe.tcpSocket, target, timeoutMs);
  if (probe.grpc !== undefined) return grpcProbe(parts, probe.grpc, target, timeoutMs);
  return { outcome: 'failure', message: `missing probe handler for ${target.container.name}` };
}

async function execProbe({ cri }: ProbeParts, command: readonly string[], target: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  try {
    const { exitCode, stdout, stderr } = await cri.execSync(target.containerId, command, timeoutMs);
    const message = Buffer.concat([stdout, stderr]).toString('utf8').slice(0, maxOutputCharacters);
    return { outcome: exitCode === 0 ? 'success' : 'failure', message };
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const message = error.code === 'deadlineExceeded' ? `command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s` : error.message;
    return { outcome: 'failure', message };
  }
}

async function httpProbe({ httpGet }: ProbeParts, action: NonNullable<Probe['httpGet']>, { container, podIp }: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  const port = resolvePort(container, action.port);
  if (port === undefined) return { outcome: 'failure', message: `couldn't find port: ${action.port}` };
  const host = action.host === undefined || action.host === '' ? podIp : action.host;
  const scheme = action.scheme ?? 'HTTP';
  const path = (action.path ?? '').startsWith('/') ? (action.path ?? '') : `/${action.path ?? ''}`;
  const headers = action.httpHeaders ?? [];
  const agent = headers.some(({ name }) => name.toLowerCase() === 'user-agent') ? [] : [{ name: 'User-Agent', value: 'kube-probe/1.36' }];
  try {
    const { status } = await httpGet({ scheme, host, port, path, headers: [...agent, ...headers], timeoutMs });
    return status >= 200 && status < 400 ? { outcome: 'success', message: '' } : { outcome: 'failure', message: `HTTP probe failed with statuscode: ${status}` };
  } catch (error) {
    const url = `${scheme.toLowerCase()}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
    return { outcome: 'failure', message: `Get "${url}": ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function tcpProbe({ sockets, clock }: ProbeParts, action: NonNullable<Probe['tcpSocket']>, { container, podIp }: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  const port = resolvePort(container, action.port);
  if (port === undefined) return { outcome: 'failure', message: `couldn't find port: ${action.port}` };
  const host = action.host === undefined || action.host === '' ? podIp : action.host;
  const stop = new AbortController();
  const cancel = clock.setTimer(timeoutMs, () => { stop.abort(); });
  try {
    const socket = await sockets.connect({ host, port }, stop.signal);
    socket.on('error', () => undefined); // it has served its purpose
    socket.destroy();
    return { outcome: 'success', message: '' };
  } catch (error) {
    if (!stop.signal.aborted && !isMachineError(error)) throw error;
    return { outcome: 'failure', message: `dial tcp ${host}:${port}: ${dialProblem(error, stop.signal.aborted)}` };
  } finally {
    cancel();
  }
}

/** As Go says it. */
export function dialProblem(error: unknown, isTimeout: boolean): string {
  if (isTimeout) return 'i/o timeout';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ECONNREFUSED': return 'connect: connection refused';
    case 'EHOSTUNREACH': return 'connect: no route to host';
    case 'ENETUNREACH': return 'connect: network is unreachable';
    default: return error instanceof Error ? error.message : String(error);
  }
}

async function grpcProbe(parts: ProbeParts, action: NonNullable<Probe['grpc']>, { podIp }: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  const service = action.service ?? '';
  try {
    const answer = await parts.grpcHealth({ host: podIp, port: action.port, service, timeoutMs });
    return answer === 'serving' ? { outcome: 'success', message: 'service healthy' } : { outcome: 'failure', message: 'service unhealthy (responded with "NOT_SERVING")' };
  } catch (error) {
    return { outcome: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}
