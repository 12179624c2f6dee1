import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { configmaps, type Container, type ContainerStatus, namespaces, type Pod, pods, secrets, serviceaccounts } from '@kaji/api/core/v1';
import { isReason } from '@kaji/api';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { realRuntime } from '@kaji/base/real';
import { busyboxArchive } from '@kaji/bootstrap/testing';
import { type Client, createClient } from '@kaji/client';
import { CriRuntime } from '@kaji/cri';
import { realHost } from '@kaji/host';
import { Kubelet, kubeletConfiguration } from '@kaji/kubelet';
import { connectPortForward, connectRemoteCommand, dial, type TerminalSize } from '@kaji/streams';

const image = 'docker.io/library/kubelet-test:1';
const pauseImage = 'docker.io/library/kubelet-test-pause:1';
const port = 31250;
const bridge = 'kjtest0';
const cgroupRoot = '/kaji-kubelet-test';

const hasPrograms = ['containerd', 'ctr', 'runc'].every((program) => ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, program))));
const cniDirectory = ['/usr/lib/cni', '/opt/cni/bin'].find((folder) => existsSync(join(folder, 'bridge')));
const skip = process.getuid?.() !== 0 ? 'needs root' : !hasPrograms ? 'no containerd here' : cniDirectory === undefined ? 'no CNI plugins here' : !existsSync('/bin/busybox') ? 'no busybox here' : false;

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, delayMs); });
const runtime = realRuntime('error');

