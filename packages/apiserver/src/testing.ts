// A whole API server for tests: in this process, in memory, on the clock it is given; over HTTPS where a test wants that.
import type { Runtime } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import type { Transport } from '@kaji/client';
import { Authority, createAuthority, createTokenKey, type Identity } from '@kaji/pki';
import { MemoryStore, type Store } from '@kaji/store';
import { ApiServer } from './api-server.ts';
import { type ApiServerConfig, apiServerDefaults, defaultIssuer } from './config.ts';
import type { User } from './pipeline/request.ts';

export { Rbac } from './authorization/rbac.ts';

export interface TestServerOptions {
  readonly runtime?: Runtime;
  readonly store?: Store;
  readonly config?: Partial<ApiServerConfig>;
}

export interface Listening {
  readonly port: number;
  readonly url: string;
  readonly authorityPem: string;
}

export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  /** Signs client certificates that the server believes. */
  readonly authority: Authority;
  readonly authorityKeyPem: string;
  readonly admin: Identity;
  /** Signs tokens of service accounts that the server believes. */
  readonly tokenKeyPem: string;
  /** Without a wire; a member of system:masters unless another user is named. */
  transport(user?: User): Transport;
  /** On a free port of the loopback address, with certificates of the authority. */
  listen(): Promise<Listening>;
  close(): Promise<void>;
}

export const adminUser: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** Starts a server that resolves when it is ready. */
export async function startTestServer({ runtime = testRuntime(), store, config = {} }: TestServerOptions = {}): Promise<TestServer> {
  const authorityIdentity = createAuthority(runtime, { commonName: 'kubernetes' });
  const authority = new Authority(runtime, authorityIdentity);
  const admin = authority.issue({ commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  const { privateKeyPem, publicKeyPem } = createTokenKey();
  const used = store ?? new MemoryStore(runtime);
  const server = new ApiServer(runtime, { store: used }, {
    ...apiServerDefaults,
    clientAuthoritiesPem: authority.certificatePem,
    serviceAccounts: { issuer: defaultIssuer, audiences: [defaultIssuer], privateKeyPem, publicKeyPems: [publicKeyPem] },
    ...config,
  });
  await server.start();
  const close = async (): Promise<void> => {
    await server.close();
    if (store === undefined) await used.close(); // a store that was handed in is its owner's
  };
  return {
    server, store: used, authority, authorityKeyPem: authorityIdentity.privateKeyPem, admin, tokenKeyPem: privateKeyPem,
    transport: (user = adminUser) => server.transport(user),
    async listen() {
      const { certificatePem, privateKeyPem: key } = authority.issue({ commonName: 'kube-apiserver', dnsNames: ['localhost', 'kubernetes'], ipAddresses: ['127.0.0.1'], usages: ['server'] });
      const port = await server.listen({ address: '127.0.0.1', port: 0, certificatePem, privateKeyPem: key });
      return { port, url: `https://127.0.0.1:${port}`, authorityPem: authority.certificatePem };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
