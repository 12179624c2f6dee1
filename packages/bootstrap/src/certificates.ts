/** Certificates and keys of a cluster, in the files that kubeadm uses. */
import type { Runtime } from '@kaji/base';
import type { Host } from '@kaji/host';
import { Authority, createAuthority, createTokenKey, type Identity, type IssueOptions, readCertificate } from '@kaji/pki';
import { addressAt, hostAddress, nodeAddress, serverAddress } from './addresses.ts';
import { type Layout, nodeName } from './layout.ts';
import type { ClusterSettings } from './settings.ts';

/** A certificate with less than this left is made anew. */
const renewBeforeMs = 30 * 86_400_000;

/** Who has a client certificate, and its subject: what RBAC and the Node authorizer know them by. */
export interface Client {
  readonly file: string;
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export const adminClient: Client = { file: 'admin', commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] };
export const controllerManagerClient: Client = { file: 'controller-manager', commonName: 'system:kube-controller-manager', organizations: [] };
export const schedulerClient: Client = { file: 'scheduler', commonName: 'system:kube-scheduler', organizations: [] };
export const kubeletClient = (node: string): Client => ({ file: `kubelet-${node}`, commonName: `system:node:${node}`, organizations: ['system:nodes'] });
/** The proxy of a node has a name of its own: its rights are others than the kubelet's. */
export const proxyClient: Client = { file: 'kube-proxy', commonName: 'system:kube-proxy', organizations: [] };

export function clientsOf(settings: ClusterSettings): readonly Client[] {
  const nodes = Array.from({ length: settings.nodes }, (_, index) => kubeletClient(nodeName(index + 1)));
  return [adminClient, controllerManagerClient, schedulerClient, proxyClient, ...nodes];
}

/** What certificates the API server and the kubelets show. Pure, so that a test can read it. */
export function servingCertificates(settings: ClusterSettings): readonly (IssueOptions & { readonly file: string })[] {
  const { subnet, serviceCidr, nodes } = settings;
  return [
    {
      file: 'apiserver', commonName: 'kube-apiserver', usages: ['server'],
      dnsNames: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', 'localhost'],
      ipAddresses: [addressAt(serviceCidr, 1), serverAddress(subnet), hostAddress(subnet), '127.0.0.1'],
    },
    { file: 'apiserver-kubelet-client', commonName: 'kube-apiserver-kubelet-client', organizations: ['kubeadm:cluster-admins'], usages: ['client'] },
    ...Array.from({ length: nodes }, (_, index): IssueOptions & { readonly file: string } => {
      const name = nodeName(index + 1);
      return { file: `kubelet-server-${name}`, commonName: `system:node:${name}`, organizations: ['system:nodes'], usages: ['server'], dnsNames: [name], ipAddresses: [nodeAddress(subnet, index + 1)] };
    }),
  ];
}

export interface Pki {
  readonly authorityPem: string;
  client(client: Client): Identity;
  serving(file: string): Identity;
}

/** Makes what is missing or about to expire, and gives all of it. Keys are readable by root only. */
export async function ensurePki(runtime: Runtime, host: Host, layout: Layout, settings: ClusterSettings): Promise<Pki> {
  await host.files.makeDirectory(layout.pki, { mode: 0o700 });
  const authorityIdentity = await ensure(runtime, host, `${layout.pki}/ca`, () => createAuthority(runtime, { commonName: 'kubernetes' }));
  const authority = new Authority(runtime, authorityIdentity);
  const identities = new Map<string, Identity>();
  for (const options of [...servingCertificates(settings), ...clientsOf(settings).map((client) => ({ ...client, usages: ['client'] as const }))]) {
    const { file, ...issue } = options;
    identities.set(file, await ensure(runtime, host, `${layout.pki}/${file}`, () => authority.issue(issue)));
  }
  await ensureTokenKey(host, layout);
  const take = (file: string): Identity => {
    const identity = identities.get(file);
    if (identity === undefined) throw new Error(`no certificate ${file}`);
    return identity;
  };
  return { authorityPem: authorityIdentity.certificatePem, client: (client) => take(client.file), serving: take };
}

async function ensure(runtime: Runtime, host: Host, path: string, make: () => Identity): Promise<Identity> {
  const certificatePem = await host.files.readText(`${path}.crt`);
  const privateKeyPem = await host.files.readText(`${path}.key`);
  if (certificatePem !== undefined && privateKeyPem !== undefined && readCertificate(certificatePem).notAfterMs - runtime.clock.now() > renewBeforeMs) return { certificatePem, privateKeyPem };
  const identity = make();
  await host.files.write(`${path}.key`, identity.privateKeyPem, { mode: 0o600, isAtomic: true });
  await host.files.write(`${path}.crt`, identity.certificatePem, { mode: 0o644, isAtomic: true });
  return identity;
}

/** The key that service-account tokens are signed with. */
async function ensureTokenKey(host: Host, layout: Layout): Promise<void> {
  if ((await host.files.status(`${layout.pki}/sa.pub`)) !== undefined) return;
  const key = createTokenKey();
  await host.files.write(`${layout.pki}/sa.key`, key.privateKeyPem, { mode: 0o600, isAtomic: true });
  await host.files.write(`${layout.pki}/sa.pub`, key.publicKeyPem, { mode: 0o644, isAtomic: true });
}
