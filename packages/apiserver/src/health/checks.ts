// Is the server alive, and can it serve? Each check has a name, which is also its path.
import { textReply, unguessed } from '../pipeline/reply.ts';
import type { Reply, Routed } from '../pipeline/request.ts';

export interface Check {
  readonly name: string;
  /** Why it fails, kept from clients; undefined when all is well. */
  check(): string | undefined | Promise<string | undefined>;
}

export interface HealthEndpoint {
  readonly path: '/healthz' | '/livez' | '/readyz';
  readonly checks: readonly Check[];
}

/** Answers `/livez`, `/livez/ping`, `/readyz?verbose&exclude=etcd`; undefined for other paths. */
export async function answerHealth(request: Routed, endpoints: readonly HealthEndpoint[]): Promise<Reply | undefined> {
  const { path } = request.action;
  for (const endpoint of endpoints) {
    if (path === endpoint.path) return summary(request, endpoint);
    if (!path.startsWith(`${endpoint.path}/`)) continue;
    const check = endpoint.checks.find(({ name }) => path === `${endpoint.path}/${name}`);
    if (check === undefined) return undefined;
    const problem = await check.check();
    return problem === undefined ? textReply(200, 'ok') : textReply(500, `internal server error: ${problem}\n`);
  }
  return undefined;
}

async function summary(request: Routed, { path, checks }: HealthEndpoint): Promise<Reply> {
  const excluded = new Set(request.query.getAll('exclude'));
  const lines: string[] = [];
  let hasFailed = false;
  for (const check of checks) {
    const { name } = check;
    if (excluded.delete(name)) {
      lines.push(`[+]${name} excluded: ok`);
      continue;
    }
    if ((await check.check()) === undefined) lines.push(`[+]${name} ok`);
    else {
      hasFailed = true;
      lines.push(`[-]${name} failed: reason withheld`);
    }
  }
  if (excluded.size > 0) lines.push(`warn: some health checks cannot be excluded: no matches for ${[...excluded].map((name) => JSON.stringify(name)).join(',')}`);
  const what = path.slice(1);
  if (hasFailed) return textReply(500, `${lines.join('\n')}\n${what} check failed\n`);
  return textReply(200, request.query.has('verbose') ? `${lines.join('\n')}\n${what} check passed\n` : 'ok', unguessed);
}
