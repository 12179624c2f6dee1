/** What the kinds and encodings cost over HTTPS: server-side apply; JSON, protobuf and Table of the same objects. */
import { drive, type LoadClient } from './load.ts';
import { type Benchmark, ms, rate, type Row } from './report.ts';
import { expectStatus, makeDefaultAccount, podBody, type Server, withServer } from './server.ts';

const applyHeaders = { 'content-type': 'application/apply-patch+yaml' };

/** A Deployment of an ordinary web application, as a user's file has it. */
function deploymentBody(name: string, version: number): string {
  const environment = Array.from({ length: 12 }, (_, index) => ({ name: `SETTING_NUMBER_${index}`, value: `value-of-setting-${index}` }));
  const container = {
    name: 'web', image: `registry.example/web:1.2.${version}`, ports: [{ containerPort: 8080, name: 'http' }], env: environment,
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '256Mi' } }, readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
  };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: { app: name, tier: 'web' } }, spec: { replicas: 3, selector: { matchLabels: { app: name } }, template } });
}

const keysBody = (round: number): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'keys' }, data: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key-number-${index}`, `value-${index === 0 ? round : index}`])) });

async function applies({ endpoint }: Server): Promise<readonly Row[]> {
  const apply = async (client: LoadClient, path: string, body: string): Promise<void> => {
    const { status, body: answer } = await client.request('PATCH', `${path}?fieldManager=bench&force=true`, body, applyHeaders);
    if (status !== 200 && status !== 201) throw new Error(`an apply was answered ${status}: ${answer.toString('utf8').slice(0, 300)}`);
  };
  const deployment = (client: LoadClient, name: string, version: number): Promise<void> => apply(client, `/apis/apps/v1/namespaces/default/deployments/${name}`, deploymentBody(name, version));
  await drive(endpoint, { clients: 4, total: 400 }, (client, index) => deployment(client, `warm-${index % 40}`, index));
  const one = await drive(endpoint, { clients: 1, total: 400 }, (client, index) => deployment(client, 'one', index));
  const same = await drive(endpoint, { clients: 1, total: 400 }, (client) => deployment(client, 'one', 0));
  const many = await drive(endpoint, { clients: 16, total: 4000 }, (client, index) => deployment(client, `many-${index % 160}`, index));
  const keys = await drive(endpoint, { clients: 1, total: 60 }, (client, index) => apply(client, '/api/v1/namespaces/default/configmaps/keys', keysBody(index)));
  return [
    { question: 'server-side apply of a Deployment that changes its image, p50', figure: ms(one.p50Ms), goal: '' },
    { question: 'the same that changes nothing, p50', figure: ms(same.p50Ms), goal: '' },
    { question: 'server-side applies, 16 clients', figure: `${rate(many.perSecond)}, p99 ${ms(many.p99Ms)}`, goal: '' },
    { question: 'server-side apply of a ConfigMap with 1,000 keys, one of them changed, p50', figure: ms(keys.p50Ms), goal: '' },
  ];
}

const podCount = 10_000;

const forms = [
  ['JSON', 'application/json'],
  ['protobuf', 'application/vnd.kubernetes.protobuf'],
  ['Table', 'application/json;as=Table;v=v1;g=meta.k8s.io'],
] as const;

async function encodings({ endpoint }: Server): Promise<readonly Row[]> {
  await drive(endpoint, { clients: 1, total: 1 }, (client) => makeDefaultAccount(client, 'default'));
  await drive(endpoint, { clients: 64, total: podCount }, async (client, index) => { expectStatus(await client.request('POST', '/api/v1/namespaces/default/pods', podBody(`pod-${index}`)), 201); });
  const rows: Row[] = [];
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  for (const [name, accept] of forms) {
    let bytes = 0;
    const result = await drive(endpoint, { clients: 1, total: 15 }, async (client) => { bytes = (await client.request('GET', '/api/v1/pods', undefined, { accept })).length; });
    rows.push({ question: `LIST of ${podCount} pods as ${name} (${megabytes(bytes)}), p50`, figure: ms(result.p50Ms), goal: '' });
  }
  for (const [name, accept] of forms) {
    let bytes = 0;
    const result = await drive(endpoint, { clients: 1, total: 7 }, async (client) => { bytes = await initialEvents(client, accept); });
    rows.push({ question: `WATCH that begins with ${podCount} pods as ${name} (${megabytes(bytes)}), p50`, figure: ms(result.p50Ms), goal: '' });
  }
  return rows;
}

const endOfInitial = Buffer.from('k8s.io/initial-events-end');

/** Up to the bookmark that ends them; gives their bytes. A Table's bookmark carries no annotation: its rows are counted. */
async function initialEvents(client: LoadClient, accept: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  const stop = await client.chunks('/api/v1/pods?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan', { accept }, (chunk) => {
    bytes += chunk.length;
    tail = Buffer.concat([tail, chunk]).subarray(-4096);
    if (tail.includes(endOfInitial) || tail.includes('"BOOKMARK"')) resolve();
  });
  await promise;
  stop();
  return bytes;
}

export const objects: Benchmark = {
  name: 'objects',
  run: () => withServer(async (server) => {
    const rows: Row[] = [];
    for (const part of [applies, encodings]) rows.push(...(await part(server)));
    return rows;
  }),
};
