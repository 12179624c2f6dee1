/** postStart and preStop. */
import type { Container, Lifecycle } from '@kaji/api/core/v1';
import { type Clock, sleep } from '@kaji/base';
import { type ContainerRuntime, RuntimeError } from '@kaji/cri';
import type { HttpGet } from '../probes/http-get.ts';
import { resolvePort } from './ports.ts';

export type Handler = NonNullable<Lifecycle['postStart']>;

export interface HookParts {
  readonly cri: ContainerRuntime;
  readonly clock: Clock;
  readonly httpGet: HttpGet;
}

export interface HookTarget {
  readonly containerId: string;
  readonly container: Container;
  readonly podIp: string;
}

/** No hook is waited for longer, where nothing else limits it. */
const httpTimeoutMs = 30_000;

/** Undefined when it went well; otherwise what went wrong. */
export async function runHook(parts: HookParts, handler: Handler, target: HookTarget, limits: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {}): Promise<string | undefined> {
  try {
    if (handler.exec !== undefined) {
      const outcome = await parts.cri.execSync(target.containerId, handler.exec.command ?? [], limits.timeoutMs);
      if (outcome.exitCode === 0) return undefined;
      const output = Buffer.concat([outcome.stdout, outcome.stderr]).toString('utf8');
      return `Exec lifecycle hook (${JSON.stringify(handler.exec.command ?? [])}) for Container "${target.container.name}" failed - error: command exited with ${outcome.exitCode}, message: ${JSON.stringify(output)}`;
    }
    if (handler.sleep !== undefined) {
      await sleep(parts.clock, Math.min(handler.sleep.seconds * 1000, limits.timeoutMs ?? Infinity), limits.signal);
      return undefined;
    }
    if (handler.httpGet !== undefined) return await httpHook(parts, handler.httpGet, target, limits.timeoutMs ?? httpTimeoutMs);
    return undefined;
  } catch (error) {
    if (limits.signal?.aborted === true || error instanceof RuntimeError || error instanceof HookError) return error instanceof Error ? error.message : String(error);
    throw error;
  }
}

class HookError extends Error {
  override readonly name = 'HookError';
}

async function httpHook(parts: HookParts, action: NonNullable<Handler['httpGet']>, { container, podIp }: HookTarget, timeoutMs: number): Promise<string | undefined> {
  const port = resolvePort(container, action.port);
  if (port === undefined) throw new HookError(`couldn't find port: ${action.port}`);
  try {
    const host = action.host === undefined || action.host === '' ? podIp : action.host;
    const reply = await parts.httpGet({ scheme: action.scheme ?? 'HTTP', host, port, path: action.path ?? '/', headers: action.httpHeaders ?? [], timeoutMs });
    return reply.status < 400 ? undefined : `HTTP lifecycle hook (${action.path ?? '/'}) for Container "${container.name}" answered ${reply.status}`;
  } catch (error) {
    throw new HookError(`HTTP lifecycle hook (${action.path ?? '/'}) for Container "${container.name}" failed - error: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