/** A containerd of its own, an API server in this process, and a kubelet between them. */
describe('the kubelet with a real containerd', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-kubelet-'));
  const socket = join(folder, 'containerd.sock');
  let containerd: ChildProcess | undefined;
  let server: TestServer;
  let client: Client;
  let kubelet: { readonly stop: () => Promise<void> } | undefined;

  const ctr = (...argv: string[]): string => execFileSync('ctr', ['-a', socket, '-n', 'k8s.io', ...argv], { encoding: 'utf8' });

  before(async () => {
    writeConfiguration(folder, socket);
    containerd = await startContainerd(folder, socket);
    for (const [name, reference, entrypoint] of [['app', image, undefined], ['pause', pauseImage, ['/bin/sleep', '2147483647']]] as const) {
      writeFileSync(join(folder, `${name}.tar`), entrypoint === undefined ? await busyboxArchive(reference) : await busyboxArchive(reference, {}, entrypoint));
      ctr('images', 'import', join(folder, `${name}.tar`));
    }
    server = await startTestServer({ runtime });
    client = createClient(server.transport(), { userAgent: 'test' });
    await prepare(client);
    kubelet = startKubelet(server, folder, socket);
  });

  after(async () => {
    // in reverse, and each whatever became of the others
    const tasks: readonly (() => unknown)[] = [
      () => removePods(client), () => kubelet?.stop(), () => server.close(), () => removeContainers(ctr), () => stopped(containerd),
      () => { unmountBelow(folder); }, () => { execFileSync('ip', ['link', 'delete', bridge], { stdio: 'ignore' }); }, () => { removeCgroups(); }, () => { rmSync(folder, { recursive: true, force: true }); },
    ];
    for (const task of tasks) {
      try {
        await task();
      } catch {
        // what is gone needs no removal
      }
    }
  });

  async function until(name: string, holds: (pod: Pod | undefined) => boolean, withinMs = 15_000): Promise<Pod | undefined> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const pod = await found(client, name);
      if (holds(pod)) return pod;
      assert.ok(performance.now() < deadline, `pod ${name} is ${JSON.stringify(pod?.status, undefined, 1)}`);
      await pause(10);
    }
  }
  const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === 'Running' && first(pod)?.ready === true;

  test('a pod runs with its variables and files, and the files follow the ConfigMap', async () => {
    await client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { colour: 'red' } });
    await client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden', namespace: 'default' }, data: { word: Buffer.from('sesame').toString('base64') } });
    const script = 'echo $NAME-$COLOUR-$WORD; cat /settings/colour /hidden/word; echo; sleep 1000';
    await create(client, 'files', [shell(script, {
      env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } }, { name: 'WORD', valueFrom: { secretKeyRef: { name: 'hidden', key: 'word' } } }],
      volumeMounts: [{ name: 'settings', mountPath: '/settings' }, { name: 'hidden', mountPath: '/hidden' }],
    })], { volumes: [{ name: 'settings', configMap: { name: 'settings' } }, { name: 'hidden', secret: { secretName: 'hidden' } }] });
    await until('files', isRunning);
    await eventually(async () => { assert.equal(await get('/containerLogs/default/files/app'), 'files-red-sesame\nredsesame\n'); });
    await client.patch(configmaps, { namespace: 'default', name: 'settings' }, { type: 'merge', body: { data: { colour: 'blue' } } });
    await eventually(async () => { assert.equal((await run('files', ['cat', '/settings/colour'])).stdout, 'blue'); });
    assert.match((await run('files', ['grep', ' /hidden ', '/proc/mounts'])).stdout, /tmpfs/);
  });

  test('a container killed outside is seen in 300 ms and comes back', async () => {
    await create(client, 'killed', [shell('sleep 1000')]);
    const id = idOf(await until('killed', isRunning));
    const startedAt = performance.now();
    ctr('task', 'kill', '-s', 'KILL', id);
    await until('killed', (pod) => first(pod)?.state?.terminated !== undefined || first(pod)?.restartCount === 1);
    assert.ok(performance.now() - startedAt < 300 + 200, 'ctr itself takes a part of it');
    await until('killed', (pod) => first(pod)?.restartCount === 1 && isRunning(pod));
  });

  test('a kubelet that is killed comes back and restarts nothing', async () => {
    await create(client, 'kept', [shell('sleep 1000')]);
    const id = idOf(await until('kept', isRunning));
    await kubelet?.stop();
    kubelet = startKubelet(server, folder, socket);
    await pause(1500);
    const pod = await until('kept', isRunning);
    assert.equal(idOf(pod), id);
    assert.equal(first(pod)?.restartCount, 0);
  });

  test('containerd that is killed comes back, and so does what happened meanwhile', async () => {
    await create(client, 'survivor', [shell('sleep 1000')]);
    const id = idOf(await until('survivor', isRunning));
    containerd?.kill('SIGKILL');
    await pause(300);
    containerd = await startContainerd(folder, socket);
    await pause(2500);
    assert.equal(idOf(await until('survivor', isRunning)), id);
    ctr('task', 'kill', '-s', 'KILL', id);
    await until('survivor', (pod) => first(pod)?.restartCount === 1 && isRunning(pod));
  });

  test('exec gives output, errors and the exit code, and reads until the end of its input', async () => {
    await create(client, 'exec', [shell('sleep 1000')]);
    await until('exec', isRunning);
    for (const protocol of ['websocket', 'spdy'] as const) {
      assert.deepEqual(await run('exec', ['sh', '-c', 'echo out; echo err >&2; exit 3'], { protocol }), { stdout: 'out\n', stderr: 'err\n', code: 3 });
      assert.deepEqual(await run('exec', ['wc', '-c'], { protocol, input: 'x'.repeat(100_000) }), { stdout: '100000\n', stderr: '', code: 0 });
    }
  });

  test('attach talks with the process that is there, and exec with a terminal of a size', async () => {
    await create(client, 'attached', [shell('cat; sleep 1; exit 5', { stdin: true, stdinOnce: true })], { restartPolicy: 'Never' });
    await until('attached', isRunning);
    assert.equal((await run('attached', [], { verb: 'attach', input: 'hello' })).stdout, 'hello');
    const ended = await until('attached', (pod) => pod?.status?.phase === 'Failed');
    assert.equal(first(ended)?.state?.terminated?.exitCode, 5);
    const { stdout } = await run('exec', ['sh', '-c', 'sleep 0.3; stty size'], { protocol: 'spdy', size: { width: 100, height: 30 } });
    assert.equal(stdout.trim(), '30 100');
  });

  test('port-forward reaches a port inside the pod', async () => {
    await create(client, 'web', [shell('mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www', { readinessProbe: { httpGet: { port: 8080, path: '/' }, periodSeconds: 1 } })]);
    await until('web', isRunning);
    const forward = await connectPortForward({ socket: await dial(`https://127.0.0.1:${port}`, { tls: { isInsecure: true } }), host: 'kubelet', path: '/portForward/default/web' }, { clock: runtime.clock });
    const { data } = await forward.open(8080);
    data.write('GET / HTTP/1.0\r\n\r\n');
    let text = '';
    for await (const chunk of data) text += String(chunk);
    assert.match(text, /^HTTP\/1\.[01] 200 OK[^]*hello\n$/);
    forward.close();
  });

  test('a deleted pod leaves nothing behind', async () => {
    await create(client, 'gone', [shell('sleep 1000')], { volumes: [{ name: 'm', emptyDir: { medium: 'Memory' } }] });
    const pod = await until('gone', isRunning);
    const uid = pod?.metadata.uid ?? '';
    await client.delete(pods, { namespace: 'default', name: 'gone' });
    await until('gone', (left) => left === undefined);
    await eventually(async () => {
      assert.ok(!ctr('containers', 'list', '-q').includes(idOf(pod)));
      assert.ok(!existsSync(join(folder, 'kubelet/pods', uid)));
      assert.equal(execFileSync('sh', ['-c', `find /sys/fs/cgroup -name 'pod${uid}' | wc -l`], { encoding: 'utf8' }).trim(), '0');
    });
  });
});

