/** exec, attach, cp and port-forward with every kubectl there is: SPDY up to 1.29, WebSockets from 1.30, tunnels from 1.31. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { call, type CallOptions, eventually, findKubectl, type Output, skipReason, TestCluster } from '../kernel/fixture.ts';

const sdk = '/usr/lib/google-cloud-sdk/bin';
const several = existsSync(sdk) ? readdirSync(sdk).filter((name) => /^kubectl\.1\.\d+$/.test(name)).sort().map((name) => join(sdk, name)) : [];
const kubectls = several.length > 0 ? several : [findKubectl() ?? 'kubectl'];

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: box }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - { name: box, image: example.test/streams:1, command: [sh, -c, "httpd -h /www -p 8080; sleep 100000"] }
  - { name: echo, image: example.test/streams:1, stdin: true, command: [sh, -c, "while read line; do echo heard $line; done; sleep 100000"] }
`;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

describe('streams with real kubectl', { skip: skipReason, timeout: 600_000 }, () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.up('streams', 1);
    await cluster.load('example.test/streams:1', { 'www/index.html': 'hello from the pod\n' });
    await cluster.apply(pod);
    await cluster.kubectl('wait --for=condition=Ready pod/box --timeout=60s');
  });
  after(async () => { await cluster?.[Symbol.asyncDispose](); });

  for (const program of kubectls) {
    describe(program.slice(program.lastIndexOf('/') + 1), () => {
      const run = (args: readonly string[], options: CallOptions = {}): Promise<Output> => call([program, ...args], { timeoutMs: 30_000, ...options, environment: { KUBECONFIG: cluster.kubeconfig } });

      it('exec gives output, errors and the exit code', async () => {
        const { code, stdout, stderr } = await run(['exec', 'box', '-c', 'box', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
        assert.equal(stdout, 'out\n');
        assert.match(stderr, /^err\n/);
        assert.match(stderr, /command terminated with exit code 7/);
        assert.equal(code, 7);
      });

      it('exec says why there is nothing to run', async () => {
        const { code, stderr } = await run(['exec', 'box', '-c', 'box', '--', 'no-such-program']);
        assert.notEqual(code, 0);
        assert.match(stderr, /no-such-program/);
        assert.match((await run(['exec', 'box', '-c', 'nobody', '--', 'ls'])).stderr, /container nobody is not valid for pod box|container not found/);
      });

      it('exec -i passes the end of the input on, after all of it', async () => {
        const input = randomBytes(3_000_000).toString('hex');
        const { code, stdout } = await run(['exec', '-i', 'box', '-c', 'box', '--', 'sha256sum'], { input });
        assert.equal(stdout.split(' ')[0], sha256(input));
        assert.equal(code, 0);
      });

      it('exec gives big output whole', async () => {
        const { stdout } = await run(['exec', 'box', '-c', 'box', '--', 'sh', '-c', 'yes 0123456789 | head -c 20000000']);
        assert.equal(stdout.length, 20_000_000);
      });

      it('exec -it has a terminal of the right size', { skip: existsSync('/usr/bin/script') ? false : 'needs script' }, async () => {
        const { stdout } = await call(['script', '-qec', `stty rows 33 cols 99; ${program} exec -it box -c box -- sh -c 'sleep 0.3; stty size; tty'`, '/dev/null'], { environment: { KUBECONFIG: cluster.kubeconfig }, timeoutMs: 30_000 });
        assert.match(stdout, /33 99/);
        assert.match(stdout, /\/dev\/pts\/0/);
      });

      it('attach speaks to the process that runs', async () => {
        const { stdout } = await call(['sh', '-c', `(sleep 1; echo ping; sleep 1) | timeout 5 ${program} attach -i box -c echo`], { environment: { KUBECONFIG: cluster.kubeconfig } });
        assert.match(stdout, /heard ping/);
      });

      it('cp carries files both ways', async () => {
        const [from, to] = [join(cluster.directory, 'from'), join(cluster.directory, 'to')];
        const bytes = randomBytes(2_000_000);
        writeFileSync(from, bytes);
        const there = await run(['cp', '-c', 'box', from, 'box:/tmp/file']);
        assert.equal(there.code, 0, there.stderr);
        const back = await run(['cp', '-c', 'box', 'box:/tmp/file', to]);
        assert.equal(back.code, 0, back.stderr);
        assert.equal(sha256(readFileSync(to)), sha256(bytes));
      });

      it('port-forward serves one connection after another, and several at once', async () => {
        const port = 20_000 + (process.pid % 20_000);
        const forward = spawn(program, ['port-forward', 'pod/box', `${port}:8080`, '--address', '127.0.0.1'], { env: { ...process.env, KUBECONFIG: cluster.kubeconfig }, stdio: ['ignore', 'pipe', 'pipe'] });
        try {
          let output = '';
          forward.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
          forward.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
          await eventually(10_000, () => { assert.match(output, /Forwarding from/); return Promise.resolve(); });
          for (let round = 0; round < 3; round++) assert.match(await get(port), /hello from the pod/);
          for (const answer of await Promise.all(Array.from({ length: 10 }, () => get(port)))) assert.match(answer, /hello from the pod/);
        } finally {
          forward.kill('SIGKILL');
        }
      });
    });
  }

  it('a client that is killed leaves no process of its command waiting for it', async () => {
    const child = cluster.startKubectl(['exec', '-i', 'box', '-c', 'box', '--', 'sh', '-c', 'cat >/dev/null; echo ended >/tmp/ended']);
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    child.kill('SIGKILL');
    await eventually(10_000, async () => { assert.equal(await cluster.kubectl(['exec', 'box', '-c', 'box', '--', 'cat', '/tmp/ended']), 'ended\n'); });
  });
});

function get(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.on('error', reject).on('close', () => { resolve(text); });
    socket.write('GET /index.html HTTP/1.0\r\n\r\n');
  });
}
