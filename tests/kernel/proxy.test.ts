/** The service proxy with real packets: two nodes and three pods as network namespaces of our own, a real API server in this process. */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { type Node, nodes, type Pod, pods, type Service, type ServiceAccount, serviceaccounts, services } from '@kaji/api/core/v1';
import { endpointslices, type EndpointSlice } from '@kaji/api/discovery/v1';
import { servicecidrs, type ServiceCIDR } from '@kaji/api/networking/v1';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { Scope, silentLog } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { type Client, createClient } from '@kaji/client';
import { type Host, realHost } from '@kaji/host';
import { HostPorts, proxyConfiguration, ServiceProxy } from '@kaji/proxy';
import { eventually } from './fixture.ts';

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const skip = process.getuid?.() !== 0 ? 'needs root' : !has('nft') || !has('ip') ? 'needs nft and ip' : false;

const prefix = `kjp${process.pid}`;
const namespace = (name: string): string => `${prefix}-${name}`;
/** Runs in a namespace; an error is part of the answer. */
function inside(name: string, script: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('ip', ['netns', 'exec', namespace(name), 'timeout', '-s', 'KILL', '10', 'bash', '-c', script], (_error, stdout, stderr) => { resolve(`${stdout}${stderr}`.trim()); });
  });
}

/** a and b live on node n1, c on n2; `out` is a machine that knows nothing of pods. */
const podAddresses = { a: '10.244.1.2', b: '10.244.1.3', c: '10.244.2.2' } as const;
const nodeAddresses = { n1: '172.31.9.11', n2: '172.31.9.12' } as const;

function build(): void {
  const lines: string[] = ['set -e'];
  for (const name of ['wire', 'out', 'n1', 'n2', 'a', 'b', 'c']) lines.push(`ip netns add ${namespace(name)}`, `ip -n ${namespace(name)} link set lo up`);
  lines.push(`ip -n ${namespace('wire')} link add br0 type bridge`, `ip -n ${namespace('wire')} link set br0 up`);
  for (const [name, address] of [['out', '172.31.9.1'], ...Object.entries(nodeAddresses)] as const) {
    lines.push(`ip -n ${namespace(name)} link add eth0 type veth peer name ${name} netns ${namespace('wire')}`, `ip -n ${namespace('wire')} link set ${name} master br0 up`);
    lines.push(`ip -n ${namespace(name)} addr add ${address}/24 dev eth0`, `ip -n ${namespace(name)} link set eth0 up`);
    if (name !== 'out') lines.push(`ip -n ${namespace(name)} route add default via 172.31.9.1`, `ip netns exec ${namespace(name)} sysctl -qw net.ipv4.ip_forward=1`);
  }
  for (const [pod, node, gateway] of [['a', 'n1', '10.244.1.1'], ['b', 'n1', '10.244.1.1'], ['c', 'n2', '10.244.2.1']] as const) {
    lines.push(`ip -n ${namespace(node)} link add v${pod} type veth peer name eth0 netns ${namespace(pod)}`, `ip -n ${namespace(node)} addr add ${gateway}/32 dev v${pod}`, `ip -n ${namespace(node)} link set v${pod} up`);
    lines.push(`ip -n ${namespace(pod)} addr add ${podAddresses[pod]}/32 dev eth0`, `ip -n ${namespace(pod)} link set eth0 up`);
    lines.push(`ip -n ${namespace(pod)} route add ${gateway} dev eth0`, `ip -n ${namespace(pod)} route add default via ${gateway}`, `ip -n ${namespace(node)} route add ${podAddresses[pod]} dev v${pod}`);
  }
  lines.push(`ip -n ${namespace('n1')} route add 10.244.2.0/24 via ${nodeAddresses.n2}`, `ip -n ${namespace('n2')} route add 10.244.1.0/24 via ${nodeAddresses.n1}`);
  execFileSync('sh', ['-c', lines.join('\n')]);
}