const first = (pod: Pod | undefined): ContainerStatus | undefined => pod?.status?.containerStatuses?.[0];
const idOf = (pod: Pod | undefined): string => (first(pod)?.containerID ?? '').replace('containerd://', '');
const shell = (script: string, more: Partial<Container> = {}): Container => ({ name: 'app', image, command: ['sh', '-c', script], ...more });

async function create(client: Client, name: string, containers: Container[], more: Partial<Pod['spec']> = {}): Promise<void> {
  const pod: Pod & { apiVersion: string; kind: string } = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { nodeName: 'kubelet-test', terminationGracePeriodSeconds: 1, containers, ...more } };
  await client.create(pods, pod);
}

async function found(client: Client, name: string): Promise<Pod | undefined> {
  try {
    return await client.get(pods, { namespace: 'default', name });
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function eventually(attempt: () => Promise<void>, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** A GET at the kubelet's own port. */
function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => { resolve(text); });
    });
    call.on('error', reject).end();
  });
}

async function run(pod: string, command: readonly string[], options: { readonly protocol?: 'websocket' | 'spdy'; readonly verb?: 'exec' | 'attach'; readonly input?: string; readonly size?: TerminalSize } = {}): Promise<{ stdout: string; stderr: string; code: number }> {
  const tty = options.size !== undefined;
  const query = new URLSearchParams([['output', '1'], [tty ? 'tty' : 'error', '1'], ...(options.input === undefined ? [] : [['input', '1']]), ...command.map((word) => ['command', word])]);
  const target = { socket: await dial(`https://127.0.0.1:${port}`, { tls: { isInsecure: true } }), host: 'kubelet', path: `/${options.verb ?? 'exec'}/default/${pod}/app?${query.toString()}` };
  const session = await connectRemoteCommand(target, { stdin: options.input !== undefined, stdout: true, stderr: !tty, tty }, { protocol: options.protocol ?? 'websocket', clock: runtime.clock });
  const read = async (stream: typeof session.stdout): Promise<string> => {
    let text = '';
    for await (const part of stream ?? []) text += String(part);
    return text;
  };
  if (options.size !== undefined) session.resize(options.size);
  session.stdin?.end(options.input);
  const [stdout, stderr, result] = await Promise.all([read(session.stdout), read(session.stderr), session.result]);
  session.close();
  return { stdout, stderr, code: result.type === 'exited' ? result.code : -1 };
}

