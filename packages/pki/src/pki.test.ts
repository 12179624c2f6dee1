import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, createSign, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { realStreams, realClock } from '@kaji/base/real';
import { testRuntime } from '@kaji/base/testing';
import { Authority, createAuthority, createPrivateKeyPem, createRequest, createTokenKey, parseRequest, PkiError, readCertificate, TokenSigner, TokenVerifier, toPem, verifyClient } from './index.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2030, 0, 1);

function testAuthority(): Authority {
  const runtime = testRuntime();
  return new Authority(runtime, createAuthority(runtime, { commonName: 'kubernetes' }));
}

test('an authority is valid for ten years and signs itself', () => {
  const { certificatePem } = createAuthority(testRuntime(), { commonName: 'kubernetes' });
  const certificate = readCertificate(certificatePem);
  assert.equal(certificate.commonName, 'kubernetes');
  assert.equal(certificate.isAuthority, true);
  assert.equal(certificate.notAfterMs, start + 3650 * dayMs);
  const parsed = new X509Certificate(certificatePem);
  assert.ok(parsed.ca);
  assert.ok(parsed.verify(parsed.publicKey));
});

test('a server certificate carries its names and addresses', () => {
  const { certificatePem } = testAuthority().issue({ commonName: 'kube-apiserver', dnsNames: ['kubernetes', 'kubernetes.default.svc'], ipAddresses: ['10.96.0.1', 'fd00::1', '::ffff:1.2.3.4'], usages: ['server'] });
  const parsed = new X509Certificate(certificatePem);
  assert.equal(parsed.checkHost('kubernetes.default.svc'), 'kubernetes.default.svc');
  assert.equal(parsed.checkIP('10.96.0.1'), '10.96.0.1');
  assert.equal(parsed.checkIP('fd00::1'), 'fd00::1');
  assert.deepEqual(readCertificate(certificatePem).ipAddresses, ['10.96.0.1', 'fd00::1', '::ffff:102:304']);
});

test('serial numbers come from the injected random and do not repeat', () => {
  const authority = testAuthority();
  const issue = (): string => readCertificate(authority.issue({ commonName: 'a', usages: ['client'] }).certificatePem).serial;
  const [first, second] = [issue(), issue()];
  assert.notEqual(first, second);
  const again = testAuthority();
  assert.equal(readCertificate(again.issue({ commonName: 'a', usages: ['client'] }).certificatePem).serial, first);
});

test('openssl accepts the chain for its purpose only', (t) => {
  const authority = testAuthority();
  const { certificatePem } = authority.issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const verify = (purpose: string): string => {
    try {
      return execFileSync('sh', ['-c', `d=$(mktemp -d) && printf %s "$CA" >$d/ca && printf %s "$CERT" >$d/cert && openssl verify -attime ${Math.floor(start / 1000) + 60} -purpose ${purpose} -x509_strict -CAfile $d/ca $d/cert; s=$?; rm -r $d; exit $s`], { env: { ...process.env, CA: authority.certificatePem, CERT: certificatePem }, encoding: 'utf8', stdio: 'pipe' });
    } catch {
      return 'refused';
    }
  };
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
  } catch {
    t.skip('openssl is not installed');
    return;
  }
  assert.match(verify('sslclient'), /OK/);
  assert.equal(verify('sslserver'), 'refused');
});

