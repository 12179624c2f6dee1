// Pages about the server itself, for people and for metrics: /statusz, /flagz, /metrics/slis.
import { textReply } from '../pipeline/reply.ts';
import type { Reply } from '../pipeline/request.ts';
import type { HealthEndpoint } from './checks.ts';

const heading = (name: string): string => `\napiserver ${name}\nWarning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.\n`;

export interface ServerStatus {
  readonly startedMs: number;
  readonly nowMs: number;
  readonly goVersion: string;
  /** `1.36`. */
  readonly binaryVersion: string;
}

export function statusPage({ startedMs, nowMs, goVersion, binaryVersion }: ServerStatus): Reply {
  const seconds = Math.max(0, Math.floor((nowMs - startedMs) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return textReply(200, `${heading('statusz')}
Started: ${new Date(startedMs).toUTCString()}
Up: ${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60) % 60)} min ${two(seconds % 60)} sec
Go version: ${goVersion}
Binary version: ${binaryVersion}
Emulation version: ${binaryVersion}
Paths: /flagz /healthz /livez /metrics /readyz /statusz /version
`);
}

/** The configuration, a line for each part of it. */
export function flagsPage(configuration: Readonly<Record<string, unknown>>): Reply {
  return textReply(200, `${heading('flagz')}${Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('')}`);
}

/** What each check says now, as a gauge. */
export async function levelsPage(endpoints: readonly HealthEndpoint[]): Promise<Reply> {
  const lines: string[] = [];
  for (const { path, checks } of endpoints) {
    for (const { name, check } of checks) lines.push(`kubernetes_healthcheck{name="${name}",type="${path.slice(1)}"} ${(await check()) === undefined ? 1 : 0}`);
  }
  const type = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';
  return textReply(200, `# HELP kubernetes_healthcheck [STABLE] Whether each health check passes.\n# TYPE kubernetes_healthcheck gauge\n${lines.sort().join('\n')}\n`, { 'content-type': type });
}