function writeConfiguration(folder: string, socket: string): void {
  mkdirSync(join(folder, 'cni'));
  const network = { type: 'bridge', bridge, isGateway: true, ipam: { type: 'host-local', dataDir: join(folder, 'ipam'), ranges: [[{ subnet: '10.199.71.0/24' }]], routes: [{ dst: '0.0.0.0/0' }] } };
  writeFileSync(join(folder, 'cni/10-test.conflist'), JSON.stringify({ cniVersion: '1.0.0', name: 'kubelet-test', plugins: [network] }));
  writeFileSync(join(folder, 'containerd.toml'), `
version = 2
root = "${folder}/root"
state = "${folder}/state"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniDirectory ?? ''}"
    conf_dir = "${folder}/cni"
`);
}

async function startContainerd(folder: string, socket: string): Promise<ChildProcess> {
  const child = spawn('containerd', ['-c', join(folder, 'containerd.toml')], { stdio: 'ignore', detached: true });
  await eventually(async () => { execFileSync('ctr', ['-a', socket, 'version'], { stdio: 'ignore' }); await Promise.resolve(); }, 10_000);
  return child;
}

function startKubelet(server: TestServer, folder: string, socket: string): { readonly stop: () => Promise<void> } {
  const cri = new CriRuntime(runtime, { endpoint: `unix://${socket}`, requestTimeoutMs: 60_000 });
  const configuration = kubeletConfiguration({
    port, address: '127.0.0.1', healthzPort: 0, cgroupRoot, podLogsDir: join(folder, 'logs'), failSwapOn: false, clusterDomain: 'cluster.local', clusterDNS: ['10.96.0.10'],
    authentication: { anonymous: { enabled: true } }, authorization: { mode: 'AlwaysAllow' },
  });
  mkdirSync(join(folder, 'kubelet'), { recursive: true });
  const kubelet = new Kubelet(runtime, { client: createClient(server.transport(), { userAgent: 'kubelet' }), cri, host: realHost() }, { nodeName: 'kubelet-test', nodeAddresses: ['127.0.0.1'], rootDirectory: join(folder, 'kubelet'), configuration });
  const stop = new AbortController();
  const ended = kubelet.run(stop.signal);
  return { stop: async () => { stop.abort(); await ended; cri.close(); } };
}

async function prepare(client: Client): Promise<void> {
  const ensure = async (make: () => Promise<unknown>): Promise<void> => {
    try {
      await make();
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  };
  for (const name of ['default', 'kube-node-lease']) await ensure(() => client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} }));
  await ensure(() => client.create(serviceaccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } }));
  await ensure(() => client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace: 'default' }, data: { 'ca.crt': 'pem' } }));
}

async function removePods(client: Client): Promise<void> {
  for (const { metadata } of (await client.list(pods)).items) await client.delete(pods, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' }, { gracePeriodSeconds: 1 });
  for (let tries = 0; tries < 100 && (await client.list(pods)).items.length > 0; tries++) await pause(100);
}

function removeContainers(ctr: (...argv: string[]) => string): void {
  for (const id of ctr('tasks', 'list', '-q').trim().split('\n').filter((line) => line !== '')) ctr('tasks', 'kill', '-s', 'KILL', id);
}

async function stopped(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) return;
  child.kill('SIGTERM');
  for (let tries = 0; tries < 50 && child.exitCode === null && child.signalCode === null; tries++) await pause(100);
  child.kill('SIGKILL');
}

function unmountBelow(folder: string): void {
  const targets = execFileSync('sh', ['-c', "awk '{ print $5 }' /proc/self/mountinfo"], { encoding: 'utf8' }).split('\n').filter((target) => target.startsWith(folder));
  for (const target of targets.reverse()) execFileSync('umount', ['-l', target], { stdio: 'ignore' });
}

function removeCgroups(): void {
  execFileSync('sh', ['-c', `find /sys/fs/cgroup -depth -type d -path '*${cgroupRoot}*' -exec rmdir {} \\; 2>/dev/null`], { stdio: 'ignore' });
}