test('node completes a TLS handshake with client certificates', async () => {
  const doors = { clock: realClock, random: realStreams() };
  const authority = new Authority(doors, createAuthority(doors, { commonName: 'kubernetes' }));
  const server = authority.issue({ commonName: 'kube-apiserver', ipAddresses: ['127.0.0.1'], usages: ['server'] });
  const client = authority.issue({ commonName: 'jane', organizations: ['dev', 'ops'], usages: ['client'] });
  const listener = createServer({ cert: server.certificatePem, key: server.privateKeyPem, ca: authority.certificatePem, requestCert: true, rejectUnauthorized: true });
  const served = new Promise<Uint8Array>((resolve) => {
    listener.on('secureConnection', (socket: TLSSocket) => {
      resolve(socket.getPeerX509Certificate()?.raw ?? new Uint8Array());
      socket.end();
    });
  });
  await new Promise<void>((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
  const socket = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1', ca: authority.certificatePem, cert: client.certificatePem, key: client.privateKeyPem });
  await new Promise<void>((resolve, reject) => { socket.once('secureConnect', resolve).once('error', reject); });
  const verdict = verifyClient(await served, [authority.certificatePem], realClock.now());
  socket.destroy();
  await new Promise<void>((resolve) => { listener.close(() => { resolve(); }); });
  assert.ok('certificate' in verdict);
  assert.equal(verdict.certificate.commonName, 'jane');
  assert.deepEqual([...verdict.certificate.organizations].sort(), ['dev', 'ops']);
});

test('a client certificate proves nothing when', async (t) => {
  const authority = testAuthority();
  const stranger = testAuthority();
  const issue = (from: Authority, usages: readonly ('client' | 'server')[]): Uint8Array => readCertificate(from.issue({ commonName: 'jane', usages }).certificatePem).der;
  const forged = Buffer.from(issue(authority, ['client']));
  forged[forged.length - 5] = (forged[forged.length - 5] ?? 0) ^ 1;
  const cases: readonly [string, Uint8Array, number, string][] = [
    ['it has expired', issue(authority, ['client']), start + 366 * dayMs, 'certificate has expired or is not yet valid'],
    ['it is not yet valid', issue(authority, ['client']), start - dayMs, 'certificate has expired or is not yet valid'],
    ['another authority of the same name signed it', issue(stranger, ['client']), start, 'certificate signed by unknown authority'],
    ['it is for servers', issue(authority, ['server']), start, 'certificate specifies an incompatible key usage'],
    ['its signature was changed', forged, start, 'certificate signed by unknown authority'],
    ['it is garbage', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff), start, 'malformed certificate: a value is longer than what holds it'],
  ];
  for (const [name, der, nowMs, problem] of cases) {
    await t.test(name, () => { assert.deepEqual(verifyClient(der, [authority.certificatePem], nowMs), { problem }); });
  }
});

test('a request is signed with the names it asked for', () => {
  const authority = testAuthority();
  const { requestPem } = createRequest({ commonName: 'system:node:node-1', organizations: ['system:nodes'], dnsNames: ['node-1'], ipAddresses: ['172.30.1.11'] });
  const request = parseRequest(requestPem);
  assert.equal(request.commonName, 'system:node:node-1');
  const certificate = readCertificate(authority.sign(request, { usages: ['server'], validForMs: dayMs }));
  assert.deepEqual([certificate.organizations, certificate.dnsNames, certificate.ipAddresses], [['system:nodes'], ['node-1'], ['172.30.1.11']]);
  assert.equal(certificate.notAfterMs, start + dayMs);
});

test('a request made by openssl is understood', (t) => {
  let pem: string;
  try {
    pem = execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/O=dev/O=ops/CN=jane', '-addext', 'subjectAltName=DNS:jane.local,IP:10.0.0.1'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    t.skip('openssl is not installed');
    return;
  }
  const request = parseRequest(pem);
  assert.deepEqual([request.commonName, request.organizations, request.dnsNames, request.ipAddresses], ['jane', ['dev', 'ops'], ['jane.local'], ['10.0.0.1']]);
});

test('a request for a key of Ed25519 is understood and signed', () => {
  // Made by openssl.
  const request = parseRequest(`-----BEGIN CERTIFICATE REQUEST-----
MIGVMEkCAQAwFjEUMBIGA1UECgwLdGVzdGluZy1vcmcwKjAFBgMrZXADIQD/soKa
kx5lCgDyCBt4QN78nvs/6Q1lq578wUfQmGtj8KAAMAUGAytlcANBAImIKM5QL+iv
VFmImA4VKUyzEqYJipo7eJGT+6h62noBTXgAKVQugN12yWBzHALtxo2my05dbyU3
kviqCTiw5Qw=
-----END CERTIFICATE REQUEST-----
`);
  const certificate = readCertificate(testAuthority().sign(request, { usages: ['client'], validForMs: dayMs }));
  assert.deepEqual([request.organizations, certificate.organizations], [['testing-org'], ['testing-org']]);
});

test('bad requests are refused, whatever byte is wrong', () => {
  const { requestPem } = createRequest({ commonName: 'jane', dnsNames: ['a'] });
  const der = Buffer.from(requestPem.replace(/-----[^-]+-----/g, ''), 'base64');
  for (let index = 0; index < der.length; index++) {
    const broken = Buffer.from(der);
    broken[index] = (broken[index] ?? 0) ^ 0x11;
    assert.throws(() => parseRequest(toPem('CERTIFICATE REQUEST', broken)), PkiError, `byte ${index}`);
    assert.throws(() => parseRequest(toPem('CERTIFICATE REQUEST', der.subarray(0, index))), PkiError, `cut at ${index}`);
  }
  assert.throws(() => parseRequest('hello'), PkiError);
});

for (const algorithm of ['ES256', 'RS256'] as const) {
  test(`${algorithm} tokens are signed and checked`, () => {
    const { privateKeyPem, publicKeyPem } = createTokenKey(algorithm);
    const token = new TokenSigner(privateKeyPem).sign({ sub: 'system:serviceaccount:default:default' });
    const other = createTokenKey(algorithm);
    assert.deepEqual(new TokenVerifier([other.publicKeyPem, publicKeyPem]).verify(token), { claims: { sub: 'system:serviceaccount:default:default' } });
    assert.deepEqual(new TokenVerifier([other.publicKeyPem]).verify(token), { problem: 'unknown key' });
  });
}

test('forged tokens are refused', async (t) => {
  const { privateKeyPem, publicKeyPem } = createTokenKey('RS256');
  const verifier = new TokenVerifier([publicKeyPem]);
  const token = new TokenSigner(privateKeyPem).sign({ sub: 'a' });
  const [header = '', payload = '', signature = ''] = token.split('.');
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cases: readonly [string, string][] = [
    ['without a signature', `${part({ alg: 'none' })}.${payload}.`],
    ['signed with the public key as a shared secret', `${part({ alg: 'HS256' })}.${payload}.${signature}`],
    ['another payload', `${header}.${part({ sub: 'b' })}.${signature}`],
    ['another key', `${header}.${payload}.${createSign('sha256').update(`${header}.${payload}`).sign(privateKey).toString('base64url')}`],
    ['a second spelling of the signature', `${header}.${payload}.${signature}=`],
    ['too many parts', `${token}.x`],
    ['a list as claims', `${header}.${part([])}.${signature}`],
    ['nothing', ''],
  ];
  for (const [name, forged] of cases) await t.test(name, () => { assert.ok('problem' in verifier.verify(forged)); });
});

test('the key set lets a stranger check tokens', () => {
  const { publicKeyPem } = createTokenKey();
  const [key] = new TokenVerifier([publicKeyPem]).keySet().keys;
  assert.equal(key?.['alg'], 'ES256');
  const imported = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: String(key['x']), y: String(key['y']) }, format: 'jwk' });
  assert.equal(imported.export({ type: 'spki', format: 'pem' }), publicKeyPem);
});

test('keys are made in the forms that kubeadm uses', () => {
  assert.match(createPrivateKeyPem(), /^-----BEGIN EC PRIVATE KEY-----\n/);
  assert.match(createPrivateKeyPem('rsa-2048'), /^-----BEGIN RSA PRIVATE KEY-----\n/);
});
