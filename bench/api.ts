/** The API server under load from another process: durable writes, reads, lists, watches. */
import { readFileSync } from 'node:fs';
import { drive, type Endpoint, type Latencies, LoadClient, summarize } from './load.ts';
import { type Benchmark, ms, rate, type Row } from './report.ts';
import { expectStatus, makeDefaultAccount, podBody, type Server, withServer } from './server.ts';

const pods = '/api/v1/namespaces/default/pods';

async function creates({ endpoint }: Server): Promise<readonly Row[]> {
  await drive(endpoint, { clients: 1, total: 1 }, (client) => makeDefaultAccount(client, 'default'));
  await createPods(endpoint, pods, { clients: 8, total: 400 }, (index) => podBody(`warm-${index}`));
  const one = await createPods(endpoint, pods, { clients: 1, total: 1000 }, (index) => podBody(`one-${index}`));
  const many = await createPods(endpoint, pods, { clients: 64, total: 8600 }, (index) => podBody(`many-${index}`));
  return [
    { question: 'durable create of a Pod that is 3 kB as kept, 1 client, p50', figure: ms(one.p50Ms), goal: '<= 1.2 ms [2.8 ms]' },
    { question: 'durable creates, 64 clients', figure: `${rate(many.perSecond)}, p99 ${ms(many.p99Ms)}`, goal: '>= 3000/s, p99 <= 40 ms [811/s, 216 ms]' },
    { question: 'the same of Pods that are 6 kB as kept', figure: await largeCreates(endpoint), goal: '' },
  ];
}

/** The bodies are there before the first is sent: making them would take the processor from the server. */
function createPods(endpoint: Endpoint, path: string, options: { readonly clients: number; readonly total: number }, body: (index: number) => string): Promise<Latencies> {
  const bodies = Array.from({ length: options.total }, (_, index) => Buffer.from(body(index)));
  return drive(endpoint, options, async (client, index) => { expectStatus(await client.request('POST', path, bodies[index]), 201); });
}