/** Says who it is and who asks; echoes what it is sent. */
const answering = `
const name = process.argv[1];
require('net').createServer((s) => { s.on('error', () => {}); s.write(name + ' ' + s.remoteAddress.replace('::ffff:', '') + '\\n'); s.pipe(s); }).listen(8080);
const udp = require('dgram').createSocket('udp4'); udp.on('message', (m, r) => udp.send(name + ' ' + r.address, r.port, r.address)); udp.bind(8080, () => console.log('ready'));
`;

const hostOf = (node: string): Host => {
  const real = realHost();
  const wrap = (argv: readonly string[]): readonly string[] => ['ip', 'netns', 'exec', namespace(node), ...argv];
  return { ...real, processes: { ...real.processes, run: (argv, options) => real.processes.run(wrap(argv), options), check: (argv, options) => real.processes.check(wrap(argv), options) } };
};

const tcp = (address: string, port: number): string => `exec 3<>/dev/tcp/${address}/${port} && read -t 2 line <&3 && echo $line`;
const many = (count: number, script: string): string => `for i in $(seq ${count}); do (${script}); done`;

describe('the service proxy', { skip, timeout: 120_000 }, () => {
  const runtime = { ...realRuntime('error'), log: silentLog };
  const servers: ChildProcess[] = [];
  let server: TestServer;
  let client: Client;
  let scope: Scope;

  /** Two proxies of one process cannot open the same port: their health checks have tests of their own. */
  const noPorts = async (): Promise<AsyncDisposable> => ({ [Symbol.asyncDispose]: async () => undefined });
  const startProxy = (name: 'n1' | 'n2', of: Scope): void => {
    const configuration = proxyConfiguration({ kind: 'KubeProxyConfiguration', clusterCIDR: '10.244.0.0/16', nftables: { minSyncPeriod: '10ms' } });
    of.run(`proxy ${name}`, (signal) => new ServiceProxy(runtime, { client, host: hostOf(name), openPort: noPorts, nodeName: name }, configuration).run(signal));
  };

  const slice = (service: string, endpoints: readonly (keyof typeof podAddresses)[], protocol: 'TCP' | 'UDP' = 'TCP'): EndpointSlice => ({
    metadata: { name: service, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4' as never, ports: [{ name: '', port: 8080, protocol }], // the field's declared set lacks what the API sends
    endpoints: endpoints.map((pod) => ({ addresses: [podAddresses[pod]], conditions: { ready: true }, nodeName: pod === 'c' ? 'n2' : 'n1' })),
  } as EndpointSlice);

  async function create(name: string, endpoints: readonly (keyof typeof podAddresses)[], spec: Record<string, unknown> = {}, protocol: 'TCP' | 'UDP' = 'TCP'): Promise<Service> {
    const made = await client.create(services, { metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80, protocol }], ...spec } } as unknown as Service); // as a user writes it
    await client.create(endpointslices, slice(name, endpoints, protocol));
    return made;
  }

  const addressOf = (service: Service): string => service.spec.clusterIP ?? '';
  const answers = async (from: string, script: string, count = 1): Promise<readonly string[]> => (await inside(from, many(count, script))).split('\n').map((line) => line.split(' ')[0] ?? '').sort();

  before(async () => {
    build();
    for (const pod of Object.keys(podAddresses)) {
      const child = spawn('ip', ['netns', 'exec', namespace(pod), process.execPath, '-e', answering, pod], { stdio: ['ignore', 'pipe', 'inherit'] });
      servers.push(child);
      await new Promise((resolve) => child.stdout.once('data', resolve));
    }
    server = await startTestServer({ runtime });
    client = createClient(server.transport(), { userAgent: 'test' });
    for (const [name, address] of Object.entries(nodeAddresses)) {
      await client.create(nodes, { metadata: { name }, spec: {}, status: { addresses: [{ type: 'InternalIP', address }] } } as Node);
    }
    await client.create(servicecidrs, { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/12'] } } as ServiceCIDR).catch(() => undefined); // the server may have made it itself
    scope = new Scope();
    startProxy('n1', scope);
    startProxy('n2', scope);
  });

  after(async () => {
    for (const child of servers) child.kill('SIGKILL');
    await scope?.[Symbol.asyncDispose]();
    await server?.close();
    for (const name of ['a', 'b', 'c', 'n1', 'n2', 'out', 'wire']) execFileSync('sh', ['-c', `ip netns del ${namespace(name)} || true`], { stdio: 'ignore' });
  });

  it('spreads connections over pods of both nodes, for pods and for the node itself', async () => {
    const address = addressOf(await create('web', ['b', 'c']));
    await eventually(5000, async () => { assert.deepEqual(await answers('a', tcp(address, 80)).then((all) => all.length === 1 && /^[bc]$/.test(all[0] ?? '')), true); });
    const counts = await answers('a', tcp(address, 80), 40);
    assert.ok(counts.filter((name) => name === 'b').length > 5 && counts.filter((name) => name === 'c').length > 5, counts.join(' '));
    assert.equal(counts.length, 40);
    assert.deepEqual([...new Set(await answers('n1', tcp(address, 80), 20))], ['b', 'c']);
  });

  it('keeps the source of pods', async () => {
    const address = addressOf(await create('source', ['c']));
    await eventually(5000, async () => { assert.equal(await inside('a', tcp(address, 80)), `c ${podAddresses.a}`); });
  });

  it('lets a pod reach itself and its neighbour through their own service', async () => {
    const address = addressOf(await create('own', ['a', 'b']));
    await eventually(5000, async () => { assert.deepEqual([...new Set(await answers('a', tcp(address, 80), 20))], ['a', 'b']); });
  });

  it('answers node ports on both nodes, from outside', async () => {
    const service = await create('node-port', ['b', 'c'], { type: 'NodePort' });
    const port = service.spec.ports?.[0]?.nodePort ?? 0;
    for (const node of Object.values(nodeAddresses)) await eventually(5000, async () => { assert.deepEqual([...new Set(await answers('out', tcp(node, port), 20))], ['b', 'c']); });
  });

  it('keeps the source and stays on the node where the policy is local', async () => {
    const service = await create('local', ['c'], { type: 'NodePort', externalTrafficPolicy: 'Local' });
    const port = service.spec.ports?.[0]?.nodePort ?? 0;
    await eventually(5000, async () => { assert.equal(await inside('out', tcp(nodeAddresses.n2, port)), 'c 172.31.9.1'); });
    assert.equal(await inside('out', `timeout 0.5 bash -c '${tcp(nodeAddresses.n1, port)}'`), '');
    assert.match(await inside('a', tcp(nodeAddresses.n1, port)), /^c /);
  });

  it('rejects services without endpoints and addresses that are nobody\'s', async () => {
    const service = await create('empty', [], { type: 'NodePort' });
    await eventually(5000, async () => { assert.match(await inside('a', tcp(addressOf(service), 80)), /refused/); });
    assert.match(await inside('n1', tcp(addressOf(service), 80)), /refused/);
    assert.match(await inside('out', tcp(nodeAddresses.n1, service.spec.ports?.[0]?.nodePort ?? 0)), /refused/);
    assert.match(await inside('a', tcp(addressOf(service), 81)), /refused/);
    assert.match(await inside('a', tcp('10.111.222.33', 80)), /refused/);
  });

  it('sends a client to the same pod again where it was asked to', async () => {
    const address = addressOf(await create('sticky', ['b', 'c'], { sessionAffinity: 'ClientIP' }));
    await eventually(5000, async () => { assert.match(await inside('a', tcp(address, 80)), /^[bc] /); });
    assert.equal(new Set(await answers('a', tcp(address, 80), 20)).size, 1);
  });

  it('stops sending to an endpoint that is not ready, and starts again', async () => {
    const address = addressOf(await create('readiness', ['b', 'c']));
    await eventually(5000, async () => { assert.equal(new Set(await answers('a', tcp(address, 80), 20)).size, 2); });
    const update = async (isReady: boolean): Promise<void> => {
      const known = await client.get(endpointslices, { namespace: 'default', name: 'readiness' });
      await client.update(endpointslices, { ...known, endpoints: (known.endpoints ?? []).map((endpoint) => (endpoint.nodeName === 'n2' ? { ...endpoint, conditions: { ready: isReady } } : endpoint)) });
    };
    await update(false);
    await eventually(5000, async () => { assert.deepEqual([...new Set(await answers('a', tcp(address, 80), 20))], ['b']); });
    await update(true);
    await eventually(5000, async () => { assert.equal(new Set(await answers('a', tcp(address, 80), 20)).size, 2); });
  });

  it('moves UDP clients that keep their port to another pod when theirs is gone', { skip: has('conntrack') ? false : 'needs conntrack' }, async () => {
    const address = addressOf(await create('udp', ['b'], {}, 'UDP'));
    const asking = spawn('ip', ['netns', 'exec', namespace('a'), process.execPath, '-e', `const s=require('dgram').createSocket('udp4');s.on('message',(m)=>console.log(String(m)));s.on('error',()=>{});s.bind(5555,()=>setInterval(()=>s.send('hi',80,'${address}',()=>{}),50))`], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let last = '';
      asking.stdout.on('data', (chunk: Buffer) => { last = chunk.toString().trim().split('\n').at(-1) ?? ''; });
      await eventually(5000, async () => { assert.equal(last, `b ${podAddresses.a}`); });
      const known = await client.get(endpointslices, { namespace: 'default', name: 'udp' });
      await client.update(endpointslices, { ...known, endpoints: slice('udp', ['c'], 'UDP').endpoints });
      await eventually(3000, async () => { assert.equal(last, `c ${podAddresses.a}`); });
    } finally {
      asking.kill('SIGKILL');
    }
  });

  it('a new proxy takes over without breaking connections', async () => {
    const address = addressOf(await create('steady', ['c']));
    await eventually(5000, async () => { assert.match(await inside('a', tcp(address, 80)), /^c /); });
    const talking = inside('a', `exec 3<>/dev/tcp/${address}/80; read -t 2 line <&3; for i in $(seq 15); do echo $i >&3; read -t 1 back <&3 && echo $back; sleep 0.1; done`);
    await scope[Symbol.asyncDispose]();
    scope = new Scope();
    startProxy('n1', scope);
    startProxy('n2', scope);
    assert.equal(await talking, Array.from({ length: 15 }, (_, index) => index + 1).join('\n'));
    await eventually(5000, async () => { assert.match(await inside('a', tcp(address, 80)), /^c /); });
  });

  it('forwards host ports to the pod that asked for them', async () => {
    scope.run('host ports', (signal) => new HostPorts(runtime, { client, host: hostOf('n1'), nodeName: 'n1' }).run(signal));
    await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } } as ServiceAccount);
    const pod = { metadata: { name: 'b', namespace: 'default' }, spec: { nodeName: 'n1', automountServiceAccountToken: false, containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 8080, hostPort: 7070 }] }] } } as unknown as Pod; // as a user writes it
    const made = await client.create(pods, pod);
    await client.updateStatus(pods, { ...made, status: { ...made.status, phase: 'Running', podIP: podAddresses.b, podIPs: [{ ip: podAddresses.b }] } });
    await eventually(5000, async () => { assert.equal(await inside('out', tcp(nodeAddresses.n1, 7070)), 'b 172.31.9.1'); });
    assert.match(await inside('n1', tcp(nodeAddresses.n1, 7070)), /^b /);
    assert.match(await inside('n1', tcp('127.0.0.1', 7070)), /^b /);
    assert.match(await inside('a', tcp(nodeAddresses.n1, 7070)), /^b /);
    assert.match(await inside('b', tcp(nodeAddresses.n1, 7070)), /^b /);
  });
});
