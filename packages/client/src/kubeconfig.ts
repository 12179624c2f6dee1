/** The kubeconfig file: read, merged, changed and written as text. Files are read at the edge (http/kubeconfig-files.ts). */
import { parse, stringify } from 'yaml';

export interface ClusterEntry {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  /** Base64 of PEM. */
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

export interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
}

export interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

/** As the file holds it; members this program does not know stay as they are. */
export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly clusters: readonly { readonly name: string; readonly cluster: ClusterEntry }[];
  readonly contexts: readonly { readonly name: string; readonly context: ContextEntry }[];
  readonly users: readonly { readonly name: string; readonly user: UserEntry }[];
  readonly 'current-context': string;
  readonly preferences?: unknown;
  readonly extensions?: unknown;
}

export const emptyKubeconfig: Kubeconfig = { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [], users: [], 'current-context': '' };

/** Throws an Error that says what is wrong with the text. */
export function parseKubeconfig(text: string): Kubeconfig {
  const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error' });
  if (value === null || value === undefined) return emptyKubeconfig;
  if (!isMap(value)) throw new Error('a kubeconfig must be a map');
  const { clusters, contexts, users, ...rest } = value;
  return {
    ...emptyKubeconfig,
    ...(rest as Partial<Kubeconfig>),
    clusters: entriesOf(clusters, 'clusters', 'cluster'),
    contexts: entriesOf(contexts, 'contexts', 'context'),
    users: entriesOf(users, 'users', 'user'),
  };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Named maps, each with one member that is a map, too; what is in that is used by members that may be absent. */
function entriesOf<T>(entries: unknown, list: string, member: string): readonly T[] {
  if (entries === undefined || entries === null) return [];
  if (!Array.isArray(entries)) throw new Error(`${list} of a kubeconfig must be a list`);
  return entries.map((entry: unknown) => {
    if (!isMap(entry) || typeof entry['name'] !== 'string') throw new Error(`${list} of a kubeconfig must be maps with a name`);
    const value = entry[member] ?? {};
    if (!isMap(value)) throw new Error(`${member} ${JSON.stringify(entry['name'])} of a kubeconfig must be a map`);
    return { ...entry, [member]: value } as T; // just checked
  });
}

export const formatKubeconfig = (config: Kubeconfig): string => stringify(config, { lineWidth: 0, sortMapEntries: true });

interface Named {
  readonly name: string;
}

const union = <T extends Named>(first: readonly T[], second: readonly T[]): readonly T[] => [...first, ...second.filter((entry) => !first.some(({ name }) => name === entry.name))];

/** Kubernetes: where several files name the same thing, the first file wins, as in a KUBECONFIG path. */
export const mergeKubeconfigs = (configs: readonly Kubeconfig[]): Kubeconfig => configs.reduce((merged, config) => ({
  ...config,
  ...merged,
  clusters: union(merged.clusters, config.clusters),
  contexts: union(merged.contexts, config.contexts),
  users: union(merged.users, config.users),
  'current-context': merged['current-context'] === '' ? config['current-context'] : merged['current-context'],
}), emptyKubeconfig);

export interface KubeconfigAddition {
  readonly name: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace?: string;
  /** Makes it the context that is used when none is named. */
  readonly isCurrent: boolean;
}

/** Adds or replaces a cluster, its user and its context, all under one name. */
export function withContext(config: Kubeconfig, addition: KubeconfigAddition): Kubeconfig {
  const { name, cluster, user, namespace, isCurrent } = addition;
  const context: ContextEntry = { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    ...config,
    clusters: replace(config.clusters, { name, cluster }),
    contexts: replace(config.contexts, { name, context }),
    users: replace(config.users, { name, user }),
    'current-context': isCurrent ? name : config['current-context'],
  };
}

/** Takes back what `withContext` added. */
export function withoutContext(config: Kubeconfig, name: string): Kubeconfig {
  const others = <T extends Named>(entries: readonly T[]): readonly T[] => entries.filter((entry) => entry.name !== name);
  const isCurrent = config['current-context'] === name;
  return { ...config, clusters: others(config.clusters), contexts: others(config.contexts), users: others(config.users), 'current-context': isCurrent ? '' : config['current-context'] };
}

function replace<T extends Named>(entries: readonly T[], entry: T): readonly T[] {
  const index = entries.findIndex(({ name }) => name === entry.name);
  return index < 0 ? [...entries, entry] : entries.with(index, entry);
}

export interface Selected {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace: string;
}

/** What a context names. Throws an Error with kubectl's words when something it names is not there. */
export function selectContext(config: Kubeconfig, name: string = config['current-context']): Selected {
  const context = config.contexts.find((entry) => entry.name === name)?.context;
  if (context === undefined) throw new Error(name === '' ? 'no configuration has been provided' : `context "${name}" does not exist`);
  const cluster = config.clusters.find((entry) => entry.name === context.cluster)?.cluster;
  if (cluster === undefined) throw new Error(`cluster "${context.cluster}" does not exist`);
  const user = config.users.find((entry) => entry.name === context.user)?.user;
  return { cluster, user: user ?? {}, namespace: context.namespace === undefined || context.namespace === '' ? 'default' : context.namespace };
}