/** In a namespace of their own, and gone afterwards: the figures that follow are of 10,000 small Pods. */
async function largeCreates(endpoint: Endpoint): Promise<string> {
  const path = '/api/v1/namespaces/large/pods';
  await drive(endpoint, { clients: 1, total: 1 }, async (client) => {
    expectStatus(await client.request('POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name: 'large' } })), 201);
    await makeDefaultAccount(client, 'large');
  });
  const creates = await createPods(endpoint, path, { clients: 64, total: 6000 }, (index) => podBody(`large-${index}`, 24));
  await drive(endpoint, { clients: 1, total: 1 }, async (client) => { expectStatus(await client.request('DELETE', path), 200); });
  return `${rate(creates.perSecond)}, p99 ${ms(creates.p99Ms)}`;
}

async function reads({ endpoint, pid }: Server): Promise<readonly Row[]> {
  const get = await drive(endpoint, { clients: 32, total: 30_000 }, async (client, index) => { expectStatus(await client.request('GET', `${pods}/many-${index % 8000}`), 200); });
  const list = async (path: string, total: number): Promise<{ readonly p50Ms: number; readonly bytes: number }> => {
    let bytes = 0;
    const result = await drive(endpoint, { clients: 1, total }, async (client) => { bytes = (await client.request('GET', path)).length; });
    return { p50Ms: result.p50Ms, bytes };
  };
  const all = await list('/api/v1/pods', 15);
  const page = await list('/api/v1/pods?limit=500', 40);
  const nothing = await list('/api/v1/pods?labelSelector=app%3Dnone', 40);
  const before = residentBytes(pid);
  let peak = before;
  let isDone = false;
  const watchMemory = (async () => { while (!isDone) { peak = Math.max(peak, residentBytes(pid)); await new Promise((resolve) => { setTimeout(resolve, 20); }); } })();
  await drive(endpoint, { clients: 16, total: 16 }, async (client) => { expectStatus(await client.request('GET', '/api/v1/pods'), 200); });
  isDone = true;
  await watchMemory;
  return [
    { question: 'GET, 32 clients', figure: `${rate(get.perSecond)}, p99 ${ms(get.p99Ms)}`, goal: '>= 8000/s [2039/s]' },
    { question: `LIST of 10,000 pods (${(all.bytes / 1e6).toFixed(0)} MB), p50`, figure: ms(all.p50Ms), goal: '<= 80 ms [800-980 ms]' },
    { question: 'LIST limit=500, p50', figure: ms(page.p50Ms), goal: '<= 6 ms [44 ms]' },
    { question: 'LIST by a selector that matches none, p50', figure: ms(nothing.p50Ms), goal: '<= 10 ms [217 ms]' },
    { question: '16 clients LIST all at once, memory grows', figure: `${((peak - before) / 1e6).toFixed(0)} MB`, goal: '< 100 MB [2236 MB]' },
  ];
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

async function watches({ endpoint }: Server, watchers: number, perSecond: number): Promise<readonly Row[]> {
  const seconds = 5;
  const latencies: number[] = [];
  let received = 0;
  const sentAt = new Map<string, number>();
  const connections = Array.from({ length: 10 }, () => new LoadClient(endpoint));
  const version = (JSON.parse((await (connections[0] as LoadClient).request('GET', '/api/v1/namespaces/kube-public/configmaps?limit=1')).body.toString('utf8')) as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
  const stops = await Promise.all(Array.from({ length: watchers }, (_, index) => (connections[index % 10] as LoadClient).stream(`/api/v1/namespaces/kube-public/configmaps?watch=true&resourceVersion=${version}`, (line) => {
    const sent = sentAt.get(nameIn(line));
    if (sent === undefined) return;
    received++;
    latencies.push(performance.now() - sent);
  })));
  const writers = Array.from({ length: 16 }, () => new LoadClient(endpoint));
  const total = perSecond * seconds;
  const startedMs = performance.now();
  const writes: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const dueMs = startedMs + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await new Promise((resolve) => { setTimeout(resolve, waitMs); });
    const name = `bench-${watchers}-${perSecond}-${index}`;
    sentAt.set(name, performance.now());
    writes.push((writers[index % writers.length] as LoadClient).request('POST', '/api/v1/namespaces/kube-public/configmaps', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } })).then((answer) => { expectStatus(answer, 201); }));
  }
  await Promise.all(writes);
  for (let waited = 0; received < total * watchers && waited < 10_000; waited += 50) await new Promise((resolve) => { setTimeout(resolve, 50); });
  for (const stop of stops) stop();
  for (const client of [...connections, ...writers]) client.close();
  const result = summarize(latencies, performance.now() - startedMs);
  return [{ question: `watch: ${watchers} watchers x ${perSecond} events/s`, figure: `p50 ${ms(result.p50Ms)}, p99 ${ms(result.p99Ms)}, ${total * watchers - received} of ${total * watchers} lost`, goal: perSecond === 300 ? 'p99 <= 20 ms [226 ms]' : 'nothing lost [all watches closed]' }];
}

/** The name of a line's object, found without parsing what a hundred watchers get five hundred thousand of. */
function nameIn(line: Buffer): string {
  const start = line.indexOf('"name":"') + 8;
  return line.toString('latin1', start, line.indexOf(0x22, start));
}

/** Small reads while everything is deleted and listed at once: what the API is like for others when somebody is greedy. */
async function crowd({ endpoint }: Server): Promise<readonly Row[]> {
  const millis: number[] = [];
  let isDone = false;
  const small = new LoadClient(endpoint);
  const reading = (async () => {
    while (!isDone) {
      const beganMs = performance.now();
      expectStatus(await small.request('GET', '/api/v1/namespaces/default'), 200);
      millis.push(performance.now() - beganMs);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  })();
  const deleting = new LoadClient(endpoint);
  await Promise.all([
    deleting.request('DELETE', pods).then((answer) => { expectStatus(answer, 200); }),
    drive(endpoint, { clients: 16, total: 16 }, async (client) => { expectStatus(await client.request('GET', '/api/v1/pods'), 200); }),
  ]);
  isDone = true;
  await reading;
  small.close();
  deleting.close();
  const result = summarize(millis, 1);
  return [{ question: 'GET while 10,000 pods are deleted and 16 full LISTs run', figure: `p50 ${ms(result.p50Ms)}, p99 ${ms(result.p99Ms)}, max ${ms(result.maxMs)}`, goal: 'p99 <= 50 ms' }];
}

export const api: Benchmark = {
  name: 'api',
  run: () => withServer(async (server) => {
    const rows: Row[] = [{ question: 'API server process to /readyz', figure: ms(server.readyMs), goal: '< 1 s [2.8 s]' }];
    for (const part of [creates, reads, (s: Server) => watches(s, 100, 300), (s: Server) => watches(s, 100, 1000), crowd]) rows.push(...(await part(server)));
    return rows;
  }),
};
