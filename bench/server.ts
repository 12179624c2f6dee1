/** An API server in a process of its own, with a SQLite log in a folder that goes with it, and what is sent to it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Endpoint, LoadClient } from './load.ts';

export interface Server {
  readonly endpoint: Endpoint;
  readonly readyMs: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A server process with a SQLite log in `directory`; it prints its endpoint as a line of JSON once /readyz says yes. */
async function startServer(directory: string): Promise<Server> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'api-server.ts'), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => { reject(new Error(`the server ended with ${code ?? 'a signal'} before it was ready`)); });
  });
  return { endpoint: JSON.parse(line) as Endpoint, readyMs: performance.now() - startedMs, pid: child.pid ?? 0, stop: async () => { child.kill('SIGTERM'); await exited; } };
}

/** A Pod as a Deployment of an ordinary web application makes them: 3.1 kB as it is kept and listed with five settings, 6.1 kB with 24. */
export function podBody(name: string, settings = 5): string {
  const environment = Array.from({ length: settings }, (_, index) => ({ name: `SETTING_NUMBER_${index}`, value: `value-of-setting-${index}-${'x'.repeat(24)}` }));
  const container = (image: string) => ({
    name: image, image: `registry.example/${image}:1.2.3`, imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } }, env: environment,
    readinessProbe: { httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 },
  });
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'bench', tier: 'web', name } }, spec: { automountServiceAccountToken: false, containers: [container('web')] } });
}

export function expectStatus(answer: { readonly status: number; readonly body: Buffer }, want: number): void {
  if (answer.status !== want) throw new Error(`wanted ${want}, got ${answer.status}: ${answer.body.toString('utf8').slice(0, 300)}`);
}

/** No controllers run here: the account that pods run as is made by hand. */
export async function makeDefaultAccount(client: LoadClient, namespace: string): Promise<void> {
  expectStatus(await client.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, JSON.stringify({ metadata: { name: 'default' } })), 201);
}

export async function withServer<T>(measure: (server: Server) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kaji-bench-'));
  try {
    const server = await startServer(directory);
    try {
      return await measure(server);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
