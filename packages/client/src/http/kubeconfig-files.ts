/** Reads kubeconfigs and what they point at; makes the transport a context describes. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Runtime } from '@kaji/base';
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig, type Selected, selectContext } from '../kubeconfig.ts';
import { type Credentials, HttpsTransport } from './https-transport.ts';

/** Files that do not exist count as empty, as kubectl has it; paths inside a file are relative to it. */
export async function readKubeconfigs(files: readonly string[]): Promise<Kubeconfig> {
  const configs: Kubeconfig[] = [];
  for (const file of files) {
    try {
      configs.push(withAbsolutePaths(parseKubeconfig(await readFile(file, 'utf8')), dirname(resolve(file))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new Error(`kubeconfig ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return mergeKubeconfigs(configs);
}

function withAbsolutePaths(config: Kubeconfig, directory: string): Kubeconfig {
  const absolute = <T extends object>(entry: T, names: readonly (keyof T)[]): T => {
    const paths = names.map((name) => [name, entry[name]] as const).filter(([, path]) => typeof path === 'string' && path !== '');
    return { ...entry, ...Object.fromEntries(paths.map(([name, path]) => [name, resolve(directory, String(path))])) };
  };
  return {
    ...config,
    clusters: config.clusters.map(({ name, cluster }) => ({ name, cluster: absolute(cluster, ['certificate-authority']) })),
    users: config.users.map(({ name, user }) => ({ name, user: absolute(user, ['client-certificate', 'client-key', 'tokenFile']) })),
  };
}

/** The transport of the current context, or of the one named. */
export async function transportFromKubeconfig(runtime: Runtime, files: readonly string[], context?: string): Promise<HttpsTransport> {
  const selected = selectContext(await readKubeconfigs(files), context);
  return new HttpsTransport(runtime, { url: selected.cluster.server, credentials: () => readCredentials(selected), ...(selected.user.tokenFile === undefined ? {} : { tokenFile: selected.user.tokenFile }) });
}

/** Read anew for each connection, so that renewed certificates take effect. */
async function readCredentials({ cluster, user }: Selected): Promise<Credentials> {
  const pem = async (data: string | undefined, file: string | undefined): Promise<string | undefined> => {
    if (data !== undefined && data !== '') return Buffer.from(data, 'base64').toString('utf8');
    return file === undefined || file === '' ? undefined : readFile(file, 'utf8');
  };
  const [ca, certificate, key] = await Promise.all([
    pem(cluster['certificate-authority-data'], cluster['certificate-authority']),
    pem(user['client-certificate-data'], user['client-certificate']),
    pem(user['client-key-data'], user['client-key']),
  ]);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(user.token === undefined ? {} : { token: user.token }),
    ...(cluster['tls-server-name'] === undefined ? {} : { serverName: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { isUnverified: true } : {}),
  };
}

/** Kubernetes: where a pod finds its API server and its credentials. */
const podDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The transport of a program that runs in a pod. */
export function transportFromPod(runtime: Runtime, environment: Readonly<Record<string, string | undefined>>): HttpsTransport {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined) throw new Error('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set: this program is not in a pod');
  return new HttpsTransport(runtime, {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    credentials: async () => ({ ca: await readFile(`${podDirectory}/ca.crt`, 'utf8') }),
    tokenFile: `${podDirectory}/token`,
  });
}
