/** A real cluster on this machine: how long `up` takes, how soon a pod runs, what it costs at rest. Needs root. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { busyboxArchive } from '@kaji/bootstrap/testing';
import { type Endpoint, LoadClient, summarize } from './load.ts';
import { type Benchmark, ms, type Row } from './report.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../packages/kaji/src/main.ts');
const image = 'bench.local/busybox:1';
const podsPath = '/api/v1/namespaces/default/pods';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
}

class BenchCluster {
  readonly #name = `bench-${process.pid}`;
  readonly #directory = mkdtempSync(join(tmpdir(), 'kaji-bench-'));

  async kaji(...args: readonly string[]): Promise<{ readonly stdout: string; readonly elapsedMs: number }> {
    const [command = '', ...rest] = args;
    const startedMs = performance.now();
    const { stdout } = await run(process.execPath, [main, command, '--name', this.#name, '--data-dir', join(this.#directory, 'data'), ...rest], { env: { ...process.env, KUBECONFIG: join(this.#directory, 'kubeconfig') }, maxBuffer: 2 ** 26 });
    return { stdout, elapsedMs: performance.now() - startedMs };
  }

  endpoint(): Endpoint {
    const config = parse(readFileSync(join(this.#directory, 'kubeconfig'), 'utf8')) as Kubeconfig;
    const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8');
    const { cluster } = config.clusters[0] ?? {};
    const { user } = config.users[0] ?? {};
    return { url: cluster?.server ?? '', certificateAuthority: text(cluster?.['certificate-authority-data']), certificate: text(user?.['client-certificate-data']), privateKey: text(user?.['client-key-data']) };
  }

  async load(): Promise<void> {
    const path = join(this.#directory, 'image.tar');
    writeFileSync(path, await busyboxArchive(image));
    await this.kaji('load', path);
  }

  /** Proportional set size of all of its processes, by component. */
  async memoryBytes(): Promise<ReadonlyMap<string, number>> {
    const { processes } = JSON.parse((await this.kaji('status', '-o', 'json')).stdout) as { processes: readonly { component: string; pid: number }[] };
    return new Map(processes.map(({ component, pid }) => [component, Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024]));
  }

  /** Processor time its processes have used, in seconds. */
  async processorSeconds(): Promise<number> {
    const { processes } = JSON.parse((await this.kaji('status', '-o', 'json')).stdout) as { processes: readonly { pid: number }[] };
    return processes.reduce((sum, { pid }) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + (Number(fields[11]) + Number(fields[12])) / 100;
    }, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kaji('down');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, delayMs); });
const podBody = (name: string): string => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, command: ['sleep', '100000'] }] } });

/** From the POST to the watch event that says Running, for `count` pods made at once. */
async function startPods(endpoint: Endpoint, prefix: string, count: number): Promise<{ readonly millis: number[]; readonly elapsedMs: number }> {
  const client = new LoadClient(endpoint);
  const sentAt = new Map<string, number>();
  const millis: number[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => { finish = resolve; });
  const stop = await client.stream(`${podsPath}?watch=true`, (line) => {
    const { object } = JSON.parse(line.toString()) as { object: { metadata: { name: string }; status?: { phase?: string } } };
    const sent = sentAt.get(object.metadata.name);
    if (sent === undefined || object.status?.phase !== 'Running') return;
    sentAt.delete(object.metadata.name);
    millis.push(performance.now() - sent);
    if (millis.length === count) finish();
  });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: count }, async (_, index) => {
    const name = `${prefix}-${index}`;
    sentAt.set(name, performance.now());
    const answer = await client.request('POST', podsPath, podBody(name));
    if (answer.status !== 201) throw new Error(answer.body.toString('utf8'));
  }));
  await finished;
  const elapsedMs = performance.now() - startedMs;
  stop();
  client.close();
  return { millis, elapsedMs };
}

async function removePods(endpoint: Endpoint): Promise<void> {
  const client = new LoadClient(endpoint);
  await client.request('DELETE', podsPath);
  while ((JSON.parse((await client.request('GET', podsPath)).body.toString('utf8')) as { items: unknown[] }).items.length > 0) await pause(200);
  client.close();
}

export const cluster: Benchmark = {
  name: 'cluster',
  async run() {
    await using bench = new BenchCluster();
    const first = await bench.kaji('up');
    await bench.load();
    await bench.kaji('stop');
    const again = await bench.kaji('up');
    const endpoint = bench.endpoint();
    const rows: Row[] = [
      { question: 'the first up, packages there', figure: ms(first.elapsedMs), goal: '< 20 s' },
      { question: 'up after stop, until DNS runs', figure: ms(again.elapsedMs), goal: '< 3 s' },
    ];
    await startPods(endpoint, 'warm', 1);
    const single: number[] = [];
    for (let index = 0; index < 10; index++) single.push(...(await startPods(endpoint, `one-${index}`, 1)).millis);
    rows.push({ question: 'a pod, created to Running, p50', figure: ms(summarize(single, 1).p50Ms), goal: '<= 300 ms [550 ms]' });
    await removePods(endpoint);
    const { millis, elapsedMs } = await startPods(endpoint, 'many', 30);
    await removePods(endpoint);
    const bare = Number((await bench.kaji('enter', 'node-1', process.execPath, join(import.meta.dirname, 'bare-cri.ts'), image, '30')).stdout);
    const podsPerSecond = 30_000 / elapsedMs;
    rows.push({ question: '30 pods at once', figure: `p99 ${ms(summarize(millis, elapsedMs).p99Ms)}, ${podsPerSecond.toFixed(1)} pods/s`, goal: 'p99 <= 3.5 s, >= 8 pods/s [5-10 s, 3-5.7 pods/s]' });
    rows.push({ question: '30 pods at once, beside a bare CRI loop', figure: `${((podsPerSecond / bare) * 100).toFixed(0)} % of ${bare.toFixed(1)} pods/s`, goal: '>= 85 %' });
    const restSeconds = Number(process.env['KAJI_BENCH_REST_SECONDS'] ?? 300);
    await pause(10_000);
    const used = await bench.processorSeconds();
    await pause(restSeconds * 1000);
    const share = ((await bench.processorSeconds()) - used) / restSeconds;
    const memory = await bench.memoryBytes();
    const total = [...memory.values()].reduce((sum, bytes) => sum + bytes, 0);
    rows.push({ question: `at rest for ${restSeconds} s: memory`, figure: `${(total / 1e6).toFixed(0)} MB (${[...memory].map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(0)}`).join(', ')})`, goal: '<= 200 MB [1.0 GB]' });
    rows.push({ question: `at rest for ${restSeconds} s: processor`, figure: `${(share * 100).toFixed(2)} % of a core`, goal: '< 1 % [5 %]' });
    return rows;
  },
};
