import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { configmaps } from '@kaji/api/core/v1';
import { isReason } from '@kaji/api';
import { realRuntime } from '@kaji/base/real';
import { createClient } from '../create-client.ts';
import { HttpsTransport } from './https-transport.ts';

const runtime = realRuntime('error');

async function connect(server: TestServer, identity = server.admin): Promise<HttpsTransport> {
  const { url, authorityPem } = await server.listen();
  return new HttpsTransport(runtime, { url, credentials: () => Promise.resolve({ ca: authorityPem, certificate: identity.certificatePem, key: identity.privateKeyPem }) });
}

test('reads, writes and watches over one connection', async () => {
  await using server = await startTestServer({ runtime });
  const transport = await connect(server);
  const client = createClient(transport, { userAgent: 'test' });
  const stop = new AbortController();
  try {
    const seen = (async () => {
      const names: string[] = [];
      for await (const event of client.watch(configmaps, { namespace: 'default', sendInitialEvents: true, signal: stop.signal })) {
        if (event.type === 'ADDED') names.push(event.object.metadata.name ?? '');
        if (names.includes('b')) return names;
      }
      return names;
    })();
    await client.create(configmaps, { metadata: { name: 'a', namespace: 'default' }, data: { k: 'v' } });
    assert.equal((await client.get(configmaps, { namespace: 'default', name: 'a' })).data?.['k'], 'v');
    await client.create(configmaps, { metadata: { name: 'b', namespace: 'default' } });
    assert.ok((await seen).includes('a'));
    await assert.rejects(client.get(configmaps, { namespace: 'default', name: 'none' }), (error) => isReason(error, 'NotFound'));
  } finally {
    stop.abort();
    await transport.close();
  }
});

test('an abort ends a watch with its reason', async () => {
  await using server = await startTestServer({ runtime });
  const transport = await connect(server);
  try {
    const stop = new AbortController();
    const client = createClient(transport, { userAgent: 'test' });
    const watching = async (): Promise<void> => { for await (const _ of client.watch(configmaps, { signal: stop.signal })) stop.abort(new Error('enough')); };
    const rejected = assert.rejects(watching(), /enough/);
    await client.create(configmaps, { metadata: { name: 'a', namespace: 'default' } });
    await rejected;
  } finally {
    await transport.close();
  }
});

test('a certificate of another authority is refused before anything is sent', async () => {
  await using server = await startTestServer({ runtime });
  await using other = await startTestServer({ runtime });
  const { url } = await server.listen();
  const transport = new HttpsTransport(runtime, { url, credentials: () => Promise.resolve({ ca: other.authority.certificatePem }) });
  try {
    await assert.rejects(createClient(transport, { userAgent: 'test' }).list(configmaps), (error) => isReason(error, 'ServiceUnavailable'));
  } finally {
    await transport.close();
  }
});

test('connects anew after the server went away', async () => {
  const first = await startTestServer({ runtime });
  const { port, authorityPem } = await first.listen();
  const transport = new HttpsTransport(runtime, { url: `https://127.0.0.1:${port}`, credentials: () => Promise.resolve({ ca: authorityPem, certificate: first.admin.certificatePem, key: first.admin.privateKeyPem }) });
  const client = createClient(transport, { userAgent: 'test' });
  try {
    await client.list(configmaps);
    await first.close();
    await assert.rejects(client.list(configmaps), (error) => isReason(error, 'ServiceUnavailable'));
    await using second = await startTestServer({ runtime, config: { clientAuthoritiesPem: first.authority.certificatePem } });
    const { certificatePem, privateKeyPem } = first.authority.issue({ commonName: 'kube-apiserver', ipAddresses: ['127.0.0.1'], usages: ['server'] });
    await second.server.listen({ address: '127.0.0.1', port, certificatePem, privateKeyPem });
    await client.list(configmaps);
  } finally {
    await transport.close();
  }
});

test('speaks HTTP/1.1 to a server that speaks nothing newer', async () => {
  await using server = await startTestServer({ runtime });
  const { certificatePem, privateKeyPem } = server.authority.issue({ commonName: 'old', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const old = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    if (request.url?.includes('watch=true') === true) {
      response.write('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n');
      return; // open until the client goes
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ metadata: { name: `${request.httpVersion} ${request.method} ${request.headers.authorization ?? ''}` } }));
  });
  await new Promise<void>((resolve) => { old.listen(0, '127.0.0.1', resolve); });
  const { port } = old.address() as AddressInfo; // it listens on an address, not on a path
  const transport = new HttpsTransport(runtime, { url: `https://127.0.0.1:${port}`, credentials: () => Promise.resolve({ ca: server.authority.certificatePem, token: 'secret' }) });
  try {
    const client = createClient(transport, { userAgent: 'test' });
    assert.equal((await client.get(configmaps, { namespace: 'default', name: 'a' })).metadata.name, '1.1 GET Bearer secret');
    const stop = new AbortController();
    const watching = async (): Promise<void> => { for await (const _ of client.watch(configmaps, { signal: stop.signal })) stop.abort(new Error('enough')); };
    await assert.rejects(watching(), /enough/);
  } finally {
    await transport.close();
    old.closeAllConnections();
    await new Promise((resolve) => { old.close(resolve); });
  }
});
