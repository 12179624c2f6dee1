import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { noMetrics, type Runtime, silentLog } from '@kaji/base';
import { realClock, realStreams } from '@kaji/base/real';
import { Authority, createAuthority } from '@kaji/pki';
import { acceptRemoteCommand, connectRemoteCommand, dial } from '@kaji/streams';
import { type Listening, startTestServer, type TestServer } from '../testing.ts';
import { dialError } from './fetch.ts';

const runtime: Runtime = { clock: realClock, random: realStreams(), log: silentLog, metrics: noMetrics };

/** A kubelet that answers logs with what it was asked, and runs a command that repeats its input. */
async function startKubelet(authority: Authority): Promise<AsyncDisposable & { readonly port: number; readonly asked: string[]; readonly closed: Promise<unknown> }> {
  const identity = authority.issue({ commonName: 'system:node:n1', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const asked: string[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const server = createServer({ cert: identity.certificatePem, key: identity.privateKeyPem, ca: authority.certificatePem, requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const url = request.url ?? '';
    asked.push(`${String((request.socket as TLSSocket).getPeerCertificate().subject.CN)} ${url}`);
    if (url.includes('/missing')) {
      response.writeHead(404).end('no such container');
      return;
    }
    response.write('line 1\n');
    if (url.includes('follow')) response.on('close', () => { resolve(); });
    else response.end('line 2\n');
  });
  server.on('upgrade', (request, socket, head) => {
    asked.push(request.url ?? '');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    void acceptRemoteCommand({ headers, socket, head }, { stdin: true, stdout: true, stderr: false, tty: false }, { clock: realClock }).then(async (session) => {
      for await (const chunk of session.stdin ?? []) session.stdout?.write(chunk);
      session.stdout?.end();
      await session.finish({ type: 'exited', code: 3 });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, asked, closed,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function withPod(run: (server: TestServer, listening: Listening, kubelet: Awaited<ReturnType<typeof startKubelet>>) => Promise<void>): Promise<void> {
  const authority = new Authority(runtime, createAuthority(runtime, { commonName: 'kubelets' }));
  await using kubelet = await startKubelet(authority);
  const client = authority.issue({ commonName: 'kube-apiserver-kubelet-client', usages: ['client'] });
  await using server = await startTestServer({ runtime, config: { kubelet: { ...client, authoritiesPem: authority.certificatePem } } });
  const listening = await server.listen();
  const send = async (method: string, path: string, body: unknown, type = 'application/json'): Promise<void> => {
    const reply = await server.transport().request({ method, path, headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(body)) });
    assert.ok(reply.status < 300, `${path}: ${reply.status}`);
  };
  await send('POST', '/api/v1/nodes', { metadata: { name: 'n1' } });
  await send('PATCH', '/api/v1/nodes/n1/status', { status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } } }, 'application/merge-patch+json');
  await send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }, { name: 'missing', image: 'i' }] } });
  await run(server, listening, kubelet);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function get(server: TestServer, { port, authorityPem }: Listening, path: string, enough = Number.POSITIVE_INFINITY): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, ca: authorityPem, cert: server.admin.certificatePem, key: server.admin.privateKeyPem, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.length < enough) return;
        resolve({ status: response.statusCode ?? 0, text });
        request.destroy();
      });
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
    });
    request.on('error', reject);
    request.end();
  });
}

const pod = '/api/v1/namespaces/default/pods/p';

test('a log comes from the kubelet, which sees our certificate and only the options that are its own', () => withPod(async (server, listening, kubelet) => {
  assert.deepEqual(await get(server, listening, `${pod}/log?container=c&tailLines=5&timestamps=true&pretty=x`), { status: 200, text: 'line 1\nline 2\n' });
  assert.deepEqual(kubelet.asked, ['kube-apiserver-kubelet-client /containerLogs/default/p/c?timestamps=true&tailLines=5']);
  const ambiguous = await get(server, listening, `${pod}/log`);
  assert.equal(ambiguous.status, 400);
  assert.match(ambiguous.text, /a container name must be specified for pod p, choose one of: \[c missing\]/);
  assert.equal((await get(server, listening, `${pod}/log?container=missing`)).status, 404);
}));

test('the kubelet stops following when the reader goes away', () => withPod(async (server, listening, kubelet) => {
  assert.equal((await get(server, listening, `${pod}/log?container=c&follow=true`, 7)).text, 'line 1\n');
  await kubelet.closed;
}));

for (const protocol of ['websocket', 'spdy'] as const) {
  test(`a command runs over ${protocol}, both ways, with its exit code`, () => withPod(async (server, { port, authorityPem }, kubelet) => {
    const url = `https://127.0.0.1:${port}`;
    const socket = await dial(url, { tls: { ca: authorityPem, ...server.admin } });
    const session = await connectRemoteCommand(
      { socket, host: `127.0.0.1:${port}`, path: `${pod}/exec?container=c&command=cat&command=a%20b&stdin=true&stdout=true` },
      { stdin: true, stdout: true, stderr: false, tty: false }, { protocol, clock: realClock },
    );
    session.stdin?.end('hello');
    let text = '';
    for await (const chunk of session.stdout ?? []) text += String(chunk);
    assert.equal(text, 'hello');
    const result = await session.result;
    assert.deepEqual([result.type, result.type === 'exited' ? result.code : undefined], ['exited', 3]);
    assert.deepEqual(kubelet.asked, ['/exec/default/p/c?input=1&output=1&command=cat&command=a+b']);
    socket.destroy();
  }));
}

test('without an upgrade, and without a kubelet, the refusals are upstream\'s', () => withPod(async (server, listening, kubelet) => {
  const plain = await get(server, listening, `${pod}/exec?container=c&command=ls&stdout=true`);
  assert.deepEqual([plain.status, JSON.parse(plain.text).message], [400, 'Upgrade request required']);
  await kubelet[Symbol.asyncDispose]();
  const log = await get(server, listening, `${pod}/log?container=c`);
  assert.equal(log.status, 500);
  assert.match(log.text, /dial tcp 127\.0\.0\.1:\d+: connect: connection refused/);
}));

const refusals = [['', 'http', '10.244.0.9:80'], ['', 'https', '10.244.0.9:443'], ['8080', 'http', '10.244.0.9:8080']] as const;
for (const [port, scheme, want] of refusals) {
  test(`a refused connection names its port, asked for or not: ${want}`, () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    assert.equal(dialError(refused, { scheme, host: '10.244.0.9', port, isKubelet: false }).message, `dial tcp ${want}: connect: connection refused`);
  });
}
